"""Table three, requests: a row of the form for each outcome, a column for each kind of applicant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from report.form import Form
from report.labels import LabelBook, bare, label_book
from report.numerals import without_space
from workers.reading.content import Cell, Grid
from workers.reading.form.alignment import Header, has_other_columns, header_of, read_row
from workers.reading.form.cell_value import has_value, is_value
from workers.reading.form.table_reading import TableReading, complete_header, naming

_FEWEST_NUMBERS = 5
_FEWEST_HEADINGS = 2
# Headings that table four has as well, and rows whose labels say too little to open the table.
_ALSO_ELSEWHERE = frozenset({"other", "total"})
_ONLY_AFTER_OTHERS = frozenset({"processed_total", "other.other"})
# Characters of a cell that names another table; a number is shorter.
_SHORTEST_NAME, _LONGEST_NAME = 3, 400


def row_book(form: Form) -> LabelBook:
    """The labels of table three's rows."""
    rows = form.file.table_three.rows
    return label_book(tuple((label, row.key) for row in rows for label in (row.label, *row.variants)))


def column_book(form: Form) -> LabelBook:
    """The labels of table three's columns."""
    columns = form.file.table_three.columns
    return label_book(tuple((label, column.key) for column in columns for label in (column.label, *column.variants)))


def read_table_three(grids: Sequence[Grid], form: Form) -> TableReading:
    """The figures of table three found in the tables of a document, over page breaks.

    Rows are found by label. What is not in ``figures`` afterwards is not in the document.
    """
    rows, columns, names = form.once(row_book), form.once(column_book), form.once(_names)
    order = [column.key for column in form.file.table_three.columns]
    reading = TableReading()
    header: Header | None = None
    elsewhere = False
    for grid in grids:
        building: dict[str, tuple[int, int]] = {}
        heading_rows: list[int] = []
        for number in range(len(grid.rows)):
            cells = grid.own_cells(number)
            headings = _headings(cells, columns)
            if _is_another_table(cells):
                header, elsewhere = None, True
                building, heading_rows = {}, []
                continue
            label = None if len(headings) >= _FEWEST_HEADINGS else _label(cells, rows)
            if label is None:
                if headings:
                    building = _with_headings(grid, heading_rows, building, headings, form)
                    heading_rows.append(number)
                if len(building) >= _FEWEST_HEADINGS and not (elsewhere and set(building) <= _ALSO_ELSEWHERE):
                    whole = not _is_torn(building, form)
                    found = header_of(grid, heading_rows, dict(building)) if whole else None
                    header = complete_header(found, order, grid, heading_rows) if found else None
                    elsewhere = False
                numbers = sum(is_value(cell.text) for cell in cells)
                reading.nameless += not elsewhere and reading.started and numbers >= _FEWEST_NUMBERS
                continue
            index, key = label
            if elsewhere or (not reading.started and key in _ONLY_AFTER_OTHERS):
                continue
            building, heading_rows = {}, []
            reading.is_strange |= has_other_columns(cells, index + 1, header)
            reading.add(key, naming(form, names[key]["total"]), *read_row(grid, number, index + 1, header, names[key]))
    return reading


def _names(form: Form) -> dict[str, dict[str, str]]:
    """The keys of the figures by row and column."""
    return {
        row.key: {column.key: f"requests.{row.key}.{column.key}" for column in form.file.table_three.columns}
        for row in form.file.table_three.rows
    }


def _label(cells: Sequence[Cell], rows: LabelBook) -> tuple[int, str] | None:
    """The place and the key of the row's own label: the last cell before or among its numbers that is one."""
    found = None
    for index, cell in enumerate(cells):
        if is_value(cell.text):
            return found
        if cell.text.strip():
            key = rows.find(cell.text)
            if key is not None and cell.height == 1:
                found = (index, key)
    return found if found and len(cells) > found[0] + 1 else None


def _headings(cells: Sequence[Cell], columns: LabelBook) -> dict[str, tuple[int, int]]:
    if has_value(cells):
        return {}
    found = {}
    for cell in cells:
        key = columns.find(cell.text)
        if key is not None:
            found[key] = (cell.column, cell.column + cell.width)
    return found


def _with_headings(
    grid: Grid,
    rows_above: Sequence[int],
    above: dict[str, tuple[int, int]],
    headings: dict[str, tuple[int, int]],
    form: Form,
) -> dict[str, tuple[int, int]]:
    """The headings of one more row added to those ``above``.

    Where the merges above are missing, the headings of a group (法人或其他组织) stand too far left: they are
    moved under the group's cell; a group that a conversion left one cell wide makes room for them.
    """
    groups = {column.key: column.group for column in form.file.table_three.columns}
    group = {groups[key] for key in headings}
    found = _group_cell(grid, rows_above, next(iter(group)) or "") if len(group) == 1 else None
    if found is None:
        return above | headings
    cell, width = found
    places = sorted(headings, key=lambda key: headings[key])
    moved = {key: (cell.column + index, cell.column + index + 1) for index, key in enumerate(places)}
    if width == len(places):
        return above | (moved if headings[places[0]][0] != cell.column else headings)
    if width == 1 and grid.from_text:
        more = len(places) - 1
        right = {key: (start + more, stop + more) for key, (start, stop) in above.items() if start > cell.column}
        return above | right | moved
    return above | headings


def _is_torn(columns: Mapping[str, tuple[int, int]], form: Form) -> bool:
    """Whether a column stands between those of a group that it is not of: the merges over them were lost."""
    groups: dict[str, list[int]] = {}
    for column in form.file.table_three.columns:
        if column.group and column.key in columns:
            groups.setdefault(column.group, []).append(columns[column.key][0])
    return any(
        min(own) < start < max(own) and start not in own for own in groups.values() for start, _ in columns.values()
    )


def _group_cell(grid: Grid, rows: Sequence[int], group: str) -> tuple[Cell, int] | None:
    """The cell of a group's name and how many positions it has; in a converted text up to the next cell with text."""
    for row in rows:
        for cell in grid.own_cells(row) if group else ():
            if bare(cell.text) == bare(group):
                if not grid.from_text:
                    return cell, cell.width
                filled = [
                    each.column for each in grid.own_cells(row) if each.text.strip() and each.column > cell.column
                ]
                return cell, min(filled, default=len(grid.rows[row])) - cell.column
    return None


def _is_another_table(cells: Sequence[Cell]) -> bool:
    return any(len(cell.text) > _SHORTEST_NAME and _names_another(cell.text[:_LONGEST_NAME]) for cell in cells[:6])


@lru_cache(maxsize=4096)
def _names_another(text: str) -> bool:
    letters = without_space(text)
    return "行政复议" in letters or "信息内容" in letters
