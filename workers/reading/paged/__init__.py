"""Documents with pages: PDF, OFD, page images."""
