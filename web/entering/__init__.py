"""代录: a report that no crawler may or can fetch."""
