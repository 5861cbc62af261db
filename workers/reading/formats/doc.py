"""Word documents of the old kind (DOC), and the WPS files that are the same inside: paragraphs and tables in order.

What the reader here does not understand is given to LibreOffice where it is installed.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable
from dataclasses import dataclass, field

from report.account import CLOSED, PieceKind
from workers.reading.content import (
    GAP,
    LINE_BREAK,
    Block,
    Content,
    Embedded,
    Grid,
    Paragraph,
    Piece,
    is_layout,
    without_gaps,
)
from workers.reading.errors import ReadError, ReadErrorKind
from workers.reading.formats.doc_file import DocParagraph, doc_paragraphs
from workers.reading.formats.edged_rows import EdgedCell, grid_of_edges
from workers.reading.formats.libre_office import as_docx
from workers.reading.formats.word import read_word

# Signs that stand for a picture, a note, a remark, something drawn; fields that show something without a result.
_SIGNS = {
    "\x01": PieceKind.PICTURE, "\x02": PieceKind.NOTE, "\x05": PieceKind.NOTE, "\x08": PieceKind.DRAWING,
}  # fmt: skip
_DRAWN_FIELD = re.compile(
    r"\x13[\s\u2060]*(?:EQ|ADVANCE|SYMBOL|FORMDROPDOWN|FORMCHECKBOX|INCLUDEPICTURE|EMBED)\b[^\x13\x14\x15]*\x15", re.I
)
_SILENT_FIELD = re.compile(r"\x13[\s\u2060]*(?:SET|ASK|XE|TC|RD|TA|PRIVATE|COMMENTS)\b[^\x13\x15]*\x15", re.I)
_FIELD_CODE = re.compile(r"\x13[^\x13\x14\x15]*\x14|\x13[^\x13\x14\x15]*(?=\x15)")
_CHARACTERS = str.maketrans(
    {"\x0b": LINE_BREAK, "\x1e": "-", "\t": " ", **dict.fromkeys("\x01\x02\x03\x04\x05\x08\x0e\x13\x14\x15\x1f", "")}
)
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


# The plain text of a cell or paragraph, and its other pieces.
_Written = tuple[str, tuple[Piece, ...]]


@dataclass
class _Table:
    """A table that is still open: its rows, the cells of its last row, and what stands in it in order."""

    rows: list[list[EdgedCell]] = field(default_factory=list)
    cells: list[_Written] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    inside: list[Block] = field(default_factory=list)


def _content(paragraphs: Iterable[DocParagraph]) -> Content:
    blocks: list[Block] = []
    open_tables: list[_Table] = []
    count = 0

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
        depth = min(paragraph.depth, _DEEPEST)
        close(depth)
        while len(open_tables) < depth:
            open_tables.append(_Table())
        text, pieces = _clean(paragraph)
        written: list[Block] = [Paragraph(text)] if text else []
        if not depth:
            blocks += written
            blocks += [Embedded(piece.kind) for piece in pieces if piece.kind in CLOSED]
            continue
        table = open_tables[-1]
        if paragraph.ends_row:
            table.rows.append(_row(table.cells, paragraph.definition))
            table.cells, table.lines, table.pieces = [], [], []
            continue
        table.inside += written
        table.lines += [text] if text else []
        table.pieces += pieces
        if paragraph.ends_cell:
            table.cells.append(("\n".join(table.lines), tuple(table.pieces)))
            table.lines, table.pieces = [], []
    close(0)
    return Content(tuple(blocks))


def _row(texts: list[_Written], definition: bytes) -> list[EdgedCell]:
    """The cells of a row with their edges. A definition that is not one of this many cells leaves them side by side."""
    count = definition[0] if definition else 0
    if count != len(texts) or len(definition) < 1 + 2 * (count + 1):
        # Their order is all that is known: positions that no other row has, so that nothing is taken for aligned.
        return [
            EdgedCell(text, index * 1_000_000, (index + 1) * 1_000_000, pieces=pieces)
            for index, (text, pieces) in enumerate(texts)
        ]
    edges = struct.unpack_from(f"<{count + 1}h", definition, 1)
    start = 1 + 2 * (count + 1)
    cells = []
    for index, (text, pieces) in enumerate(texts):
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
                pieces=pieces,
            )
        )
    return cells


def _clean(paragraph: DocParagraph) -> _Written:
    """The plain text of a paragraph, and its other pieces: those that its characters are, and what signs stand for."""
    text = paragraph.text
    pieces = [*paragraph.pieces, *(Piece(_SIGNS[sign]) for sign in text if sign in _SIGNS)]
    pieces += [Piece(PieceKind.FIELD)] * len(_DRAWN_FIELD.findall(text))
    text = _SILENT_FIELD.sub(GAP, text)
    while _FIELD_CODE.search(text):
        text = _FIELD_CODE.sub("", text)
    text = text.translate(_CHARACTERS).strip()
    # Characters beyond the first plane stand as two halves.
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return without_gaps(whole).strip(), tuple(pieces)
