"""What offices would be sent next, composed as it is when it is written; nothing is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from config.holidays import is_workday
from config.offices import Delivery, Office
from config.recipients import Recipient
from config.register import Register
from config.settings import Settings
from ledger.standings.summary import written_identities
from ledger.states import NoticeKind
from monitor.calendar import day_of, start_of
from monitor.letters.contents import Contents
from monitor.notices.due import Due
from monitor.notices.letters import letters_of
from monitor.notices.pace import SummaryDay, is_quiet, summary_day
from monitor.notices.write import Addressee, message_id
from monitor.weekly.enclosed import Made, Shown, book_name, made_for_mail, shown_of
from monitor.weekly.summary import Weekly
from monitor.weekly.workbook import ledger_book
from monitor.weekly.write import FOR_EVIDENCE, due_of, identities_of, summary_of, summary_row, told_beside

# No summary is further away: a holiday moves it by days, and its week by one.
FARTHEST = timedelta(days=21)


@dataclass(frozen=True, slots=True)
class NextMail:
    """A mail that would be written to one recipient; ``pictures`` are those that its HTML shows, by content id."""

    kind: NoticeKind
    recipient: str
    subject: str
    text: str
    html: str
    contents: Contents
    pictures: Mapping[str, Made] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NextMails:
    """What an office would be sent at a moment, as things stand now. Without ``mails``: nothing is due then."""

    office: Office
    at: datetime
    mails: Sequence[NextMail]


def next_mails(
    session: Session, settings: Settings, register: Register, office: Office, now: datetime, *, drawn: bool = True
) -> NextMails:
    """What an office is sent next: now where something is due now, else with the letters of its next morning.

    An office that is told as things come waits for nothing: what it is due is written within the minute.
    Without ``drawn`` a summary has no pictures, which cost more than all else.
    """
    at = now
    for at in dict.fromkeys((now, next_morning(office.delivery, now))):
        mails = _mails_at(session, settings, register, office, at, drawn=drawn)
        if mails:
            return NextMails(office, at, mails)
    return NextMails(office, at, ())


def next_summary_day(office: Office, now: datetime) -> SummaryDay | None:
    """When the next summary of an office is due that is not over; None where none is near."""
    day = day_of(now)
    while day <= day_of(now) + FARTHEST:
        due = summary_day(office.delivery, office.weekday, day)
        if due is not None and due.day == day and now < start_of(day + timedelta(days=1)):
            return due
        day += timedelta(days=1)
    return None


def summary_now(
    session: Session,
    settings: Settings,
    register: Register,
    office: Office,
    now: datetime,
    due: SummaryDay,
    *,
    drawn: bool = True,
) -> list[NextMail]:
    """The summary of an office for each of its readers as it would be written now; none where there is nothing to say.

    The same as ``nianbao weekly --preview``, with what else the reader is due.
    """
    weekly = summary_of(session, register, office, now, monthly=due.first_of_month)
    if weekly is None:
        return []
    found = due_of(session, register, office, now)
    return _summaries(session, settings, register, weekly, identities_of(office, due), found, now, drawn=drawn)


def next_morning(delivery: Delivery, now: datetime) -> datetime:
    """The next moment from which letters are written to an office at its pace."""
    if delivery.pace != "daily":
        return now
    day = day_of(now)
    while start_of(day, delivery.hour) <= now or not (delivery.days_off or is_workday(day)):
        day += timedelta(days=1)
    return start_of(day, delivery.hour)


def _mails_at(
    session: Session, settings: Settings, register: Register, office: Office, at: datetime, *, drawn: bool
) -> list[NextMail]:
    if is_quiet(office.delivery, at):
        return []
    found = due_of(session, register, office, at)
    mails, told = [], set()
    due = _summary_due(office, at)
    missing = _unwritten(session, identities_of(office, due)) if due is not None else {}
    weekly = summary_of(session, register, office, at, monthly=due.first_of_month) if due and missing else None
    if weekly is not None:
        mails = _summaries(session, settings, register, weekly, missing, found, at, drawn=drawn)
        told = set(told_beside(session, missing.values(), found[1], at)) if found is not None else set()
    if found is not None:
        addressee, of = found
        others = replace(addressee, recipients=tuple(one for one in addressee.recipients if one.to not in told))
        mails += [_mail(row, contents) for row, contents in letters_of(session, settings, register, others, of, at)]
    return mails


def _summary_due(office: Office, at: datetime) -> SummaryDay | None:
    """The summary that is due at a moment, written or not."""
    due = summary_day(office.delivery, office.weekday, day_of(at))
    if due is None or due.day.year != day_of(at).year or at < start_of(due.day, office.delivery.hour):
        return None
    return due


def _unwritten(session: Session, identities: Mapping[str, Recipient]) -> dict[str, Recipient]:
    written = written_identities(session, identities)
    return {identity: reader for identity, reader in identities.items() if identity not in written}


def _summaries(
    session: Session,
    settings: Settings,
    register: Register,
    weekly: Weekly,
    readers: Mapping[str, Recipient],
    found: tuple[Addressee, Due] | None,
    now: datetime,
    *,
    drawn: bool,
) -> list[NextMail]:
    made: Sequence[Made] = ()
    shown = Shown({}, {}, book_name(weekly.district, now) if weekly.standings else None)
    if drawn:
        book = ledger_book(session, register, weekly.standings, now) if weekly.standings else b""
        reserved = FOR_EVIDENCE if found is not None else 0
        made = made_for_mail(settings, weekly.district, weekly.seasons, book, now, reserved)
        shown = shown_of(settings, weekly.seasons, made, now)
    pictures = {one.content_id: one for one in made if one.content_id is not None}
    beside = told_beside(session, readers.values(), found[1], now) if found is not None else {}
    mails = []
    for identity, reader in sorted(readers.items()):
        own, number = beside.get(reader.to, Contents()), message_id(identity, settings)
        row = summary_row(session, settings, register, weekly, shown, reader, own, number, now)
        mails.append(_mail(row, own, pictures))
    return mails


def _mail(row: Mapping[str, Any], contents: Contents, pictures: Mapping[str, Made] | None = None) -> NextMail:
    said = (row["kind"], row["recipient"], row["subject"], row["text"], row["html"])
    return NextMail(*said, contents, pictures or {})
