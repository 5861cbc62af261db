"""What the log of attempts proves: which address does not exist, which notices are refused, whether mail has begun."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import and_, exists, func, or_, select, update
from sqlalchemy.orm import Session

from config.recipients import CHANNEL, is_channel
from ledger.messages.suppressions import (
    LONGEST_TRIAL,
    TRIAL_AFTER,
    resume_messages,
    suppress_messages,
    suppression_for,
)
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


def stop_if_proven(session: Session, recipient: str, words: str, told: Collection[str], now: datetime) -> bool:
    """Stops messages to an address that its server has said not to exist; returns whether it is stopped now.

    One such answer is no proof. It takes two, ``REFUSED_AGAIN_AFTER`` apart, and that meanwhile a message to somebody
    else of the same domain was taken: else it may be us whom that server refuses, or the domain that is in trouble. A
    chat group has a server of its own, so that there nobody else can be looked at. And there has to be somebody else to
    tell (``told``: who hears of it): who is the last one is tried on and on.
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
    if not is_channel(recipient) and not others_passed(session, recipient, first, now, same_domain=True):
        return False
    if not any(_can_be_told(session, one, recipient, now) for one in told):
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


def others_passed(
    session: Session, recipient: str, since: datetime, until: datetime, *, same_domain: bool = False
) -> bool:
    """Whether mail to somebody else was taken in some time; ``same_domain``: to somebody at the same domain."""
    passed = (
        select(SendLog.id)
        .join(Notice, Notice.id == SendLog.notice_id)
        .where(
            SendLog.delivered,
            SendLog.at >= since,
            SendLog.at <= until,
            func.lower(Notice.recipient) != recipient.lower(),
            ~Notice.recipient.startswith(CHANNEL),
        )
    )
    if same_domain:
        domain = recipient.lower().rpartition("@")[2]
        passed = passed.where(func.lower(Notice.recipient).endswith(f"@{domain}", autoescape=True))
    return session.scalar(select(passed.exists())) or False


def other_content_passed(session: Session, notice: Notice, now: datetime) -> bool:
    """Whether mail with another content was taken since a notice was written."""
    passed = (
        select(SendLog.id)
        .join(Notice, Notice.id == SendLog.notice_id)
        .where(SendLog.delivered, SendLog.at >= notice.created_at, SendLog.at <= now, Notice.id != notice.id)
        .where(~Notice.recipient.startswith(CHANNEL))
    )
    return session.scalar(select(passed.exists())) or False


def _can_be_told(session: Session, who: str, recipient: str, now: datetime) -> bool:
    return who.lower() != recipient.lower() and suppression_for(session, who, NoticeKind.OPERATORS, now) is None


def try_stopped(session: Session, now: datetime) -> int:
    """Sends one message again to each address whose trial is due and for which something was held back.

    Returns how many. Without it a stop would last until there is something new to say.
    """
    due = select(Suppression.recipient).where(
        Suppression.reason == SuppressionReason.REFUSED, Suppression.ended_at.is_(None), Suppression.trial_at <= now
    )
    tried = 0
    for recipient in session.scalars(due).all():
        to_it = func.lower(Notice.recipient) == recipient
        on_its_way = select(Notice.id).where(to_it, Notice.state.in_((NoticeState.WAITING, NoticeState.SENDING)))
        held = select(Notice.id).where(to_it, Notice.state == NoticeState.REFUSED).order_by(Notice.id).limit(1)
        if session.scalar(select(on_its_way.exists())):
            continue
        chosen = session.scalars(
            update(Notice)
            .where(Notice.id == held.scalar_subquery(), Notice.state == NoticeState.REFUSED)
            .values(state=NoticeState.WAITING, next_attempt_at=now)
            .returning(Notice.id),
            execution_options={"synchronize_session": False},
        ).all()
        tried += len(chosen)
    return tried


def trials_are_due(session: Session, now: datetime) -> bool:
    """Whether the trial of some stopped address is due."""
    due = select(Suppression.id).where(
        Suppression.reason == SuppressionReason.REFUSED, Suppression.ended_at.is_(None), Suppression.trial_at <= now
    )
    return session.scalar(select(due.exists())) or False


@dataclass(frozen=True, slots=True)
class Refused:
    """The notices to one recipient that have not gone out: how many, since when, the last attempt and its answer.

    ``others_passed``: mail to somebody else was taken between the first of them and the last attempt.
    """

    recipient: str
    notices: int
    since: datetime
    last: datetime
    subject: str
    verdict: SendVerdict
    answer: str
    others_passed: bool


def refused_notices(session: Session, states: Collection[NoticeState], since: datetime) -> list[Refused]:
    """By recipient, the notices in these states whose last attempt since then did not succeed, the oldest first.

    A recipient to whom messages are stopped is told as that, and left out.
    """
    newest = select(func.max(SendLog.id)).where(SendLog.notice_id == Notice.id).correlate(Notice).scalar_subquery()
    stopped = exists().where(Suppression.recipient == func.lower(Notice.recipient), Suppression.ended_at.is_(None))
    rows = session.execute(
        select(Notice.recipient, Notice.subject, Notice.created_at, SendLog.verdict, SendLog.answer, SendLog.at)
        .join(SendLog, SendLog.notice_id == Notice.id)
        .where(
            Notice.state.in_(states),
            SendLog.id == newest,
            SendLog.at >= since,
            SendLog.verdict != SendVerdict.DELIVERED,
            or_(SendLog.verdict != SendVerdict.ADDRESS_REFUSED, ~stopped),
        )
        .order_by(Notice.id)
    ).all()
    found: dict[str, Refused] = {}
    for recipient, subject, created_at, verdict, answer, at in rows:
        if verdict is None:  # a row of before 0014 is no evidence
            continue
        before = found.get(recipient, Refused(recipient, 0, created_at, at, subject, verdict, answer, False))
        latest = max(at, before.last)
        found[recipient] = Refused(recipient, before.notices + 1, before.since, latest, subject, verdict, answer, False)
    return [
        replace(one, others_passed=others_passed(session, one.recipient, one.since, one.last)) for one in found.values()
    ]


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
