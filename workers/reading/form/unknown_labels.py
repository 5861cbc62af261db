"""Rows and columns with numbers in the tables of a report that no form has: a word of the agency's own, or a new form.

They are looked for only where a table was not understood as a whole. What they mean is not known, so nothing of their
table is called wrong or missing because of them (``workers/rules/unknown_labels.py``); the ledger collects them.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass

from report.form import Form
from report.labels import LabelBook, bare, label_book
from report.report import LabelOf, UnknownLabel
from workers.reading.content import Cell, Grid
from workers.reading.form.cell_value import is_value
from workers.reading.form.table_reading import OTHER_HEADS

# So many numbers make a row one of the table.
_FEWEST_NUMBERS = {2: 1, 3: 5}
_LONGEST = 60
# What agencies add to a table by themselves, in whichever form.
_OWN_ADDITIONS = ("小计", "合计", "总计", "备注", "说明", "序号", "单位")
_KNOWN = frozenset(map(bare, OTHER_HEADS))


@dataclass(frozen=True, slots=True)
class _Labels:
    rows: LabelBook
    columns: LabelBook


def unknown_labels(
    grids: Sequence[Grid], form: Form, tables: Container[int], forms: Iterable[Form]
) -> tuple[UnknownLabel, ...]:
    """The labels over and beside numbers in some of the tables (2 to 4) that none of ``forms`` has, each once.

    ``form`` is the one that the tables were read by.
    """
    labels = _labels_of(form)
    found: dict[tuple[int, LabelOf, str], UnknownLabel] = {}
    for grid in grids:
        for label in _in_grid(grid, labels, tables):
            found.setdefault((label.table, label.of, bare(label.text)), label)
    known = [_labels_of(each) for each in forms] if found else []
    return tuple(label for label in found.values() if all(_is_unknown(label.text, each) for each in known))


def _labels_of(form: Form) -> dict[int, _Labels]:
    return {2: _of_table_two(form), 3: _of_table_three(form), 4: _of_table_four(form)}


def _in_grid(grid: Grid, labels: dict[int, _Labels], tables: Container[int]) -> Iterator[UnknownLabel]:
    table: int | None = None
    heads: list[int] = []
    after_numbers = True
    for number in range(len(grid.rows)):
        cells = grid.own_cells(number)
        first = next((index for index, cell in enumerate(cells) if is_value(cell.text)), None)
        if first is None:
            begins = _table_under(cells, labels)
            if begins is None and after_numbers and _table_beside(cells, labels, None) is not None:
                continue  # a row without numbers
            heads = [number] if after_numbers else [*heads, number]
            table, after_numbers = begins or table, False
            continue
        after_numbers = True
        table = _table_beside(cells[:first], labels, table) or table
        if table is None or table not in tables:
            continue
        row = next((cell for cell in reversed(cells[:first]) if cell.text.strip()), None)
        numbers = sum(is_value(cell.text) for cell in cells)
        if row is not None and numbers >= _FEWEST_NUMBERS.get(table, len(cells) + 1) and _is_unknown(row.text, labels):
            yield UnknownLabel(table, LabelOf.ROW, row.text.strip())
        for cell in cells[first:]:
            head = _over(grid, heads, cell.column) if is_value(cell.text) else ""
            if head and _is_unknown(head, labels):
                yield UnknownLabel(table, LabelOf.COLUMN, head)


def _table_under(cells: Sequence[Cell], labels: dict[int, _Labels]) -> int | None:
    """The table whose columns most of the heads of a row name; 其他 and 总计 stand in two of them."""
    counts = {
        table: sum(own.columns.find(cell.text) is not None for cell in cells if cell.text.strip())
        for table, own in labels.items()
    }
    best = max(counts, key=lambda table: counts[table])
    return best if counts[best] and list(counts.values()).count(counts[best]) == 1 else None


def _table_beside(cells: Sequence[Cell], labels: dict[int, _Labels], table: int | None) -> int | None:
    """The table that has a row of one of these labels, ``table`` where it is among them."""
    of = [
        each
        for each, own in labels.items()
        if any(cell.text.strip() and own.rows.find(cell.text) is not None for cell in cells)
    ]
    return table if table in of else of[0] if of else None


def _is_unknown(text: str, labels: dict[int, _Labels]) -> bool:
    letters = bare(text)
    if not 1 < len(letters) <= _LONGEST or letters.isascii() or letters in _KNOWN or letters.endswith(_OWN_ADDITIONS):
        return False
    return not any(own.rows.find(text) or own.columns.find(text) for own in labels.values())


def _over(grid: Grid, heads: Sequence[int], column: int) -> str:
    """The lowest text in the rows of heads that reaches over a column."""
    for row in reversed(heads):
        line = grid.rows[row]
        cell = line[column] if column < len(line) else None
        if cell is not None and cell.text.strip():
            return cell.text.strip()
    return ""


def _of_table_two(form: Form) -> _Labels:
    blocks = form.file.table_two
    rows = [(text, row.key) for block in blocks for row in block.rows for text in (row.label, *row.variants)]
    heads = [
        (text, column.key) for block in blocks for column in block.columns for text in (column.label, *column.variants)
    ]
    heads += [(text, "heading") for block in blocks for text in (block.heading, *block.variants)]
    return _Labels(label_book(tuple(rows)), label_book(tuple(heads)))


def _of_table_three(form: Form) -> _Labels:
    table = form.file.table_three
    rows = [(text, row.key) for row in table.rows for text in (row.label, *row.variants)]
    columns = [(text, column.key) for column in table.columns for text in (column.label, *column.variants)]
    rows += [(row.group, "group") for row in table.rows if row.group]
    columns += [(column.group, "group") for column in table.columns if column.group]
    return _Labels(label_book(tuple(rows)), label_book(tuple(columns)))


def _of_table_four(form: Form) -> _Labels:
    table = form.file.table_four
    columns = [(text, column.key) for column in table.columns for text in (column.label, *column.variants)]
    columns += [(text, "group") for group in table.groups for text in (group.label, *group.variants)]
    columns += [(group.group, "group") for group in table.groups if group.group]
    return _Labels(label_book(()), label_book(tuple(columns)))
