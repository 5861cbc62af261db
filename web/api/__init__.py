"""The API: what the desk shows, as JSON for other systems, and the decisions of people who have a token."""
