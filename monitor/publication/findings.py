"""The findings of the rules of publication (P03 to P09): opened and resolved as the ledger shows, by nobody's hand."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from config.register import Register
from config.settings import LOOKS_APART
from config.severity import Severity
from ledger.database import Ledger
from ledger.reading.findings import Assignment, finding_row, reopen_findings, resolve_findings, write_findings
from ledger.standings.published import publication_findings
from ledger.states import STANDING_FINDINGS, FindingState
from monitor.calendar import season_of
from monitor.publication.facts import Comparisons, Known, load_published
from report.findings.catalogue import Rule, Undecided
from report.findings.fold import fold
from report.findings.publication_rules import publication_rules

# Told by the standing that it leads to (date_disputed).
NOT_MAILED = frozenset({"P03"})

_comparisons = Comparisons()


def update_publication_findings(
    ledger: Ledger, register: Register, now: datetime, *, apart: timedelta = LOOKS_APART
) -> int:
    """Judges the reports of the season that runs at ``now``, a district at a time, and writes what changed.

    1. What the rules say is broken is a finding; it is opened, or opened again where it was resolved.
    2. What they no longer say is resolved, but only where they could judge: what cannot be told leaves all as it is.
    A person's word on a finding is never touched. The two looks that prove that a former report is gone are begun
    ``apart`` one after the other. Returns how many findings changed their state.
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
            untold: set[tuple[str, int, str, str | None]] = set()
            for known in load_published(session, register, name, years, _comparisons, apart):
                for rule in publication_rules().values():
                    rows, places = _judge(register, rule, known, now)
                    wanted |= rows
                    untold |= {(known.agency, known.year, rule.code, about) for about in places}
        known_rows = {row.fingerprint: row for row in standing}
        new = [row for fingerprint, row in wanted.items() if _differs(known_rows.get(fingerprint), row)]
        over = [
            row.fingerprint
            for row in standing
            if row.state in STANDING_FINDINGS
            and row.fingerprint not in wanted
            and not {(row.agency, row.year, row.rule, about) for about in (None, row.found)} & untold
        ]
        if new or over:
            with ledger.write() as session:
                changed += len(write_findings(session, new))
                changed += reopen_findings(session, [row["fingerprint"] for row in new], now)
                changed += resolve_findings(session, over, now)
    return changed


def _judge(
    register: Register, rule: Rule, known: Known, now: datetime
) -> tuple[dict[str, dict[str, Any]], set[str | None]]:
    """The rows of what is broken by fingerprint, and the places that could not be judged (None: none in particular)."""
    entry = register.rules.at(now).rules[rule.code]
    if not entry.enabled:
        return {}, set()
    verdicts = rule.verdicts(known.published)
    assignment = Assignment(known.agency, known.year)
    findings = fold(rule, Severity(entry.severity), verdicts).findings
    rows = [finding_row(one, known.version_id, assignment, now) for one in findings]
    untold = {verdict.about for verdict in verdicts if isinstance(verdict, Undecided)}
    return {row["fingerprint"]: row for row in rows}, untold


def _differs(known: Any, row: dict[str, Any]) -> bool:
    """Whether a finding is new, was resolved, or is worded otherwise today."""
    if known is None or known.state is FindingState.RESOLVED:
        return True
    return any(getattr(known, name) != row[name] for name in ("version_id", "severity", "message"))
