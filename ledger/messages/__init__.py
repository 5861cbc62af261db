"""Questions about incidents, findings, notices, their deliveries, and what people said of them."""
