"""The account of every list page: each piece of it, and what became of it (design, decision 16)."""
