"""Ruled tables from the lines of a page: their cells' boxes, found by pdfplumber's table finder."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from pdfplumber.table import Table, TableFinder, TableSettings, cells_to_tables, edges_to_intersections

Box = tuple[float, float, float, float]
Point = tuple[float, float]

SAME_EDGE = 1.5
_FEWEST_EDGES = 4
_FEWEST_COLUMN_LINES = 3
_THREE = 3.0


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
    """pdfplumber's finder; only along the lines it looks for cells, which takes a tenth of the time."""

    def __init__(self, lines: _Lines) -> None:
        self.page = cast(Any, lines)
        self.settings = TableSettings.resolve(None)
        self.edges = self.get_edges()
        across, down = self.settings.intersection_x_tolerance, self.settings.intersection_y_tolerance
        self.intersections = edges_to_intersections(self.edges, across, down)
        self.cells = cells_between(self.intersections)
        self.tables = [Table(self.page, group) for group in cells_to_tables(cast(Any, self.cells))]


def find_tables(edges: Sequence[dict[str, Any]], bbox: Box) -> list[tuple[Box, list[Box]]]:
    """Box and cells of every table with more than one column. ``edges`` as ``edge`` makes them, ``bbox`` the page's."""
    if len(edges) < _FEWEST_EDGES:
        return []
    finder = _Finder(_Lines([*edges, *_missing_borders(edges)], bbox))
    return [(table.bbox, table.cells) for table in finder.tables if len(positions(cell[0] for cell in table.cells)) > 1]


def cells_between(intersections: Mapping[Point, Mapping[str, Sequence[dict[str, Any]]]]) -> list[Box]:
    """The smallest cell to the right of and below each crossing of lines, as pdfplumber finds them.

    Two crossings are joined where one line runs through both; a cell has four corners that are.
    """
    upright, level = (
        {point: frozenset(map(id, edges[way])) for point, edges in intersections.items()} for way in ("v", "h")
    )
    in_column: dict[float, list[float]] = defaultdict(list)
    in_row: dict[float, list[float]] = defaultdict(list)
    for x, y in sorted(intersections):
        in_column[x].append(y)
        in_row[y].append(x)
    cells = []
    for x, y in sorted(intersections):
        here = (x, y)
        rights = [right for right in in_row[y] if right > x and not level[here].isdisjoint(level[right, y])]
        belows = [below for below in in_column[x] if below > y and not upright[here].isdisjoint(upright[x, below])]
        for right, below in ((right, below) for below in belows for right in rights):
            corner = (right, below)
            if (
                corner in upright
                and not upright[corner].isdisjoint(upright[right, y])
                and not level[corner].isdisjoint(level[x, below])
            ):
                cells.append((x, y, right, below))
                break
    return cells


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
