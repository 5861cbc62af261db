"""A report as JSON and back: what the ledger keeps of a reading, and what travels between two processes."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from report.report import Report

_REPORT = TypeAdapter(Report)


def report_to_json(report: Report) -> dict[str, Any]:
    """The report as plain JSON values; decimals are strings, exactly as written."""
    content: dict[str, Any] = _REPORT.dump_python(report, mode="json")
    return content


def report_from_json(content: dict[str, Any]) -> Report:
    """The report that :func:`report_to_json` wrote; pydantic.ValidationError where the content is none."""
    return _REPORT.validate_python(content)
