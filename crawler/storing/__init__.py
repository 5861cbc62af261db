"""What a round writes to the ledger and the archive."""
