"""The unified formats as data: one YAML file a form, read by :func:`load_forms`.

Rows, columns, labels with their known variants, which years, which sums: readers, rules, pages and exports
take them all from here. A new form is a new file and no code (docs/add-a-form.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Literal

from pydantic import Field

from config.yaml_file import ConfigurationError, DataFile, data_files, fault_at, read_yaml

SectionKind = Literal["overview", "proactive", "requests", "disputes", "problems", "other"]
FigureKind = Literal["count", "change", "amount"]


class FormYears(DataFile):
    """The report years for which a form is the right one; ``last`` empty: still in force."""

    first: int
    last: int | None = None


class FormSection(DataFile):
    """One of the six sections: its number, kind, heading and the other headings seen for it."""

    number: int = Field(ge=1, le=9)
    kind: SectionKind
    heading: str
    variants: tuple[str, ...] = ()


class FormColumn(DataFile):
    """One column of numbers. ``group`` is the header above it where the form prints one."""

    key: str
    label: str
    variants: tuple[str, ...] = ()
    group: str | None = None
    kind: FigureKind = "count"


class FormRow(DataFile):
    """One row of numbers. ``group`` is the label to its left where the form prints one.

    ``stands_for`` marks a row that some reports print instead of the rows named there; ``in_form`` is
    false where the form does not allow that (rule D07 then says so).
    """

    key: str
    label: str
    variants: tuple[str, ...] = ()
    group: str | None = None
    stands_for: tuple[str, ...] = ()
    in_form: bool = True


class FormBlock(DataFile):
    """One block of table two: the heading (an item of article 20), its columns and rows."""

    heading: str
    variants: tuple[str, ...] = ()
    columns: tuple[FormColumn, ...]
    rows: tuple[FormRow, ...]


class Balance(DataFile):
    """The equation printed in the form: the rows ``left`` add up to the rows ``right``, in every column."""

    left: tuple[str, ...]
    right: tuple[str, ...]


class FormTableThree(DataFile):
    """Requests: rows by applicants. ``total_column`` is the sum of the others, ``processed_total`` of ``outcomes``."""

    columns: tuple[FormColumn, ...]
    total_column: str
    rows: tuple[FormRow, ...]
    outcomes: tuple[str, ...]
    processed_total: str
    balance: Balance


class FormTableFour(DataFile):
    """Reviews and litigation: one row of numbers; in each group the columns add up to ``total_column``."""

    groups: tuple[FormRow, ...]
    columns: tuple[FormColumn, ...]
    total_column: str


class FormFile(DataFile):
    """One form of the annual report, as its file in ``config/forms`` describes it."""

    form: str
    name: str
    instrument: str
    years: FormYears
    sections: tuple[FormSection, ...]
    table_two: tuple[FormBlock, ...]
    table_three: FormTableThree
    table_four: FormTableFour


def load_forms(home: Path | None = None) -> dict[str, FormFile]:
    """All forms by name, oldest first; an office's file in ``home/config/forms`` replaces ours of the same name.

    Raises ConfigurationError where there is none or one does not fit.
    """
    forms = {path: read_form(path) for path in data_files("forms", home)}
    for _, clash in form_clashes(forms):
        raise clash
    return {form.form: form for form in forms.values()}


def read_form(path: Path) -> FormFile:
    """One form. Raises ConfigurationError where it does not fit, or its sums name rows that it has not."""
    form = read_yaml(path, FormFile)
    _refuse_unknown_rows(path, form)
    return form


def form_clashes(forms: Mapping[Path, FormFile]) -> Iterable[tuple[Path, ConfigurationError]]:
    """The files that describe a form again; raises ConfigurationError where there is no form at all."""
    if not forms:
        raise ConfigurationError("config/forms", "一个表式文件也没有", "请重新安装，或放回表式文件")
    seen: set[str] = set()
    for path, form in forms.items():
        if form.form in seen:
            wrong = f"表式“{form.form}”已在另一文件中定义"
            yield path, fault_at(path, wrong, "请为每个表式只保留一个文件", "form")
        seen.add(form.form)


def _refuse_unknown_rows(path: Path, form: FormFile) -> None:
    table = form.table_three
    rows = {row.key for row in table.rows}
    named = {*table.outcomes, table.processed_total, *table.balance.left, *table.balance.right}
    named |= {key for row in table.rows for key in row.stands_for}
    for key in sorted(named - rows):
        raise ConfigurationError(str(path), f"合计关系中的行“{key}”不在表三的行中", "请改正行名")
    for columns, total in (
        (table.columns, table.total_column),
        (form.table_four.columns, form.table_four.total_column),
    ):
        if total not in {column.key for column in columns}:
            raise ConfigurationError(str(path), f"合计列“{total}”不在该表的列中", "请改正列名")
