"""The letter of the day: everything that an office is due, in one, at its pace."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from config.recipients import Recipient
from config.register import Register
from config.settings import Settings
from ledger.database import Ledger
from ledger.messages.notices import thread_of, write_notice
from ledger.messages.suppressions import suppression_for
from ledger.standings.summary import written_identities
from ledger.states import NoticeKind, NoticePurpose, NoticeRole
from monitor.letters.contents import Contents
from monitor.letters.office import office_letter
from monitor.notices.due import Due, asks_for_a_letter, due_for_letters
from monitor.notices.making import Making
from monitor.notices.pace import letter_of
from monitor.notices.write import Addressee, Said, contact_of, letter_row


def update_letters(settings: Settings, ledger: Ledger, register: Register, now: datetime) -> int:
    """Writes the letters that are due; returns how many.

    A letter is known by its day (or hour) and its recipient: what becomes due after it was written is in the next one.
    """
    making = Making("letters", "通知")
    written = 0
    with ledger.read() as session:
        due_now = due_for_letters(session, register, now)
        is_any = any(_wanted(session, addressee, due, now) for addressee, due in due_now.items())
    if is_any:
        with ledger.write() as session:
            for addressee, due in due_for_letters(session, register, now, lock=True).items():
                write = partial(write_letters, session, settings, register, addressee, due, now)
                written += making.one(addressee.office, write, session)
    making.settle(ledger, register, now)
    return written


def write_letters(
    session: Session, settings: Settings, register: Register, addressee: Addressee, due: Due, now: datetime
) -> int:
    """Writes the letter of an office to each of its recipients for whom there is one; returns how many."""
    return sum(
        write_notice(session, row, {one.incident.id: one.role for one in roles_in(contents)}, now)
        for row, contents in letters_of(session, settings, register, addressee, due, now)
    )


def letters_of(
    session: Session, settings: Settings, register: Register, addressee: Addressee, due: Due, now: datetime
) -> list[tuple[dict[str, Any], Contents]]:
    """The letters that are to be written for an office, as they stand in the outbox then, each with what it tells."""
    return [
        (_row(session, settings, register, addressee, recipient, contents, now), contents)
        for recipient, contents in _wanted(session, addressee, due, now)
    ]


def roles_in(contents: Contents) -> list[Said]:
    """What a letter with these contents says of which incident."""
    return [
        *(Said(one, NoticeRole.TOLD) for one in contents.news),
        *(Said(one.incident, NoticeRole.REMINDED) for one in contents.reminders),
        *(Said(one.incident, NoticeRole.ENDED) for one in contents.ended),
    ]


def without_unwanted(session: Session, recipient: Recipient, contents: Contents, now: datetime) -> Contents:
    """The contents without reminders where the recipient stopped them."""
    if contents.reminders and suppression_for(session, recipient.to, NoticeKind.REMINDER, now) is not None:
        return replace(contents, reminders=())
    return contents


def _wanted(session: Session, addressee: Addressee, due: Due, now: datetime) -> list[tuple[Recipient, Contents]]:
    found = []
    for recipient in addressee.recipients:
        contents = without_unwanted(session, recipient, due.contents_for(recipient), now)
        if asks_for_a_letter(session, addressee.delivery, contents, now):
            found.append((recipient, contents))
    written = written_identities(session, [_identity(addressee, recipient, now) for recipient, _ in found])
    return [one for one in found if _identity(addressee, one[0], now) not in written]


def _identity(addressee: Addressee, recipient: Recipient, now: datetime) -> str:
    return f"letter:{letter_of(addressee.delivery, now)}:{addressee.office}:{recipient.to}"


def _row(
    session: Session,
    settings: Settings,
    register: Register,
    addressee: Addressee,
    recipient: Recipient,
    contents: Contents,
    now: datetime,
) -> dict[str, Any]:
    letter = office_letter(session, register, contents, contact_of(settings, register), now)
    kind, thread = NoticeKind.DIGEST, None
    if len(contents.reports) == 1:
        ((agency, year),) = contents.reports
        thread = thread_of(session, recipient.to, agency or "", year or 0)
        kind = NoticeKind.ALERT if contents.news else NoticeKind.CORRECTION
    if not contents.news and not contents.ended:
        kind = NoticeKind.REMINDER
    identity = _identity(addressee, recipient, now)
    about = roles_in(contents)
    return letter_row(
        session, settings, kind, NoticePurpose.LETTER, identity, recipient, letter, about, thread, addressee.office
    )
