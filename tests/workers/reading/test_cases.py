"""Inputs that failed once, a few for each kind of fault, with their truth beside them (``tests/documents/cases``).

A truth names the figures, the head of the report, findings that must or must not be there; ``or_unread`` and
``may_be_unread`` where no number is an honest answer. A wrong number or an untrue finding is never one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from config.rules import load_rules
from config.severity import Severity
from report.form import Form
from report.report import Report
from workers.reading.errors import ReadError
from workers.reading.read import read_document
from workers.rules.check import check_report
from workers.rules.context import Context

from .conftest import DOCUMENTS

CASES = sorted((DOCUMENTS / "cases").rglob("*.truth.json"))
FILES = [Path(str(truth).removesuffix(".truth.json")) for truth in CASES]


@pytest.mark.parametrize("path", FILES, ids=[f"{path.parent.name}/{path.name}" for path in FILES])
def test_nothing_wrong_is_read_and_nothing_untrue_is_said(forms: dict[str, Form], path: Path) -> None:
    truth: dict[str, Any] = json.loads(path.with_name(path.name + ".truth.json").read_text(encoding="utf-8"))
    try:
        report = read_document(path.read_bytes(), source=path.name, forms=forms)
    except ReadError:
        assert truth.get("may_be_unread") or truth.get("report") is False
        return
    assert truth.get("report") is not False, "figures were read out of what is no report"
    assert list(_wrong_numbers(report, truth)) == []
    assert list(_untrue(report, truth, forms)) == []


def _wrong_numbers(report: Report, truth: dict[str, Any]) -> Iterator[str]:
    for key, wanted in truth.get("figures", {}).items():
        value = report.number(key)
        if value is not None and str(value) != str(wanted):
            yield f"{key} is {wanted}, read {value}"
    period = None if report.period is None else [day.isoformat() for day in report.period]
    head = {"title": report.title, "agency": report.agency, "year": report.year, "period": period}
    yield from (
        f"{name} is {truth[name]}, read {value}" for name, value in head.items() if truth.get(name, value) != value
    )


def _untrue(report: Report, truth: dict[str, Any], forms: dict[str, Form]) -> Iterator[str]:
    allowed = {*truth.get("expected", ()), *truth.get("allowed", ())}
    findings = check_report(report, forms, Context(), load_rules()).findings
    yield from (f"{rule} found nothing" for rule in {*truth.get("expected", ())} - {one.rule for one in findings})
    for finding in findings:
        if finding.severity is Severity.HUMAN:
            continue
        if "must_not" in truth:
            if any(finding.rule == one[:3] and one[3:].strip() in finding.message for one in truth["must_not"]):
                yield f"{finding.rule} {finding.message}"
        elif finding.rule not in allowed:
            yield f"{finding.rule} {finding.message}"
