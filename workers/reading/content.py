"""What every format becomes before it is understood: paragraphs and table grids in document order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple, Protocol

from report.account import CLOSED, PieceKind
from report.figure import NOWHERE, Confirmation, Place

# A line break that an author put inside a paragraph (<br>, Shift+Enter); white space of the source is not one.
LINE_BREAK = "\u2028"
# What stands for a character that could not be read.
UNREAD = "\ufffd"
# What stands in a text where a piece of another kind was taken out, until :func:`without_gaps` has looked at it.
GAP = "\u2060"
_DIGITS_APART = re.compile(rf"(?<=[0-9０-９.,+-])\s*{GAP}+\s*(?=[0-9０-９.,+-])")
# A table that holds other tables and has no more cells than these of its own is there for the layout.
_DATA_CELLS = 12
# How the readers of web pages, Word and text confirm a cell: nothing stands in it but plain visible text of one kind.
PLAIN = (Confirmation.PLAIN_TEXT,)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of running text; ``page`` (from 1) in paged documents."""

    text: str
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a cell that is no plain visible text: what it is, and its text where it has one."""

    kind: PieceKind
    text: str = ""


@dataclass(frozen=True, slots=True)
class Embedded:
    """Something between the paragraphs and tables that is no text of the report: a picture, a frame, an object.

    ``text``: what is known of its content (a name, an address, the beginning of a hidden text).
    """

    kind: PieceKind
    text: str = ""
    place: Place = NOWHERE


class Cell(NamedTuple):
    """One cell of a table: its text as written, where it begins in the grid, and how far it reaches.

    ``text`` is made of pieces of one kind: plain and visible (design, decision 19). ``pieces`` are the others: notes,
    struck and hidden text, pictures. ``certain`` is false where the text was recognised in a picture and may be
    another. ``confirmed_by``: how its reader has seen the text a second time; a cell with other pieces has not been.
    """

    text: str
    row: int
    column: int
    height: int = 1
    width: int = 1
    place: Place = NOWHERE
    certain: bool = True
    pieces: tuple[Piece, ...] = ()
    confirmed_by: tuple[Confirmation, ...] = ()

    @property
    def is_unread(self) -> bool:
        """Whether something stands in it that was not read: it is not blank, and its text may not be all of it."""
        return bool(self.pieces) and (not self.text.strip() or any(piece.kind in CLOSED for piece in self.pieces))


@dataclass(frozen=True)
class Grid:
    """One table. ``rows[r][c]`` is the cell that covers that position, the same object wherever it reaches.

    A row may be shorter than the others: the document then does not say where its cells belong.
    ``from_text`` marks a table whose cells somebody else's conversion laid out: an empty cell there may be
    the rest of a merged one, and a row's cells may be moved.
    """

    rows: tuple[tuple[Cell | None, ...], ...]
    from_text: bool = False
    page: int | None = None

    @property
    def width(self) -> int:
        """The number of columns of its widest row."""
        return max((len(row) for row in self.rows), default=0)

    def own_cells(self, row: int) -> list[Cell]:
        """The cells that begin in a row, left to right; the list is not to be changed."""
        return self._own[row]

    @cached_property
    def _own(self) -> list[list[Cell]]:
        # Each of the tables' readers asks for them.
        own: list[list[Cell]] = []
        for row, line in enumerate(self.rows):
            cells: list[Cell] = []
            last = None
            for cell in line:
                if cell is not None and cell is not last and cell.row == row:
                    cells.append(cell)
                    last = cell
            own.append(cells)
        return own


Block = Paragraph | Grid | Embedded


class Picture(Protocol):
    """The picture of a cell in which a number was recognised."""

    def always_reads(self, text: str) -> bool:
        """Whether other looks at the cell all read this text."""


@dataclass(frozen=True, slots=True)
class Content:
    """A document as its format's reader hands it on.

    ``title`` is what the document's own metadata call it. ``margins`` are the headers and footers that repeat.
    ``may_be_cut``: somebody else made this text, what is missing was perhaps not in the copy. ``breaks_off``: the file
    ends before its own end. ``images``: how many pictures stand in the body. ``garbled``: many of its characters
    cannot be read. ``pictures``: the cells whose numbers were recognised in a picture, by their place.
    """

    blocks: tuple[Block, ...]
    title: str | None = None
    margins: tuple[str, ...] = ()
    may_be_cut: bool = False
    breaks_off: bool = False
    images: int = 0
    garbled: bool = False
    pictures: Mapping[Place, Picture] = field(default_factory=dict)

    def grids(self) -> tuple[Grid, ...]:
        """Its tables, in order."""
        return tuple(block for block in self.blocks if isinstance(block, Grid))

    def paragraphs(self) -> Iterator[Paragraph]:
        """Its running text, in order."""
        return (block for block in self.blocks if isinstance(block, Paragraph))


def without_gaps(text: str) -> str:
    """The text of a cell whose pieces stand apart: digits on both sides of a piece of another kind are no number."""
    return _DIGITS_APART.sub(UNREAD, text).replace(GAP, "") if GAP in text else text


def shown_by_field(text: str, pieces: tuple[Piece, ...]) -> tuple[str, tuple[Piece, ...]]:
    """A cell whose content is what one field or box shows: that is read, though nobody is accused on it."""
    shown = [piece for piece in pieces if piece.kind in (PieceKind.FIELD, PieceKind.GENERATED)]
    if text.strip() or len(shown) != 1 or not shown[0].text.strip():
        return text, pieces
    others = tuple(piece for piece in pieces if piece is not shown[0])
    return shown[0].text.strip(), (Piece(PieceKind.MARK, shown[0].text), *others)


def is_layout(inner: Sequence[Grid], cells: int) -> bool:
    """Whether a table with ``inner`` tables in its ``cells`` is there for the layout and not for its cells."""
    return bool(inner) and (cells < _DATA_CELLS or max(len(grid.rows) for grid in inner) > 1)


def grid_of(rows: list[list[Cell]], *, from_text: bool = False, page: int | None = None) -> Grid:
    """The grid of cells that know their row, column and reach; where two claim a position the first has it."""
    lines: list[list[Cell | None]] = [[] for _ in rows]
    for cells in rows:
        for cell in cells:
            if cell.height == cell.width == 1 and cell.row < len(rows) and len(lines[cell.row]) == cell.column:
                # Nearly every cell: the next of its row, and in no other.
                lines[cell.row].append(cell)
                continue
            for row in range(cell.row, min(cell.row + cell.height, len(rows))):
                line = lines[row]
                stop = cell.column + cell.width
                if len(line) < stop:
                    line += [None] * (stop - len(line))
                for column in range(cell.column, stop):
                    if line[column] is None:
                        line[column] = cell
    return Grid(tuple(tuple(line) for line in lines), from_text, page)
