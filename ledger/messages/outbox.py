"""How a message goes out: the conditional updates that claim it, end an attempt, and take it out of the queue."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.orm import Session

from ledger.models import FindingRow, Incident, Notice, NoticeIncident, SendLog
from ledger.states import IncidentKind, NoticeForm, NoticeState, SendVerdict


def due_notices(session: Session, now: datetime) -> list[int]:
    """The ids of the notices that are to be sent, those included whose sender died, the oldest first."""
    return list(session.scalars(select(Notice.id).where(_due(now)).order_by(Notice.id)))


def claim_notice(session: Session, notice_id: int, now: datetime, until: datetime) -> Notice | None:
    """Takes one notice for sending and counts the attempt; None where somebody else has it."""
    claimed = session.scalars(
        update(Notice)
        .where(Notice.id == notice_id, _due(now))
        .values(state=NoticeState.SENDING, claimed_until=until, attempts=Notice.attempts + 1)
        .returning(Notice.id),
        execution_options={"synchronize_session": False},
    ).all()
    return session.get_one(Notice, notice_id, populate_existing=True) if claimed else None


def versions_told(session: Session, notice_id: int) -> Sequence[tuple[int, str | None, int | None]]:
    """The versions of whose findings a notice tells, each with its agency and report year."""
    about = select(NoticeIncident.incident_id).where(NoticeIncident.notice_id == notice_id)
    findings = select(Incident).where(Incident.id.in_(about), Incident.kind == IncidentKind.FINDING)
    found = [incident.detail["fingerprint"] for incident in session.scalars(findings)]
    told = select(FindingRow.version_id, FindingRow.agency, FindingRow.year).where(FindingRow.fingerprint.in_(found))
    rows = session.execute(told.distinct().order_by(FindingRow.version_id))
    return [(version, agency, year) for version, agency, year in rows]


def end_attempt(
    session: Session,
    notice: Notice,
    state: NoticeState,
    verdict: SendVerdict,
    answer: str,
    now: datetime,
    next_attempt_at: datetime,
    form: NoticeForm,
) -> None:
    """Writes how an attempt ended (SENT, or WAITING for the next, in ``form``), and the answer into the log."""
    sent = state is NoticeState.SENT
    session.execute(
        update(Notice)
        .where(Notice.id == notice.id, Notice.attempts == notice.attempts)
        .values(
            state=state,
            form=form,
            claimed_until=None,
            next_attempt_at=next_attempt_at,
            sent_at=now if sent else None,
        )
    )
    session.add(SendLog(notice_id=notice.id, at=now, delivered=sent, verdict=verdict, answer=answer))
    session.flush()


def keep_unsent(session: Session, notice: Notice, state: NoticeState, why: str, now: datetime) -> None:
    """Ends a claimed notice that is not sent at all (STOPPED, REFUSED or REHEARSED), and logs why."""
    session.execute(
        update(Notice)
        .where(Notice.id == notice.id, Notice.attempts == notice.attempts)
        .values(state=state, claimed_until=None, next_attempt_at=now)
    )
    session.add(SendLog(notice_id=notice.id, at=now, delivered=False, verdict=None, answer=why))


def refuse(session: Session, notice: Notice) -> None:
    """A waiting notice waits no more, since its recipient is stopped; ending the stop sends it again."""
    session.execute(
        update(Notice)
        .where(Notice.id == notice.id, Notice.state == NoticeState.WAITING)
        .values(state=NoticeState.REFUSED)
    )


def notice_to(session: Session, message_id: str, recipients: Collection[str]) -> Notice | None:
    """The notice with a Message-ID, where it went to one of these recipients (in small letters)."""
    return session.scalars(
        select(Notice).where(Notice.message_id == message_id, func.lower(Notice.recipient).in_(recipients))
    ).one_or_none()


def mark_undelivered(
    session: Session, notice: Notice, verdict: SendVerdict, answer: str, now: datetime, again: datetime | None
) -> bool:
    """Writes that a server took a notice and could not deliver it after all; False where that was known.

    It waits until ``again``; without it, it is refused.
    """
    state = NoticeState.REFUSED if again is None else NoticeState.WAITING
    changed = session.scalars(
        update(Notice)
        .where(Notice.id == notice.id, Notice.state == NoticeState.SENT)
        .values(state=state, claimed_until=None, sent_at=None, next_attempt_at=again or now)
        .returning(Notice.id),
        execution_options={"synchronize_session": False},
    ).all()
    if changed:
        session.add(SendLog(notice_id=notice.id, at=now, delivered=False, verdict=verdict, answer=answer))
        session.flush()
    return bool(changed)


def _due(now: datetime) -> Any:
    return or_(
        and_(Notice.state == NoticeState.WAITING, Notice.next_attempt_at <= now),
        and_(Notice.state == NoticeState.SENDING, Notice.claimed_until <= now),
    )
