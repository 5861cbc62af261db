"""The forms as objects: which figures a form has, what each is called, and which of them add up to which."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any, TypeVar

from config.forms import FigureKind, FormFile
from config.register import Register

_Made = TypeVar("_Made")
# A table of the form, by its number among the parts of the report.
TABLE_NAMES = {2: "表二", 3: "表三", 4: "表四"}


@dataclass(frozen=True, slots=True)
class FigureName:
    """One figure as the form names it: table 2 to 4, row and column labels, and what kind of number it is."""

    key: str
    table: int
    row: str
    column: str
    kind: FigureKind
    row_key: str
    column_key: str

    @property
    def label(self) -> str:
        """How a letter would name the cell: 表三“（四）无法提供 1.本机关不掌握相关政府信息”行“自然人”列."""
        number = TABLE_NAMES[self.table]
        if self.table == 4:
            return f"{number}“{self.row}”的“{self.column}”"
        return f"{number}“{self.row}”行“{self.column}”列"


@dataclass(frozen=True, slots=True)
class Sum:
    """An equation of the form: the figures ``parts`` add up to the figures ``totals``.

    ``rule`` is the code of the rule that checks it (T05 to T08); ``name`` is how a letter would call it.
    """

    rule: str
    name: str
    parts: tuple[str, ...]
    totals: tuple[str, ...]


@dataclass(frozen=True)
class Form:
    """One form of the annual report, made from its data file."""

    file: FormFile
    names: dict[str, FigureName] = field(default_factory=dict)
    # The equations for one set of figures are asked for by five rules, and for every report again.
    _known_sums: dict[frozenset[str], tuple[Sum, ...]] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )
    _known_keys: dict[frozenset[str], tuple[str, ...]] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )
    _made: dict[Callable[[Form], Any], Any] = field(default_factory=dict, init=False, compare=False, repr=False)

    def once(self, make: Callable[[Form], _Made]) -> _Made:
        """What a function makes of the form, made once; it is not to be changed."""
        if make not in self._made:
            self._made[make] = make(self)
        made: _Made = self._made[make]
        return made

    @property
    def name(self) -> str:
        """The form's name: "2019" or "2021"."""
        return self.file.form

    def label(self, key: str) -> str:
        """How a letter names a figure's cell, its key where the form does not know it."""
        return self.names[key].label if key in self.names else key

    def holds_for(self, year: int) -> bool:
        """Whether this is the form for a report year."""
        years = self.file.years
        return years.first <= year and (years.last is None or year <= years.last)

    def alternatives(self) -> dict[str, tuple[str, ...]]:
        """Row keys (``proactive.inspections``, ``requests.other``) that a report may print instead of others."""
        return self._alternatives

    @cached_property
    def _alternatives(self) -> dict[str, tuple[str, ...]]:
        rows = [("proactive", row) for block in self.file.table_two for row in block.rows]
        rows += [("requests", row) for row in self.file.table_three.rows]
        return {
            f"{table}.{row.key}": tuple(f"{table}.{other}" for other in row.stands_for)
            for table, row in rows
            if row.stands_for
        }

    def keys(self, printed: Iterable[str] = ()) -> tuple[str, ...]:
        """Every figure key of the form, in its order.

        ``printed`` names the alternative rows (``requests.other``) that the report prints; they take the
        place of the rows they stand for. Without them the form's own rows are meant.
        """
        shown = frozenset(printed)
        if shown not in self._known_keys:
            self._known_keys[shown] = self._keys(shown)
        return self._known_keys[shown]

    def _keys(self, shown: frozenset[str]) -> tuple[str, ...]:
        hidden = {row for row in self.alternatives() if row not in shown}
        for alternative in shown:
            hidden |= set(self.alternatives().get(alternative, ()))
        return tuple(key for key, name in self.names.items() if f"{_prefix(key)}.{name.row_key}" not in hidden)

    def sums(self, keys: Iterable[str]) -> tuple[Sum, ...]:
        """The equations T05 to T08 over a report whose figures are ``keys``."""
        present = frozenset(keys)
        if present not in self._known_sums:
            self._known_sums[present] = (
                *self._row_sums(present),
                *self._column_sums(present),
                *self._balances(present),
                *self._dispute_sums(present),
            )
        return self._known_sums[present]

    def _row_sums(self, present: frozenset[str]) -> list[Sum]:
        table = self.file.table_three
        parts = [column.key for column in table.columns if column.key != table.total_column]
        return [
            Sum(
                "T05",
                f"表三“{self.names[f'requests.{row.key}.{table.total_column}'].row}”行",
                tuple(f"requests.{row.key}.{part}" for part in parts),
                (f"requests.{row.key}.{table.total_column}",),
            )
            for row in table.rows
            if f"requests.{row.key}.{table.total_column}" in present
        ]

    def _column_sums(self, present: frozenset[str]) -> list[Sum]:
        table = self.file.table_three
        replaced = {row: alternative for alternative, rows in self.alternatives().items() for row in rows}
        sums = []
        for column in table.columns:
            parts: list[str] = []
            for outcome in table.outcomes:
                key = f"requests.{outcome}.{column.key}"
                if key not in present and f"requests.{outcome}" in replaced:
                    key = f"{replaced[f'requests.{outcome}']}.{column.key}"
                if key not in parts:
                    parts.append(key)
            sums.append(
                Sum("T06", f"表三“{column.label}”列", tuple(parts), (f"requests.{table.processed_total}.{column.key}",))
            )
        return sums

    def _balances(self, present: frozenset[str]) -> list[Sum]:
        table = self.file.table_three
        return [
            Sum(
                "T07",
                f"表三“{column.label}”列",
                tuple(f"requests.{row}.{column.key}" for row in table.balance.left),
                tuple(f"requests.{row}.{column.key}" for row in table.balance.right),
            )
            for column in table.columns
        ]

    def _dispute_sums(self, present: frozenset[str]) -> list[Sum]:
        table = self.file.table_four
        parts = [column.key for column in table.columns if column.key != table.total_column]
        return [
            Sum(
                "T08",
                f"表四“{group.label}”",
                tuple(f"{group.key}.{part}" for part in parts),
                (f"{group.key}.{table.total_column}",),
            )
            for group in table.groups
        ]


def make_form(file: FormFile) -> Form:
    """The form that a data file describes, with every figure it can have (alternatives included)."""
    names: dict[str, FigureName] = {}
    for block in file.table_two:
        for row in block.rows:
            for column in block.columns:
                key = f"proactive.{row.key}.{column.key}"
                names[key] = FigureName(
                    key, 2, _row_label(row.group, row.label), column.label, column.kind, row.key, column.key
                )
    for row in file.table_three.rows:
        for column in file.table_three.columns:
            key = f"requests.{row.key}.{column.key}"
            names[key] = FigureName(
                key, 3, _row_label(row.group, row.label), column.label, column.kind, row.key, column.key
            )
    for group in file.table_four.groups:
        for column in file.table_four.columns:
            key = f"{group.key}.{column.key}"
            names[key] = FigureName(
                key, 4, _row_label(group.group, group.label), column.label, column.kind, group.key, column.key
            )
    return Form(file, names)


def form_for(year: int, forms: Iterable[Form]) -> Form | None:
    """The form that is the right one for a report year; None before 2019."""
    return next((form for form in forms if form.holds_for(year)), None)


def _row_label(group: str | None, label: str) -> str:
    return label if group is None or group.startswith("三、") else f"{group} {label}"


def _prefix(key: str) -> str:
    return key.split(".", 1)[0]


@lru_cache(maxsize=4)
def figure_names(register: Register) -> dict[str, dict[str, FigureName]]:
    """The figures of every form of a register by their keys, by the form's name; a register never changes."""
    return {name: make_form(file).names for name, file in register.forms.items()}


def column_label(register: Register, key: str) -> str:
    """How a column of a figure is called in the newest form that has it, its key where none does."""
    forms = list(figure_names(register).values())[::-1]
    return next((names[key].column for names in forms if key in names), key)


def cell_label(register: Register, form: str | None, key: str) -> str:
    """How a letter names a figure's cell, its key where no form knows it."""
    figures = figure_names(register)
    forms = [figures[form]] if form in figures else list(figures.values())[::-1]
    return next((names[key].label for names in forms if key in names), key)
