"""The pieces of work that one message is about: read one by one, and begun, recorded and ended together.

What a piece of work asks of the database costs as much as reading it, and much less where it is asked for several at
once. Whatever goes wrong with that, each is taken as if it had come alone, so that what one document breaks concerns
itself alone. So are those that were begun before: one of them may be why their worker died.

Each attempt is counted on the work's own row before it begins, and ends there: a message that comes again because its
worker died finds what is done, takes up what was being read, and goes on. Who is left to wait is handed out anew.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from time import monotonic

from sqlalchemy.exc import SQLAlchemyError

from ledger.reading.handing_out import HandedOut, give_back, take_back
from ledger.states import ArticleOutcome, Queue
from workers.checking import Checked, Unchecked, check_together
from workers.queue import OTHERS, TOGETHER, TOGETHER_SECONDS
from workers.reading.child.process import Slow
from workers.steps import (
    MACHINERY_ERRORS,
    Job,
    Result,
    WasRead,
    attempt,
    begin_together,
    complete,
    finish,
    keep_together,
    load_and_read,
    run,
)
from workers.worker_context import WorkerContext

log = logging.getLogger("nianbao.workers")

# After these nothing speaks against the next one: the machinery works, and this document did not take its time.
GO_ON = frozenset({Result.DONE, Result.DUPLICATE, Result.REQUEUED_FOR_OCR, Result.QUARANTINED})


def others_in(headers: Mapping[str, object]) -> list[int]:
    """The other pieces of work in a message's headers: as many as we send, whoever wrote them."""
    found = headers.get(OTHERS)
    return [one for one in found if type(one) is int][: TOGETHER - 1] if isinstance(found, list) else []


def run_message(
    worker_context: WorkerContext,
    pieces: Sequence[int],
    at: datetime,
    *,
    worker: str,
    redelivered: bool,
    queue: Queue,
    sent: datetime | None,
) -> Result:
    """Takes what a message is about its whole way, until one piece has trouble or time is over; the others are given
    back. How the last one ended. ``at`` is the moment at which they were handed out; the rest is as for
    :func:`workers.steps.run`.
    """
    alone = partial(run, worker_context, at=at, worker=worker, redelivered=redelivered, queue=queue, sent=sent)
    begun: dict[int, Job] = {}
    if len(pieces) > 1 and not redelivered:
        try:
            begun = begin_together(worker_context, pieces, at, worker=worker, queue=queue, sent=sent)
        except MACHINERY_ERRORS:
            log.info("%d 份文档未能一同开始，改为逐份处理", len(pieces), exc_info=True)
    message = _Message(worker_context)
    for number, piece in enumerate(pieces, 1):
        if (job := begun.get(piece)) is not None:
            result = message.read(job)
        else:
            message.write()
            result = alone(piece)
        if result not in GO_ON or message.is_over():
            message.write()
            _give_back(worker_context, pieces[number:], begun, at, worker)
            break
    return message.write() or result


@dataclass
class _Message:
    """What was read and is to be recorded and ended together."""

    worker_context: WorkerContext
    begun: float = field(default_factory=monotonic)
    ready: list[tuple[Job, WasRead]] = field(default_factory=list)

    def is_over(self) -> bool:
        return monotonic() - self.begun > TOGETHER_SECONDS

    def read(self, job: Job) -> Result:
        """Reads one; where that takes long, what was read before does not wait for it."""
        slow = Slow(max(self.begun + TOGETHER_SECONDS - monotonic(), 0.0), self.write)

        def taken() -> Result:
            was_read = load_and_read(self.worker_context, job, slow)
            # Only now: meanwhile what was ready may have been written.
            self.ready.append((job, was_read))
            return Result.DONE

        return attempt(self.worker_context, job, taken)

    def write(self) -> Result | None:
        """Records and ends what was read; how the first ended with which it did not go well, None: all did."""
        ready, self.ready = self.ready, []
        found = dict[int, Checked]()
        for year, some in _alike(ready).items():
            try:
                found |= _check_together(self.worker_context, some, year)
            except Exception:
                # What is wrong is found out where each is taken by itself.
                log.info("%d 份文档未能一同记录，改为逐份处理", len(some), exc_info=True)
        return next((one for one in [self._end(*one, found) for one in ready] if one not in GO_ON), None)

    def _end(self, job: Job, was_read: WasRead, found: Mapping[int, Checked]) -> Result:
        checked = found.get(job.work_id)
        steps: Callable[[], Result] = partial(complete, self.worker_context, job, was_read)
        if checked is not None:
            steps = partial(finish, self.worker_context, job, was_read, checked)
        return attempt(self.worker_context, job, steps)


def _alike(ready: Sequence[tuple[Job, WasRead]]) -> dict[int, dict[str, tuple[Job, WasRead]]]:
    """By year and agency, what can be recorded together: one version of a report, which the list has assigned."""
    found: dict[int, dict[str, tuple[Job, WasRead]]] = {}
    for job, was_read in ready:
        agency, year = job.known.agency, job.known.year
        if agency is not None and year is not None and job.known.outcome is not ArticleOutcome.UNASSIGNED:
            found.setdefault(year, {}).setdefault(agency, (job, was_read))
    return {year: some for year, some in found.items() if len(some) > 1}


def _check_together(
    worker_context: WorkerContext, some: Mapping[str, tuple[Job, WasRead]], year: int
) -> dict[int, Checked]:
    """4 to 6 of the steps, as far as they can be done together; by piece of work."""
    keep_together(worker_context, list(some.values()))
    unchecked = {
        agency: Unchecked(job.work_id, job.known.version, job.known.portal, was_read.report, was_read.seconds)
        for agency, (job, was_read) in some.items()
    }
    now = max(job.now for job, _ in some.values())
    checked = check_together(worker_context, unchecked, year, now)
    return {some[agency][0].work_id: one for agency, one in checked.items()}


def _give_back(
    worker_context: WorkerContext, pieces: Sequence[int], begun: Mapping[int, Job], at: datetime, worker: str
) -> None:
    if pieces:
        try:
            with worker_context.ledger.write() as session:
                give_back(session, [piece for piece in pieces if piece in begun], worker)
                take_back(session, [HandedOut(piece, at) for piece in pieces if piece not in begun])
        except SQLAlchemyError as error:
            # The sweep takes them for lost in time.
            log.error("%d 份文档未能交还：%s；稍后由巡检重新交付", len(pieces), type(error).__name__)
