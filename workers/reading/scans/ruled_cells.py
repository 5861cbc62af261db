"""The ruled tables in the picture of a page: where lines run, and which cells they enclose.

What a scanner does to lines is allowed for: they have gaps, are some pixels thick, and a page break cuts them off. Each
group of lines that hang together is one table, and is closed all round, as a table that goes on overleaf lacks its last
line. Two neighbours in the raster are one cell where no line runs between them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

# All lengths are pixels at 200 dpi.
_SHORTEST_RULE = 48
_BRIDGED_GAP = 7
_SAME_RULE = 9
_SMALLEST_TABLE = (120, 60)
_FEWEST_RULES = 3
_MOST_RULES = 120
_BAND = 4
_MOST_RUN_ON = 0.4
_COVERED = 0.8
_LONG, _COVERED_BY_INK = 150, 0.9


@dataclass(frozen=True, slots=True)
class RuledCell:
    """One cell: where it begins in the raster and how far it reaches, and its box inside the lines (pixels)."""

    row: int
    column: int
    height: int
    width: int
    box: tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class RuledTable:
    """One table: its box (left, top, right, bottom in pixels) and its cells, row by row."""

    box: tuple[int, int, int, int]
    rows: int
    cells: tuple[RuledCell, ...]


def find_tables(ink: NDArray[np.uint8]) -> list[RuledTable]:
    """The ruled tables of a straightened page, from top to bottom. ``ink`` is 255 where the page is dark."""
    across = _rules(ink, (_SHORTEST_RULE, 1), (_BRIDGED_GAP, 1))
    down = _rules(ink, (1, _SHORTEST_RULE), (1, _BRIDGED_GAP))
    joined = cv2.dilate(across | down, np.ones((5, 5), np.uint8))
    count, labels, stats, _ = _components(joined)
    tables = []
    for number in range(1, count):
        left, top, width, height = (int(value) for value in stats[number][:4])
        if width < _SMALLEST_TABLE[0] or height < _SMALLEST_TABLE[1]:
            continue
        part = (slice(top, top + height), slice(left, left + width))
        own = labels[part] == number
        table = _table(np.where(own, across[part], 0), np.where(own, down[part], 0), ink[part], left, top)
        if table is not None:
            tables.append(table)
    return sorted(tables, key=lambda table: table.box[1])


def _components(mask: NDArray[Any]) -> tuple[int, NDArray[Any], NDArray[Any], NDArray[Any]]:
    """The connected patches of a mask of rules: how many (the ground is the first), labels, statistics and centres.

    Labels of 16 bits take a third of the time, and are enough for a page: each rule takes two rows of its length.
    """
    enough = mask.size < 2 * _SHORTEST_RULE * 2**16
    labels = cv2.CV_16U if enough else cv2.CV_32S
    return cv2.connectedComponentsWithStats(mask.astype(np.uint8, copy=False), connectivity=8, ltype=labels)


def _rules(ink: NDArray[Any], length: tuple[int, int], gap: tuple[int, int]) -> NDArray[Any]:
    closed = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones(gap[::-1], np.uint8))
    return cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones(length[::-1], np.uint8))


def _table(across: NDArray[Any], down: NDArray[Any], ink: NDArray[Any], left: int, top: int) -> RuledTable | None:
    """The table of some lines, whose masks (and the ink they come from) begin at ``left`` and ``top`` of the page."""
    across = _ending_at(across, _positions(down, axis=0), both=True)
    horizontal = _positions(across, axis=1)
    down = _ending_at(down.T, horizontal, both=False).T
    vertical = _positions(down, axis=0)
    if not horizontal or not vertical:
        return None
    ys = _closed(horizontal, _beside(down, vertical))
    xs = _closed(vertical, _beside(across.T, horizontal))
    # A line of text close above or below has strokes like rules, but none from top to bottom.
    while len(ys) > 1 and not any(_is_ruled(down.T, ink.T, x, ys[0], ys[1]) for x in xs):
        del ys[0]
    while len(ys) > 1 and not any(_is_ruled(down.T, ink.T, x, ys[-2], ys[-1]) for x in xs):
        del ys[-1]
    many = max(len(xs), len(ys)) > _MOST_RULES
    if many or len(horizontal) + len(vertical) < _FEWEST_RULES or len(xs) < _FEWEST_RULES or len(ys) < 2:
        return None
    rows, columns = len(ys) - 1, len(xs) - 1
    group = _Groups(rows * columns)
    for row in range(rows):
        for column in range(columns):
            here = row * columns + column
            if column + 1 < columns and not _is_ruled(down.T, ink.T, xs[column + 1], ys[row], ys[row + 1]):
                group.join(here, here + 1)
            if row + 1 < rows and not _is_ruled(across, ink, ys[row + 1], xs[column], xs[column + 1]):
                group.join(here, here + columns)
    spans = []
    for members in group.members():
        for first, last in _rectangles(members, columns):
            (row, column), (last_row, last_column) = divmod(first, columns), divmod(last, columns)
            spans.append((row, column, last_row + 1, last_column + 1))
    # Only what begins a cell somewhere is a row or a column; a stroke of a letter that passed for a line is none.
    real_rows, real_columns = sorted({span[0] for span in spans}), sorted({span[1] for span in spans})
    cells = []
    for row, column, stop_row, stop_column in sorted(spans):
        box = (left + xs[column], top + ys[row], left + xs[stop_column], top + ys[stop_row])
        first_row, first_column = real_rows.index(row), real_columns.index(column)
        rows_over, columns_over = (
            bisect_left(real, stop) - begin
            for real, stop, begin in ((real_rows, stop_row, first_row), (real_columns, stop_column, first_column))
        )
        cells.append(RuledCell(first_row, first_column, rows_over, columns_over, box))
    box = (left + xs[0], top + ys[0], left + xs[-1], top + ys[-1])
    return RuledTable(box, len(real_rows), tuple(cells))


def _ending_at(mask: NDArray[Any], places: Sequence[int], *, both: bool) -> NDArray[Any]:
    """The lines (from left to right) that end at crossing ones on both sides, or on one; strokes of letters seldom do.

    ``places`` are where the crossing lines stand.
    """
    count, labels, stats, _ = _components(mask)
    kept = np.zeros(count, bool)
    for number in range(1, count):
        left, _, width = (int(value) for value in stats[number][:3])
        ends = (left, left + width - 1)
        met = [any(abs(end - place) <= _SAME_RULE for place in places) for end in ends]
        kept[number] = all(met) if both else any(met)
    return np.where(kept[labels], mask, 0)


def _positions(mask: NDArray[Any], axis: int) -> list[int]:
    """Where the lines of a mask stand across their direction; those that nearly fall together are one."""
    count, _, stats, centres = _components(mask)
    along, over = (cv2.CC_STAT_WIDTH, 1) if axis == 1 else (cv2.CC_STAT_HEIGHT, 0)
    found = sorted((float(centres[number][over]), int(stats[number][along])) for number in range(1, count))
    groups: list[list[tuple[float, int]]] = []
    for place, length in found:
        if groups and place - groups[-1][-1][0] <= _SAME_RULE:
            groups[-1].append((place, length))
        else:
            groups.append([(place, length)])
    return [
        round(sum(place * length for place, length in group) / sum(length for _, length in group)) for group in groups
    ]


def _closed(places: Sequence[int], crossing: NDArray[Any]) -> list[int]:
    """The places of the lines with one more before or after them where most of the crossing lines run on beyond.

    ``crossing`` is the ink of the crossing lines, one a column.
    """
    closed = list(places)
    if not closed or not crossing.size:
        return closed
    running = np.flatnonzero(crossing.astype(bool).mean(axis=1) >= _MOST_RUN_ON)
    if running.size and running[0] < closed[0] - 2 * _SAME_RULE:
        closed.insert(0, int(running[0]))
    if running.size and running[-1] > closed[-1] + 2 * _SAME_RULE:
        closed.append(int(running[-1]))
    return closed


def _beside(mask: NDArray[Any], places: Sequence[int]) -> NDArray[Any]:
    """The ink of the lines at some places, one a column; a line may stand some pixels beside its place."""
    return np.stack([mask[:, max(place - _BAND, 0) : place + _BAND + 1].any(axis=1) for place in places], axis=1)


def _is_ruled(mask: NDArray[Any], ink: NDArray[Any], place: int, start: int, stop: int) -> bool:
    """Whether a line runs along ``place`` from ``start`` to ``stop``, nearly all the way.

    Where the way is short, the ink itself has to be there at one height: letters side by side in a narrow cell, whose
    strokes touch the rules, leave gaps.
    """
    inset = min(_SAME_RULE, (stop - start) // 4)
    band = (slice(max(place - _BAND, 0), place + _BAND + 1), slice(start + inset, stop - inset))
    lines = mask[band] > 0
    if not lines.size or float(lines.any(axis=0).mean()) < _COVERED:
        return False
    best = int(lines.sum(axis=1).argmax())
    thin = ink[band][max(best - 1, 0) : best + 2] > 0
    return stop - start > _LONG or float(thin.any(axis=0).mean()) >= _COVERED_BY_INK


class _Groups:
    """Places of the raster that belong together (union-find)."""

    def __init__(self, size: int) -> None:
        self._parent = list(range(size))

    def join(self, one: int, other: int) -> None:
        """Makes two groups one."""
        self._parent[self._root(one)] = self._root(other)

    def members(self) -> Iterable[list[int]]:
        """The groups, each sorted."""
        groups: dict[int, list[int]] = {}
        for place in range(len(self._parent)):
            groups.setdefault(self._root(place), []).append(place)
        return groups.values()

    def _root(self, place: int) -> int:
        while self._parent[place] != place:
            self._parent[place] = self._parent[self._parent[place]]
            place = self._parent[place]
        return place


def _rectangles(members: Sequence[int], columns: int) -> list[tuple[int, int]]:
    """First and last place of a group that is a rectangle; a group that is none falls apart again."""
    rows, across = {place // columns for place in members}, {place % columns for place in members}
    if (max(rows) - min(rows) + 1) * (max(across) - min(across) + 1) == len(members):
        return [(members[0], members[-1])]
    return [(place, place) for place in members]
