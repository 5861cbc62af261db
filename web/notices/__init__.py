"""Notices and summaries: what was sent to whom, what the servers answered, and what would be written next."""
