"""What commands show: rows, tables, sheets and words for results."""
