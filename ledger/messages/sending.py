"""What the log of attempts proves: which address does not exist, which notices are refused, whether mail has begun."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import Session

from config.recipients import CHANNEL, is_channel
from ledger.messages.suppressions import LONGEST_TRIAL, TRIAL_AFTER, resume_messages, suppress_messages
from ledger.models import MailSwitch, Notice, SendLog, Suppression
from ledger.states import NoticeKind, NoticeState, SendVerdict, SuppressionReason, Topic

# An address is refused for good when its server says so again after this time. Less may be one disturbance.
REFUSED_AGAIN_AFTER = timedelta(minutes=30)
REFUSED_AGAIN_WITHIN = timedelta(days=3)
# Verdicts that a person has to know of, because no other attempt may ever pass.
REFUSALS = (
    SendVerdict.ADDRESS_REFUSED,
    SendVerdict.RECIPIENT_REFUSED,
    SendVerdict.CONTENT_REFUSED,
    SendVerdict.UNMAKEABLE,
)


def stop_if_proven(session: Session, recipient: str, words: str, now: datetime) -> bool:
    """Stops messages to an address that its server has said not to exist; returns whether it is stopped now.

    One such answer is no proof. It takes two, ``REFUSED_AGAIN_AFTER`` apart, and that meanwhile the same server took a
    message to somebody else: else it may be us whom it refuses (decision of issue 15). A chat group has a server of its
    own, so that there nobody else can be looked at.
    """
    if _extend_trial(session, recipient, words, now):
        return True
    to_it = func.lower(Notice.recipient) == recipient.lower()
    refused = select(SendLog.at).join(Notice, Notice.id == SendLog.notice_id)
    refused = refused.where(
        to_it, SendLog.verdict == SendVerdict.ADDRESS_REFUSED, SendLog.at >= now - REFUSED_AGAIN_WITHIN
    )
    first = session.scalar(refused.order_by(SendLog.at).limit(1))
    if first is None or now - first < REFUSED_AGAIN_AFTER:
        return False
    if not is_channel(recipient) and not _others_passed(session, recipient, first):
        return False
    suppress_messages(session, recipient, Topic.ALL, SuppressionReason.REFUSED, words, now)
    return True


def end_stop_after_trial(session: Session, recipient: str, now: datetime) -> None:
    """Ends the stop of a recipient who was tried again and took the message; what was held back is sent as well."""
    if _refused_suppression(session, recipient) is not None:
        resume_messages(session, recipient, Topic.ALL, "nianbao", "再次试发，对方已接收", now)


def _extend_trial(session: Session, recipient: str, words: str, now: datetime) -> bool:
    """The next trial of an address that is stopped and was refused in a trial; False where it is not stopped."""
    stop = _refused_suppression(session, recipient)
    if stop is None:
        return False
    stop.words = words
    stop.trial_at = now + min(max(now - stop.since, TRIAL_AFTER), LONGEST_TRIAL)
    return True


def _refused_suppression(session: Session, recipient: str) -> Suppression | None:
    """The stop in force that a recipient's server brought about by refusing the address."""
    return session.scalars(
        select(Suppression).where(
            Suppression.recipient == recipient.strip().lower(),
            Suppression.reason == SuppressionReason.REFUSED,
            Suppression.ended_at.is_(None),
        )
    ).first()


def _others_passed(session: Session, recipient: str, since: datetime) -> bool:
    passed = (
        select(SendLog.id)
        .join(Notice, Notice.id == SendLog.notice_id)
        .where(
            SendLog.delivered,
            SendLog.at >= since,
            func.lower(Notice.recipient) != recipient.lower(),
            ~Notice.recipient.startswith(CHANNEL),
        )
    )
    return session.scalar(select(passed.exists())) or False


@dataclass(frozen=True, slots=True)
class Refused:
    """The notices to one recipient that were refused and have not gone out: how many, since when, the last answer."""

    recipient: str
    notices: int
    since: datetime
    subject: str
    verdict: SendVerdict
    answer: str
    others_passed: bool


def refused_notices(session: Session, states: Collection[NoticeState], since: datetime) -> list[Refused]:
    """By recipient, the notices in these states whose last attempt since then was refused, the oldest first.

    A recipient to whom messages are stopped is told as that, and left out.
    """
    last = select(func.max(SendLog.id)).where(SendLog.notice_id == Notice.id).correlate(Notice).scalar_subquery()
    stopped = exists().where(Suppression.recipient == func.lower(Notice.recipient), Suppression.ended_at.is_(None))
    rows = session.execute(
        select(Notice.recipient, Notice.subject, Notice.created_at, SendLog.verdict, SendLog.answer)
        .join(SendLog, SendLog.notice_id == Notice.id)
        .where(
            Notice.state.in_(states),
            SendLog.id == last,
            SendLog.at >= since,
            SendLog.verdict.in_(REFUSALS),
            or_(SendLog.verdict != SendVerdict.ADDRESS_REFUSED, ~stopped),
        )
        .order_by(Notice.id)
    ).all()
    found: dict[str, Refused] = {}
    for recipient, subject, created_at, verdict, answer in rows:
        if verdict is None:  # a row of before 0014 is no evidence
            continue
        before = found.get(recipient)
        first = before.since if before is not None else created_at
        count = before.notices if before is not None else 0
        passed = before.others_passed if before is not None else _others_passed(session, recipient, first)
        found[recipient] = Refused(recipient, count + 1, first, subject, verdict, answer, passed)
    return list(found.values())


def mail_has_started(session: Session) -> bool:
    """Whether letters to offices leave. Until ``nianbao mail start`` they are written and only shown (rehearsal).

    A ledger that has sent an office a letter before there was such a switch is not in rehearsal.
    """
    decided = session.scalar(select(MailSwitch.started).order_by(MailSwitch.id.desc()).limit(1))
    if decided is not None:
        return decided
    sent = select(Notice.id).where(and_(Notice.state == NoticeState.SENT, Notice.kind != NoticeKind.OPERATORS))
    return session.scalar(select(sent.exists())) or False


def switch_mail(session: Session, *, started: bool, by: str, why: str, now: datetime) -> bool:
    """Begins or ends sending to offices, and records who decided it; False where it was so already."""
    if mail_has_started(session) is started:
        return False
    session.add(MailSwitch(started=started, at=now, by=by, why=why))
    return True
