"""Who gets no more messages: written once by a reader or a mail server's refusal, ended by an operator or a trial."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import exists, func, or_, select, update
from sqlalchemy.orm import Session

from ledger.insert import insert_or_ignore
from ledger.models import Notice, SendLog, Stop
from ledger.states import NoticeKind, NoticeState, StopReason, Topic

# A stopped address is tried again after this time, and after each further refusal twice as late, at most.
TRIAL_AFTER = timedelta(days=7)
LONGEST_TRIAL = timedelta(days=28)

# The topics that a message belongs to, the one that its own footer offers to stop first.
TOPICS: dict[NoticeKind, tuple[Topic, ...]] = {
    NoticeKind.ALERT: (Topic.ALERTS,),
    NoticeKind.DIGEST: (Topic.ALERTS,),
    NoticeKind.CORRECTION: (Topic.ALERTS,),
    NoticeKind.REMINDER: (Topic.REMINDERS, Topic.ALERTS),
    NoticeKind.WEEKLY: (Topic.WEEKLY,),
    NoticeKind.OPERATORS: (Topic.OPERATORS,),
}


def stop_messages(
    session: Session, recipient: str, topic: Topic, reason: StopReason, words: str, now: datetime
) -> bool:
    """Writes that a recipient gets no more of a topic; False where that is so already.

    An address that is refused is tried again after ``TRIAL_AFTER``; who wants no more is not.
    """
    row = {
        "recipient": _key(recipient),
        "topic": topic,
        "reason": reason,
        "words": words,
        "since": now,
        "trial_at": now + TRIAL_AFTER if reason is StopReason.REFUSED else None,
    }
    return bool(insert_or_ignore(session, Stop, [row]))


def stop_for(session: Session, recipient: str, kind: NoticeKind, now: datetime) -> Stop | None:
    """The stop because of which a recipient is not sent a message of a kind; None where there is none.

    A stop whose trial is due does not hold a message back.
    """
    return session.scalars(
        select(Stop)
        .where(Stop.recipient == _key(recipient), Stop.topic.in_((*TOPICS[kind], Topic.ALL)), Stop.ended_at.is_(None))
        .where(or_(Stop.reason == StopReason.UNSUBSCRIBED, Stop.trial_at > now))
        .order_by(Stop.id)
        .limit(1)
    ).one_or_none()


def list_stops(session: Session, *, ended: bool = False) -> Sequence[Stop]:
    """The stops in force, and with ``ended`` those that an operator ended, in the order in which they came."""
    query = select(Stop).order_by(Stop.id)
    return session.scalars(query if ended else query.where(Stop.ended_at.is_(None))).all()


def resume_messages(
    session: Session, recipient: str, topic: Topic | None, by: str, why: str, now: datetime
) -> list[Stop]:
    """Ends the stops of a recipient (of one topic, or all of them), and returns them.

    What a server refused since such a stop is sent again; what a reader did not want is not.
    """
    chosen = select(Stop.id).where(Stop.recipient == _key(recipient), Stop.ended_at.is_(None))
    if topic is not None:
        chosen = chosen.where(Stop.topic == topic)
    ended = session.scalars(
        update(Stop)
        .where(Stop.id.in_(chosen), Stop.ended_at.is_(None))
        .values(ended_at=now, ended_by=by, ended_why=why)
        .returning(Stop.id),
        execution_options={"synchronize_session": False},
    ).all()
    stops = list(
        session.scalars(
            select(Stop).where(Stop.id.in_(ended)).order_by(Stop.id), execution_options={"populate_existing": True}
        )
    )
    since = min((stop.since for stop in stops if stop.reason is StopReason.REFUSED), default=None)
    if since is not None:
        session.execute(
            update(Notice)
            .where(
                func.lower(Notice.recipient) == _key(recipient),
                Notice.state == NoticeState.REFUSED,
                exists().where(SendLog.notice_id == Notice.id, SendLog.at >= since),
            )
            .values(state=NoticeState.WAITING, next_attempt_at=now)
        )
    return stops


def _key(recipient: str) -> str:
    return recipient.strip().lower()
