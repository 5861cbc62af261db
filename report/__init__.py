"""The report itself, pure: forms, figures and their states, number words, titles, sections. No input or output."""
