"""Table four, reviews and litigation: one row of numbers under three groups of five columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from report.form import Form
from report.labels import LabelBook, label_book
from workers.reading.content import Cell, Grid
from workers.reading.form.alignment import Header, has_other_columns, read_row
from workers.reading.form.cell_value import has_value, is_value
from workers.reading.form.table_reading import TableReading

_NO_GROUP = ""


@dataclass
class _Heads:
    """The header cells seen so far: the groups and the leaves, each with the row where it stands."""

    groups: list[tuple[Cell, str]]
    leaves: list[tuple[Cell, str]]


def read_table_four(grids: Sequence[Grid], form: Form) -> TableReading:
    """The fifteen figures of table four: each column found by its label and the group above it."""
    table = form.file.table_four
    parents = tuple((group.group, _NO_GROUP) for group in table.groups if group.group)
    groups = label_book(
        tuple((label, group.key) for group in table.groups for label in (group.label, *group.variants)) + parents
    )
    columns = label_book(
        tuple((label, column.key) for column in table.columns for label in (column.label, *column.variants))
    )
    names = {
        f"{group.key}.{column.key}": f"{group.key}.{column.key}" for group in table.groups for column in table.columns
    }
    order = [group.key for group in table.groups]
    leaves = [column.key for column in table.columns]
    reading = TableReading()
    heads = _Heads([], [])
    header: Header | None = None
    for grid in grids:
        if header is None:
            heads = _Heads([], [])
        for number in range(len(grid.rows)):
            cells = grid.own_cells(number)
            if _take_headings(cells, groups, columns, heads):
                header = _header(heads, grid, order, leaves)
                continue
            if header is None or not cells:
                continue
            filled = [cell for cell in cells if cell.text.strip()]
            if filled and not is_value(filled[0].text) and not is_value(filled[-1].text):
                header, heads = None, _Heads([], [])
                continue
            if (
                not filled
                and number + 1 < len(grid.rows)
                and not reading.started
                and has_value(grid.own_cells(number + 1))
            ):
                continue
            after = sum(cell.column < header.first for cell in cells) if grid.width == header.width else 0
            reading.is_strange |= has_other_columns(cells, after, header)
            reading.add("disputes", "表四", *read_row(grid, number, after, header, names))
            # That of another year may stand beside it: then nobody knows which one counts.
            header, heads = None, _Heads([], [])
    return reading


def _take_headings(cells: Sequence[Cell], groups: LabelBook, columns: LabelBook, heads: _Heads) -> bool:
    """Whether the row is one of the header; its groups and leaves are then kept."""
    if has_value(cells):
        return False
    found = False
    leaves = []
    for cell in cells:
        if not cell.text.strip():
            continue
        group = groups.find(cell.text)
        column = columns.find(cell.text) if group is None else None
        if group is not None:
            heads.groups.append((cell, group))
            found = True
        elif column is not None:
            leaves.append((cell, column))
    if leaves and (heads.groups or len(leaves) > 1):
        heads.leaves += leaves
        found = True
    return found


def _header(heads: _Heads, grid: Grid, order: Sequence[str], leaves: Sequence[str]) -> Header | None:
    """The header so far, None while there are no leaves under a group."""
    names = [f"{group}.{leaf}" for group in order for leaf in leaves]
    # Of the head alone: a row of numbers into which a head reaches is moved, and wider.
    rows = {cell.row for cell, _ in (*heads.groups, *heads.leaves) if cell.row < len(grid.rows)}
    width = max((len(grid.rows[row]) for row in rows), default=grid.width)
    if [leaf for _, leaf in heads.leaves] == list(leaves) * len(order) and _groups_in_order(heads, order):
        return _in_order([cell for cell, _ in heads.leaves], names, width)
    columns: dict[str, tuple[int, int]] = {}
    for cell, leaf in heads.leaves:
        group = _group_over(cell, heads.groups, grid.from_text)
        if group:
            columns.setdefault(f"{group}.{leaf}", (cell.column, cell.column + cell.width))
    places = [place for start, stop in columns.values() for place in range(start, stop)]
    if len(set(places)) < len(places):
        return None
    return Header(columns, width, len(columns) == len(names)) if columns else None


def _in_order(leaves: Sequence[Cell], names: Sequence[str], width: int) -> Header:
    """The header whose fifteen leaves and three groups follow each other as in the form.

    Where the merges above them are missing, the groups stand over the wrong leaves, and leaves of a second row under
    those of the first: then their order says where they belong, if the positions do not.
    """
    places = [(cell.column, cell.column + cell.width) for cell in leaves]
    if any(one[1] > other[0] for one, other in pairwise(places)):
        places = [(index, index + 1) for index in range(len(names))]
        return Header(dict(zip(names, places, strict=True)), len(names))
    return Header(dict(zip(names, places, strict=True)), width)


def _group_over(leaf: Cell, groups: Sequence[tuple[Cell, str]], from_text: bool) -> str:
    """The lowest group above a leaf; in a converted text a group reaches to the next one in its row."""
    best: tuple[int, int, str] | None = None
    for cell, group in groups:
        if cell.row >= leaf.row:
            continue
        over = cell.column <= leaf.column and (from_text or leaf.column < cell.column + cell.width)
        if over and (best is None or (cell.row, cell.column) > best[:2]):
            best = (cell.row, cell.column, group)
    return best[2] if best else _NO_GROUP


def _groups_in_order(heads: _Heads, order: Sequence[str]) -> bool:
    found = [group for _, group in sorted(heads.groups, key=lambda pair: (pair[0].row, pair[0].column))]
    return [group for group in found if group in order] == list(order)
