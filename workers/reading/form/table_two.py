"""Table two, what was published on the agency's own account: a few blocks, each with columns of its own."""

from __future__ import annotations

from collections.abc import Sequence

from report.form import Form
from report.labels import LabelBook, label_book
from report.numerals import without_space
from workers.reading.content import Cell, Grid
from workers.reading.form.alignment import Header, has_other_columns, header_of, read_row
from workers.reading.form.cell_value import has_value, is_value
from workers.reading.form.table_reading import TableReading, naming


def read_table_two(grids: Sequence[Grid], form: Form) -> TableReading:
    """The figures of table two found in the tables of a document.

    A row is found by its label, which tells its block; the block's columns by the header above the row, or, where a
    block has one column only, by there being one cell.
    """
    rows, columns, names = form.once(_row_book), form.once(_column_book), form.once(_names)
    reading = TableReading()
    header: Header | None = None
    for grid in grids:
        # Rows of numbers are of this table from its first head on, until another table begins in the same grid.
        in_table = False
        for number in range(len(grid.rows)):
            cells = grid.own_cells(number)
            headings = _headings(cells, columns)
            if headings:
                header = header_of(grid, [number], headings)
                in_table = True
                continue
            label = _label(cells, rows)
            if label is None:
                in_table = in_table and not any(_of_another_table(cell.text) for cell in cells)
                reading.nameless += in_table and any(is_value(cell.text) or cell.is_unread for cell in cells)
                continue
            index, key = label
            wanted = names[key]
            known = header.only(wanted) if header is not None else None
            first = next(iter(wanted.values()))
            reading.is_strange |= has_other_columns(cells, index + 1, known)
            reading.add(key, naming(form, first), *read_row(grid, number, index + 1, known, wanted))
    return reading


def _row_book(form: Form) -> LabelBook:
    rows = [row for block in form.file.table_two for row in block.rows]
    return label_book(tuple((label, row.key) for row in rows for label in (row.label, *row.variants)))


def _column_book(form: Form) -> LabelBook:
    columns = [column for block in form.file.table_two for column in block.columns]
    return label_book(tuple((label, column.key) for column in columns for label in (column.label, *column.variants)))


def _names(form: Form) -> dict[str, dict[str, str]]:
    """The keys of the figures by row and column."""
    return {
        row.key: {column.key: f"proactive.{row.key}.{column.key}" for column in block.columns}
        for block in form.file.table_two
        for row in block.rows
    }


def _of_another_table(text: str) -> bool:
    return any(
        word in without_space(text[:200]) for word in ("申请人情况", "自然人", "勾稽关系", "行政复议", "本年新收")
    )


def _headings(cells: Sequence[Cell], columns: LabelBook) -> dict[str, tuple[int, int]]:
    if has_value(cells):
        return {}
    found = {}
    for cell in cells:
        key = columns.find(cell.text)
        if key is not None:
            found[key] = (cell.column, cell.column + cell.width)
    return found


def _label(cells: Sequence[Cell], rows: LabelBook) -> tuple[int, str] | None:
    """The last label before the row's numbers."""
    found = None
    for index, cell in enumerate(cells):
        if is_value(cell.text):
            break
        if cell.text.strip():
            key = rows.find(cell.text)
            if key is not None:
                found = (index, key)
    return found if found and len(cells) > found[0] + 1 else None
