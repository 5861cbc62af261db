"""The work of reading as rows: waiting → running → done or quarantined. The broker only carries messages about them.

Who is given out next is decided in ledger/reading/handing_out.py.

Every change of state is one conditional UPDATE; whoever changed the row goes on, everybody else stops.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import Enum, auto
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import Boolean, and_, bindparam, exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased
from sqlalchemy.sql.dml import Insert

from ledger.insert import insert_quietly, inserted_id, table_of
from ledger.models import Article, Version, Work
from ledger.one_of import one_of
from ledger.states import Queue, WorkState
from ledger.tallies import Measure, count

UNFINISHED = (WorkState.WAITING, WorkState.RUNNING)


# What every document asks is made once, with places for its values: making a statement takes longer than answering it.
_WORK = table_of(Work)
_OURS = and_(
    _WORK.c.id == bindparam("work"),
    or_(
        and_(_WORK.c.state == WorkState.WAITING, _WORK.c.next_attempt_at <= bindparam("at")),
        and_(
            bindparam("redelivered", type_=Boolean()),
            _WORK.c.state == WorkState.RUNNING,
            # Not a message of before it was taken back and handed out anew.
            or_(_WORK.c.dispatched_at.is_(None), _WORK.c.dispatched_at <= bindparam("handed_out")),
            or_(bindparam("any", type_=Boolean()), _WORK.c.queue == bindparam("through")),
        ),
    ),
)
_BEGINS = (
    update(_WORK)
    .where(_OURS, _WORK.c.attempts < bindparam("most"))
    .values(state=WorkState.RUNNING, attempts=_WORK.c.attempts + 1, begun_at=bindparam("at"), worker=bindparam("by"))
    .returning(_WORK.c.attempts, _WORK.c.queue)
)
_EXHAUSTED = select(_WORK.c.id).where(_OURS, _WORK.c.attempts >= bindparam("most"))
# Never begun before: what was may be why its worker died, and is begun alone. What another is about to change is left.
_FRESH = (
    select(_WORK.c.id)
    .where(
        one_of(_WORK.c.id, "pieces"),
        _WORK.c.state == WorkState.WAITING,
        _WORK.c.queue == bindparam("through"),
        _WORK.c.attempts == 0,
        _WORK.c.next_attempt_at <= bindparam("at"),
    )
    .order_by(_WORK.c.id)
    .with_for_update(skip_locked=True)
    .cte("fresh")
)
_BEGIN_TOGETHER = (
    update(_WORK)
    .where(_WORK.c.id.in_(select(_FRESH.c.id)))
    .values(state=WorkState.RUNNING, attempts=1, begun_at=bindparam("at"), worker=bindparam("by"))
    .returning(_WORK.c.id)
)
_OWN, _EARLIER = _WORK.alias("own"), _WORK.alias("earlier")
# In one order, whoever else ends some of them.
_UNFINISHED = (
    select(_WORK.c.id)
    .where(one_of(_WORK.c.id, "pieces"), or_(*(_WORK.c.state == one for one in UNFINISHED)))
    .order_by(_WORK.c.id)
    .with_for_update()
    .cte("unfinished")
)
_ENDS = (
    update(_WORK)
    .where(_WORK.c.id.in_(select(_UNFINISHED.c.id)))
    .values(state=bindparam("ended"), finished_at=bindparam("at"), error=bindparam("why"), sentence=bindparam("said"))
    .returning(
        _WORK.c.id,
        _WORK.c.begun_at,
        # Of any of them: not by the columns of the row that is changed, which SQLite takes for the other row's.
        exists().where(
            _EARLIER.c.version_id.in_(select(_OWN.c.version_id).where(one_of(_OWN.c.id, "pieces"))),
            _EARLIER.c.state == WorkState.QUARANTINED,
        ),
    )
)
_SUPERSEDES = (
    update(_WORK)
    .where(
        _WORK.c.state == WorkState.QUARANTINED,
        exists().where(one_of(_OWN.c.id, "pieces"), _OWN.c.version_id == _WORK.c.version_id, _OWN.c.id > _WORK.c.id),
    )
    .values(state=WorkState.DONE, finished_at=bindparam("at"))
)


class Begin(Enum):
    """What became of an attempt to begin a piece of work."""

    BEGUN = auto()
    NOT_OURS = auto()
    OUT_OF_ATTEMPTS = auto()


class Begun(NamedTuple):
    """How an attempt began: the number that it has, and the queue in which the work is; 0 and None where it did not."""

    how: Begin
    attempt: int = 0
    queue: Queue | None = None


def register(session: Session, version_id: int, reader: str, at: datetime) -> int:
    """The id of the work of reading a version with a reader version; a new row is due ``at``, at its portal's end."""
    connection = session.connection()
    values = {"version_id": version_id, "reader": reader, "created_at": at, "next_attempt_at": at}
    inserted: int | None = inserted_id(connection, _new_work(connection.dialect.name), values)
    if inserted is not None:
        return inserted
    found = select(Work.id).where(Work.version_id == version_id, Work.reader == reader)
    return session.scalars(found).one()


@lru_cache
def _new_work(dialect: str) -> Insert:
    of_version = select(Article.portal).join(Version, Version.article_id == Article.id)
    portal = of_version.where(Version.id == bindparam("version_id")).scalar_subquery()
    before = aliased(Work)
    turn = select(func.coalesce(func.max(before.turn) + 1, 0)).where(
        before.state == WorkState.WAITING, before.portal == portal
    )
    return insert_quietly(dialect, Work).values(
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


def bounded(session: Session, work_id: int, at: datetime, clock: datetime, slack: timedelta) -> datetime:
    """The moment of a message within what the ledger knows: not before the work came up, and not later than ``clock``
    or what the ledger has of the work, by more than ``slack`` (a season that is replayed has its own time).
    """
    row = session.get(Work, work_id)
    if row is None:
        return at
    known = [one for one in (row.created_at, row.next_attempt_at, row.dispatched_at) if one is not None]
    return min(max(at, row.created_at), max(clock, *known) + slack)


def begin(
    session: Session,
    work_id: int,
    at: datetime,
    *,
    worker: str,
    redelivered: bool,
    most: int,
    queue: Queue | None = None,
    handed_out: datetime | None = None,
) -> Begun:
    """Counts an attempt and takes the work, in one conditional UPDATE before the work starts.

    It is ours if it waits and is due, or if the broker delivered the message again because the worker that had it
    died (``redelivered``); not where it was handed over meanwhile from the ``queue`` that the message came through.
    ``handed_out`` is the moment in the message, ``at`` where none is given: an older one than the row's is of a
    worker that died, whose work another has by now.
    OUT_OF_ATTEMPTS where ``most`` attempts were made already.
    """
    asked = {"work": work_id, "at": at, "by": worker, "most": most, "redelivered": redelivered}
    asked |= {"through": queue, "any": queue is None, "handed_out": handed_out or at}
    begun = session.connection().execute(_BEGINS, asked).first()
    if begun:
        return Begun(Begin.BEGUN, *begun)
    exhausted = session.connection().execute(_EXHAUSTED, asked).first()
    return Begun(Begin.OUT_OF_ATTEMPTS if exhausted else Begin.NOT_OURS)


def begin_together(session: Session, pieces: Sequence[int], at: datetime, *, worker: str, queue: Queue) -> set[int]:
    """Counts an attempt of each of these that waits, is due and was never begun, and takes it; which those are."""
    asked = {"pieces": list(pieces), "at": at, "by": worker, "through": queue}
    return set(session.connection().execute(_BEGIN_TOGETHER, asked).scalars())


def finish(session: Session, work_id: int, at: datetime) -> bool:
    """Ends work as done; False where it had ended already."""
    return bool(finish_together(session, {work_id: None}, at))


def finish_together(session: Session, pieces: Mapping[int, float | None], at: datetime) -> set[int]:
    """Ends several pieces of work as done; which had not ended already.

    Each has the seconds that are counted for it; None: those since it was begun.
    """
    return _end(session, pieces, at, WorkState.DONE, None, "")


def quarantine(session: Session, work_id: int, at: datetime, error: str, sentence: str) -> bool:
    """Ends work as something that a person has to look at; False where it had ended already."""
    return bool(_end(session, {work_id: None}, at, WorkState.QUARANTINED, error, sentence))


def wait_again(
    session: Session,
    work_id: int,
    attempt: int,
    at: datetime,
    next_at: datetime,
    error: str,
    sentence: str,
    *,
    counts: bool = True,
) -> bool:
    """Ends attempt number ``attempt`` as failed ``at`` a moment; the next one is due ``next_at``.

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
        .returning(Work.begun_at),
        execution_options={"synchronize_session": False},
    ).all()
    for begun_at in changed:
        count(session, Measure.READ, "failed" if counts else "handed_back", (at - (begun_at or at)).total_seconds())
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


def _end(
    session: Session,
    pieces: Mapping[int, float | None],
    at: datetime,
    state: WorkState,
    error: str | None,
    sentence: str,
) -> set[int]:
    # Not only from running: the sweep may have taken the work for lost while its worker was merely slow. What was
    # read is as good as what another attempt would read.
    ending = {"pieces": list(pieces), "ended": state, "at": at, "why": error, "said": sentence}
    ended = session.connection().execute(_ENDS, ending).all()
    if any(one_failed for _, _, one_failed in ended):
        # Where an earlier reader failed at the same document, what this one made of it counts.
        superseding = {"pieces": [work_id for work_id, _, _ in ended], "at": at}
        session.connection().execute(_SUPERSEDES, superseding)
    for work_id, begun_at, _ in ended:
        seconds = pieces[work_id]
        count(
            session, Measure.READ, state.value, (at - (begun_at or at)).total_seconds() if seconds is None else seconds
        )
    return {work_id for work_id, _, _ in ended}
