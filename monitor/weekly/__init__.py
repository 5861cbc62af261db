"""The weekly summary: its mail, its short form, its enclosures, its workbook."""
