"""Stored documents read and checked again with today's reader and rules, and what that changed.

Each goes its way through the ledger as it did the first time: a document that today's reader has not read is read, any
other is only checked. Doing it twice gives the same rows; what is no longer found is resolved, and the monitor takes
back what was told of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from ledger.models import FindingRow, Work
from ledger.reading import readings, work
from ledger.reading.findings import Assignment
from ledger.reading.stored import Stored, StoredCheck, findings_named
from ledger.states import WorkState
from report.as_json import figure_json
from report.report import Report
from workers.checking import check_concerned, check_version
from workers.drawing.page_pictures import keep_pages_found
from workers.steps import Job, Result, keep, known_of, run
from workers.worker_context import WorkerContext

_WAITS = "正由读取进程处理，或在等待下一次尝试"


class Ended(StrEnum):
    """READ with today's reader for the first time; only CHECKED again; UNREADABLE; WAITING: others have it in hand."""

    READ = "read"
    CHECKED = "checked"
    UNREADABLE = "unreadable"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure or a rule by its key, and what was said of it before and is now; None: nothing."""

    key: str
    before: object
    after: object


@dataclass(frozen=True, slots=True)
class Changes:
    """What is said of a document otherwise than before."""

    figures: tuple[Difference, ...]
    rules: tuple[Difference, ...]
    opened: tuple[FindingRow, ...]
    resolved: tuple[FindingRow, ...]

    def __bool__(self) -> bool:
        return bool(self.figures or self.rules or self.opened or self.resolved)


def replay(
    worker_context: WorkerContext, stored: Sequence[Stored], at: datetime, worker: str
) -> Iterator[tuple[Ended, str]]:
    """Reads and checks documents again, one a step; how each ended, with a sentence where it was not read.

    ``at`` is the moment recorded, ``worker`` the name of whoever does it. Raises what the ledger and archive raise.
    """
    for one in stored:
        yield _again(worker_context, one, at, worker)


def changes(session: Session, one: Stored, before: StoredCheck, after: StoredCheck) -> Changes:
    """What a document's replay changed."""
    found = findings_named(session, {*before.fingerprints, *after.fingerprints})
    old, new = (
        _figures(session, one, said.reader) if None is not before.reader != after.reader else {}
        for said in (before, after)
    )
    return Changes(
        tuple(_differences(old, new)),
        tuple(_differences(before.outcomes, after.outcomes)),
        tuple(found[key] for key in after.fingerprints if key not in before.fingerprints and key in found),
        tuple(found[key] for key in before.fingerprints if key not in after.fingerprints and key in found),
    )


def _again(worker_context: WorkerContext, one: Stored, at: datetime, worker: str) -> tuple[Ended, str]:
    with worker_context.ledger.write() as session:
        work_id = work.register(session, one.version.id, worker_context.reader, at)
        report = readings.stored_reading(session, one.version.sha256, worker_context.reader)
        ended = session.get_one(Work, work_id).state
        if ended is WorkState.QUARANTINED or (ended is WorkState.DONE and report is None):
            work.retry(session, [work_id], at, ended)
        known = known_of(session, work_id, worker_context.reader)
    if ended is WorkState.DONE and report is not None and known is not None:
        _check_again(worker_context, Job(work_id, 0, at, known), report)
        return Ended.CHECKED, ""
    result = run(worker_context, work_id, at, worker=worker)
    with worker_context.ledger.read() as session:
        sentence = session.get_one(Work, work_id).sentence
    if result is Result.DONE:
        return Ended.READ, ""
    return (Ended.UNREADABLE, sentence) if result is Result.QUARANTINED else (Ended.WAITING, sentence or _WAITS)


def _check_again(worker_context: WorkerContext, job: Job, report: Report) -> None:
    assignment = keep(worker_context, job, report, 0.0)
    portal = job.known.portal
    checked = check_version(worker_context, job.known.version, portal, report, assignment, job.at)
    keep_pages_found(worker_context, report, checked.result)
    if assignment != Assignment(job.known.agency, job.known.year):
        # Now that its agency is in the register, it bears on others.
        check_concerned(worker_context, portal, checked, job.at)


def _figures(session: Session, one: Stored, reader: str | None) -> dict[str, object]:
    report = readings.stored_reading(session, one.version.sha256, reader) if reader is not None else None
    if report is None:
        return {}
    shown = {}
    for key, figure in report.figures.items():
        content = figure_json(figure)
        shown[key] = {name: content[name] for name in ("value", "state", "text")} | {"certain": figure.certain}
    return dict(shown)


def _differences(
    before: dict[str, object] | dict[str, str], after: dict[str, object] | dict[str, str]
) -> Iterator[Difference]:
    for key in dict.fromkeys((*before, *after)):
        if before.get(key) != after.get(key):
            yield Difference(key, before.get(key), after.get(key))
