"""What the text of a report says."""
