"""From glyphs, lines and rectangles of a page to paragraphs and tables."""
