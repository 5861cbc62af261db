"""Answers by seed that no server should give: what the crawler makes of them, and of who is asked beside them."""
