"""A page of a PDF from its glyphs and ruled lines: tables as grids, the rest as lines and paragraphs."""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache, partial
from itertools import pairwise

from report.account import TEXT, PieceKind
from workers.reading.content import Block, Cell, Embedded, Grid, Paragraph, grid_of
from workers.reading.form.skeleton import Skeleton
from workers.reading.layout.boxed_cells import tables_of_boxes
from workers.reading.layout.cell_text import pieces_of, said_in, with_annotations, without_copies
from workers.reading.layout.glyph import Glyph, PdfPage, TextLine
from workers.reading.layout.pdf_tables import SAME_EDGE, Box, find_tables, positions
from workers.reading.layout.text_columns import text_lines
from workers.reading.layout.text_lines import rows_of
from workers.reading.layout.unruled import unruled_tables
from workers.reading.running_text import goes_on, is_page_number, starts_anew

_INDENT = 1.2
_RAGGED = 2.6
_LARGER = 1.3
_SOMEWHAT_LARGER = 1.15
# How much further below the last line than lines of a paragraph stand another paragraph begins.
_FURTHER = 1.35
_MARGIN = 0.09
# How far from a digit another one of the same number stands at most, of its height; from one of the next cell in sound
# documents it is 0.4.
_TOUCHING = 0.1
_LONGEST = 2_000
_LATIN = re.compile(r"[0-9A-Za-z,.;:%)\]]")


Item = TextLine | Grid | Embedded


def lay_out(page: PdfPage, skeleton: Skeleton | None) -> tuple[list[Item], list[TextLine]]:
    """What stands on a page from top to bottom, and the lines in its margins (headers, footers).

    ``skeleton`` is that of the forms, for tables that nothing rules.
    """
    tables = find_tables(page.edges, page.bbox)
    tables += tables_of_boxes(page.boxes, [box for box, _ in tables])
    inside: list[list[Glyph]] = [[] for _ in tables]
    outside: list[Glyph] = []
    within = [(*box, own) for (box, _), own in zip(tables, inside, strict=True)]
    for glyph in page.glyphs if tables else ():
        _, x0, top, x1, bottom, _, _, _, _ = glyph
        x, y = (x0 + x1) / 2, (top + bottom) / 2
        for left, upper, right, lower, own in within:
            if upper <= y <= lower and left <= x <= right:
                own.append(glyph)
                break
        else:
            outside.append(glyph)
    outside = outside if tables else list(page.glyphs)
    items: list[tuple[float, Item]] = list(page.grids)
    put_upon = list(page.annotations)
    for (box, cells), glyphs in zip(tables, inside, strict=True):
        upon = [each for each in put_upon if _stands_in(each[2], box)]
        put_upon = [each for each in put_upon if each not in upon]
        items.append((box[1], _grid(cells, glyphs, page, upon)))
    margins: list[TextLine] = []
    plain = without_copies([glyph for glyph in outside if glyph.kind is TEXT])
    if skeleton is not None:
        unruled, rows = unruled_tables(plain, page, skeleton)
        items += unruled
    else:
        rows = rows_of(plain)
    for height, line in (*text_lines(rows, page.number), *((line.top, line) for line in page.lines)):
        at_edge = line.bottom < page.height * _MARGIN or line.top > page.height * (1 - _MARGIN)
        if at_edge and is_page_number(line.text):
            continue
        if at_edge:
            margins.append(line)
        items.append((height, line))
    items += [(box[1], Embedded(PieceKind.PICTURE, "", page.place(box))) for box in page.images]
    items += [(box[1], Embedded(kind, text, page.place(box))) for kind, text, box in put_upon]
    for piece in pieces_of(outside):
        first = next(glyph for glyph in outside if glyph.kind is piece.kind)
        items.append((first.top, Embedded(piece.kind, piece.text[:_LONGEST], page.place(first[1:5]))))
    return [item for _, item in sorted(items, key=lambda pair: pair[0])], margins


def _stands_in(inner: Box, outer: Box) -> bool:
    x, y = (inner[0] + inner[2]) / 2, (inner[1] + inner[3]) / 2
    return outer[0] <= x <= outer[2] and outer[1] <= y <= outer[3]


def paragraphs_and_grids(pages: Sequence[Sequence[Item]], repeated: frozenset[str]) -> list[Block]:
    """The lines of all pages joined into paragraphs, the grids between them; ``repeated`` lines left out.

    A line opens a paragraph where it is indented or numbered, or where the one before ended early.
    """
    lines = [item for page in pages for item in page if isinstance(item, TextLine) and item.text not in repeated]
    left, right, size = _measure(lines)
    pitches = _pitches(lines)
    blocks: list[Block] = []
    last: TextLine | None = None
    for item in (item for page in pages for item in page):
        if not isinstance(item, TextLine):
            blocks.append(item)
            last = None if isinstance(item, Grid) else last
            continue
        if item.text in repeated:
            continue
        before = blocks[-1] if blocks else None
        if isinstance(before, Paragraph) and last is not None and _continues(last, item, left, right, size, pitches):
            gap = " " if _LATIN.match(before.text[-1]) and _LATIN.match(item.text[0]) else ""
            blocks[-1] = Paragraph(before.text + gap + item.text, before.page)
        else:
            blocks.append(Paragraph(item.text, item.page))
        last = item
    return blocks


def _continues(
    last: TextLine, line: TextLine, left: float, right: float, size: float, pitches: Mapping[int, float]
) -> bool:
    pitch = pitches.get(_points(last), line.top - last.top)
    together = last.page == line.page and last.column == line.column
    if together and line.top - last.top > _FURTHER * pitch:
        return False
    if line.column is not None:
        left, right = line.column
    if line.x0 > left + _INDENT * size or starts_anew(line.text) or _differ_in_size(last, line, _LARGER):
        return False
    if line.x0 > last.x0 + _INDENT * size and _differ_in_size(last, line, _SOMEWHAT_LARGER):
        return False  # a wide title, and an indented paragraph below it
    end = last.column[1] if last.column is not None else right
    if last.page != line.page and last.x1 > end - _RAGGED * size:
        return goes_on(last.text, line.text) or last.text[-1] not in "。；："
    return last.x1 > end - _RAGGED * size


def _pitches(lines: Sequence[TextLine]) -> dict[int, float]:
    """How far below each other the lines of a paragraph stand, by their height: nearly the least that two lines do."""
    found: dict[int, list[float]] = {}
    for one, other in pairwise(lines):
        same = one.page == other.page and one.column == other.column and _points(one) == _points(other)
        if same and other.top > one.top:
            found.setdefault(_points(one), []).append(other.top - one.top)
    return {size: sorted(pitches)[len(pitches) // 10] for size, pitches in found.items()}


def _points(line: TextLine) -> int:
    return round(line.bottom - line.top)


def _differ_in_size(one: TextLine, other: TextLine, times: float) -> bool:
    """Whether two lines are set in letters of another size, as a title and what follows it."""
    sizes = sorted((one.bottom - one.top, other.bottom - other.top))
    return sizes[1] > times * sizes[0]


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


def _grid(
    boxes: Sequence[Box], glyphs: Sequence[Glyph], page: PdfPage, put_upon: Sequence[tuple[PieceKind, str, Box]]
) -> Grid:
    columns = positions(box[0] for box in boxes)
    rows = positions(box[1] for box in boxes)
    where: dict[tuple[int, int], int] = {}
    reach: list[tuple[int, int, int, int]] = []
    # Many boxes have their edges in common.
    column_at, row_at = (lru_cache(maxsize=None)(partial(_index, each)) for each in (columns, rows))
    for index, (x0, top, x1, bottom) in enumerate(boxes):
        column, row = column_at(x0), row_at(top)
        last_column = max(column + 1, column_at(x1 - 2 * SAME_EDGE) + 1)
        last_row = max(row + 1, row_at(bottom - 2 * SAME_EDGE) + 1)
        reach.append((row, column, last_row - row, last_column - column))
        for down in range(row, last_row):
            for across in range(column, last_column):
                where.setdefault((down, across), index)

    def cell_at(x: float, y: float) -> int:
        return where.get((_index(rows, y), _index(columns, x)), -1)

    inside: list[list[Glyph]] = [[] for _ in boxes]
    over_an_edge: set[int] = set()
    last, last_cell, cell = None, -1, -1
    # The next glyph stands mostly where the last one did: between the same edges.
    nearest_left, nearest_right, nearest_top, nearest_bottom = 1.0, 0.0, 1.0, 0.0
    for glyph in glyphs:
        _, x0, top, x1, bottom, kind, _, _, _ = glyph
        x, y = (x0 + x1) / 2 + SAME_EDGE, (top + bottom) / 2 + SAME_EDGE
        if not (nearest_left <= x < nearest_right and nearest_top <= y < nearest_bottom):
            column, nearest_left, nearest_right = _between(columns, x)
            row, nearest_top, nearest_bottom = _between(rows, y)
            cell = where.get((row, column), -1)
        if cell >= 0:
            inside[cell].append(glyph)
        if kind is not TEXT:
            continue
        if cell != last_cell and last is not None and _go_on(last, glyph):
            over_an_edge |= {last_cell, cell}
        last, last_cell = glyph, cell
    upon: dict[int, list[tuple[PieceKind, str]]] = {}
    for kind, text, box in put_upon:
        upon.setdefault(cell_at((box[0] + box[2]) / 2, (box[1] + box[3]) / 2), []).append((kind, text))
    lines: list[list[Cell]] = [[] for _ in rows]
    for index, ((row, column, height, width), box, own) in enumerate(zip(reach, boxes, inside, strict=True)):
        text, pieces = said_in(own, box, index in over_an_edge)
        if index in upon:
            text, pieces = with_annotations(text, pieces, upon[index])
        confirmed_by = () if pieces else page.confirmed_by
        place = page.place(box)
        lines[row].append(Cell(text, row, column, height, width, place, pieces=pieces, confirmed_by=confirmed_by))
    for line in lines:
        line.sort(key=lambda cell: cell.column)
    return grid_of(lines, page=page.number)


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


def _between(positions: Sequence[float], value: float) -> tuple[int, float, float]:
    """Behind which position a value lies (from 0), and that one and the next; before the first counts as behind it."""
    at = bisect_right(positions, value)
    return max(at - 1, 0), positions[at - 1] if at else -math.inf, positions[at] if at < len(positions) else math.inf
