"""Reminders of what was told as it came and is still open, at growing intervals, one letter to each recipient.

Who gets a letter of the day is reminded in it (monitor/notices/letters.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session

from config.recipients import Recipient
from config.register import Register
from config.settings import Settings
from ledger.database import Ledger
from ledger.messages.notices import Telling
from ledger.states import Audience, NoticeKind, NoticePurpose, NoticeRole
from monitor.calendar import day_of
from monitor.letters import digests
from monitor.letters.contents import Contents
from monitor.letters.office import office_letter
from monitor.notices.due import due_reminders
from monitor.notices.making import Making
from monitor.notices.pace import is_day_off
from monitor.notices.write import Addressee, contact_of, reminded_of, said, write_letter


def update_reminders(settings: Settings, ledger: Ledger, register: Register, now: datetime) -> int:
    """Writes a reminder for every recipient of whom something is due (monitor.notices.due); returns how many.

    An office is reminded until the season of that report year ends.
    """
    making = Making("reminders", "提醒")
    written = 0
    with ledger.read() as session:
        is_any = bool(_due(session, register, now))
    if is_any:
        with ledger.write() as session:
            for addressee, tellings in _due(session, register, now).items():
                for recipient in addressee.recipients:
                    remind = partial(_remind, session, settings, register, addressee, recipient, tellings, now)
                    written += making.one(addressee.office, remind, session)
    making.settle(ledger, register, now)
    return written


def _remind(
    session: Session,
    settings: Settings,
    register: Register,
    addressee: Addressee,
    recipient: Recipient,
    tellings: Sequence[Telling],
    now: datetime,
) -> bool:
    again = reminded_of(recipient, tellings)
    wanted = [one.incident for one in again]
    if not wanted:
        return False
    contact = contact_of(settings, register)
    if addressee.audience is Audience.OPERATORS:
        kind = NoticeKind.OPERATORS
        letter = digests.reminder_for_operators(session, register, wanted, contact, day_of(now))
    else:
        contents = Contents(reminders=again, office=addressee.office)
        kind, letter = NoticeKind.REMINDER, office_letter(session, register, contents, contact, now)
    return write_letter(
        session,
        settings,
        kind,
        NoticePurpose.REMINDER,
        f"reminder:{day_of(now)}:{addressee.office or 'operators'}:{recipient.to}",
        recipient,
        letter,
        said(wanted, NoticeRole.REMINDED),
        now,
        office=addressee.office,
    )


def _due(session: Session, register: Register, now: datetime) -> dict[Addressee, list[Telling]]:
    due = due_reminders(session, register, now)
    return {
        addressee: tellings
        for addressee, tellings in due.items()
        if not addressee.is_composed and not is_day_off(addressee.delivery, now)
    }
