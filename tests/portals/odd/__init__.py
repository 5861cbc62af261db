"""Lists that are odd as portals are; what a careful person would say of each agency was written down first."""
