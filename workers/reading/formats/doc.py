"""Word documents of the old kind (DOC), and the WPS files that are the same inside: paragraphs and tables in order.

What the reader here does not understand is given to LibreOffice where it is installed.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable
from dataclasses import dataclass, field

from workers.reading.content import LINE_BREAK, Block, Content, Grid, Paragraph, is_layout
from workers.reading.errors import ReadError, ReadErrorKind
from workers.reading.formats.doc_file import DocParagraph, doc_paragraphs
from workers.reading.formats.edged_rows import EdgedCell, grid_of_edges
from workers.reading.formats.libre_office import as_docx
from workers.reading.formats.word import read_word

_FIELD_CODE = re.compile(r"\x13[^\x13\x14\x15]*\x14|\x13[^\x13\x14\x15]*(?=\x15)")
_CHARACTERS = str.maketrans(
    {"\x0b": LINE_BREAK, "\x1e": "-", "\t": " ", **dict.fromkeys("\x01\x02\x03\x04\x05\x08\x0e\x13\x14\x15\x1f", "")}
)
_PICTURE = "\x01"
_JOINED_LEFT, _GOES_ON_BELOW, _FROM_ABOVE = 0x0002, 0x0040, 0x0020
_DEEPEST = 8


def read_doc(data: bytes) -> Content:
    """The paragraphs and tables of a DOC.

    Raises ReadError: encrypted; broken or kind_not_read where LibreOffice is not installed or cannot open it either.
    """
    try:
        return _content(doc_paragraphs(data))
    except ReadError as error:
        if error.kind is ReadErrorKind.ENCRYPTED:
            raise
        converted = as_docx(data)
        if converted is None:
            raise ReadError(
                error.kind, f"{error.sentence}（装有 LibreOffice 的机器还会用它再试一次；这里没有，或它也打不开。）"
            ) from error
        return read_word(converted)


@dataclass
class _Table:
    """A table that is still open: its rows, the cells of its last row, and what stands in it in order."""

    rows: list[list[EdgedCell]] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    inside: list[Block] = field(default_factory=list)


def _content(paragraphs: Iterable[DocParagraph]) -> Content:
    blocks: list[Block] = []
    open_tables: list[_Table] = []
    count = images = 0

    def close(depth: int) -> None:
        nonlocal count
        while len(open_tables) > depth:
            table = open_tables.pop()
            around = open_tables[-1].inside if open_tables else blocks
            inner = [block for block in table.inside if isinstance(block, Grid)]
            if is_layout(inner, sum(map(len, table.rows))):
                around += table.inside
            elif table.rows:
                around += [grid_of_edges(table.rows, count), *inner]
                count += 1

    for paragraph in paragraphs:
        images += paragraph.text.count(_PICTURE)
        depth = min(paragraph.depth, _DEEPEST)
        close(depth)
        while len(open_tables) < depth:
            open_tables.append(_Table())
        text = _clean(paragraph.text)
        written = [Paragraph(text)] if text else []
        if not depth:
            blocks += written
            continue
        table = open_tables[-1]
        if paragraph.ends_row:
            table.rows.append(_row(table.cells, paragraph.definition))
            table.cells, table.lines = [], []
            continue
        table.inside += written
        table.lines += [text] if text else []
        if paragraph.ends_cell:
            table.cells.append("\n".join(table.lines))
            table.lines = []
    close(0)
    return Content(tuple(blocks), images=images)


def _row(texts: list[str], definition: bytes) -> list[EdgedCell]:
    """The cells of a row with their edges. A definition that is not one of this many cells leaves them side by side."""
    count = definition[0] if definition else 0
    if count != len(texts) or len(definition) < 1 + 2 * (count + 1):
        # Their order is all that is known: positions that no other row has, so that nothing is taken for aligned.
        return [EdgedCell(text, index * 1_000_000, (index + 1) * 1_000_000) for index, text in enumerate(texts)]
    edges = struct.unpack_from(f"<{count + 1}h", definition, 1)
    start = 1 + 2 * (count + 1)
    cells = []
    for index, text in enumerate(texts):
        at = start + 20 * index
        flags = struct.unpack_from("<H", definition, at)[0] if at + 2 <= len(definition) else 0
        cells.append(
            EdgedCell(
                text,
                edges[index],
                max(edges[index + 1], edges[index]),
                goes_on_below=bool(flags & _GOES_ON_BELOW),
                from_above=bool(flags & _FROM_ABOVE) and not flags & _GOES_ON_BELOW,
                from_left=bool(flags & _JOINED_LEFT),
            )
        )
    return cells


def _clean(text: str) -> str:
    while _FIELD_CODE.search(text):
        text = _FIELD_CODE.sub("", text)
    text = text.translate(_CHARACTERS).strip()
    # Characters beyond the first plane stand as two halves.
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
