"""The figures of a season, each against numbers that were counted by hand."""
