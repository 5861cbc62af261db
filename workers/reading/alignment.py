"""Which cell of a row belongs to which column of the form: by position where the grid tells it, never by a guess.

A row is read as it stands where it is as wide as its header and its label lies left of the numbers. A row that is
short, or whose label stands among the numbers, is read only where exactly as many cells follow the label as there are
columns, or where every possible way to read it gives the same. All else is unreadable.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from report.figure import Figure, State
from report.report import Gap, Unread
from workers.reading.cell_value import figure_of, is_value
from workers.reading.content import Cell, Grid


@dataclass(frozen=True, slots=True)
class Header:
    """Where the columns of the form stand: key to (first, one past last) position, in a grid of ``width``."""

    columns: Mapping[str, tuple[int, int]]
    width: int

    @property
    def first(self) -> int:
        """The position of the first column of numbers."""
        return min((start for start, _ in self.columns.values()), default=0)

    def in_order(self) -> list[str]:
        """The column keys from left to right."""
        return sorted(self.columns, key=lambda key: self.columns[key])


def read_row(
    grid: Grid, row: int, after: int, header: Header | None, names: Mapping[str, str]
) -> tuple[dict[str, Figure], Gap | None]:
    """The figures of one row, and the gap where some could not be told.

    ``after`` is the place among the row's own cells behind which its numbers begin (the label's index + 1); ``names``
    holds the figure's key for each column key that belongs to the row.
    """
    cells = grid.own_cells(row)
    values = cells[after:]
    line = grid.rows[row]
    while len(line) > (header.width if header else 0) and line and line[-1] is not None and not line[-1].text.strip():
        line = line[:-1]
    # Cells at the end that a conversion left empty are no evidence of anything.
    short = header is None or len(line) != header.width
    if grid.from_text or short:
        while values and not values[-1].text.strip():
            values = values[:-1]
    in_order = [column for column in (header.in_order() if header else names) if column in names]
    figures: dict[str, Figure] | None = None
    if header is not None and not short and set(names) <= set(header.columns):
        label_end = cells[after - 1].column + cells[after - 1].width if after else 0
        stray = grid.from_text and any(is_value(cell.text) for cell in values if cell.column < header.first)
        if label_end <= header.first and not stray:
            figures = _by_position(grid, row, header, names)
        elif len(values) != len(in_order):
            figures = _agreeing(_by_position(grid, row, header, names), _by_order(values, in_order, names))
    if figures is None and len(values) == len(in_order) == len(names) and (header is not None or len(names) == 1):
        figures = _by_order(values, in_order, names)
    if figures is None and not any(cell.text.strip() for cell in values) and not short:
        figures = {key: Figure(key, State.BLANK) for key in names.values()}
    if figures is None:
        text = " ".join(cell.text.strip() for cell in cells[after:])
        place = cells[max(after - 1, 0)].place if cells else Figure("", State.ABSENT).place
        figures = {key: Figure(key, State.UNREADABLE, None, text, place, False) for key in names.values()}
    unreadable = tuple(key for key, figure in figures.items() if figure.state is State.UNREADABLE)
    return figures, Gap(Unread.CELLS_MISSING, "", unreadable) if unreadable else None


def _by_position(grid: Grid, row: int, header: Header, names: Mapping[str, str]) -> dict[str, Figure]:
    heights = {cell.height for cell in grid.own_cells(row) if cell.column >= header.first}
    even = len(heights) == 1
    return {key: _at(grid.rows[row], row, even, header, column, key) for column, key in names.items()}


def _at(line: Sequence[Cell | None], row: int, even: bool, header: Header, column: str, key: str) -> Figure:
    """The figure in a column; what reaches over several columns or some rows belongs to none for certain."""
    start, stop = header.columns[column]
    covering = list(dict.fromkeys(cell for cell in line[start:stop] if cell is not None))
    if not covering:
        return Figure(key, State.ABSENT)
    filled = [cell for cell in covering if cell.text.strip()]
    if not filled:
        return Figure(key, State.BLANK, None, "", covering[0].place)
    cell = filled[0]
    shared = any(
        other != column and cell.column < end and begin < cell.column + cell.width
        for other, (begin, end) in header.columns.items()
    )
    merged = cell.row != row or (cell.height > 1 and not even)
    if len(filled) > 1 or shared or merged:
        return Figure(key, State.UNREADABLE, None, cell.text.strip(), cell.place, False)
    return figure_of(key, cell)


def _by_order(values: Sequence[Cell], in_order: Sequence[str], names: Mapping[str, str]) -> dict[str, Figure]:
    found = {column: figure_of(names[column], cell) for column, cell in zip(in_order, values, strict=False)}
    return {key: found.get(column, Figure(key, State.ABSENT)) for column, key in names.items()}


def _agreeing(one: dict[str, Figure], other: dict[str, Figure]) -> dict[str, Figure]:
    """What two ways to read a row have in common; where they differ nothing can be said."""
    agreed = {}
    for key, figure in one.items():
        second = other[key]
        same = (figure.state, figure.value, figure.text) == (second.state, second.value, second.text)
        agreed[key] = figure if same else Figure(key, State.UNREADABLE, None, figure.text, figure.place, False)
    return agreed
