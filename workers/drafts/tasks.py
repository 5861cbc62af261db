"""What the limited child process does with a draft besides reading it: judge what was read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter

from config.rules import RulesFile
from report.as_json import report_from_json
from report.findings.finding import Check
from report.form import Form
from workers.rules.check import check_report
from workers.rules.context import Context

CONTEXT = TypeAdapter(Context)
CHECK = TypeAdapter(Check)


def judge(values: dict[str, Any], data: bytes, forms: Mapping[str, Form]) -> tuple[dict[str, Any], bytes]:
    """What the rules say of a report beside what is known around it: in the main thread of this process, where each
    of them has its time.
    """
    report = report_from_json(values["report"])
    context = CONTEXT.validate_python(values["context"])
    rules = RulesFile.model_validate(values["rules"])
    found = check_report(report, forms, context, rules)
    return CHECK.dump_python(found, mode="json", exclude_defaults=True), b""
