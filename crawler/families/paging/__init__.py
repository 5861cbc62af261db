"""The paging of lists: pagers as pages show them, and how the reading of a list ends."""
