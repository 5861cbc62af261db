"""Answers and files made to hurt: what they may cost is their own portal's round, or their own document."""
