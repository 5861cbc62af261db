"""名册: agencies by upload of a spreadsheet."""
