"""Notices that did not go out: until when they wait, and what becomes of them when their recipient is no more one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from config.recipients import CHANNEL
from ledger.models import Incident, Notice, NoticeIncident
from ledger.states import NoticeForm, NoticePurpose, NoticeState

_UNSENT = (NoticeState.WAITING, NoticeState.REFUSED)
# Whoever was told gets the correction, also where they are no recipient any more.
_THEIRS_ALONE = (NoticePurpose.CORRECTION, NoticePurpose.CORRECTIONS)


def held_back(session: Session, *, lock: bool = False) -> Sequence[Notice]:
    """The notices that were tried and have not gone out, the oldest first; with ``lock`` nobody else is given them."""
    query = select(Notice).where(Notice.state.in_(_UNSENT), Notice.attempts > 0, Notice.purpose.not_in(_THEIRS_ALONE))
    query = query.order_by(Notice.id)
    return session.scalars(query.with_for_update() if lock else query).all()


def was_written_to(session: Session, recipient: str, office: str | None, before: datetime) -> bool:
    """Whether anything was written to somebody, as a recipient of an office (None: the operators), until a moment."""
    written = select(Notice.id).where(Notice.recipient == recipient, Notice.created_at <= before)
    written = written.where(Notice.office == office if office is not None else Notice.office.is_(None))
    return session.scalar(select(written.exists())) or False


def incidents_of(session: Session, notice: Notice) -> Sequence[Incident]:
    """What a notice is about."""
    about = select(Incident).join(NoticeIncident, NoticeIncident.incident_id == Incident.id)
    return session.scalars(about.where(NoticeIncident.notice_id == notice.id).order_by(Incident.id)).all()


def readdress(session: Session, notice: Notice, recipient: str, message_id: str, identity: str, now: datetime) -> bool:
    """Sends a held notice to somebody else from now on; False where it is on its way meanwhile."""
    changed = session.scalars(
        update(Notice)
        .where(Notice.id == notice.id, Notice.recipient == notice.recipient, Notice.state.in_(_UNSENT))
        .values(
            recipient=recipient,
            identity=identity,
            message_id=message_id,
            state=NoticeState.WAITING,
            form=NoticeForm.FULL,
            attempts=0,
            next_attempt_at=now,
        )
        .returning(Notice.id),
        execution_options={"synchronize_session": False},
    ).all()
    return bool(changed)


def postpone_mails(session: Session, now: datetime, until: datetime, recipient: str | None = None) -> None:
    """What is due by mail waits until a moment, or what is due to one recipient; chat groups need no mail server."""
    due = update(Notice).where(
        Notice.state == NoticeState.WAITING, Notice.next_attempt_at <= now, ~Notice.recipient.startswith(CHANNEL)
    )
    if recipient is not None:
        due = due.where(Notice.recipient == recipient)
    session.execute(due.values(next_attempt_at=until))
