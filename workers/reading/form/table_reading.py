"""What the readers of the three tables have in common: the rows found so far, and a header with a gap in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from report.figure import Figure, State
from report.form import TABLE_NAMES, Form
from report.report import Gap, Unread
from workers.reading.content import Grid
from workers.reading.form.alignment import Header, header_of

# What else is printed in the heads of the three tables.
OTHER_HEADS = (
    "信息内容",
    "申请人情况",
    "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）",
)


@dataclass
class TableReading:
    """The rows of one table of the form: their figures by key, the rows' keys in order, and what was not read.

    ``nameless``: how many rows of numbers stand there whose label was not understood. ``is_strange``: whether a column
    was not understood either.
    """

    figures: dict[str, Figure] = field(default_factory=dict)
    rows: list[str] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    nameless: int = 0
    is_strange: bool = False

    @property
    def started(self) -> bool:
        """Whether any row was found."""
        return bool(self.rows)

    def add(self, row: str, label: str, figures: dict[str, Figure], gap: Gap | None) -> None:
        """Takes in a row. A row that stands there twice with different figures is not certain: which one counts?"""
        if row not in self.rows:
            self.rows.append(row)
            self.figures |= figures
            if gap is not None:
                self.gaps.append(replace(gap, what=label))
            return
        differing = [
            key
            for key, figure in figures.items()
            if (figure.state, figure.value) != (self.figures[key].state, self.figures[key].value)
        ]
        if not differing or all(figure.state in (State.BLANK, State.ABSENT) for figure in figures.values()):
            return
        for key in differing:
            self.figures[key] = replace(self.figures[key], certain=False)
        self.gaps.append(Gap(Unread.UNCERTAIN, label, tuple(differing)))


def naming(form: Form, key: str) -> str:
    """How a letter would call the row of a figure."""
    name = form.names[key]
    number = TABLE_NAMES[name.table]
    return f"{number}“{name.row}”"


def complete_header(header: Header, order: Sequence[str], grid: Grid, rows: Sequence[int]) -> Header:
    """The header with its one unread heading put between its neighbours, if one stands there.

    ``order`` are the column keys as the form has them; ``rows`` the rows of the grid where the header stands.
    """
    missing = [key for key in order if key not in header.columns]
    if len(missing) != 1 or header.is_whole:
        return header
    index = order.index(missing[0])
    if index in (0, len(order) - 1):
        return header
    start, stop = header.columns[order[index - 1]][1], header.columns[order[index + 1]][0]
    between = {
        cell for row in rows for cell in grid.own_cells(row) if start <= cell.column < stop and cell.text.strip()
    }
    if len(between) != 1:
        return header
    return header_of(grid, rows, {**header.columns, missing[0]: (start, stop)}) or header
