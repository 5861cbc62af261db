"""From the verdicts of one rule on single places to its one result."""

from __future__ import annotations

from collections.abc import Iterable

from config.severity import Severity
from report.findings.catalogue import Rule
from report.findings.finding import Finding, Outcome, RuleResult
from report.findings.verdict import Broken, Held, Verdict

REASONS_SHOWN = 2


def fold(entry: Rule, severity: Severity, verdicts: Iterable[Verdict]) -> RuleResult:
    """One result from the verdicts on single places: a broken one counts before an undecided, that before a held."""
    findings: list[Finding] = []
    reasons: list[str] = []
    held = False
    for verdict in verdicts:
        if isinstance(verdict, Held):
            held = True
        elif isinstance(verdict, Broken):
            findings.append(_finding(entry, severity, verdict))
        else:
            reasons.append(verdict.reason)
    if findings:
        return RuleResult(entry.code, Outcome.FAIL, tuple(findings))
    if reasons:
        return RuleResult(entry.code, Outcome.NOT_ASSESSABLE, reason=_joined(reasons))
    return RuleResult(entry.code, Outcome.PASS if held else Outcome.NOT_APPLICABLE)


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
        quote=verdict.quote,
    )


def _joined(reasons: list[str]) -> str:
    """One sentence from the reasons of all places, each said once."""
    distinct = list(dict.fromkeys(reasons))
    more = f"；等{len(distinct)}处" if len(distinct) > REASONS_SHOWN else ""
    return "；".join(distinct[:REASONS_SHOWN]) + more
