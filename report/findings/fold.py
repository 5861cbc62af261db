"""From the verdicts of one rule on single places to its one result."""

from __future__ import annotations

from collections.abc import Iterable

from config.severity import Severity
from report.findings.catalogue import Rule
from report.findings.finding import Finding, Outcome, RuleResult
from report.findings.verdict import Broken, Held, Undecided, Verdict

REASONS_SHOWN = 2


def fold(entry: Rule, severity: Severity, verdicts: Iterable[Verdict]) -> RuleResult:
    """One result from the verdicts on single places: a broken one counts before an undecided, that before a held."""
    listed = list(verdicts)
    findings = tuple(_finding(entry, severity, verdict) for verdict in listed if isinstance(verdict, Broken))
    reason = _joined([verdict.reason for verdict in listed if isinstance(verdict, Undecided)])
    if findings:
        return RuleResult(entry.code, Outcome.FAIL, findings)
    if reason is not None:
        return RuleResult(entry.code, Outcome.NOT_ASSESSABLE, reason=reason)
    if any(isinstance(verdict, Held) for verdict in listed):
        return RuleResult(entry.code, Outcome.PASS)
    return RuleResult(entry.code, Outcome.NOT_APPLICABLE)


def _finding(entry: Rule, severity: Severity, verdict: Broken) -> Finding:
    return Finding(
        rule=entry.code,
        severity=severity,
        cells=verdict.cells,
        expected=verdict.expected,
        found=verdict.found,
        message=verdict.message,
        message_en=verdict.message_en,
        basis=entry.basis,
        place=verdict.place,
        suggestion=verdict.suggestion,
        other_agency=verdict.other_agency,
        rate=verdict.rate,
        change=verdict.change,
    )


def _joined(reasons: list[str]) -> str | None:
    """One sentence from the reasons of all places, each said once; None where there is none."""
    distinct = list(dict.fromkeys(reasons))
    if not distinct:
        return None
    more = f"；等{len(distinct)}处" if len(distinct) > REASONS_SHOWN else ""
    return "；".join(distinct[:REASONS_SHOWN]) + more
