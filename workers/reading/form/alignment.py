"""Which cell of a row belongs to which column of the form: by position where the grid tells it, never by a guess.

A row is read as it stands where it is as wide as its header and its label lies left of the numbers. A row that is
short, or whose label stands among the numbers, is read only where exactly as many cells follow the label as there are
columns, or where every possible way to read it gives the same. All else is unreadable.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from report.figure import ABSENT, BLANK, NOWHERE, UNREADABLE, Figure
from report.report import Gap, Unread
from workers.reading.content import Cell, Grid
from workers.reading.form.cell_value import figure_of, is_value


@dataclass(frozen=True)
class Header:
    """Where the columns of the form stand: key to (first, one past last) position, in rows of ``width`` positions.

    ``is_whole``: every heading among them was understood; a column that is not in ``columns`` is not printed.
    """

    columns: Mapping[str, tuple[int, int]]
    width: int
    is_whole: bool = True

    @cached_property
    def first(self) -> int:
        """The position of the first column of numbers."""
        return min((start for start, _ in self.columns.values()), default=0)

    @cached_property
    def in_order(self) -> list[str]:
        """The column keys from left to right."""
        return sorted(self.columns, key=lambda key: self.columns[key])

    def only(self, columns: Iterable[str]) -> Header:
        """The header with these of its columns."""
        wanted = set(columns)
        return Header({key: place for key, place in self.columns.items() if key in wanted}, self.width, self.is_whole)


def header_of(grid: Grid, rows: Sequence[int], columns: Mapping[str, tuple[int, int]]) -> Header | None:
    """The header that stands in some rows of a grid, given the columns of the form found there.

    None where two columns stand in one place: the grid's merges are broken, and its positions say nothing.
    """
    width = max((len(grid.rows[row]) for row in rows), default=0)
    width = max(width, *(stop for _, stop in columns.values())) if columns else width
    first = min((start for start, _ in columns.values()), default=0)
    taken = [position for start, stop in columns.values() for position in range(start, stop)]
    covered = set(taken)
    if len(covered) < len(taken):
        return None
    strange = any(
        cell.text.strip() and cell.column >= first and covered.isdisjoint(range(cell.column, cell.column + cell.width))
        for row in rows
        for cell in grid.own_cells(row)
    )
    return Header(columns, width, not strange)


def has_other_columns(cells: Sequence[Cell], after: int, header: Header | None) -> bool:
    """Whether numbers of a row may stand under heads that were not understood.

    ``after`` is the place behind which they begin.
    """
    if header is None:
        return False
    return not header.is_whole or len(cells) - after > len(header.columns) or _is_beside(cells, after, header)


def read_row(
    grid: Grid, row: int, after: int, header: Header | None, names: Mapping[str, str]
) -> tuple[dict[str, Figure], Gap | None]:
    """The figures of one row, and the gap where some could not be told.

    ``after`` is the place among the row's own cells behind which its numbers begin (the label's index + 1); ``names``
    holds the figure's key for each column key that belongs to the row. A column that the header lacks is absent where
    the header is understood as a whole, else unreadable.
    """
    cells = grid.own_cells(row)
    printed = {column: key for column, key in names.items() if header is not None and column in header.columns}
    figures: dict[str, Figure] | None = None
    if header is not None and printed:
        figures = _read(grid, row, cells, after, header, printed)
    elif len(names) == 1 and len(cells) == after + 1:
        figures = _by_order(cells[after:], list(names), names)
    whole = header is not None and header.is_whole and figures is not None and not _is_beside(cells, after, header)
    complete: dict[str, Figure] = {}
    for column, key in names.items():
        if figures is not None and key in figures:
            complete[key] = figures[key]
        elif whole and column not in printed:
            complete[key] = Figure(key, ABSENT)
        else:
            text = " ".join(cell.text.strip() for cell in cells[after:])
            place = cells[max(after - 1, 0)].place if cells else NOWHERE
            complete[key] = Figure(key, UNREADABLE, None, text, place, False)
    unreadable = tuple(key for key, figure in complete.items() if figure.state is UNREADABLE)
    return complete, Gap(Unread.CELLS_MISSING, "", unreadable) if unreadable else None


def _is_beside(cells: Sequence[Cell], after: int, header: Header) -> bool:
    """Whether a cell stands between the label and the first column that was understood: a column of another name."""
    first = header.first
    return any(cell.column < first for cell in cells[after:])


def _read(
    grid: Grid, row: int, cells: Sequence[Cell], after: int, header: Header, names: Mapping[str, str]
) -> dict[str, Figure] | None:
    """The figures of a row under a header, None where nothing can be said."""
    values = cells[after:]
    if grid.from_text:
        # Cells that a conversion left empty at the end of a row are no evidence of anything.
        while values and not values[-1].text.strip():
            values = values[:-1]
    in_order = [column for column in header.in_order if column in names]
    if _width(grid.rows[row], header.width) == header.width:
        label_end = cells[after - 1].column + cells[after - 1].width if after else 0
        stray = grid.from_text and any(is_value(cell.text) for cell in values if cell.column < header.first)
        if label_end <= header.first and not stray:
            return _by_position(grid, row, header, names)
        if len(values) != len(in_order):
            return _agreeing(_by_position(grid, row, header, names), _by_order(values, in_order, names))
    if len(values) == len(in_order) and header.is_whole:
        return _by_order(values, in_order, names)
    return None


def _width(line: Sequence[Cell | None], most: int) -> int:
    """How many positions a row has, empty ones beyond ``most`` not counted."""
    width = len(line)
    while width > most and (last := line[width - 1]) is not None and not last.text.strip():
        width -= 1
    return width


def _by_position(grid: Grid, row: int, header: Header, names: Mapping[str, str]) -> dict[str, Figure]:
    first = header.first
    heights = {cell.height for cell in grid.own_cells(row) if cell.column >= first}
    even = len(heights) == 1
    return {key: _at(grid.rows[row], row, even, header, column, key) for column, key in names.items()}


def _at(line: Sequence[Cell | None], row: int, even: bool, header: Header, column: str, key: str) -> Figure:
    """The figure in a column; what reaches over several columns or some rows belongs to none for certain."""
    start, stop = header.columns[column]
    only = line[start] if stop == start + 1 <= len(line) else None
    if only is not None and only.width == 1 and only.row == row and (only.height == 1 or even) and only.text.strip():
        # Nearly every figure: one cell in one column.
        return figure_of(key, only)
    covering = [cell for cell in line[start:stop] if cell is not None]
    if len(covering) > 1:
        covering = list(dict.fromkeys(covering))
    if not covering:
        return Figure(key, ABSENT)
    filled = [cell for cell in covering if cell.text.strip() or cell.pieces]
    if not filled:
        return Figure(key, BLANK, None, "", covering[0].place)
    cell = filled[0]
    within = start <= cell.column and cell.column + cell.width <= stop
    shared = not within and any(
        other != column and cell.column < end and begin < cell.column + cell.width
        for other, (begin, end) in header.columns.items()
    )
    merged = cell.row != row or (cell.height > 1 and not even)
    if len(filled) > 1 or shared or merged:
        return Figure(key, UNREADABLE, None, cell.text.strip(), cell.place, False)
    return figure_of(key, cell)


def _by_order(values: Sequence[Cell], in_order: Sequence[str], names: Mapping[str, str]) -> dict[str, Figure]:
    found = {column: figure_of(names[column], cell) for column, cell in zip(in_order, values, strict=False)}
    return {key: found.get(column, Figure(key, ABSENT)) for column, key in names.items()}


def _agreeing(one: dict[str, Figure], other: dict[str, Figure]) -> dict[str, Figure]:
    """What two ways to read a row have in common; where they differ nothing can be said."""
    agreed = {}
    for key, figure in one.items():
        second = other[key]
        same = (figure.state, figure.value, figure.text) == (second.state, second.value, second.text)
        agreed[key] = figure if same else Figure(key, UNREADABLE, None, figure.text, figure.place, False)
    return agreed
