"""JSON Schemas of what commands and the API give; written by monitor/outputs/schemas.py."""
