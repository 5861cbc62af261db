"""What a page is made of before it is laid out: glyphs, lines, and the page as a backend hands it on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from report.account import PieceKind
from report.figure import Confirmation, Place
from workers.reading.content import Grid, Picture
from workers.reading.layout.pdf_tables import Box


class Glyph(NamedTuple):
    """One character and its box in PDF points, origin top left.

    ``kind`` is that of plain text, or why it is none. ``size`` is that of its font (0 where it is not known), ``angle``
    by how many degrees its line is turned to the right, ``pale`` whether its colour is a light one.
    """

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    kind: PieceKind = PieceKind.TEXT
    size: float = 0
    angle: float = 0
    pale: bool = False


class TextLine(NamedTuple):
    """One line of running text; ``column`` has the left and right edge of its column where text stands in several."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    page: int
    column: tuple[float, float] | None = None


class Turned(NamedTuple):
    """By how many quarters a page was turned to the left to be read, and how wide and high it is as shown."""

    quarters: int
    width: float
    height: float

    def read(self, box: Box) -> Box:
        """Where a box of the page as shown is on the page as it is read."""
        x0, top, x1, bottom = box
        if self.quarters == 1:
            return top, self.width - x1, bottom, self.width - x0
        if self.quarters == 2:
            return self.width - x1, self.height - bottom, self.width - x0, self.height - top
        return self.height - bottom, x0, self.height - top, x1

    def shown(self, box: Box) -> Box:
        """Where a box of the page as it is read is on the page as shown."""
        x0, top, x1, bottom = box
        if self.quarters == 1:
            return self.width - bottom, x0, self.width - top, x1
        if self.quarters == 2:
            return self.width - x1, self.height - bottom, self.width - x0, self.height - top
        return top, self.height - x1, bottom, self.height - x0


@dataclass(frozen=True, slots=True)
class PdfPage:
    """One page as a backend hands it on.

    ``edges`` are dicts as pdfplumber's table finder wants them; ``boxes`` are outlines and fills that may be cells, and
    ``images`` pictures that could be a table. ``annotations`` are what is put upon it (kind, text, box).
    What was recognised in a picture stands in ``lines``, ``grids`` (each with its top) and ``pictures`` (the cells).
    ``confirmed_by``: how the text of a cell is confirmed by what the format says of it. ``turned``: what was done to
    read it upright.
    """

    number: int
    width: float
    height: float
    glyphs: Sequence[Glyph]
    edges: Sequence[dict[str, Any]]
    images: Sequence[Box] = ()
    boxes: Sequence[Box] = ()
    annotations: Sequence[tuple[PieceKind, str, Box]] = ()
    lines: Sequence[TextLine] = ()
    grids: Sequence[tuple[float, Grid]] = ()
    pictures: Mapping[Place, Picture] = field(default_factory=dict)
    confirmed_by: tuple[Confirmation, ...] = ()
    turned: Turned | None = None

    @property
    def bbox(self) -> Box:
        """The page's box, for the table finder."""
        return (0, 0, self.width, self.height)

    def place(self, box: Box) -> Place:
        """The place of a box of the page as it is read: on the page as shown."""
        left, top, right, bottom = self.turned.shown(box) if self.turned is not None else box
        return Place(self.number, (_hundredths(left), _hundredths(top), _hundredths(right), _hundredths(bottom)))


@lru_cache(maxsize=4096, typed=True)
def _hundredths(value: float) -> float:
    # Cells have their edges in common with others, and to round one takes as long as all else of a place.
    return round(value, 2)
