"""Canaries: small tasks that show by coming back that the queue is being emptied."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from config.settings import Settings
from ledger.clock import ledger_time
from ledger.insert import insert_or_ignore
from ledger.models import Canary
from ledger.states import Queue

# So many may be on their way at once; beyond, one more is sent only after a whole limit, so that a queue that nobody
# empties for a week does not fill with them.
MOST_ON_THEIR_WAY = 5


@dataclass(frozen=True, slots=True)
class CanaryState:
    """What the canaries tell, by the ledger's clock.

    ``waiting`` are on their way since the last one came back, the first of them since ``waiting_since``;
    ``unpublished`` in a row the broker did not take, the first of them at ``unpublished_since``.
    """

    last_sent_at: datetime | None = None
    last_back_at: datetime | None = None
    last_trip: timedelta | None = None
    last_worker: str | None = None
    waiting: int = 0
    waiting_since: datetime | None = None
    unpublished: int = 0
    unpublished_since: datetime | None = None


def claim_canary(session: Session, settings: Settings, now: datetime, queue: Queue) -> int | None:
    """The slot of a canary that is due ``now`` (by the ledger's clock), for one monitor to send; else None."""
    state = canary_state(session, queue)
    pause = timedelta(seconds=settings.canary_seconds)
    if state.waiting >= MOST_ON_THEIR_WAY:
        pause = max(pause, timedelta(minutes=settings.deaf_after_minutes))
    if state.last_sent_at is not None and state.last_sent_at <= now < state.last_sent_at + pause:
        return None
    slot = int(now.timestamp() // settings.canary_seconds) * len(Queue) + list(Queue).index(queue)
    row = {"slot": slot, "queue": queue, "sent_at": now, "published": True, "back_at": None, "worker": None}
    return slot if insert_or_ignore(session, Canary, [row]) else None


def mark_unpublished(session: Session, slot: int) -> None:
    """Notes that the broker did not take a canary."""
    session.execute(update(Canary).where(Canary.slot == slot).values(published=False))


def came_back(session: Session, slot: int, worker: str, own: datetime) -> bool:
    """Notes that a worker took a canary, by the ledger's clock; False where it was taken before, or is forgotten."""
    changed = session.scalars(
        update(Canary)
        .where(Canary.slot == slot, Canary.back_at.is_(None))
        .values(back_at=ledger_time(session, own), worker=worker)
        .returning(Canary.slot),
        execution_options={"synchronize_session": False},
    ).all()
    return bool(changed)


def canary_state(session: Session, queue: Queue = Queue.READ) -> CanaryState:
    """What the canaries of a queue that are remembered tell."""
    here = Canary.queue == queue
    newest = select(Canary).where(here).order_by(Canary.sent_at.desc(), Canary.slot.desc()).limit(1)
    last_sent = session.scalars(newest).one_or_none()
    if last_sent is None:
        return CanaryState()
    back = session.scalars(newest.where(Canary.back_at.is_not(None))).one_or_none()
    later = [] if back is None else [Canary.sent_at > back.sent_at]
    waiting: tuple[int, datetime | None] = session.execute(
        select(func.count(Canary.slot), func.min(Canary.sent_at)).where(here, Canary.published, *later)
    ).one()
    published = session.scalars(newest.where(Canary.published)).one_or_none()
    later = [] if published is None else [Canary.sent_at > published.sent_at]
    unpublished: tuple[int, datetime | None] = session.execute(
        select(func.count(Canary.slot), func.min(Canary.sent_at)).where(here, ~Canary.published, *later)
    ).one()
    return CanaryState(
        last_sent.sent_at,
        back.back_at if back else None,
        back.back_at - back.sent_at if back and back.back_at else None,
        back.worker if back else None,
        *waiting,
        *unpublished,
    )


def moment_of_return(session: Session, number: int, queue: Queue = Queue.READ) -> datetime | None:
    """When that canary of a queue came back that is its ``number``-th last to have; None where there were fewer."""
    returned = select(Canary.back_at).where(Canary.queue == queue, Canary.back_at.is_not(None))
    returned = returned.order_by(Canary.back_at.desc())
    return session.scalar(returned.offset(number - 1).limit(1))


def forget_canaries(session: Session, before: datetime) -> None:
    """Forgets the canaries that were sent before a moment."""
    session.execute(delete(Canary).where(Canary.sent_at < before))
