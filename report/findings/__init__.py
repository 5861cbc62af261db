"""Findings, verdicts of rules, and the facts of a publication that rules judge."""
