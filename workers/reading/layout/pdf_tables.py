"""Ruled tables from the lines of a page: their cells' boxes, found by pdfplumber's table finder."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from pdfplumber.table import TableFinder, TableSettings

Box = tuple[float, float, float, float]
Point = tuple[float, float]

SAME_EDGE = 1.5
_FEWEST_EDGES = 4
_FEWEST_COLUMN_LINES = 3
_THREE = 3.0
# How far beside its end a line still crosses another, as pdfplumber has it.
_BESIDE = 3


def edge(x0: float, top: float, x1: float, bottom: float) -> dict[str, Any]:
    """A horizontal or vertical ruled line as pdfplumber describes one."""
    horizontal = x1 - x0 >= bottom - top
    return {
        "x0": x0, "x1": x1, "top": top, "bottom": bottom, "width": x1 - x0, "height": bottom - top,
        "orientation": "h" if horizontal else "v", "object_type": "line",
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Lines:
    """What the table finder asks of a page."""

    edges: Sequence[dict[str, Any]]
    bbox: Box


class _Finder(TableFinder):
    """pdfplumber's finder as far as it joins lines."""

    def __init__(self, lines: _Lines) -> None:
        self.page = cast(Any, lines)
        self.settings = TableSettings.resolve(None)
        self.edges = self.get_edges()


def find_tables(edges: Sequence[dict[str, Any]], bbox: Box) -> list[tuple[Box, list[Box]]]:
    """Box and cells of every table with more than one column. ``edges`` as ``edge`` makes them, ``bbox`` the page's."""
    if len(edges) < _FEWEST_EDGES:
        return []
    joined = _Finder(_Lines([*edges, *_missing_borders(edges)], bbox)).edges
    tables = [(around(cells), cells) for cells in tables_of(cells_between(joined))]
    return [(box, cells) for box, cells in tables if len(positions(cell[0] for cell in cells)) > 1]


def cells_between(edges: Sequence[dict[str, Any]]) -> list[Box]:
    """The smallest cell to the right of and below each crossing of lines: those that pdfplumber finds, much sooner.

    Two crossings are joined where one line runs through both; a cell has four corners that are.
    """
    upright, level = _crossings(edges)
    in_column: dict[float, list[float]] = defaultdict(list)
    in_row: dict[float, list[float]] = defaultdict(list)
    for x, y in reversed(points := sorted(upright)):
        in_column[x].append(y)
        in_row[y].append(x)
    cells = []
    for here in points:
        x, y = here
        column, row = in_column[x], in_row[y]
        # What lies above and to the left of it was taken away before.
        column.pop()
        row.pop()
        along, across = upright[here], level[here]
        rights = [right for right in reversed(row) if across & level[right, y]] if column else []
        for below in reversed(column) if rights else ():
            if not along & upright[x, below]:
                continue
            at_left = level[x, below]
            for right in rights:
                corner = right, below
                if upright.get(corner, 0) & upright[right, y] and level[corner] & at_left:
                    cells.append((x, y, right, below))
                    break
            else:
                continue
            break
    return cells


def _crossings(edges: Sequence[dict[str, Any]]) -> tuple[dict[Point, int], dict[Point, int]]:
    """The upright and the level lines through each point where some cross: each line is a bit of the number."""
    down, across = ([each for each in edges if each["orientation"] == way] for way in ("v", "h"))
    lines = [
        (y - _BESIDE, y, y + _BESIDE, each["x0"] - _BESIDE, each["x1"] + _BESIDE)
        for each in across
        for y in (each["top"],)
    ]
    upright: dict[Point, int] = defaultdict(int)
    level: dict[Point, int] = defaultdict(int)
    for index, each in enumerate(down):
        x, top, bottom = each["x0"], each["top"], each["bottom"]
        for number, (above, y, below, left, right) in enumerate(lines):
            if top <= below and above <= bottom and left <= x <= right:
                upright[x, y] |= 1 << index
                level[x, y] |= 1 << number
    return upright, level


def tables_of(cells: Sequence[Box]) -> list[list[Box]]:
    """The cells that hang together by their corners, table by table from the top, as pdfplumber puts them together."""
    tables: list[list[Box]] = []
    while cells:
        table: list[Box] = []
        corners: set[Point] = set()
        count = -1
        while len(table) > count:
            count = len(table)
            others: list[Box] = []
            for cell in cells:
                x0, top, x1, bottom = cell
                own = (x0, top), (x0, bottom), (x1, top), (x1, bottom)
                if table and corners.isdisjoint(own):
                    others.append(cell)
                else:
                    corners.update(own)
                    table.append(cell)
            cells = others
        tables.append(table)
    return sorted(
        (table for table in tables if len(table) > 1), key=lambda table: min((cell[1], cell[0]) for cell in table)
    )


def around(boxes: Sequence[Box]) -> Box:
    """The box around some boxes."""
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def _missing_borders(edges: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The borders that a table lacks where a page breaks it: its columns' lines end there, and no line crosses.

    Without them the finder loses the first or the last row of the page.
    """
    vertical = [each for each in edges if each["orientation"] == "v"]
    horizontal = [each for each in edges if each["orientation"] == "h"]
    made = []
    for end in ("bottom", "top"):
        groups: dict[int, list[dict[str, Any]]] = {}
        for each in vertical:
            groups.setdefault(round(each[end] / 3), []).append(each)
        for key, group in groups.items():
            group = group + groups.get(key + 1, [])
            left, right, y = min(each["x0"] for each in group), max(each["x1"] for each in group), group[0][end]
            ruled = any(
                abs(each["top"] - y) <= _THREE and each["x0"] < right and each["x1"] > left for each in horizontal
            )
            beyond = any(
                left - _THREE <= each["x0"] <= right + _THREE
                and (each["bottom"] > y + _THREE if end == "bottom" else each["top"] < y - _THREE)
                and (each["top"] < y + 2 * _THREE if end == "bottom" else each["bottom"] > y - 2 * _THREE)
                for each in vertical
            )
            if len(group) >= _FEWEST_COLUMN_LINES and not ruled and not beyond:
                made.append(edge(left, y, right, y))
    return made


def positions(values: Iterable[float]) -> list[float]:
    """Sorted positions, those that are nearly the same once."""
    merged: list[float] = []
    for value in sorted(values):
        if not merged or value - merged[-1] > SAME_EDGE:
            merged.append(value)
    return merged
