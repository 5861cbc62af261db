"""Comparing reports: two versions, copies, digests."""
