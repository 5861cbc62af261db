"""The tables of a report as they were read, laid out as the form prints them, with the cells of findings marked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from config.forms import FormColumn, FormRow
from report.figure import Figure, State
from report.findings.in_words import Names, written
from report.form import Form
from report.report import Report


@dataclass(frozen=True, slots=True)
class Mark:
    """A finding at a cell: its number on the page, its level, and whether the cell is suspected or only takes part."""

    number: int
    level: str
    is_suspect: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: what stands in it, whether that is a number that was read with certainty, and what was found in it.

    ``corrected`` is what the machine read where a person read otherwise, "" elsewhere.
    """

    key: str
    text: str
    is_number: bool
    doubtful: bool
    marks: tuple[Mark, ...]
    corrected: str = ""

    @property
    def is_suspect(self) -> bool:
        """Whether a finding suspects this very cell."""
        return any(mark.is_suspect for mark in self.marks)

    @property
    def level(self) -> str:
        """The level of the gravest finding in it, "" where there is none."""
        return self.marks[0].level if self.marks else ""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of numbers. ``group_span``: over how many rows its group stands, 0 where a row above it shows it."""

    group: str
    group_span: int
    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class TableAsRead:
    """One table: its caption, the names of its columns with the groups above them, and its rows."""

    caption: str
    groups: tuple[tuple[str, int], ...]
    columns: tuple[str, ...]
    lines: tuple[Line, ...]

    @property
    def is_grouped(self) -> bool:
        """Whether rows stand in groups, which take a column of their own."""
        return any(line.group for line in self.lines)


def tables_as_read(
    report: Report, form: Form, names: Names, marks: Mapping[str, Sequence[Mark]], machine: Report | None = None
) -> list[TableAsRead]:
    """Tables two (one a block), three and four with what the report has of their rows; ``marks`` by figure key.

    ``machine`` is what the machine read, where people read some cells otherwise.
    """
    found = list(_tables(report, form, names, marks))
    return found if machine is None else [_beside(table, machine, names) for table in found]


def _tables(report: Report, form: Form, names: Names, marks: Mapping[str, Sequence[Mark]]) -> Iterator[TableAsRead]:
    file = form.file
    found: list[TableAsRead] = []
    for block in file.table_two:
        rows = [(row, f"proactive.{row.key}") for row in block.rows]
        found.append(_table(f"表二　{block.heading}", block.columns, rows, report, names, marks))
    rows = [(row, f"requests.{row.key}") for row in file.table_three.rows]
    found.append(_table("表三　收到和处理政府信息公开申请情况", file.table_three.columns, rows, report, names, marks))
    rows = [(row, row.key) for row in file.table_four.groups]
    found.append(_table("表四　行政复议、行政诉讼情况", file.table_four.columns, rows, report, names, marks))
    yield from (table for table in found if table.lines)


def _beside(table: TableAsRead, machine: Report, names: Names) -> TableAsRead:
    """The table with what the machine read beside what people read."""
    return replace(
        table,
        lines=tuple(
            replace(line, cells=tuple(_with_machine(cell, machine, names) for cell in line.cells))
            for line in table.lines
        ),
    )


def _with_machine(cell: Cell, machine: Report, names: Names) -> Cell:
    read = _text(names, machine.figures[cell.key])
    return cell if read == cell.text else replace(cell, corrected=read)


def _table(
    caption: str,
    columns: Sequence[FormColumn],
    rows: Sequence[tuple[FormRow, str]],
    report: Report,
    names: Names,
    marks: Mapping[str, Sequence[Mark]],
) -> TableAsRead:
    lines = [
        Line(row.group or "", 1, row.label, tuple(cells))
        for row, key in rows
        if (cells := list(_cells(key, columns, report, names, marks)))
    ]
    groups = tuple((group, len(list(of))) for group, of in groupby(column.group or "" for column in columns))
    shown = groups if any(group for group, _ in groups) else ()
    return TableAsRead(caption, shown, tuple(column.label for column in columns), tuple(_grouped(lines)))


def _cells(
    row: str, columns: Sequence[FormColumn], report: Report, names: Names, marks: Mapping[str, Sequence[Mark]]
) -> Iterator[Cell]:
    for column in columns:
        key = f"{row}.{column.key}"
        figure = report.figures.get(key)
        if figure is None:
            continue
        number = figure.state is State.NUMBER
        yield Cell(key, _text(names, figure), number, not figure.certain, tuple(marks.get(key, ())))


def _text(names: Names, figure: Figure) -> str:
    if figure.state is State.TEXT:
        return figure.text
    return written(names, {"state": figure.state.value, "text": figure.text, "value": figure.value})


def _grouped(lines: Sequence[Line]) -> Iterator[Line]:
    """The lines with the spans of their groups: the first of a run shows it, the others do not."""
    for _, of in groupby(lines, key=lambda line: line.group):
        run = list(of)
        yield replace(run[0], group_span=len(run))
        yield from (replace(line, group_span=0) for line in run[1:])
