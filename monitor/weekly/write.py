"""The weekly summary written: when an office is due one, to whom it goes, and in which form."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from config.offices import Office
from config.recipients import Recipient, is_channel
from config.register import Register
from config.settings import Settings
from ledger.database import Ledger
from ledger.messages.enclosures import enclose
from ledger.messages.incidents import is_accusing
from ledger.messages.notices import write_notice
from ledger.messages.suppressions import suppression_for
from ledger.standings import summary as rows
from ledger.states import NoticeKind, NoticePurpose
from monitor.calendar import chinese_day, chinese_moment, day_of, start_of
from monitor.channels.mail.render import render
from monitor.letters.contents import Contents
from monitor.letters.english import with_english
from monitor.letters.letter import Letter, with_desk
from monitor.letters.office import office_letter
from monitor.letters.subject import joined, subject_parts
from monitor.notices.due import Due, due_for_letters
from monitor.notices.letters import roles_in, without_unwanted, write_letters
from monitor.notices.making import Making
from monitor.notices.pace import SummaryDay, is_quiet, summary_day
from monitor.notices.write import Addressee, contact_of, message_id
from monitor.season.counts import COLUMNS, HEADINGS
from monitor.weekly.area import AreaWeekly, area_weekly_of
from monitor.weekly.brief import english_lines, english_subject, for_chat
from monitor.weekly.enclosed import NOTHING_SHOWN, Shown, keep_for_mail
from monitor.weekly.summary import Weekly, weekly_of
from monitor.weekly.workbook import ledger_book

LONGEST_LIST = 30
LONGEST_GROUP = 10
MOST_NAMED = 240
# Of what may lie in a mail, so many bytes are left for the evidence of what is told beside a summary.
FOR_EVIDENCE = 350_000


def update_weekly(settings: Settings, ledger: Ledger, register: Register, now: datetime) -> int:
    """Writes the summaries that are due: for every office on its weekday at the hour of its letters, once in a week.

    On a day off it moves to the next working day (monitor.notices.pace.summary_day). A monitor that was away on that
    day writes it later, but not in the new year for a day of the old: no season runs on. In an office's quiet hours it
    waits. What else the office is due is in the same mail. Returns how many were written.
    """
    making = Making("weekly", "周报")
    written = 0
    for office in register.offices.offices:
        due = summary_day(office.delivery, office.weekday, day_of(now))
        if due is None or due.day.year != day_of(now).year or is_quiet(office.delivery, now):
            continue
        if now >= start_of(due.day, office.delivery.hour) and register.districts_of(office):
            written += making.one(office.key, partial(_write_due, settings, ledger, register, office, now, due))
    making.settle(ledger, register, now)
    return written


def _write_due(
    settings: Settings, ledger: Ledger, register: Register, office: Office, now: datetime, due: SummaryDay
) -> int:
    return len(_write(settings, ledger, register, office, now, due, with_letter=True))


def office_of(register: Register, district: str) -> Office:
    """The office of a district or an area; of a district without one, one without a name of its own."""
    unknown = Office.model_construct(
        district=district, name=f"{district}政府信息公开工作主管部门", people=(), weekday=1
    )
    return register.offices.known_by(district) or unknown


def write_weekly(settings: Settings, ledger: Ledger, register: Register, office: Office, now: datetime) -> list[str]:
    """Writes this week's summary for each recipient of an office who has none yet; returns those recipients.

    Where no season of the district runs, nothing is open and everything can be watched, it is one line.
    """
    today = day_of(now)
    return _write(settings, ledger, register, office, now, SummaryDay(today, today, True), with_letter=False)


def summary_of(
    session: Session, register: Register, office: Office, moment: datetime, *, monthly: bool = False
) -> Weekly | None:
    """The summary of an office at a moment: of its district in full, of several a line each; None where none is due."""
    of = area_weekly_of if office.is_over_several else weekly_of
    return of(session, register, office, moment, monthly=monthly)


def _write(
    settings: Settings,
    ledger: Ledger,
    register: Register,
    office: Office,
    now: datetime,
    due: SummaryDay,
    *,
    with_letter: bool,
) -> list[str]:
    identities = identities_of(office, due)
    with ledger.read() as session:
        missing = set(identities) - rows.written_identities(session, identities)
        weekly = summary_of(session, register, office, now, monthly=due.first_of_month) if missing else None
        book = ledger_book(session, register, weekly.standings, now) if weekly is not None and weekly.standings else b""
    if weekly is None:
        return []
    with ledger.read() as session:
        told = with_letter and any(one.office == office.key for one in due_for_letters(session, register, now))
    reserved = FOR_EVIDENCE if told else 0
    enclosed, shown = keep_for_mail(settings, weekly.district, weekly.seasons, book, now, reserved)
    written = []
    readers = [identities[identity] for identity in sorted(missing)]
    with ledger.write() as session:
        contents = _contents(session, settings, register, office, readers, now) if with_letter else {}
        for identity in sorted(missing):
            reader = identities[identity]
            own = contents.get(reader.to, Contents())
            row = summary_row(
                session, settings, register, weekly, shown, reader, own, message_id(identity, settings), now
            )
            roles = {one.incident.id: one.role for one in roles_in(own)}
            if write_notice(session, row | {"identity": identity, "office": office.key}, roles, now):
                enclose(session, identity, [] if is_channel(reader.to) else enclosed)
                written.append(reader.to)
    return written


def identities_of(office: Office, due: SummaryDay) -> dict[str, Recipient]:
    """The summary of a week for each of its readers, by what it is known by."""
    week = due.origin.isocalendar()
    return {f"weekly:{office.key}:{week.year}-W{week.week:02}:{reader.to}": reader for reader in office.readers}


def _contents(
    session: Session,
    settings: Settings,
    register: Register,
    office: Office,
    readers: Collection[Recipient],
    now: datetime,
) -> dict[str, Contents]:
    """What each reader of the summary is due beside it; who of the office does not read it has a letter of its own."""
    found = due_of(session, register, office, now, lock=True)
    if found is None:
        return {}
    addressee, due = found
    with_summary = told_beside(session, readers, due, now)
    others = tuple(one for one in addressee.recipients if one.to not in with_summary)
    write_letters(session, settings, register, replace(addressee, recipients=others), due, now)
    return with_summary


def due_of(
    session: Session, register: Register, office: Office, now: datetime, *, lock: bool = False
) -> tuple[Addressee, Due] | None:
    """What an office is due by the letter of the day; None where nothing."""
    everything = due_for_letters(session, register, now, only=office, lock=lock)
    return next(((one, due) for one, due in everything.items() if one.office == office.key), None)


def told_beside(session: Session, readers: Collection[Recipient], due: Due, now: datetime) -> dict[str, Contents]:
    """What each reader of a summary is told in the same mail."""
    return {
        reader.to: without_unwanted(session, reader, due.contents_for(reader), now)
        for reader in readers
        if suppression_for(session, reader.to, NoticeKind.WEEKLY, now) is None
        and suppression_for(session, reader.to, NoticeKind.DIGEST, now) is None
    }


def summary_row(
    session: Session,
    settings: Settings,
    register: Register,
    weekly: Weekly,
    shown: Shown,
    reader: Recipient,
    contents: Contents,
    number: str,
    now: datetime,
) -> dict[str, Any]:
    """The notice of one reader's summary, with what else they are due in it."""
    letter = office_letter(session, register, contents, contact_of(settings, register), now) if contents else None
    letter = with_desk(letter, settings.web_address) if letter is not None else None
    if letter is not None and reader.language == "en":
        letter = with_english(session, letter, NoticeKind.DIGEST, list(contents.incidents))
    chat = is_channel(reader.to)
    text, html = (
        (for_chat(weekly, number, letter), "")
        if chat
        else render_weekly(weekly, settings, register, shown, reader.language, letter)
    )
    subject = english_subject(weekly) if reader.language == "en" else weekly.subject
    is_news = contents.news or contents.reminders or any(is_accusing(one.incident) for one in contents.ended)
    if is_news and reader.language != "en":
        subject = f"{joined(subject_parts(session, register, contents, day_of(now)))}；{weekly.subject}"
    return {
        "kind": NoticeKind.WEEKLY,
        "purpose": NoticePurpose.WEEKLY,
        "recipient": reader.to,
        "subject": subject,
        "text": text,
        "html": html,
        "message_id": number,
        "in_reply_to": None,
    }


def render_weekly(
    weekly: Weekly,
    settings: Settings,
    register: Register,
    shown: Shown = NOTHING_SHOWN,
    language: str = "zh",
    letter: Letter | None = None,
) -> tuple[str, str]:
    """The summary as text and as HTML; ``shown`` says which pictures and which spreadsheet lie in the mail.

    ``language`` en puts a few English sentences before it. ``letter`` is what the reader is due beside it.
    """
    return render(
        "weekly",
        settings.home,
        weekly=weekly,
        years=weekly.years if isinstance(weekly, AreaWeekly) else (),
        letter=letter,
        english=tuple(_english(weekly, letter)) if language == "en" else (),
        shown=shown,
        columns=COLUMNS,
        headings=HEADINGS,
        words=register.wording,
        contact=contact_of(settings, register),
        longest=LONGEST_LIST,
        longest_group=LONGEST_GROUP,
        most_named=MOST_NAMED,
        day=chinese_day,
        day_of=day_of,
        moment=chinese_moment,
    )


def _english(weekly: Weekly, letter: Letter | None) -> Iterator[str]:
    """The sentences of a letter, but for the last, which says that Chinese follows, and those of the summary."""
    if letter is not None:
        yield from letter.english[:-1]
    yield from english_lines(weekly)
