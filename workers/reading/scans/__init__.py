"""Scans: the grid first, then the recognition of its cells."""
