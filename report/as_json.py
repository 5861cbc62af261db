"""A report as JSON and back, and what ``nianbao check --format json`` prints of one (contract, section 2)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, cast

from pydantic import TypeAdapter

from report.account import Account
from report.check_shape import (
    AccountShape,
    CheckShape,
    FigureShape,
    FindingShape,
    PlaceShape,
    SectionShape,
    SentenceShape,
    SuggestionShape,
)
from report.figure import Figure, Place, State
from report.findings.finding import Check, Finding, Number, Outcome, Sentence, Suggestion
from report.findings.matters import in_matters, mistake_of
from report.report import Report, Section

_REPORT = TypeAdapter(Report)


def report_to_json(report: Report) -> dict[str, Any]:
    """The report as plain JSON values; decimals are strings, exactly as written. What is as by default is left out."""
    content: dict[str, Any] = _REPORT.dump_python(report, mode="json", exclude_defaults=True)
    return content


def report_to_text(report: Report) -> str:
    """What :func:`report_to_json` says, as the text of a JSON object."""
    return _REPORT.dump_json(report, exclude_defaults=True).decode()


def report_from_json(content: dict[str, Any]) -> Report:
    """The report that :func:`report_to_json` wrote; pydantic.ValidationError where the content is none."""
    return _REPORT.validate_python(content)


def check_json(report: Report, check: Check, reader: str) -> CheckShape:
    """What was read and found in one document, with the keys of the contract; ``reader`` is the reader's version."""
    return {
        "source": report.source,
        "sha256": report.sha256,
        "media_type": report.media_type,
        "reader": reader,
        "title": report.title,
        "agency": report.agency,
        "year": report.year,
        "period": None if report.period is None else [day.isoformat() for day in report.period],
        "form": report.form,
        "sections": [_section(section) for section in report.sections],
        "figures": {key: figure_json(figure) for key, figure in report.figures.items()},
        "rules": {code: result.outcome for code, result in check.results.items()},
        "reasons": {
            code: result.reason
            for code, result in check.results.items()
            if result.outcome is Outcome.NOT_ASSESSABLE and result.reason is not None
        },
        "findings": _findings(report, check),
        "accounted": account_json(report.accounted),
        "sentences": [_sentence(sentence) for sentence in check.sentences],
    }


def _findings(report: Report, check: Check) -> list[FindingShape]:
    """Every finding; those that one correction would mend have the same ``matter``, counted from 1 in this report."""
    found = [finding_json(finding, report.agency, report.year) for finding in check.findings]
    for number, places in enumerate(in_matters([mistake_of(finding) for finding in check.findings]), 1):
        for place in places:
            found[place]["matter"] = str(number)
    return found


def account_json(account: Account) -> AccountShape:
    """What became of everything seen: counts, and examples with kind, fate, text and place."""
    return {
        "pieces": account.pieces,
        "understood": account.understood,
        "named": account.named,
        "unaccounted": account.unaccounted,
        "examples": [
            {"kind": one.kind, "fate": one.fate, "text": one.text, **_place(one.place)} for one in account.examples
        ],
    }


def figure_json(figure: Figure) -> FigureShape:
    """One figure: value (amounts as decimal strings), state, text as written, and where it stands.

    A number that was not read with certainty is none to anybody outside: it is ``unreadable``, with its text.
    """
    if figure.state is State.NUMBER and not figure.certain:
        return {"value": None, "state": State.UNREADABLE, "text": figure.text, **_place(figure.place)}
    value: int | str | None = _number(figure.value)
    if figure.value is not None and figure.key.endswith(".amount"):
        value = str(figure.value)
    return {"value": value, "state": figure.state, "text": figure.text, **_place(figure.place)}


def finding_json(finding: Finding, agency: str | None, year: int | None) -> FindingShape:
    """One finding; ``agency`` and ``year`` go into its fingerprint."""
    content: FindingShape = {
        "rule": finding.rule,
        "severity": finding.severity,
        "cells": list(finding.cells),
        "expected": _number(finding.expected),
        "found": _number(finding.found),
        "message": finding.message,
        "message_en": finding.message_en,
        "basis": finding.basis,
        "fingerprint": finding.fingerprint(agency, year),
    }
    content |= cast(Any, _place(finding.place))
    if finding.confirmed_by:
        content["confirmed_by"] = list(finding.confirmed_by)
    if finding.suggestion is not None:
        content["suggestion"] = suggestion_json(finding.suggestion)
    if finding.rate is not None:
        content["rate"] = finding.rate
    return content


def suggestion_json(suggestion: Suggestion) -> SuggestionShape:
    """One suggestion: ``cells`` where there is one smallest change, else ``alternatives``; ``slip`` if known.

    ``partial`` where some sums could not be checked.
    """
    content: SuggestionShape = {"why": suggestion.why}
    if suggestion.cells is not None:
        content["cells"] = _change(suggestion.cells)
    else:
        content["alternatives"] = [{"cells": _change(one)} for one in suggestion.alternatives]
    if suggestion.slip is not None:
        content["slip"] = suggestion.slip
    if suggestion.partial:
        content["partial"] = True
    return content


def _section(section: Section) -> SectionShape:
    return {
        "number": section.number,
        "heading": section.heading,
        "kind": section.kind,
        "characters": section.characters,
    }


def _sentence(sentence: Sentence) -> SentenceShape:
    return {
        "text": sentence.text,
        "page": sentence.page,
        "figure": sentence.figure,
        "value": _number(sentence.value),
        "outcome": sentence.outcome,
        "reason": sentence.reason,
    }


def _place(place: Place) -> PlaceShape:
    content: PlaceShape = {}
    if place.page is not None:
        content["page"] = place.page
    if place.bbox is not None:
        content["bbox"] = list(place.bbox)
    if place.table is not None:
        content |= {"table": place.table, "row": place.row, "column": place.column}
    return content


def _change(cells: dict[str, Number]) -> dict[str, int | str]:
    return {key: str(value) if isinstance(value, Decimal) else value for key, value in cells.items()}


def _number(value: Number | str | None) -> int | str | None:
    return str(value) if isinstance(value, Decimal) else value
