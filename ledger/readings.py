"""What was read and found, as rows: written so that writing it twice gives the same rows.

A finding is open while a current document of its agency and year shows it, and resolved when none does any more. What a
person has said of it (``said_by``, ``said_why``, ``said_at``) is never touched here, and a dismissed finding stays so.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session

from ledger.insert import insert_or_ignore
from ledger.models import Article, CheckRow, Fetch, FindingRow, ReadingRow, Version, Work
from ledger.states import ArticleOutcome, FindingState, WorkState
from report.as_json import finding_json, report_from_json, report_to_json
from report.finding import Check, Finding, Outcome
from report.report import Report

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


def record_reading(session: Session, report: Report, reader: str, at: datetime, seconds: float) -> None:
    """Keeps what a reader made of a document, unless it is there."""
    row = {
        "sha256": report.sha256,
        "reader": reader,
        "read_at": at,
        "seconds": seconds,
        "content": report_to_json(report),
    }
    insert_or_ignore(session, ReadingRow, [row])


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
    current = current_versions_of(session, agencies, year)
    owners = {version_id: agency for agency, versions in current.items() for version_id in versions}
    return {owners[version_id]: reading for version_id, reading in _last_readings(session, owners).items()}


def versions_read(session: Session, agency: str, year: int) -> dict[int, tuple[str, str]]:
    """The last reading (sha256, reader version) of each current version of a report; those not read are left out."""
    return _last_readings(session, current_versions(session, agency, year))


def _last_readings(session: Session, version_ids: Collection[int]) -> dict[int, tuple[str, str]]:
    rows = session.execute(
        select(Version.id, Version.sha256, ReadingRow.reader)
        .join(ReadingRow, ReadingRow.sha256 == Version.sha256)
        .where(Version.id.in_(version_ids))
        .order_by(Version.id, ReadingRow.read_at, ReadingRow.reader)
    )
    return {version_id: (sha256, reader) for version_id, sha256, reader in rows}


def could_not_be_read(session: Session, agency: str, year: int) -> bool:
    """Whether a current document of an agency's report for a year is in quarantine."""
    quarantined = select(Work.id).where(
        Work.version_id.in_(current_versions(session, agency, year)), Work.state == WorkState.QUARANTINED
    )
    return session.scalars(quarantined.limit(1)).first() is not None


def current_versions(session: Session, agency: str, year: int) -> set[int]:
    """The ids of the versions that stand for an agency's report now; see :func:`current_versions_of`."""
    return current_versions_of(session, [agency], year).get(agency, set())


def current_versions_of(session: Session, agencies: Collection[str], year: int) -> dict[str, set[int]]:
    """By agency, the ids of the versions that stand for its report now.

    In each article that is not withdrawn, and for the page and its attachments apart: what the last round brought
    that brought anything new. A corrected file often has another name, so the address tells nothing.
    """
    rows = session.execute(
        select(Version.id, Version.article_id, Version.role, Fetch.round_id, Article.agency)
        .join(Article, Article.id == Version.article_id)
        .outerjoin(Fetch, Fetch.id == Version.fetch_id)
        .where(Article.agency.in_(agencies), Article.year == year, Article.withdrawn_at.is_(None))
        .order_by(Version.id.desc())
    )
    newest_round: dict[tuple[int, str], int | None] = {}
    current: dict[str, set[int]] = {}
    for version_id, article_id, role, round_id, agency in rows:
        place = (article_id, role)
        if place not in newest_round:
            newest_round[place] = round_id
        elif round_id is None or newest_round[place] != round_id:
            continue
        if agency is not None:
            current.setdefault(agency, set()).add(version_id)
    return current


def lock(session: Session, assignment: Assignment) -> None:
    """Holds the articles of one report until the transaction ends."""
    # SQLite has one writer at a time anyway.
    session.execute(
        select(Article.id)
        .where(Article.agency == assignment.agency, Article.year == assignment.year)
        .order_by(Article.id)
        .with_for_update()
    ).all()


def record_check(
    session: Session, version_id: int, assignment: Assignment, check: Check, reader: str, at: datetime
) -> None:
    """Keeps the outcome of every rule for one version, and opens and resolves findings accordingly.

    1. The articles of this agency and year are locked: two documents of one report are judged one after the other.
    2. The check and its findings are inserted, or brought up to date where they are there.
    3. What no current document shows is resolved; what one shows again is open again.
    """
    lock(session, assignment)
    rows = {row["fingerprint"]: row for row in (_row(one, version_id, assignment, at) for one in check.findings)}
    _keep_check(session, version_id, assignment, check, list(rows), reader, at)
    insert_or_ignore(session, FindingRow, list(rows.values()))
    current = _current(session, version_id, assignment)
    for row in rows.values():
        _refresh(session, row, current)
    shown = _shown(session, current)
    _resolve(session, _concerned(version_id, assignment), shown, at)
    _reopen(session, shown, at)


def _keep_check(
    session: Session,
    version_id: int,
    assignment: Assignment,
    check: Check,
    fingerprints: list[str],
    reader: str,
    at: datetime,
) -> None:
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
    if not insert_or_ignore(session, CheckRow, [row]):
        session.execute(
            update(CheckRow).where(CheckRow.version_id == version_id, CheckRow.reader == reader).values(**said)
        )


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


def _current(session: Session, version_id: int, assignment: Assignment) -> set[int]:
    if assignment.agency is None or assignment.year is None:
        return {version_id}
    return current_versions(session, assignment.agency, assignment.year)


def _shown(session: Session, current: Collection[int]) -> set[str]:
    """The fingerprints that the current versions show, by the last check of each."""
    rows = session.execute(
        select(CheckRow.version_id, CheckRow.fingerprints).where(CheckRow.version_id.in_(current)).order_by(CheckRow.id)
    )
    last = dict(rows.all())
    return {fingerprint for fingerprints in last.values() for fingerprint in fingerprints}


def _concerned(version_id: int, assignment: Assignment) -> ColumnElement[bool]:
    """The findings on which this check has a say; the rules of publication (P) are the monitor's."""
    of_this_report = and_(FindingRow.agency == assignment.agency, FindingRow.year == assignment.year)
    return and_(or_(of_this_report, FindingRow.version_id == version_id), FindingRow.rule.not_like("P%"))


def _resolve(session: Session, concerned: ColumnElement[bool], shown: Collection[str], at: datetime) -> None:
    session.execute(
        update(FindingRow)
        .where(concerned, FindingRow.fingerprint.not_in(shown))
        .where(FindingRow.state.in_((FindingState.OPEN, FindingState.ACKNOWLEDGED)))
        .values(state=FindingState.RESOLVED, resolved_at=at),
        execution_options={"synchronize_session": False},
    )


def _reopen(session: Session, shown: Collection[str], at: datetime) -> None:
    session.execute(
        update(FindingRow)
        .where(FindingRow.fingerprint.in_(shown), FindingRow.state == FindingState.RESOLVED)
        .values(state=FindingState.OPEN, opened_at=at, resolved_at=None),
        execution_options={"synchronize_session": False},
    )
