"""One module a format: web page, Word, RTF, text, archives."""
