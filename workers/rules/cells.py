"""Naming cells in a sentence, and where they stand in the document."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from report.figure import NOWHERE, Place
from report.form import Form
from report.report import Report

NAMES_SHOWN = 4


def place_of(report: Report, keys: Sequence[str]) -> Place:
    """Where the first of ``keys`` that was found in the document stands."""
    for key in keys:
        figure = report.figures.get(key)
        if figure is not None and figure.place != NOWHERE:
            return figure.place
    return NOWHERE


def by_row(form: Form, keys: Iterable[str]) -> dict[tuple[int, str], list[str]]:
    """The keys in the rows (table four: groups) of the form: (table, row key) → keys, in the form's order."""
    rows: dict[tuple[int, str], list[str]] = {}
    for key in keys:
        name = form.names[key]
        rows.setdefault((name.table, name.row_key), []).append(key)
    return rows


def row_label(form: Form, key: str) -> str:
    """The label of a cell's row, without the explanation in brackets that some rows carry."""
    return form.names[key].row.split("（区分处理", 1)[0]


def columns(form: Form, keys: Iterable[str]) -> str:
    """The column labels of ``keys``: “自然人”“商业企业”."""
    return "".join(f"“{form.names[key].column}”" for key in keys)


def listed(names: Sequence[str]) -> str:
    """Names in quotes, the first few of them: “甲”“乙”等9行."""
    shown = "".join(f"“{name}”" for name in names[:NAMES_SHOWN])
    return shown if len(names) <= NAMES_SHOWN else f"{shown}等{len(names)}行"
