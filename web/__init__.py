"""The desk of the office: server-rendered pages over the ledger, and the functions that decide."""
