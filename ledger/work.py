"""The work of reading as rows: waiting → running → done or quarantined. The broker only carries messages about them.

Who is given out next is decided in ledger/handing_out.py.

Every change of state is one conditional UPDATE; whoever changed the row goes on, everybody else stops.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from functools import lru_cache
from typing import Any

from sqlalchemy import and_, bindparam, false, func, or_, select, true, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, aliased
from sqlalchemy.sql.dml import ReturningInsert

from ledger.models import Article, Version, Work
from ledger.states import Queue, WorkState

UNFINISHED = (WorkState.WAITING, WorkState.RUNNING)


class Begin(Enum):
    """What became of an attempt to begin a piece of work."""

    BEGUN = auto()
    NOT_OURS = auto()
    OUT_OF_ATTEMPTS = auto()


def register(session: Session, version_id: int, reader: str, at: datetime) -> int:
    """The id of the work of reading a version with a reader version; a new row is due ``at``, at its portal's end."""
    connection = session.connection()
    values = {"version_id": version_id, "reader": reader, "created_at": at, "next_attempt_at": at}
    inserted: int | None = connection.execute(_new_work(connection.dialect.name), values).scalar_one_or_none()
    if inserted is not None:
        return inserted
    found = select(Work.id).where(Work.version_id == version_id, Work.reader == reader)
    return session.scalars(found).one()


@lru_cache
def _new_work(dialect: str) -> ReturningInsert[Any]:
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    of_version = select(Article.portal).join(Version, Version.article_id == Article.id)
    portal = of_version.where(Version.id == bindparam("version_id")).scalar_subquery()
    before = aliased(Work)
    turn = select(func.coalesce(func.max(before.turn) + 1, 0)).where(
        before.state == WorkState.WAITING, before.portal == portal
    )
    made = insert(Work).values(
        state=WorkState.WAITING,
        queue=Queue.READ,
        portal=portal,
        turn=turn.scalar_subquery(),
        attempts=0,
        sentence="",
        version_id=bindparam("version_id"),
        reader=bindparam("reader"),
        created_at=bindparam("created_at"),
        next_attempt_at=bindparam("next_attempt_at"),
    )
    return made.on_conflict_do_nothing().returning(Work.id)


def begin(
    session: Session,
    work_id: int,
    at: datetime,
    *,
    worker: str,
    redelivered: bool,
    most: int,
    queue: Queue | None = None,
) -> Begin:
    """Counts an attempt and takes the work, in one conditional UPDATE before the work starts.

    It is ours if it waits and is due, or if the broker delivered the message again because the worker that had it
    died (``redelivered``); not where it was handed over meanwhile from the ``queue`` that the message came through.
    OUT_OF_ATTEMPTS where ``most`` attempts were made already.
    """
    ours_still = true() if queue is None else Work.queue == queue
    died = and_(Work.state == WorkState.RUNNING, ours_still) if redelivered else false()
    ours = and_(Work.id == work_id, or_(and_(Work.state == WorkState.WAITING, Work.next_attempt_at <= at), died))
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


def unfinished(session: Session, most: int | None = None) -> int:
    """How many documents wait or are being read; not counted beyond ``most``."""
    some = select(Work.id).where(Work.state.in_(UNFINISHED)).limit(most).subquery()
    return session.scalars(select(func.count()).select_from(some)).one()


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
