"""A page of a PDF from its glyphs and ruled lines: tables as grids, the rest as lines and paragraphs."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from report.figure import Confirmation, Place, State
from workers.reading.content import UNREAD, Block, Cell, Grid, Paragraph, Picture, grid_of
from workers.reading.form.cell_value import state_of
from workers.reading.layout.pdf_tables import SAME_EDGE, find_tables, positions
from workers.reading.running_text import goes_on, is_page_number, starts_anew

_SAME_LINE = 0.5
_INDENT = 1.2
_RAGGED = 2.6
_LARGER = 1.3
_WORD_GAP = 0.25
_MARGIN = 0.09
# How far a digit may lie over the one before it (of its width) or over the edge of its cell (of its height), and how
# far from it another one of the same number stands at most (of its height). In sound documents it is 0.06, -0.18
# and, from a digit of the next cell, 0.4.
_OVERLAP = 0.25
_OVER_THE_EDGE = 0.2
_TOUCHING = 0.1
_LATIN = re.compile(r"[0-9A-Za-z,.;:%)\]]")


class Glyph(NamedTuple):
    """One character and its box in PDF points, origin top left."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float


class TextLine(NamedTuple):
    """One line of running text."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    page: int


@dataclass(frozen=True, slots=True)
class PdfPage:
    """One page as a backend hands it on.

    ``edges`` are dicts as pdfplumber's table finder wants them; ``images`` counts pictures that could be a table.
    What was recognised in a picture stands in ``lines``, ``grids`` (each with its top) and ``pictures`` (the cells).
    ``confirmed_by``: how the text of a cell is confirmed by what the format says of it.
    """

    number: int
    width: float
    height: float
    glyphs: Sequence[Glyph]
    edges: Sequence[dict[str, Any]]
    images: int = 0
    lines: Sequence[TextLine] = ()
    grids: Sequence[tuple[float, Grid]] = ()
    pictures: Mapping[Place, Picture] = field(default_factory=dict)
    confirmed_by: tuple[Confirmation, ...] = ()

    @property
    def bbox(self) -> tuple[float, float, float, float]:
        """The page's box, for the table finder."""
        return (0, 0, self.width, self.height)


def lay_out(page: PdfPage) -> tuple[list[TextLine | Grid], list[TextLine]]:
    """The lines and grids of a page from top to bottom, and the lines in its margins (headers, footers)."""
    tables = find_tables(page.edges, page.bbox)
    inside: list[list[Glyph]] = [[] for _ in tables]
    outside: list[Glyph] = []
    for glyph in page.glyphs:
        x, y = (glyph.x0 + glyph.x1) / 2, (glyph.top + glyph.bottom) / 2
        for index, (box, _) in enumerate(tables):
            if box[0] <= x <= box[2] and box[1] <= y <= box[3]:
                inside[index].append(glyph)
                break
        else:
            outside.append(glyph)
    items: list[tuple[float, TextLine | Grid]] = list(page.grids)
    for (box, cells), glyphs in zip(tables, inside, strict=True):
        items.append((box[1], _grid(cells, glyphs, page)))
    margins: list[TextLine] = []
    written = [TextLine(text, x0, top, x1, bottom, page.number) for top, x0, x1, bottom, text in _lines(outside)]
    for line in (*written, *page.lines):
        at_edge = line.bottom < page.height * _MARGIN or line.top > page.height * (1 - _MARGIN)
        if at_edge and is_page_number(line.text):
            continue
        if at_edge:
            margins.append(line)
        items.append((line.top, line))
    return [item for _, item in sorted(items, key=lambda pair: pair[0])], margins


def paragraphs_and_grids(pages: Sequence[Sequence[TextLine | Grid]], repeated: frozenset[str]) -> list[Block]:
    """The lines of all pages joined into paragraphs, the grids between them; ``repeated`` lines left out.

    A line opens a paragraph where it is indented or numbered, or where the one before ended early.
    """
    lines = [item for page in pages for item in page if isinstance(item, TextLine) and item.text not in repeated]
    left, right, size = _measure(lines)
    blocks: list[Block] = []
    last: TextLine | None = None
    for item in (item for page in pages for item in page):
        if isinstance(item, Grid):
            blocks.append(item)
            last = None
            continue
        if item.text in repeated:
            continue
        before = blocks[-1] if blocks else None
        if isinstance(before, Paragraph) and last is not None and _continues(last, item, left, right, size):
            gap = " " if _LATIN.match(before.text[-1]) and _LATIN.match(item.text[0]) else ""
            blocks[-1] = Paragraph(before.text + gap + item.text, before.page)
        else:
            blocks.append(Paragraph(item.text, item.page))
        last = item
    return blocks


def _continues(last: TextLine, line: TextLine, left: float, right: float, size: float) -> bool:
    if line.x0 > left + _INDENT * size or starts_anew(line.text) or _differ_in_size(last, line):
        return False
    if last.page != line.page and last.x1 > right - _RAGGED * size:
        return goes_on(last.text, line.text) or last.text[-1] not in "。；："
    return last.x1 > right - _RAGGED * size


def _differ_in_size(one: TextLine, other: TextLine) -> bool:
    """Whether two lines are set in letters of another size, as a title and what follows it."""
    sizes = sorted((one.bottom - one.top, other.bottom - other.top))
    return sizes[1] > _LARGER * sizes[0]


def _measure(lines: Sequence[TextLine]) -> tuple[float, float, float]:
    """The left and right edge of the running text and the size of its characters."""
    if not lines:
        return 0, 0, 12
    size = sorted(line.bottom - line.top for line in lines)[len(lines) // 2]
    starts = Counter(round(line.x0) for line in lines if len(line.text) > 8)
    ends = Counter(round(line.x1 / 2) * 2 for line in lines if len(line.text) > 8)
    most = [start for start, count in starts.most_common(3) if count >= 0.3 * starts.most_common(1)[0][1]]
    left = min(most) if most else min(line.x0 for line in lines)
    right = max((end for end, _ in ends.most_common(3)), default=max(line.x1 for line in lines))
    return left, right, min(max(size * 0.8, 6), 24)


def _grid(boxes: Sequence[tuple[float, float, float, float]], glyphs: Sequence[Glyph], page: PdfPage) -> Grid:
    columns = positions(box[0] for box in boxes)
    rows = positions(box[1] for box in boxes)
    where: dict[tuple[int, int], int] = {}
    reach: list[tuple[int, int, int, int]] = []
    for index, (x0, top, x1, bottom) in enumerate(boxes):
        column, row = _index(columns, x0), _index(rows, top)
        last_column = max(column + 1, _index(columns, x1 - 2 * SAME_EDGE) + 1)
        last_row = max(row + 1, _index(rows, bottom - 2 * SAME_EDGE) + 1)
        reach.append((row, column, last_row - row, last_column - column))
        for down in range(row, last_row):
            for across in range(column, last_column):
                where.setdefault((down, across), index)
    inside: list[list[Glyph]] = [[] for _ in boxes]
    over_an_edge: set[int] = set()
    last, last_cell = None, -1
    for glyph in glyphs:
        cell = where.get((_index(rows, (glyph.top + glyph.bottom) / 2), _index(columns, (glyph.x0 + glyph.x1) / 2)), -1)
        if cell != last_cell and last is not None and _go_on(last, glyph):
            over_an_edge |= {last_cell, cell}
        if cell >= 0:
            inside[cell].append(glyph)
        last, last_cell = glyph, cell
    lines: list[list[Cell]] = [[] for _ in rows]
    for index, ((row, column, height, width), box, own) in enumerate(zip(reach, boxes, inside, strict=True)):
        text = "\n".join(line[4] for line in _lines(own))
        doubtful = index in over_an_edge or not _stand_in_step(own, box)
        if doubtful and state_of(text)[0] is State.NUMBER:
            text = UNREAD * len(own)
        place = Place(page=page.number, bbox=(round(box[0], 2), round(box[1], 2), round(box[2], 2), round(box[3], 2)))
        lines[row].append(Cell(text, row, column, height, width, place, confirmed_by=page.confirmed_by))
    for line in lines:
        line.sort(key=lambda cell: cell.column)
    return grid_of(lines, page=page.number)


def _stand_in_step(glyphs: Sequence[Glyph], box: tuple[float, float, float, float]) -> bool:
    """Whether the characters of a cell stand one after the other, in the file's order too, and inside it.

    Where they do not (a font whose widths are wrong, a text drawn twice, a number too long for its cell), a number made
    of them is not the one that was written.
    """
    if not glyphs:
        return True
    size = _height(glyphs)
    end = start = box[0] - _OVER_THE_EDGE * size
    top = glyphs[0].top
    for glyph in glyphs:
        if glyph.top - top > _SAME_LINE * size:
            # A new line, as of a unit under its number.
            end, top = start, glyph.top
        if glyph.x0 < end:
            return False
        end = glyph.x1 - _OVERLAP * (glyph.x1 - glyph.x0)
    return glyphs[-1].x1 <= box[2] + _OVER_THE_EDGE * size


def _go_on(one: Glyph, other: Glyph) -> bool:
    """Whether two digits stand so close to each other that they are of one number."""
    near = _TOUCHING * (one.bottom - one.top)
    return (
        one.x0 < other.x0 < one.x1 + near
        and abs(other.top - one.top) < near
        and one.text.isdigit()
        and other.text.isdigit()
    )


def _index(positions: Sequence[float], value: float) -> int:
    return max(bisect_right(positions, value + SAME_EDGE) - 1, 0)


def _lines(glyphs: Sequence[Glyph]) -> list[tuple[float, float, float, float, str]]:
    """The glyphs as lines (top, x0, x1, bottom, text), from top to bottom."""
    if len(glyphs) == 1:
        # Most cells hold one digit.
        only = glyphs[0]
        return [(only.top, only.x0, only.x1, only.bottom, only.text)] if only.text.strip() else []
    rows: list[list[Glyph]] = []
    middle = 0.0
    for glyph in sorted(glyphs, key=lambda glyph: glyph.top + glyph.bottom):
        centre = (glyph.top + glyph.bottom) / 2
        if rows and abs(centre - middle) <= _SAME_LINE * max(min(glyph.bottom - glyph.top, _height(rows[-1])), 2):
            rows[-1].append(glyph)
        else:
            rows.append([glyph])
            middle = centre
    lines = []
    for row in rows:
        row.sort(key=lambda glyph: glyph.x0)
        text = ""
        last: Glyph | None = None
        for glyph in row:
            if last is not None and glyph.x0 - last.x1 > _WORD_GAP * (glyph.bottom - glyph.top):
                text += " "
            text += glyph.text
            last = glyph
        if text.strip():
            top, bottom = min(glyph.top for glyph in row), max(glyph.bottom for glyph in row)
            lines.append((top, row[0].x0, row[-1].x1, bottom, text))
    return lines


def _height(row: Sequence[Glyph]) -> float:
    return row[0].bottom - row[0].top
