"""What rests on the form says nothing of a table with rows or columns that no form has: it may be the next form.

A sum may have a part more, a row that is not there may be called otherwise, and last year's figure may stand elsewhere.
"""

from __future__ import annotations

from dataclasses import replace

from report.findings.finding import Finding, Outcome, RuleResult
from report.form import Form
from report.report import Report

# The rules that take a table for that of the form, row by row and column by column.
_OF_THE_FORM = frozenset({"T01", "T05", "T06", "T07", "T08", "T09", "Y01", "Y02", "Y03", "Y04", "A01", "D07"})
_REASON = "表中有各版表式都没有的行或列，不能按现行表式判断"


def without_another_form(result: RuleResult, report: Report, form: Form | None) -> RuleResult:
    """The result without findings that are none where the tables are of another form. ``form`` is the report's."""
    if not report.unknown_labels or result.rule not in _OF_THE_FORM or not result.findings:
        return result
    tables = {label.table for label in report.unknown_labels}
    kept = tuple(finding for finding in result.findings if not _rests_on(finding, tables, form))
    if kept:
        return replace(result, findings=kept)
    return RuleResult(result.rule, Outcome.NOT_ASSESSABLE, reason=_REASON)


def _rests_on(finding: Finding, tables: set[int], form: Form | None) -> bool:
    """Whether a finding rests on one of the tables; D07 speaks of the form as a whole."""
    if finding.rule == "D07" or form is None:
        return True
    return any(form.names[cell].table in tables for cell in finding.cells if cell in form.names)
