"""What the printed forms look like, as far as it helps to find a table that nothing rules: its labels, its widths."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from report.form import Form
from report.labels import LabelBook, bare, label_book


@dataclass(frozen=True)
class Skeleton:
    """The labels of all forms: of rows and columns of each table, and of the groups of columns in three and four."""

    rows_two: frozenset[str]
    heads_two: LabelBook
    rows_three: frozenset[str]
    columns_three: LabelBook
    groups: LabelBook
    columns_four: LabelBook
    groups_four: LabelBook
    width_three: int
    width_four: int


def skeleton_of(forms: Mapping[str, Form]) -> Skeleton:
    """The skeleton of some forms."""
    files = [form.file for form in forms.values()]
    two = [block for file in files for block in file.table_two]
    three, four = [file.table_three for file in files], [file.table_four for file in files]
    return Skeleton(
        _bare((row.label, *row.variants) for block in two for row in block.rows),
        _book((column.label, *column.variants) for block in two for column in block.columns),
        _bare((row.label, *row.variants) for table in three for row in table.rows),
        _book((column.label, *column.variants) for table in three for column in table.columns),
        _book([*((column.group or "申请人情况",) for table in three for column in table.columns), ("申请人情况",)]),
        _book((column.label, *column.variants) for table in four for column in table.columns),
        _book((group.label, group.group or group.label, *group.variants) for table in four for group in table.groups),
        max((len(table.columns) for table in three), default=0),
        max((len(table.groups) * len(table.columns) for table in four), default=0),
    )


def _bare(labels: Iterable[Iterable[str]]) -> frozenset[str]:
    return frozenset(bare(label) for each in labels for label in each)


def _book(labels: Iterable[Iterable[str]]) -> LabelBook:
    texts = sorted({label for each in labels for label in each})
    return label_book(tuple((text, bare(text)) for text in texts))
