"""Questions about portals and articles: what is due, what was seen, where an answer came from."""
