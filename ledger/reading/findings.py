"""The one writer of finding rows, for the workers (rules on reports) and the monitor (rules on publication) alike.

Whoever judges opens what is broken, resolves what is so no longer, and never touches the other's findings. What a
person has said of one (``said_by``, ``said_why``, ``said_at``) is never touched here, and a dismissed one stays so.
Its number (``matter``) is given by ledger.reading.matters.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, case, func, literal, or_, select, update
from sqlalchemy.orm import Session

from ledger.insert import insert_new, table_of
from ledger.models import Article, FindingRow
from ledger.one_of import none_of, one_of
from ledger.states import STANDING_FINDINGS, FindingDecision, FindingState
from report.as_json import finding_json
from report.findings.finding import Finding
from report.findings.publication_rules import publication_rules

# The statements are made once, with places for their values: making them took longer than running them.
_FINDINGS = table_of(FindingRow)
_RESOLVED = {"state": FindingState.RESOLVED, "resolved_at": bindparam("at")}
# Not as a list: the statement of one is put together anew each time.
_STANDS = or_(*(_FINDINGS.c.state == one for one in STANDING_FINDINGS))
_RESOLVE = (
    update(_FINDINGS)
    .where(
        one_of(_FINDINGS.c.fingerprint, "over"),
        _STANDS,
    )
    .values(_RESOLVED)
    .returning(_FINDINGS.c.fingerprint)
)
_RESOLVE_UNSHOWN = (
    update(_FINDINGS)
    .where(
        or_(
            and_(one_of(_FINDINGS.c.agency, "owners"), _FINDINGS.c.year == bindparam("of_year")),
            one_of(_FINDINGS.c.version_id, "versions"),
        ),
        none_of(_FINDINGS.c.rule, "not_judged_here"),
        none_of(_FINDINGS.c.fingerprint, "shown"),
        _STANDS,
    )
    .values(_RESOLVED)
)
_STATE = _FINDINGS.c.state.type
# What nobody could tell, or stands so in the original, is not asked for again where it is found again.
_OPEN_AGAIN = case(
    (
        _FINDINGS.c.decision.in_((FindingDecision.UNDECIDED, FindingDecision.AS_PRINTED)),
        literal(FindingState.ACKNOWLEDGED, _STATE),
    ),
    else_=literal(FindingState.OPEN, _STATE),
)
_REOPEN = (
    update(_FINDINGS)
    .where(one_of(_FINDINGS.c.fingerprint, "shown"), _FINDINGS.c.state == FindingState.RESOLVED)
    .values(state=_OPEN_AGAIN, opened_at=bindparam("at"), resolved_at=None)
    .returning(_FINDINGS.c.fingerprint)
)
_LOCK = (
    select(Article.id)
    .where(Article.agency == bindparam("agency"), Article.year == bindparam("year"))
    .order_by(Article.id)
    .with_for_update()
)
_OF_REPORTS = and_(one_of(Article.agency, "agencies"), Article.year == bindparam("year"))
_FREE = select(Article.id).where(_OF_REPORTS).order_by(Article.id).with_for_update(skip_locked=True).cte("free")
_LOCK_FREE = (
    select(Article.agency)
    .outerjoin(_FREE, _FREE.c.id == Article.id)
    .where(_OF_REPORTS)
    .group_by(Article.agency)
    .having(func.count() == func.count(_FREE.c.id))
)
_PLACE = ("page", "bbox", "table", "row", "column")
# What is said of a finding today; the other columns are its identity and its history.
_WORDS = ("version_id", "severity", "message", "message_en", "basis", "place", "suggestion", "change", "confirmed_by")


@dataclass(frozen=True, slots=True)
class Assignment:
    """Whose report a version is, and of which report year; None while it is not known."""

    agency: str | None
    year: int | None


def lock(session: Session, assignment: Assignment) -> None:
    """Holds the articles of one report until the transaction ends."""
    # SQLite has one writer at a time anyway.
    if session.connection().dialect.name != "sqlite":
        session.connection().execute(_LOCK, {"agency": assignment.agency, "year": assignment.year}).all()


def lock_free(session: Session, agencies: Collection[str], year: int) -> set[str]:
    """Holds the articles of those agencies' reports of a year that nobody else holds; whose reports are held whole.

    It waits for nobody: who holds some and waits for others would have to take them in everybody's order.
    """
    held = session.connection().execute(_LOCK_FREE, {"agencies": list(agencies), "year": year}).scalars()
    return {agency for agency in held if agency is not None}


def finding_row(finding: Finding, version_id: int, assignment: Assignment, at: datetime) -> dict[str, Any]:
    """The row of a finding that is opened at ``at``."""
    # A finding in an unassigned report is told from another such finding by its version.
    owner = assignment.agency or f"version:{version_id}"
    content: Mapping[str, Any] = finding_json(finding, owner, assignment.year)
    return {
        "fingerprint": content["fingerprint"],
        "version_id": version_id,
        "agency": assignment.agency,
        "year": assignment.year,
        "rule": finding.rule,
        "severity": finding.severity.value,
        "cells": list(finding.cells),
        "expected": None if finding.expected is None else str(finding.expected),
        "found": None if finding.found is None else str(finding.found),
        "change": finding.change,
        "message": finding.message,
        "message_en": finding.message_en,
        "basis": finding.basis,
        "place": {name: content[name] for name in _PLACE if name in content},
        "suggestion": content.get("suggestion"),
        "confirmed_by": content.get("confirmed_by"),
        "state": FindingState.OPEN,
        "opened_at": at,
    }


def write_findings(
    session: Session, rows: Collection[dict[str, Any]], current: Mapping[int, Collection[int]] | None = None
) -> set[str]:
    """Inserts the rows that are new, and gives the others today's words; returns the fingerprints that were new.

    ``current`` are the versions that stand for a version's report: a finding that another of them shows keeps that
    one's words. None: today's words are the right ones.
    """
    new = {fingerprint for (fingerprint,) in insert_new(session, FindingRow, list(rows))}
    for row in rows:
        if row["fingerprint"] not in new:
            _reword(session, row, current and current[row["version_id"]])
    return new


def reopen_findings(session: Session, fingerprints: Collection[str], at: datetime) -> int:
    """Opens again those that were resolved; returns how many."""
    return len(session.connection().execute(_REOPEN, {"shown": list(fingerprints), "at": at}).all())


def resolve_findings(session: Session, fingerprints: Collection[str], at: datetime) -> int:
    """Resolves those that still stand; returns how many."""
    return len(session.connection().execute(_RESOLVE, {"over": list(fingerprints), "at": at}).all())


def resolve_unshown(
    session: Session,
    versions: Collection[int],
    agencies: Collection[str],
    year: int | None,
    shown: Collection[str],
    at: datetime,
) -> None:
    """Resolves what rules on reports have found in these versions and in the reports of these agencies for a year,
    except the fingerprints ``shown``.
    """
    values = {"owners": list(agencies), "of_year": year, "versions": list(versions), "shown": list(shown)}
    session.connection().execute(_RESOLVE_UNSHOWN, {**values, "not_judged_here": list(publication_rules()), "at": at})


def _reword(session: Session, row: dict[str, Any], current: Collection[int] | None) -> None:
    words = {name: row[name] for name in _WORDS}
    statement = update(FindingRow).where(FindingRow.fingerprint == row["fingerprint"]).values(words)
    if current is not None:
        statement = statement.where(
            or_(FindingRow.version_id == row["version_id"], FindingRow.version_id.not_in(current))
        )
    session.execute(statement)
