"""Who gets no more messages: written once by a reader or a mail server's refusal, ended by an operator or a trial."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import exists, func, or_, select, update
from sqlalchemy.orm import Session

from ledger.insert import insert_or_ignore
from ledger.models import Notice, SendLog, Suppression
from ledger.people.record import Who, keep_record
from ledger.states import NoticeKind, NoticeState, RecordKind, SuppressionReason, Topic

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


def suppress_messages(
    session: Session, recipient: str, topic: Topic, reason: SuppressionReason, words: str, now: datetime
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
        "trial_at": now + TRIAL_AFTER if reason is SuppressionReason.REFUSED else None,
    }
    return bool(insert_or_ignore(session, Suppression, [row]))


def suppression_for(session: Session, recipient: str, kind: NoticeKind, now: datetime) -> Suppression | None:
    """The stop because of which a recipient is not sent a message of a kind; None where there is none.

    A stop whose trial is due does not hold a message back.
    """
    return session.scalars(
        select(Suppression)
        .where(
            Suppression.recipient == _key(recipient),
            Suppression.topic.in_((*TOPICS[kind], Topic.ALL)),
            Suppression.ended_at.is_(None),
        )
        .where(or_(Suppression.reason == SuppressionReason.UNSUBSCRIBED, Suppression.trial_at > now))
        .order_by(Suppression.id)
        .limit(1)
    ).one_or_none()


def list_suppressions(session: Session, *, ended: bool = False) -> Sequence[Suppression]:
    """The stops in force, and with ``ended`` those that an operator ended, in the order in which they came."""
    query = select(Suppression).order_by(Suppression.id)
    return session.scalars(query if ended else query.where(Suppression.ended_at.is_(None))).all()


def resume_messages(
    session: Session, recipient: str, topic: Topic | None, by: str, why: str, now: datetime
) -> list[Suppression]:
    """Ends the stops of a recipient (of one topic, or all of them), and returns them.

    What a server refused since such a stop is sent again; what a reader did not want is not.
    """
    chosen = select(Suppression.id).where(Suppression.recipient == _key(recipient), Suppression.ended_at.is_(None))
    if topic is not None:
        chosen = chosen.where(Suppression.topic == topic)
    ended = session.scalars(
        update(Suppression)
        .where(Suppression.id.in_(chosen), Suppression.ended_at.is_(None))
        .values(ended_at=now, ended_by=by, ended_why=why)
        .returning(Suppression.id),
        execution_options={"synchronize_session": False},
    ).all()
    stops = list(
        session.scalars(
            select(Suppression).where(Suppression.id.in_(ended)).order_by(Suppression.id),
            execution_options={"populate_existing": True},
        )
    )
    since = min((stop.since for stop in stops if stop.reason is SuppressionReason.REFUSED), default=None)
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


def resume_by_person(
    session: Session,
    recipient: str,
    topic: Topic | None,
    who: Who,
    why: str,
    now: datetime,
    district: str | None = None,
) -> list[Suppression]:
    """The same by somebody's decision, which stands in the record; nothing is recorded where nothing was stopped."""
    ended = resume_messages(session, recipient, topic, who.name, why, now)
    if ended:
        topics = [stop.topic.value for stop in ended]
        keep_record(
            session,
            who,
            RecordKind.MAIL_RESUMED,
            _key(recipient),
            now,
            why=why,
            district=district,
            detail={"topics": "、".join(topics)},
        )
    return ended


def _key(recipient: str) -> str:
    return recipient.strip().lower()
