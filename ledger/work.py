"""The work of reading as rows: waiting → running → done or quarantined. The broker only carries messages about them.

Every change of state is one conditional UPDATE; whoever changed the row goes on, everybody else stops.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.orm import Session

from ledger.insert import insert_or_id
from ledger.models import Article, Version, Work
from ledger.states import WorkState

UNFINISHED = (WorkState.WAITING, WorkState.RUNNING)


class Begin(Enum):
    """What became of an attempt to begin a piece of work."""

    BEGUN = auto()
    NOT_OURS = auto()
    OUT_OF_ATTEMPTS = auto()


def register(session: Session, version_id: int, reader: str, at: datetime) -> int:
    """The id of the work of reading a version with a reader version; a new row is due ``at``."""
    row = {
        "version_id": version_id,
        "reader": reader,
        "state": WorkState.WAITING,
        "attempts": 0,
        "created_at": at,
        "next_attempt_at": at,
        "sentence": "",
    }
    return int(insert_or_id(session, Work, row, ["version_id", "reader"])[0])


def mark_dispatched(session: Session, work_ids: Sequence[int], at: datetime) -> None:
    """Notes on what is still waiting that a message about it went out ``at``."""
    session.execute(
        update(Work)
        .where(Work.id.in_(work_ids), Work.state == WorkState.WAITING)
        .where(or_(Work.dispatched_at.is_(None), Work.dispatched_at < at))
        .values(dispatched_at=at)
    )


def mark_not_dispatched(session: Session, work_ids: Sequence[int], claimed_at: datetime) -> None:
    """Takes back a claim of :func:`claim_overdue` whose messages could not be sent."""
    session.execute(
        update(Work)
        .where(Work.id.in_(work_ids), Work.state == WorkState.WAITING, Work.dispatched_at == claimed_at)
        .values(dispatched_at=None)
    )


def claim_overdue(session: Session, now: datetime, lost_after: timedelta, most: int) -> list[int]:
    """The ids of at most ``most`` pieces of work that have to be sent (again); nobody else is given them.

    1. Running for longer than twice ``lost_after``: its worker died, it waits again. (Twice, because ``begun_at``
       is the moment of the message, which may have lain in the queue for up to ``lost_after``.)
    2. Waiting and due: never sent, or not since its last attempt failed, or sent longer than ``lost_after`` ago.
    """
    session.execute(
        update(Work)
        .where(Work.state == WorkState.RUNNING, Work.begun_at <= now - 2 * lost_after)
        .values(state=WorkState.WAITING, dispatched_at=None)
    )
    overdue = and_(
        Work.state == WorkState.WAITING,
        Work.next_attempt_at <= now,
        or_(
            Work.dispatched_at.is_(None),
            Work.dispatched_at < Work.next_attempt_at,
            Work.dispatched_at <= now - lost_after,
        ),
    )
    some = select(Work.id).where(overdue).order_by(Work.next_attempt_at, Work.id).limit(most)
    # Another monitor's rows are passed over, not waited for (PostgreSQL; SQLite has one writer at a time).
    some = some.with_for_update(skip_locked=True)
    claim = update(Work).where(Work.id.in_(some), overdue).values(dispatched_at=now).returning(Work.id)
    return sorted(session.scalars(claim, execution_options={"synchronize_session": False}))


def begin(session: Session, work_id: int, at: datetime, *, worker: str, redelivered: bool, most: int) -> Begin:
    """Counts an attempt and takes the work, in one conditional UPDATE before the work starts.

    It is ours if it waits and is due, or if the broker delivered the message again because the worker that had it
    died (``redelivered``). OUT_OF_ATTEMPTS where ``most`` attempts were made already.
    """
    ours = and_(
        Work.id == work_id,
        or_(
            and_(Work.state == WorkState.WAITING, Work.next_attempt_at <= at),
            Work.state == WorkState.RUNNING if redelivered else Work.id.is_(None),
        ),
    )
    begun = session.scalars(
        update(Work)
        .where(ours, Work.attempts < most)
        .values(state=WorkState.RUNNING, attempts=Work.attempts + 1, begun_at=at, worker=worker)
        .returning(Work.id),
        execution_options={"synchronize_session": False},
    ).all()
    if begun:
        return Begin.BEGUN
    exhausted = session.scalars(select(Work.id).where(ours, Work.attempts >= most)).all()
    return Begin.OUT_OF_ATTEMPTS if exhausted else Begin.NOT_OURS


def finish(session: Session, work_id: int, at: datetime) -> bool:
    """Ends work as done; False where it had ended already."""
    return _end(session, work_id, at, WorkState.DONE, None, "")


def quarantine(session: Session, work_id: int, at: datetime, error: str, sentence: str) -> bool:
    """Ends work as something that a person has to look at; False where it had ended already."""
    return _end(session, work_id, at, WorkState.QUARANTINED, error, sentence)


def wait_again(
    session: Session, work_id: int, attempt: int, next_at: datetime, error: str, sentence: str, *, counts: bool = True
) -> bool:
    """Ends attempt number ``attempt`` as failed; the next one is due ``next_at``.

    ``counts`` false: it was the machinery's fault, and the attempt is not counted against the document. False is
    returned where somebody else has the work by now.
    """
    changed = session.scalars(
        update(Work)
        .where(Work.id == work_id, Work.state == WorkState.RUNNING, Work.attempts == attempt)
        .values(
            state=WorkState.WAITING,
            attempts=attempt if counts else attempt - 1,
            next_attempt_at=next_at,
            error=error,
            sentence=sentence,
        )
        .returning(Work.id),
        execution_options={"synchronize_session": False},
    ).all()
    return bool(changed)


def retry(
    session: Session, work_ids: Sequence[int], at: datetime, state: WorkState = WorkState.QUARANTINED
) -> list[int]:
    """Takes work out of quarantine (or another end) for a fresh set of attempts; returns the ids that were in it."""
    changed = session.scalars(
        update(Work)
        .where(Work.id.in_(work_ids), Work.state == state)
        .values(
            state=WorkState.WAITING,
            attempts=0,
            next_attempt_at=at,
            dispatched_at=None,
            begun_at=None,
            finished_at=None,
            error=None,
            sentence="",
        )
        .returning(Work.id),
        execution_options={"synchronize_session": False},
    )
    return sorted(changed)


def unfinished(session: Session) -> int:
    """How many documents wait or are being read."""
    count = select(func.count()).select_from(Work).where(Work.state.in_(UNFINISHED))
    return session.scalars(count).one()


@dataclass(frozen=True, slots=True)
class Quarantined:
    """One document that could not be read, with where it was found."""

    work: Work
    version: Version
    article: Article


def quarantined(session: Session) -> list[Quarantined]:
    """Everything in quarantine, the newest first."""
    rows = session.execute(
        select(Work, Version, Article)
        .join(Version, Version.id == Work.version_id)
        .join(Article, Article.id == Version.article_id)
        .where(Work.state == WorkState.QUARANTINED)
        .order_by(Work.finished_at.desc(), Work.id.desc())
    )
    return [Quarantined(work, version, article) for work, version, article in rows]


def _end(session: Session, work_id: int, at: datetime, state: WorkState, error: str | None, sentence: str) -> bool:
    # Not only from running: the sweep may have taken the work for lost while its worker was merely slow. What was
    # read is as good as what another attempt would read.
    changed = session.scalars(
        update(Work)
        .where(Work.id == work_id, Work.state.in_(UNFINISHED))
        .values(state=state, finished_at=at, error=error, sentence=sentence)
        .returning(Work.version_id),
        execution_options={"synchronize_session": False},
    ).all()
    # Where an earlier reader failed at the same document, what this one made of it counts.
    session.execute(
        update(Work)
        .where(Work.version_id.in_(changed), Work.id < work_id, Work.state == WorkState.QUARANTINED)
        .values(state=WorkState.DONE, finished_at=at),
        execution_options={"synchronize_session": False},
    )
    return bool(changed)
