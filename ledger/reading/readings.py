"""What was read and what its rules said, as rows: written so that writing it twice gives the same rows.

A finding is open while a current document of its agency and year shows it, and resolved when none does any more.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from ledger.insert import insert_or_ignore
from ledger.models import Article, CheckRow, ReadingRow, Work
from ledger.models.table import JsonText
from ledger.one_of import one_of
from ledger.reading.current import current_versions, newest_reading
from ledger.reading.findings import Assignment, finding_row, lock, reopen_findings, resolve_unshown, write_findings
from ledger.reading.matters import number_matters
from ledger.reading.unknown_labels import keep_unknown_labels
from ledger.states import ArticleOutcome, WorkState
from report.as_json import report_from_json, report_to_text
from report.comparing.digest import Digest, digest_from_json, digest_of, digest_to_json
from report.findings.finding import Check, Outcome
from report.report import Report

# The questions of every document are made once, with places for their values: making them took longer than answering.
_DIGESTS = select(ReadingRow.sha256, ReadingRow.reader, ReadingRow.digest).where(one_of(ReadingRow.sha256, "documents"))


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
        "content": JsonText(report_to_text(report)),
        "digest": digest_to_json(digest),
    }
    insert_or_ignore(session, ReadingRow, [row])
    if report.unknown_labels:
        keep_unknown_labels(session, report, reader)
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
    rows = {row["fingerprint"]: row for row in (finding_row(one, version_id, assignment, at) for one in check.findings)}
    new_check = _keep_check(session, version_id, assignment, check, list(rows), reader, at)
    new = write_findings(session, rows.values(), current)
    if new and assignment.agency is not None and assignment.year is not None:
        number_matters(session, [(assignment.agency, assignment.year)])
    alone = new_check and set(current) == {version_id}
    shown = set(rows) if alone else _shown(session, current)
    resolve_unshown(session, version_id, assignment, shown, at)
    if not (alone and new == len(rows)):
        reopen_findings(session, shown, at)


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
