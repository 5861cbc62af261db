"""What was read and found, as rows: written so that writing it twice gives the same rows.

A finding is open while a current document of its agency and year shows it, and resolved when none does any more. What a
person has said of it (``said_by``, ``said_why``, ``said_at``) is never touched here, and a dismissed finding stays so.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, or_, select, update
from sqlalchemy.orm import Session

from ledger.insert import insert_or_ignore, table_of
from ledger.models import Article, CheckRow, FindingRow, ReadingRow, Work
from ledger.reading.current import current_versions, newest_reading
from ledger.states import ArticleOutcome, FindingState, WorkState
from report.as_json import finding_json, report_from_json, report_to_json
from report.comparing.digest import Digest, digest_from_json, digest_of, digest_to_json
from report.findings.finding import Check, Finding, Outcome
from report.report import Report

# The questions of every document are made once, with places for their values: making them took longer than answering.
_FINDINGS = table_of(FindingRow)
_LOCK = (
    select(Article.id)
    .where(Article.agency == bindparam("agency"), Article.year == bindparam("year"))
    .order_by(Article.id)
    .with_for_update()
)
_DIGESTS = select(ReadingRow.sha256, ReadingRow.reader, ReadingRow.digest).where(
    ReadingRow.sha256.in_(bindparam("documents", expanding=True))
)
# A check has a say on the findings of its report and of its version; the rules of publication (P) are the monitor's.
_RESOLVE = (
    update(_FINDINGS)
    .where(
        or_(
            and_(_FINDINGS.c.agency == bindparam("owner"), _FINDINGS.c.year == bindparam("of_year")),
            _FINDINGS.c.version_id == bindparam("version"),
        ),
        _FINDINGS.c.rule.not_like("P%"),
        _FINDINGS.c.fingerprint.not_in(bindparam("shown", expanding=True)),
        _FINDINGS.c.state.in_((FindingState.OPEN, FindingState.ACKNOWLEDGED)),
    )
    .values(state=FindingState.RESOLVED, resolved_at=bindparam("at"))
)
_REOPEN = (
    update(_FINDINGS)
    .where(_FINDINGS.c.fingerprint.in_(bindparam("shown", expanding=True)), _FINDINGS.c.state == FindingState.RESOLVED)
    .values(state=FindingState.OPEN, opened_at=bindparam("at"), resolved_at=None)
)
_PLACE = ("page", "bbox", "table", "row", "column")


@dataclass(frozen=True, slots=True)
class Assignment:
    """Whose report a version is, and of which report year; None while it is not known."""

    agency: str | None
    year: int | None


def stored_reading(session: Session, sha256: str, reader: str) -> Report | None:
    """What this reader version made of the document before; None where it has not read it.

    None too where an earlier program wrote it in a way that is no longer understood: then it has to be read again.
    """
    row = session.get(ReadingRow, (sha256, reader))
    try:
        return report_from_json(row.content) if row is not None else None
    except ValueError:
        return None


def digests(session: Session, readings: Collection[tuple[str, str]]) -> dict[tuple[str, str], Digest]:
    """The digests of readings, each by its sha256 and reader version; without those that are not understood any more.

    A district's are asked for in one question. What an earlier program wrote has none: it is made from the reading.
    """
    if not readings:
        return {}
    wanted, found = set(readings), {}
    asked = {"documents": sorted({sha256 for sha256, _ in wanted})}
    for sha256, reader, stored in session.connection().execute(_DIGESTS, asked):
        if (sha256, reader) in wanted:
            digest = digest_from_json(stored)
            if digest is None and (report := stored_reading(session, sha256, reader)) is not None:
                digest = digest_of(report)
            if digest is not None:
                found[sha256, reader] = digest
    return found


def record_reading(session: Session, report: Report, reader: str, at: datetime, seconds: float) -> Digest:
    """Keeps what a reader made of a document, unless it is there; returns its digest."""
    digest = digest_of(report)
    row = {
        "sha256": report.sha256,
        "reader": reader,
        "read_at": at,
        "seconds": seconds,
        "content": report_to_json(report),
        "digest": digest_to_json(digest),
    }
    insert_or_ignore(session, ReadingRow, [row])
    return digest


def assign_article(session: Session, article_id: int, assignment: Assignment) -> bool:
    """Gives an article that could not be assigned its agency and year; False where it was assigned already."""
    changed = session.scalars(
        update(Article)
        .where(Article.id == article_id, Article.outcome == ArticleOutcome.UNASSIGNED)
        .values(agency=assignment.agency, year=assignment.year, outcome=ArticleOutcome.REPORT, reason="")
        .returning(Article.id),
        execution_options={"synchronize_session": False},
    ).all()
    return bool(changed)


def newest_readings(session: Session, agencies: Collection[str], year: int) -> dict[str, tuple[str, str]]:
    """By agency, its newest current document for a year that was read (sha256, and by which reader version).

    Who has none is left out. Of several readings of a document the last one counts.
    """
    found = current_versions(session, agencies, year)
    newest = {agency: newest_reading(versions) for (agency, _), versions in found.items()}
    return {agency: reading for agency, reading in newest.items() if reading is not None}


def could_not_be_read(session: Session, versions: Collection[int]) -> bool:
    """Whether one of these versions is in quarantine."""
    if not versions:
        return False
    quarantined = select(Work.id).where(Work.version_id.in_(versions), Work.state == WorkState.QUARANTINED)
    return session.scalars(quarantined.limit(1)).first() is not None


def lock(session: Session, assignment: Assignment) -> None:
    """Holds the articles of one report until the transaction ends."""
    # SQLite has one writer at a time anyway.
    if session.connection().dialect.name != "sqlite":
        session.connection().execute(_LOCK, {"agency": assignment.agency, "year": assignment.year}).all()


def record_check(
    session: Session,
    version_id: int,
    assignment: Assignment,
    check: Check,
    reader: str,
    at: datetime,
    current: Collection[int] | None = None,
) -> None:
    """Keeps the outcome of every rule for one version, and opens and resolves findings accordingly.

    1. The articles of this agency and year are locked: two documents of one report are judged one after the other.
    ``current`` are the versions that stand for the report, where the caller has locked it and asked for them.
    2. The check and its findings are inserted, or brought up to date where they are there.
    3. What no current document shows is resolved; what one shows again is open again.
    """
    if current is None:
        lock(session, assignment)
        current = _current(session, version_id, assignment)
    rows = {row["fingerprint"]: row for row in (_row(one, version_id, assignment, at) for one in check.findings)}
    new_check = _keep_check(session, version_id, assignment, check, list(rows), reader, at)
    all_new = insert_or_ignore(session, FindingRow, list(rows.values())) == len(rows)
    if not all_new:
        for row in rows.values():
            _refresh(session, row, current)
    alone = new_check and set(current) == {version_id}
    shown = set(rows) if alone else _shown(session, current)
    concerned = {"owner": assignment.agency, "of_year": assignment.year, "version": version_id}
    session.connection().execute(_RESOLVE, {**concerned, "shown": list(shown), "at": at})
    if not (alone and all_new):
        session.connection().execute(_REOPEN, {"shown": list(shown), "at": at})


def _keep_check(
    session: Session,
    version_id: int,
    assignment: Assignment,
    check: Check,
    fingerprints: list[str],
    reader: str,
    at: datetime,
) -> bool:
    """Keeps the outcome of every rule; False where this reader's was there, which is brought up to date."""
    said = {
        "agency": assignment.agency,
        "year": assignment.year,
        "outcomes": {code: result.outcome.value for code, result in check.results.items()},
        "reasons": {
            code: result.reason
            for code, result in check.results.items()
            if result.outcome is Outcome.NOT_ASSESSABLE and result.reason is not None
        },
        "fingerprints": fingerprints,
    }
    row = {"version_id": version_id, "reader": reader, "checked_at": at, **said}
    if insert_or_ignore(session, CheckRow, [row]):
        return True
    session.execute(update(CheckRow).where(CheckRow.version_id == version_id, CheckRow.reader == reader).values(**said))
    return False


def _row(finding: Finding, version_id: int, assignment: Assignment, at: datetime) -> dict[str, Any]:
    # A finding in a report of nobody is told from another such finding by its version.
    owner = assignment.agency or f"version:{version_id}"
    content = finding_json(finding, owner, assignment.year)
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
        "state": FindingState.OPEN,
        "opened_at": at,
    }


def _refresh(session: Session, row: dict[str, Any], current: Collection[int]) -> None:
    """Today's words for a finding that was there: from its own version, or where that is no longer current."""
    words = ("version_id", "severity", "message", "message_en", "basis", "place", "suggestion")
    session.execute(
        update(FindingRow)
        .where(FindingRow.fingerprint == row["fingerprint"])
        .where(or_(FindingRow.version_id == row["version_id"], FindingRow.version_id.not_in(current)))
        .values({name: row[name] for name in words})
    )


def _current(session: Session, version_id: int, assignment: Assignment) -> Collection[int]:
    agency, year = assignment.agency, assignment.year
    if agency is None or year is None:
        return {version_id}
    return current_versions(session, [agency], year).get((agency, year), {})


def _shown(session: Session, current: Collection[int]) -> set[str]:
    """The fingerprints that the current versions show, by the last check of each."""
    rows = session.execute(
        select(CheckRow.version_id, CheckRow.fingerprints).where(CheckRow.version_id.in_(current)).order_by(CheckRow.id)
    )
    last = dict(rows.all())
    return {fingerprint for fingerprints in last.values() for fingerprint in fingerprints}
