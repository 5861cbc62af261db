"""The watch over the processes: what is wrong, metrics, the endpoint, the operators' weekly mail."""
