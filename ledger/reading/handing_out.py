"""Which document is handed to the workers next: decided here, in the ledger, and not by who came first to the broker.

Only so many messages wait in the broker as the workers take soon; everything else waits in the ledger. There a
document has the lower a turn the fewer of its portal waited before it, and the lowest turn is next: a district whose
portal shows a thousand reports at once does not hold up one that shows a single one.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, case, func, literal, or_, select, update
from sqlalchemy.orm import Session

from ledger.models import Work
from ledger.models.table import UtcTime
from ledger.reading.work import UNFINISHED
from ledger.states import Queue, WorkState


class HandedOut(NamedTuple):
    """A piece of work, and the moment that a message about it carries."""

    work_id: int
    at: datetime


def take_back_lost(session: Session, now: datetime, lost_after: timedelta) -> None:
    """What is being read for longer than twice ``lost_after`` waits again: its worker died.

    Twice, so that a worker that is merely slow is not overtaken: the message of one that died comes back by itself.
    """
    lost = select(Work.id).where(Work.state == WorkState.RUNNING, Work.begun_at <= now - 2 * lost_after)
    # What is just being ended is passed over: several are ended together, and each would wait for the other.
    chosen = lost.with_for_update(skip_locked=True).cte("lost")
    session.execute(
        update(Work).where(Work.id.in_(select(chosen.c.id))).values(state=WorkState.WAITING, dispatched_at=None),
        execution_options={"synchronize_session": False},
    )


def workers_at_work(session: Session) -> set[str]:
    """Who has something in hand, as ``Work.worker`` names them."""
    running = select(Work.worker).where(Work.state == WorkState.RUNNING, Work.worker.is_not(None)).distinct()
    return {worker for worker in session.scalars(running) if worker}


def take_back_from(session: Session, workers: Collection[str]) -> list[int]:
    """What workers have in hand that are no more waits again, the attempt counted; the ids of the work.

    What was handed out with it may have been in the same message, and is handed out again too: a message too many
    does nothing.
    """
    in_hand = and_(Work.state == WorkState.RUNNING, Work.worker.in_(workers))
    moments = set(session.scalars(select(Work.dispatched_at).where(in_hand, Work.queue == Queue.READ)))
    unhanded = {"execution_options": {"synchronize_session": False}}
    # As in the sweep: a worker that was taken for dead may be ending several.
    chosen = select(Work.id).where(in_hand).with_for_update(skip_locked=True).cte("in_hand")
    taken = session.scalars(
        update(Work)
        .where(Work.id.in_(select(chosen.c.id)))
        .values(state=WorkState.WAITING, dispatched_at=None)
        .returning(Work.id),
        **unhanded,
    ).all()
    together = and_(Work.state == WorkState.WAITING, Work.queue == Queue.READ, Work.dispatched_at.in_(moments))
    session.execute(update(Work).where(together).values(dispatched_at=None), **unhanded)
    return sorted(taken)


def claim_next(session: Session, queue: Queue, now: datetime, lost_after: timedelta, most: int) -> list[HandedOut]:
    """At most ``most`` pieces of work of a queue, the next one first, for the caller to send; nobody else gets them.

    They wait, and were never sent; or not since their last attempt failed, and are due again; or were sent longer than
    ``lost_after`` ago. Where the moment of a piece lies after ``now`` (somebody else's clock), it is its own.
    """
    due = _due(queue, now, lost_after)
    some = select(Work.id).where(due).order_by(Work.turn, Work.id).limit(most)
    # Another sender's rows are passed over, not waited for (PostgreSQL; SQLite has one writer at a time). As a CTE it
    # is asked once: PostgreSQL may ask a subquery again for every row, and each time gets others.
    chosen = some.with_for_update(skip_locked=True).cte("chosen")
    moment = case((Work.next_attempt_at > now, Work.next_attempt_at), else_=literal(now, UtcTime()))
    claim = update(Work).where(Work.id.in_(select(chosen.c.id)), due).values(dispatched_at=moment)
    claimed = session.execute(
        claim.returning(Work.turn, Work.id, Work.dispatched_at), execution_options={"synchronize_session": False}
    )
    return [HandedOut(work_id, at) for _, work_id, at in sorted(claimed) if at is not None]


def is_due(session: Session, queue: Queue, now: datetime, lost_after: timedelta) -> bool:
    """Whether :func:`claim_next` would find anything; most looks find nothing, and need no writing transaction."""
    return session.scalar(select(Work.id).where(_due(queue, now, lost_after)).limit(1)) is not None


def _due(queue: Queue, now: datetime, lost_after: timedelta) -> ColumnElement[bool]:
    return and_(
        Work.state == WorkState.WAITING,
        Work.queue == queue,
        or_(
            Work.dispatched_at.is_(None),
            and_(
                Work.next_attempt_at <= now,
                or_(Work.dispatched_at < Work.next_attempt_at, Work.dispatched_at <= now - lost_after),
            ),
        ),
    )


def take_back(session: Session, handed_out: Sequence[HandedOut]) -> None:
    """Takes back a claim whose messages could not be sent."""
    for work_id, at in handed_out:
        session.execute(
            update(Work)
            .where(Work.id == work_id, Work.state == WorkState.WAITING, Work.dispatched_at == at)
            .values(dispatched_at=None),
            execution_options={"synchronize_session": False},
        )


def give_back(session: Session, pieces: Collection[int], worker: str) -> None:
    """Hands what a worker took with others and did not come to out again, its attempt not counted."""
    session.execute(
        update(Work)
        .where(Work.id.in_(pieces), Work.state == WorkState.RUNNING, Work.worker == worker, Work.attempts == 1)
        .values(state=WorkState.WAITING, attempts=0, dispatched_at=None),
        execution_options={"synchronize_session": False},
    )


@dataclass(frozen=True, slots=True)
class Unread:
    """How many documents wait or are being read, and since when the oldest does; None: there is none."""

    count: int
    oldest: datetime | None


def unread_in(session: Session, queue: Queue | None = None) -> Unread:
    """What is on its way through the workers, or through those of one queue."""
    # Work that was done and is to be done once more waits since then; what failed waits since it came.
    since = case((Work.error.is_(None), Work.next_attempt_at), else_=Work.created_at)
    found = select(func.count(Work.id), func.min(since)).where(Work.state.in_(UNFINISHED))
    return Unread(*session.execute(found if queue is None else found.where(Work.queue == queue)).one())


def requeue_for_ocr(session: Session, work_id: int, attempt: int, at: datetime) -> bool:
    """Hands work whose document turned out to be a scan over to the queue ``scan``, its attempt not counted.

    False where somebody else has the work by now.
    """
    changed = session.scalars(
        update(Work)
        .where(Work.id == work_id, Work.state == WorkState.RUNNING, Work.attempts == attempt)
        .values(state=WorkState.WAITING, queue=Queue.SCAN, attempts=attempt - 1, next_attempt_at=at, dispatched_at=None)
        .returning(Work.id),
        execution_options={"synchronize_session": False},
    ).all()
    return bool(changed)
