"""What was read and what its rules said, as rows: written so that writing it twice gives the same rows.

A finding is open while a current document of its agency and year shows it, and resolved when none does any more.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from operator import itemgetter
from typing import NamedTuple

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from ledger.insert import insert_long, insert_or_ignore
from ledger.models import Article, CheckRow, ReadingRow, Version, Work
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
_STANDING = select(Version.id, Version.sha256).where(one_of(Version.id, "versions"))
_READ = _STANDING.where(exists().where(ReadingRow.sha256 == Version.sha256))


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
    (digest,) = record_readings(session, [(report, seconds)], reader, at)
    return digest


def record_readings(session: Session, found: Sequence[tuple[Report, float]], reader: str, at: datetime) -> list[Digest]:
    """Keeps what a reader made of documents, and in how many seconds, unless it is there; returns their digests."""
    digests = [digest_of(report) for report, _ in found]
    rows = [
        {
            "sha256": report.sha256,
            "reader": reader,
            "read_at": at,
            "seconds": seconds,
            "content": JsonText(report_to_text(report)),
            "digest": digest_to_json(digest),
        }
        for (report, seconds), digest in zip(found, digests, strict=True)
    ]
    # In one order: of two that write the same documents in different orders each would wait for the other.
    insert_long(session, ReadingRow, sorted(rows, key=itemgetter("sha256")))
    for report, _ in found:
        if report.unknown_labels:
            keep_unknown_labels(session, report, reader)
    return digests


def still_there(session: Session, documents: Mapping[int, str], *, read: bool = False) -> set[int]:
    """Of versions with their documents (sha256): those that have these still; with ``read`` and a reading of them.

    A database that failed over to a copy of before has lost the last rows, and gives their numbers to others: nothing
    may be said of a version by what was read before that.
    """
    found = session.connection().execute(_READ if read else _STANDING, {"versions": list(documents)})
    return {version_id for version_id, sha256 in found if documents[version_id] == sha256}


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


class Judged(NamedTuple):
    """A version, whose report it is, what the rules say of it, and the versions that stand for the report."""

    version_id: int
    assignment: Assignment
    check: Check
    current: Collection[int]


def record_check(
    session: Session, version_id: int, assignment: Assignment, check: Check, reader: str, at: datetime
) -> None:
    """Locks the articles of an agency and year, so that two documents of one report are judged one after the other,
    and records what the rules say of a version.
    """
    lock(session, assignment)
    agency, year, current = assignment.agency, assignment.year, {version_id}
    if agency is not None and year is not None:
        current = set(current_versions(session, [agency], year).get((agency, year), {}))
    record_checks(session, [Judged(version_id, assignment, check, current)], reader, at)


def record_checks(session: Session, judged: Collection[Judged], reader: str, at: datetime) -> None:
    """Keeps the outcome of every rule for versions of reports of one year, and opens and resolves findings accordingly.

    The articles of these reports are locked by the caller.

    1. The checks and their findings are inserted, or brought up to date where they are there.
    2. What no current document shows is resolved; what one shows again is open again.
    """
    rows = {
        one.version_id: {
            row["fingerprint"]: row
            for row in (finding_row(finding, one.version_id, one.assignment, at) for finding in one.check.findings)
        }
        for one in judged
    }
    are_new = _keep_checks(session, judged, rows, reader, at)
    of_all = [row for of_one in rows.values() for row in of_one.values()]
    new = write_findings(session, of_all, {one.version_id: one.current for one in judged})
    whose = {(row["agency"], row["year"]) for row in of_all if row["fingerprint"] in new}
    number_matters(session, [(agency, year) for agency, year in whose if agency is not None and year is not None])
    shown, again = set[str](), set[str]()
    for one in judged:
        own = set(rows[one.version_id])
        alone = are_new and set(one.current) == {one.version_id}
        shown_of_report = own if alone else _shown(session, one.current)
        shown |= shown_of_report
        if not (alone and own <= new):
            again |= shown_of_report
    agencies = {one.assignment.agency for one in judged if one.assignment.agency is not None}
    (year,) = {one.assignment.year for one in judged}
    resolve_unshown(session, [one.version_id for one in judged], agencies, year, shown, at)
    if again:
        reopen_findings(session, again, at)


def _keep_checks(
    session: Session,
    judged: Collection[Judged],
    fingerprints: Mapping[int, Iterable[str]],
    reader: str,
    at: datetime,
) -> bool:
    """Keeps the outcome of every rule; False where some of this reader's were there, which are brought up to date."""
    said = {
        one.version_id: {
            "agency": one.assignment.agency,
            "year": one.assignment.year,
            "outcomes": {code: result.outcome.value for code, result in one.check.results.items()},
            "reasons": {
                code: result.reason
                for code, result in one.check.results.items()
                if result.outcome is Outcome.NOT_ASSESSABLE and result.reason is not None
            },
            "fingerprints": list(fingerprints[one.version_id]),
        }
        for one in judged
    }
    rows = [{"version_id": version, "reader": reader, "checked_at": at, **said[version]} for version in sorted(said)]
    if insert_or_ignore(session, CheckRow, rows) == len(rows):
        return True
    for version, values in said.items():
        these = update(CheckRow).where(CheckRow.version_id == version, CheckRow.reader == reader)
        session.execute(these.values(**values))
    return False


def _shown(session: Session, current: Collection[int]) -> set[str]:
    """The fingerprints that the current versions show, by the last check of each."""
    rows = session.execute(
        select(CheckRow.version_id, CheckRow.fingerprints).where(CheckRow.version_id.in_(current)).order_by(CheckRow.id)
    )
    last = dict(rows.all())
    return {fingerprint for fingerprints in last.values() for fingerprint in fingerprints}
