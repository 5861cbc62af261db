"""Text and Markdown: somebody else's conversion of a report, with its tables as cells between tabs or bars."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from workers.reading.content import Block, Content
from workers.reading.formats.decoding import decode
from workers.reading.formats.plain_rows import text_blocks
from workers.reading.formats.web_page import tables_of

_HTML_TABLE = re.compile(r"<table\b.*?</table\s*>", re.IGNORECASE | re.DOTALL)


@dataclass
class _Reading:
    """The blocks found so far, and how many tables and cells."""

    blocks: list[Block] = field(default_factory=list)
    tables: int = 0
    cells: int = 0


def read_plain_text(data: bytes) -> Content:
    """The paragraphs and tables of a text; a sentence that a page break cut in two is one paragraph again.

    Raises ReadError where the bytes are no text (broken), or a table is beyond all size (too_large).
    """
    reading = _Reading()
    text = decode(data)
    start = 0
    # Some conversions keep their tables as HTML.
    for match in _HTML_TABLE.finditer(text):
        reading.blocks += text_blocks(text[start : match.start()], reading, by_columns=False)
        grids = tables_of(match[0], reading.tables)
        reading.blocks += grids
        reading.tables += len(grids)
        start = match.end()
    reading.blocks += text_blocks(text[start:], reading, by_columns=False)
    return Content(tuple(reading.blocks), may_be_cut=True)
