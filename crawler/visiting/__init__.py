"""A visit to a portal: its list pages, their entries, its articles."""
