"""The process: listening, limits, sessions, headers, rendering."""
