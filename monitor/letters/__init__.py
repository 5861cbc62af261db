"""The content of letters: alerts, digests, changed reports."""
