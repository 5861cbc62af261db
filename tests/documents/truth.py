"""What was read in a document of the corpus against the source that it was made from."""

from __future__ import annotations

from decimal import Decimal

from report.figure import Figure, State
from report.report import Report
from tests.documents.corpus import Case

_STROKES = {"": State.BLANK, "/": State.SLASH, "-": State.DASH, "—": State.DASH}
_SECTIONS = 6


def not_as_in_source(report: Report, case: Case) -> list[str]:
    """One line for everything that was read otherwise than the source has it; a wrong number is never allowed."""
    source = case.source
    problems = []
    printed = set(source.keys())
    for key, figure in report.figures.items():
        if key not in printed:
            if figure.state is State.NUMBER:
                problems.append(f"{key}: {figure.value} is read where nothing is printed")
        elif not _is_right(figure, source.cell(key), source.values[key], key.startswith(case.may_be_unread or ("?",))):
            problems.append(f"{key}: {source.cell(key)!r} is read as {figure.state.value} {figure.value}")
    problems += [f"{key} is no figure of the form that was read" for key in printed - set(report.figures)]
    seen = (report.agency, report.year, report.form, report.title)
    if seen != (source.agency, source.year, source.form, source.title):
        problems.append(f"agency, year, form and title: {seen}")
    if len(report.sections) != _SECTIONS or None in {section.kind for section in report.sections}:
        problems.append(f"sections: {[section.heading for section in report.sections]}")
    return problems


def _is_right(figure: Figure, printed: str, value: int | Decimal, may_be_unread: bool) -> bool:
    if printed in _STROKES:
        return figure.state is _STROKES[printed]
    if figure.state is State.NUMBER:
        return figure.value == value and figure.certain
    return may_be_unread and figure.value is None
