"""Rounds: claiming the portals that are due and crawling them."""
