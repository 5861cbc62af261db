"""What was held back goes to whoever takes the place of a recipient: an address that was wrong and is put right."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from config.recipients import Recipient, is_channel
from config.register import Register
from config.settings import Settings
from ledger.database import Ledger
from ledger.messages import held_back as rows
from ledger.messages.outbox import keep_unsent
from ledger.models import Notice
from ledger.states import NoticeKind, NoticePurpose, NoticeState
from monitor.notices.write import message_id, wanted_by

NO_RECIPIENT_ANY_MORE = "没有发送：offices.yaml 中已没有这个收件人"


def update_addresses(settings: Settings, ledger: Ledger, register: Register, now: datetime) -> int:
    """Readdresses what was tried in vain to recipients whom offices.yaml does not have any more; returns how many.

    It goes to the first who is there instead: a recipient of the same office to whom nothing had been written when it
    was. Where there is nobody, it ends. What offices.yaml still has is tried on.
    """
    with ledger.read() as session:
        if not _orphaned(session, register):
            return 0
    with ledger.write() as session:
        return sum(
            _readdress(session, settings, register, notice, now) for notice in _orphaned(session, register, lock=True)
        )


def _orphaned(session: Session, register: Register, *, lock: bool = False) -> list[Notice]:
    return [
        notice
        for notice in rows.held_back(session, lock=lock)
        if (people := _people(register, notice)) is not None and notice.recipient not in {one.to for one in people}
    ]


def _people(register: Register, notice: Notice) -> Sequence[Recipient] | None:
    """Who gets such notices now; None where it cannot be told for whom it was."""
    offices = register.offices
    if notice.kind is NoticeKind.OPERATORS:
        return offices.staff
    if notice.office is None:
        return None
    return next((office.people for office in offices.offices if office.key == notice.office), ())


def _readdress(session: Session, settings: Settings, register: Register, notice: Notice, now: datetime) -> bool:
    for person in _people(register, notice) or ():
        identity = f"{notice.identity.removesuffix(notice.recipient)}{person.to}"
        same_way = is_channel(person.to) == is_channel(notice.recipient)
        if not same_way or rows.was_written_to(session, person.to, notice.office, notice.created_at):
            continue
        if _is_wanted(session, person, notice):
            number = message_id(identity, settings)
            return rows.readdress(session, notice, person.to, number, identity, now)
    keep_unsent(session, notice, NoticeState.STOPPED, NO_RECIPIENT_ANY_MORE, now)
    return False


def _is_wanted(session: Session, person: Recipient, notice: Notice) -> bool:
    incidents = rows.incidents_of(session, notice)
    if notice.purpose is NoticePurpose.WEEKLY or not incidents:
        return person.weekly
    return bool(wanted_by(person, incidents))
