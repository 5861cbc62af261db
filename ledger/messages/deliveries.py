"""How sending goes: what was delivered last, what has failed since, and the weekly summaries that did not go out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, exists, func, literal, or_, select
from sqlalchemy.orm import Session

from config.recipients import CHANNEL, is_channel
from ledger.messages.sending import others_passed
from ledger.models import Notice, SendLog, Suppression
from ledger.states import NoticeKind, NoticePurpose, NoticeState, SendVerdict

ON_ITS_WAY = (NoticeState.WAITING, NoticeState.SENDING)
# Mail is one way out, each chat group another.
MAIL = "mail"
LATEST = 1000


@dataclass(frozen=True, slots=True)
class DeliveryChannel:
    """How one way out goes (``mail``, or a chat group's recipient).

    ``failed`` attempts in a row since ``failing_since``, the last (``last_failed_at``) with ``answer``, at notices that
    still wait; ``waiting`` notices in all.
    """

    way: str
    last_delivered_at: datetime | None
    waiting: int
    failed: int
    failing_since: datetime | None
    last_failed_at: datetime | None
    answer: str


def delivery_channels(session: Session, *, failing: bool = False) -> list[DeliveryChannel]:
    """Every way out that anything was sent by or waits for, and mail.

    Attempts that are no fault of the way are not counted: of a notice of which no message could be made, and to a
    recipient whose mail is refused while others' is taken.

    ``failing``: only those that fail, which costs little; of them ``last_delivered_at`` is None where that was before.
    """
    way: Any = case((Notice.recipient.startswith(CHANNEL), Notice.recipient), else_=literal(MAIL))
    attempts = session.execute(
        select(way, SendLog.at, SendLog.answer, SendLog.id, Notice.recipient)
        .join(Notice, Notice.id == SendLog.notice_id)
        .where(Notice.state.in_(ON_ITS_WAY), SendLog.delivered.is_(False))
        .where(or_(SendLog.verdict.is_(None), SendLog.verdict != SendVerdict.UNMAKEABLE))
        .order_by(SendLog.at, SendLog.id)
    ).all()
    theirs = _at_fault(session, [(attempt.recipient, attempt.at) for attempt in attempts])
    attempts = [attempt for attempt in attempts if attempt.recipient not in theirs]
    if failing and not attempts:
        return []
    waiting = _by_way(session, select(way, func.count(Notice.id)).where(Notice.state.in_(ON_ITS_WAY)), way)
    if failing:
        # What was delivered before the first of these attempts is of no interest, and may be all of many years.
        since = select(way, func.max(SendLog.at)).join(Notice, Notice.id == SendLog.notice_id)
        since = since.where(SendLog.delivered, SendLog.id > min(attempt.id for attempt in attempts))
        delivered = _by_way(session, since, way)
    else:
        delivered = _last_delivered(session, way)
    failures: dict[str, list[tuple[datetime, str]]] = {}
    for name, at, answer, _, _ in attempts:
        if name not in delivered or at > delivered[name]:
            failures.setdefault(name, []).append((at, answer))
    found = []
    for name in sorted(failures if failing else {*waiting, *delivered, MAIL}):
        failed = failures.get(name, [])
        found.append(
            DeliveryChannel(
                name,
                delivered.get(name),
                waiting.get(name, 0),
                len(failed),
                failed[0][0] if failed else None,
                failed[-1][0] if failed else None,
                failed[-1][1] if failed else "",
            )
        )
    return found


def _at_fault(session: Session, attempts: Iterable[tuple[str, datetime]]) -> set[str]:
    """The recipients by mail to whom nothing went, while between their attempts others' mail was taken."""
    spans: dict[str, tuple[datetime, datetime]] = {}
    for recipient, at in attempts:
        if not is_channel(recipient):
            spans[recipient] = (spans.get(recipient, (at, at))[0], at)
    return {one for one, (first, last) in spans.items() if others_passed(session, one, first, last)}


def _last_delivered(session: Session, way: Any) -> dict[str, datetime]:
    """When something was last delivered: by mail, and by the chat groups among the latest deliveries."""
    newest = select(Notice.recipient, Notice.sent_at).where(Notice.sent_at.is_not(None)).order_by(Notice.sent_at.desc())
    mail = session.execute(newest.where(~Notice.recipient.startswith(CHANNEL)).limit(1)).one_or_none()
    found = {MAIL: mail.sent_at} if mail is not None else {}
    for notice in session.execute(newest.limit(LATEST)):
        if is_channel(notice.recipient):
            found.setdefault(notice.recipient, notice.sent_at)
    return found


def _by_way(session: Session, query: Any, way: Any) -> dict[str, Any]:
    return {row[0]: row[1] for row in session.execute(query.group_by(way))}


@dataclass(frozen=True, slots=True)
class LateSummary:
    """A weekly summary that was written and did not go out."""

    notice_id: int
    identity: str
    recipient: str
    subject: str
    created_at: datetime
    refused: bool


def late_summaries(session: Session, before: datetime, refused_after: datetime) -> list[LateSummary]:
    """The summaries written before a moment that still wait, and those written after another that were refused.

    A recipient who is known to take nothing any more (ledger/messages/suppressions.py) is told as that.
    """
    known = exists().where(Suppression.recipient == func.lower(Notice.recipient), Suppression.ended_at.is_(None))
    rows = session.scalars(
        select(Notice)
        .where(
            Notice.purpose == NoticePurpose.WEEKLY,
            or_(
                and_(Notice.state.in_(ON_ITS_WAY), Notice.created_at <= before),
                and_(Notice.state == NoticeState.REFUSED, Notice.created_at > refused_after, ~known),
            ),
        )
        .order_by(Notice.id)
    )
    return [
        LateSummary(row.id, row.identity, row.recipient, row.subject, row.created_at, row.state is NoticeState.REFUSED)
        for row in rows
    ]


def was_sent(session: Session, notice_id: int | None) -> bool:
    """Whether a notice went out."""
    return session.scalar(select(Notice.state).where(Notice.id == notice_id)) is NoticeState.SENT


def last_summary_at(session: Session) -> datetime | None:
    """When a weekly summary last went out to anybody."""
    weekly = select(Notice.sent_at).where(Notice.kind == NoticeKind.WEEKLY, Notice.sent_at.is_not(None))
    return session.scalar(weekly.order_by(Notice.sent_at.desc()).limit(1))
