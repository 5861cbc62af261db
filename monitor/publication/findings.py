"""The findings of the rules of publication (P03 to P07): opened and resolved as the ledger shows, by nobody's hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from ledger.database import Ledger
from ledger.standings.published import publication_findings, write_findings
from ledger.states import FindingState
from monitor.calendar import season_of
from monitor.publication.facts import Comparisons, Known, load_published
from monitor.register import Register
from report.findings.finding import Finding, Severity
from report.findings.publication_rules import PUBLICATION_RULES, PublicationRule
from report.findings.verdict import Broken, Undecided

# Told by the standing that it leads to (date_disputed).
NOT_MAILED = frozenset({"P03"})

_comparisons = Comparisons()


def settle_publication_findings(ledger: Ledger, register: Register, now: datetime) -> int:
    """Judges the reports of the season that runs at ``now``, a district at a time, and writes what changed.

    1. What the rules say is broken is a finding; it is opened, or opened again where it was resolved.
    2. What they no longer say is resolved, but only where they could judge: what cannot be told leaves all as it is.
    A person's word on a finding is never touched. Returns how many findings changed their state.
    """
    changed = 0
    for name, district in register.districts.items():
        years = [year for year in (now.year - 2, now.year - 1) if season_of(year)[0] <= now < season_of(year)[1]]
        years = [year for year in years if district.watched.holds(year)]
        if not years:
            continue
        with ledger.read() as session:
            standing = publication_findings(session, name, years)
            wanted: dict[str, dict[str, Any]] = {}
            untold: set[tuple[str, int, str]] = set()
            for known in load_published(session, register, name, years, _comparisons):
                for rule in PUBLICATION_RULES.values():
                    rows, told = _judge(register, rule, known, now)
                    wanted |= rows
                    if not told:
                        untold.add((known.agency, known.year, rule.code))
        known_rows = {row.fingerprint: row for row in standing}
        new = [row for fingerprint, row in wanted.items() if _differs(known_rows.get(fingerprint), row)]
        over = [
            row.fingerprint
            for row in standing
            if row.state in (FindingState.OPEN, FindingState.ACKNOWLEDGED)
            and row.fingerprint not in wanted
            and (row.agency, row.year, row.rule) not in untold
        ]
        if new or over:
            with ledger.write() as session:
                changed += write_findings(session, new, over, now)
    return changed


def _judge(
    register: Register, rule: PublicationRule, known: Known, now: datetime
) -> tuple[dict[str, dict[str, Any]], bool]:
    """The rows of what is broken by fingerprint, and whether the rule could judge every place."""
    entry = register.rules.rules[rule.code]
    if rule.function is None or not entry.enabled:
        return {}, True
    verdicts = list(rule.function(known.published))
    rows = {row["fingerprint"]: row for row in _rows(verdicts, rule, Severity(entry.severity), known, now)}
    return rows, not any(isinstance(verdict, Undecided) for verdict in verdicts)


def _rows(
    verdicts: list[Any], rule: PublicationRule, severity: Severity, known: Known, now: datetime
) -> Iterator[dict[str, Any]]:
    for verdict in verdicts:
        if not isinstance(verdict, Broken):
            continue
        finding = Finding(
            rule.code,
            severity,
            verdict.cells,
            verdict.expected,
            verdict.found,
            verdict.message,
            verdict.message_en,
            rule.basis,
            change=verdict.change,
        )
        yield {
            "fingerprint": finding.fingerprint(known.agency, known.year),
            "version_id": known.version_id,
            "agency": known.agency,
            "year": known.year,
            "rule": rule.code,
            "severity": severity.value,
            "cells": list(finding.cells),
            "expected": None if finding.expected is None else str(finding.expected),
            "found": None if finding.found is None else str(finding.found),
            "change": finding.change,
            "message": finding.message,
            "message_en": finding.message_en,
            "basis": finding.basis,
            "place": {},
            "suggestion": None,
            "state": FindingState.OPEN,
            "opened_at": now,
        }


def _differs(known: Any, row: dict[str, Any]) -> bool:
    """Whether a finding is new, was resolved, or is worded otherwise today."""
    if known is None or known.state is FindingState.RESOLVED:
        return True
    return any(getattr(known, name) != row[name] for name in ("version_id", "severity", "message"))
