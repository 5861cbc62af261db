"""Fetching: pace, TLS, addresses that are allowed, and the fetcher itself."""
