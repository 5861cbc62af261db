"""One report year of a district in numbers."""
