"""The cells of a page's tables: in which column each stands, under which label, and beside which others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml.html import HtmlElement

from crawler.pages.page import Page, visible_text

_MOST_ROWS = 3000
_MOST_COLUMNS = 60
_LONGEST_LABEL = 20


@dataclass
class _Grid:
    """One table: the column of each cell, the cells that each row shows (those that span into it too), the labels."""

    columns: dict[HtmlElement, int] = field(default_factory=dict)
    shown: dict[HtmlElement, list[HtmlElement]] = field(default_factory=dict)
    labels: dict[int, str] = field(default_factory=dict)


class Tables:
    """The tables of one page, each laid out when it is first asked for."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._grids: dict[HtmlElement, _Grid] = {}

    def label_of(self, cell: HtmlElement) -> str:
        """What the head of a cell's column says; empty where the table has no head."""
        grid = self._grid(cell)
        column = grid.columns.get(cell) if grid is not None else None
        return grid.labels.get(column, "") if grid is not None and column is not None else ""

    def beside(self, cell: HtmlElement) -> Iterator[HtmlElement]:
        """The other cells of a cell's row, those that span into it among them, the nearest before it first."""
        row = next(cell.iterancestors("tr"), None)
        grid = self._grid(cell)
        if row is None or grid is None or cell not in grid.columns:
            return
        own = grid.columns[cell]
        others = [other for other in grid.shown.get(row, ()) if other is not cell]
        yield from sorted(others, key=lambda other: (grid.columns[other] > own, abs(grid.columns[other] - own)))

    def spanning(self, row: HtmlElement) -> list[HtmlElement]:
        """The cells of rows above that span into a row."""
        grid = self._grid(row)
        return [cell for cell in grid.shown.get(row, ()) if cell.getparent() is not row] if grid is not None else []

    def _grid(self, element: HtmlElement) -> _Grid | None:
        table = next(element.iterancestors("table"), None)
        if table is None:
            return None
        if table not in self._grids:
            self._grids[table] = _laid_out(table)
        return self._grids[table]


def _laid_out(table: HtmlElement) -> _Grid:
    grid = _Grid()
    spans: dict[int, tuple[HtmlElement, int]] = {}
    rows = [row for row in table.iter("tr") if next(row.iterancestors("table"), None) is table]
    for number, row in enumerate(rows[:_MOST_ROWS]):
        shown = list(dict.fromkeys(cell for cell, _ in spans.values()))
        spans_on = {column: (cell, left - 1) for column, (cell, left) in spans.items() if left > 1}
        column = 0
        for cell in row.iterchildren("td", "th"):
            while column in spans:
                column += 1
            if column >= _MOST_COLUMNS:
                break
            grid.columns[cell] = column
            shown.append(cell)
            wide, high = _span(cell, "colspan"), _span(cell, "rowspan")
            for taken in range(column, min(column + wide, _MOST_COLUMNS)):
                if high > 1:
                    spans_on[taken] = (cell, high - 1)
            column += wide
        grid.shown[row] = shown
        spans = spans_on
        if number == 0 and _is_head(row):
            grid.labels = {grid.columns[cell]: visible_text(cell) for cell in shown}
    return grid


def _is_head(row: HtmlElement) -> bool:
    """Whether a row names the columns: short words, and nothing that leads anywhere."""
    cells = list(row.iterchildren("td", "th"))
    texts = [visible_text(cell) for cell in cells]
    return (
        len(cells) > 1
        and next(row.iter("a"), None) is None
        and all(len(text) <= _LONGEST_LABEL for text in texts)
        and any(texts)
    )


def _span(cell: HtmlElement, name: str) -> int:
    written = (cell.get(name) or "1").strip()
    return max(1, min(int(written), _MOST_ROWS)) if written.isascii() and written.isdigit() and len(written) < 6 else 1
