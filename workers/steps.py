"""A document's way through the workers, from top to bottom in :func:`run`.

Begin → load → read → keep → check → finish. Every step may be done twice: what it writes is the same, and the work
counts as done when all of it is written. Whatever stops a document on its way ends in a row, never in a flag:

- It is a scan, and came through the queue ``read``: it is handed over to the queue ``scan``, no attempt counted.
- The document cannot be read: quarantine at once, with finding X01, since another attempt would find the same.
- Reading it took too long or too much memory, killed its process, or brought out a fault of ours: another attempt
  later; after the last, quarantine.
- The machinery failed (archive, ledger): the document waits, and no attempt is counted against it.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import Enum, auto
from typing import NamedTuple

from sqlalchemy import bindparam, exists, select
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from config.yaml_file import ConfigurationError
from ledger.archive import ArchiveError
from ledger.clock import LedgerClock
from ledger.database import LedgerError
from ledger.models import Article, ReadingRow, Version, Work
from ledger.one_of import one_of
from ledger.reading import handing_out, readings, work
from ledger.reading.findings import Assignment
from ledger.states import ArticleOutcome, Queue, WorkState
from report.comparing.digest import Digest
from report.report import Report
from report.titles import match_agency
from workers.checking import GONE, Checked, check_concerned, check_version
from workers.drawing.page_pictures import keep_pages_found
from workers.reading.child.process import Interrupted, Slow
from workers.reading.errors import ReadError, ReadErrorKind
from workers.rules.unread import unread_check
from workers.worker_context import WorkerContext

log = logging.getLogger("nianbao.workers")

# These may be the fault of the moment: a busy machine, another process that took the memory.
WORTH_ANOTHER_ATTEMPT = frozenset({ReadErrorKind.TIMEOUT, ReadErrorKind.MEMORY, ReadErrorKind.CRASHED})
PAUSES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15))
MACHINERY_PAUSE = timedelta(minutes=1)
MACHINERY = "machinery"
# Whoever can write to the broker chooses the moments of a message: they are believed as far as the ledger bears out.
CLOCKS_DIFFER = timedelta(days=1)
LONGEST_IN_A_QUEUE = timedelta(days=30)
# What is wrong with the machinery and not with a document. A row that the database refuses is not among them.
MACHINERY_ERRORS = (
    OperationalError,
    InterfaceError,
    PoolTimeout,
    LedgerError,
    ArchiveError,
    ConfigurationError,
    Interrupted,
    OSError,
)


class Result(Enum):
    """How one delivery of a task ended."""

    DONE = auto()
    DUPLICATE = auto()
    STOPPED = auto()
    REQUEUED_FOR_OCR = auto()
    QUARANTINED = auto()
    WAITS_AGAIN = auto()


class Known(NamedTuple):
    """What the ledger knows of a piece of work and of its document before an attempt.

    ``was_read`` is false where today's reader certainly has not read it before. ``clock`` is the moment by the
    ledger's clock, None where it has none.
    """

    state: WorkState
    attempts: int
    error: str | None
    sentence: str
    version: int
    address: str
    sha256: str
    article: int
    portal: str
    agency: str | None
    year: int | None
    outcome: ArticleOutcome
    was_read: bool
    clock: datetime | None


class WasRead(NamedTuple):
    """A document's bytes, what it says, and the seconds that reading it took."""

    data: bytes
    report: Report
    seconds: float


@dataclass(frozen=True, slots=True)
class Job:
    """One attempt at one piece of work, with what the ledger knows of its document.

    ``at`` is when it began.
    """

    work_id: int
    attempt: int
    at: datetime
    known: Known
    queue: Queue | None = None
    started: float = field(default_factory=time.monotonic)

    @property
    def now(self) -> datetime:
        """The moment: what is recorded is evidence, so it has to be when it was done."""
        return self.at + timedelta(seconds=time.monotonic() - self.started)

    @property
    def ids(self) -> dict[str, object]:
        """Its ids, for the log."""
        return {
            "version": self.known.version,
            "work": self.work_id,
            "document": self.known.sha256,
            "article": self.known.article,
            "portal": self.known.portal,
            "agency": self.known.agency,
            "year": self.known.year,
            "attempt": self.attempt,
        }


_KNOWN = (
    select(
        Work.id,
        Work.state,
        Work.attempts,
        Work.error,
        Work.sentence,
        Version.id,
        Version.address,
        Version.sha256,
        Article.id,
        Article.portal,
        Article.agency,
        Article.year,
        Article.outcome,
        exists().where(ReadingRow.sha256 == Version.sha256, ReadingRow.reader == bindparam("today")),
        LedgerClock(),
    )
    .join(Version, Version.id == Work.version_id)
    .join(Article, Article.id == Version.article_id)
    .where(one_of(Work.id, "pieces"))
)


def run(
    worker_context: WorkerContext,
    work_id: int,
    at: datetime,
    *,
    worker: str,
    redelivered: bool = False,
    queue: Queue | None = None,
    sent: datetime | None = None,
) -> Result:
    """Takes one document its whole way. ``at`` is the moment of the message; what is recorded is dated by it and by
    the time that has gone since, so that a season can be replayed: since ``sent`` by the ledger's clock, where the
    message lay in a queue.

    ``redelivered``: the broker gives the message again because the worker that had it is gone. ``queue`` is the one
    that it came through, None where it came through none: in ``read`` scans are left to others. Nothing is raised for
    what the machinery did to a document: it is in the log, and the sweep finds the document again.
    """
    try:
        job = begin(worker_context, work_id, at, worker=worker, redelivered=redelivered, queue=queue, sent=sent)
    except MACHINERY_ERRORS as error:
        return _stopped(work_id, error)
    if isinstance(job, Result):
        return job
    return attempt(worker_context, job, lambda: complete(worker_context, job, load_and_read(worker_context, job)))


def attempt(worker_context: WorkerContext, job: Job, steps: Callable[[], Result]) -> Result:
    """Takes steps of a document's way; whatever stops it there ends in a row."""
    try:
        try:
            return steps()
        except ReadError as error:
            if error.kind is ReadErrorKind.SCAN:
                return requeue_for_ocr(worker_context, job)
            return give_up(worker_context, job, error)
        except MACHINERY_ERRORS as error:
            return hand_back(worker_context, job, error)
        except Exception as error:
            # A fault of ours that this document brings out: it counts as an attempt, so that it ends with the third.
            log.exception("任务 %d 出错", job.work_id, extra=job.ids)
            sentence = f"处理时程序出错（{type(error).__name__}）；请人工查看，并报告给维护者"
            return give_up(worker_context, job, ReadError(ReadErrorKind.CRASHED, sentence))
    except MACHINERY_ERRORS as error:
        return _stopped(job.work_id, error)


def _stopped(work_id: int, error: Exception) -> Result:
    log.error("任务 %d 没有做完：%s；稍后由巡检重新交付", work_id, _first_line(error))
    return Result.STOPPED


def begin(
    worker_context: WorkerContext,
    work_id: int,
    at: datetime,
    *,
    worker: str,
    redelivered: bool,
    queue: Queue | None,
    sent: datetime | None = None,
) -> Job | Result:
    """1. Counts the attempt on our own row, before anything can go wrong with the document."""
    most = worker_context.settings.read_attempts
    with worker_context.ledger.singly(writes=True) as session:
        known = known_of(session, work_id, worker_context.reader)
        if known is None:
            log.error("任务 %d 不在台账中，已忽略", work_id)
            return Result.STOPPED
        handed_out, clock = at, known.clock or datetime.now(UTC)
        at = _moment(at, sent, clock)
        if redelivered or at > clock + CLOCKS_DIFFER:
            at = work.bounded(session, work_id, at, clock, CLOCKS_DIFFER)
        begun = work.begin(
            session,
            work_id,
            at,
            worker=worker,
            redelivered=redelivered,
            most=most,
            queue=queue,
            handed_out=handed_out,
        )
    if begun.how is work.Begin.NOT_OURS:
        return Result.DUPLICATE if known.state not in work.UNFINISHED else Result.STOPPED
    job = Job(work_id, begun.attempt or known.attempts, at, known, queue)
    if begun.how is work.Begin.BEGUN:
        log.info("任务 %d：开始读取", work_id, extra=job.ids)
        known_as_scan = queue is Queue.READ and begun.queue is Queue.SCAN
        return requeue_for_ocr(worker_context, job) if known_as_scan else job
    sentence = known.sentence or f"读取{most}次，每次所在的进程都被终止；请人工查看"
    return quarantine(worker_context, job, known.error or ReadErrorKind.CRASHED, sentence)


def begin_together(
    worker_context: WorkerContext,
    pieces: Sequence[int],
    at: datetime,
    *,
    worker: str,
    queue: Queue,
    sent: datetime | None,
) -> dict[int, Job]:
    """1. Counts the attempts on the rows of several pieces of work at once: of those that were never begun before."""
    with worker_context.ledger.singly(writes=True) as session:
        known = _known(session, pieces, worker_context.reader)
        clock = next((one.clock for one in known.values() if one.clock is not None), datetime.now(UTC))
        at = _moment(at, sent, clock)
        if at > clock + CLOCKS_DIFFER:
            return {}  # each is bounded by its own row
        begun = work.begin_together(session, list(known), at, worker=worker, queue=queue)
    jobs = {piece: Job(piece, 1, at, known[piece], queue) for piece in pieces if piece in begun}
    for piece, job in jobs.items():
        log.info("任务 %d：开始读取", piece, extra=job.ids)
    return jobs


def _moment(at: datetime, sent: datetime | None, clock: datetime) -> datetime:
    return at if sent is None else at + min(max(clock - sent, timedelta()), LONGEST_IN_A_QUEUE)


def known_of(session: Session, work_id: int, reader: str) -> Known | None:
    """What the ledger knows of a piece of work; None where it has none such. ``reader`` is today's reader version."""
    return _known(session, [work_id], reader).get(work_id)


def _known(session: Session, pieces: Sequence[int], reader: str) -> dict[int, Known]:
    rows = session.connection().execute(_KNOWN, {"pieces": list(pieces), "today": reader})
    return {work_id: Known._make(known) for work_id, *known in rows}


def load_and_read(worker_context: WorkerContext, job: Job, slow: Slow | None = None) -> WasRead:
    """2 and 3. The document's bytes, and what it says; ``slow`` is for a reading that takes long."""
    data = load(worker_context, job)
    return WasRead(data, *read(worker_context, job, data, slow))


def complete(worker_context: WorkerContext, job: Job, found: WasRead) -> Result:
    """4 to 6. All that follows when a document was read."""
    assignment = keep(worker_context, job, found.report, found.seconds)
    checked = check_version(
        worker_context, job.known.version, job.known.portal, found.report, assignment, job.now, work_id=job.work_id
    )
    return finish(worker_context, job, found, checked)


def load(worker_context: WorkerContext, job: Job) -> bytes:
    """2. The document's bytes, out of the archive."""
    return worker_context.archive.get(job.known.sha256)


def read(worker_context: WorkerContext, job: Job, data: bytes, slow: Slow | None = None) -> tuple[Report, float]:
    """3. What the document says, and the seconds that took; not read twice by the same reader version."""
    if job.known.was_read:
        with worker_context.ledger.read() as session:
            stored = readings.stored_reading(session, job.known.sha256, worker_context.reader)
        if stored is not None:
            return stored, 0.0
    started = time.perf_counter()
    # Without hints: a reading is the document's own, whoever published it under whatever title.
    scans_left = job.queue is Queue.READ
    seconds = (
        None
        if scans_left
        else max(worker_context.settings.read_timeout_seconds, worker_context.settings.scan_timeout_seconds)
    )
    report = worker_context.reading.read(data, job.known.address, seconds=seconds, scans_left=scans_left, slow=slow)
    return report, time.perf_counter() - started


def keep(worker_context: WorkerContext, job: Job, report: Report, seconds: float) -> Assignment:
    """4. The reading, and whose report it is: from here on others are checked beside it."""
    assignment = assign(worker_context, job.known, report)
    # Where this ends in the middle, the work is not done, and whoever takes it next does all of it again.
    with worker_context.ledger.singly(writes=True) as session:
        if not _is_there(session, [job]):
            raise LedgerError(GONE)
        digest = readings.record_reading(session, report, worker_context.reader, job.now, seconds)
        if assignment.agency is not None and job.known.outcome is ArticleOutcome.UNASSIGNED:
            readings.assign_article(session, job.known.article, assignment)
    _remember(worker_context, report, digest)
    return assignment


def keep_together(worker_context: WorkerContext, some: Sequence[tuple[Job, WasRead]]) -> None:
    """4. Several readings at once, of reports that are assigned."""
    found = [(was_read.report, was_read.seconds) for _, was_read in some]
    now = max(job.now for job, _ in some)
    with worker_context.ledger.singly(writes=True) as session:
        if not _is_there(session, [job for job, _ in some]):
            raise LedgerError(GONE)
        digests = readings.record_readings(session, found, worker_context.reader, now)
    for (report, _), digest in zip(found, digests, strict=True):
        _remember(worker_context, report, digest)


def _is_there(session: Session, jobs: Sequence[Job]) -> bool:
    """Whether the ledger has all their documents still, under the numbers that they had when they were begun."""
    documents = {job.known.version: job.known.sha256 for job in jobs}
    return len(readings.still_there(session, documents)) == len(documents)


def _remember(worker_context: WorkerContext, report: Report, digest: Digest) -> None:
    """Keeps a reading at hand for the reports that are compared with it."""
    reading = (report.sha256, worker_context.reader)
    worker_context.remember(reading, report)
    worker_context.remember_digest(reading, digest)


def assign(worker_context: WorkerContext, known: Known, report: Report) -> Assignment:
    """Whose report this is, and of which year: the crawler's word from the list, else the document's own.

    A document that says otherwise than the list is not given to another agency here: that is for rules D02 and D03.
    """
    if known.outcome is not ArticleOutcome.UNASSIGNED:
        return Assignment(known.agency, known.year)
    names = {agency.id: agency.names for agency in worker_context.register.of_portal(known.portal).values()}
    agency = known.agency or match_agency(report.agency or report.title or "", names)
    year = known.year or report.year
    return Assignment(agency, year) if agency and year else Assignment(None, None)


def finish(worker_context: WorkerContext, job: Job, found: WasRead, checked: Checked) -> Result:
    """6. Pictures of the pages on which something was found, what the rules now say of those on which it bears, and the
    end of the work, unless it ended with its check.
    """
    keep_pages_found(worker_context, found.report, checked.result, found.data)
    check_concerned(worker_context, job.known.portal, checked, job.now)
    finished = checked.ended
    if finished is None:
        with worker_context.ledger.write() as session:
            finished = work.finish(session, job.work_id, job.now)
    findings = len(checked.result.findings)
    log.info("任务 %d：已读取并检查 %s，发现 %d 项", job.work_id, job.known.address, findings, extra=job.ids)
    return Result.DONE if finished else Result.DUPLICATE


def requeue_for_ocr(worker_context: WorkerContext, job: Job) -> Result:
    """Ends the attempt because the document is a scan: the workers of the queue ``scan`` have it next."""
    with worker_context.ledger.write() as session:
        left = handing_out.requeue_for_ocr(session, job.work_id, job.attempt, job.at)
    log.info("任务 %d 是扫描件，转交队列 scan：%s", job.work_id, job.known.address, extra=job.ids)
    return Result.REQUEUED_FOR_OCR if left else Result.STOPPED


def give_up(worker_context: WorkerContext, job: Job, error: ReadError) -> Result:
    """Ends the attempt because of the document: quarantine, or another attempt where that may help."""
    last = job.attempt >= worker_context.settings.read_attempts
    if last or error.kind not in WORTH_ANOTHER_ATTEMPT:
        return quarantine(worker_context, job, error.kind, error.sentence)
    pause = PAUSES[min(job.attempt, len(PAUSES)) - 1]
    log.warning("任务 %d 第 %d 次读取失败：%s", job.work_id, job.attempt, error.sentence, extra=job.ids)
    now = job.now
    with worker_context.ledger.write() as session:
        waits = work.wait_again(session, job.work_id, job.attempt, now, now + pause, error.kind, error.sentence)
    return Result.WAITS_AGAIN if waits else Result.STOPPED


def hand_back(worker_context: WorkerContext, job: Job, error: Exception) -> Result:
    """Ends the attempt because of the machinery: the document waits, and the attempt is not counted."""
    sentence = _first_line(error)
    log.error("任务 %d 没有做完：%s；稍后重做", job.work_id, sentence, extra=job.ids)
    now, next_at = job.now, job.now + MACHINERY_PAUSE
    with worker_context.ledger.write() as session:
        waits = work.wait_again(session, job.work_id, job.attempt, now, next_at, MACHINERY, sentence, counts=False)
    return Result.WAITS_AGAIN if waits else Result.STOPPED


def quarantine(worker_context: WorkerContext, job: Job, error: str, sentence: str) -> Result:
    """Ends the work as unreadable, and says so as finding X01, so that an office sees it and a person looks."""
    result = unread_check(error, sentence, worker_context.rules_at(job.now))
    assignment = Assignment(job.known.agency, job.known.year)
    log.warning("任务 %d 已隔离：%s", job.work_id, sentence, extra=job.ids)
    now = job.now
    with worker_context.ledger.write() as session:
        ended = _is_there(session, [job]) and work.quarantine(session, job.work_id, now, error, sentence)
        if ended:
            readings.record_check(session, job.known.version, assignment, result, worker_context.reader, now)
    return Result.QUARANTINED if ended else Result.DUPLICATE


def _first_line(error: Exception) -> str:
    """What is wrong, without the statement and the data that the database's driver adds."""
    return (str(getattr(error, "orig", error)).strip().splitlines() or [type(error).__name__])[0]
