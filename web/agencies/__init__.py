"""机关页: an agency over the years."""
