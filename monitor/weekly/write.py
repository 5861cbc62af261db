"""The weekly summary written: when an office is due one, to whom it goes, and in which form."""

from __future__ import annotations

from datetime import datetime, timedelta

from config.offices import Office
from config.recipients import is_channel
from config.register import Register
from config.settings import Settings
from ledger.database import Ledger
from ledger.messages.enclosures import enclose
from ledger.messages.notices import write_notice
from ledger.standings import summary as rows
from ledger.states import NoticeKind, NoticePurpose
from monitor.calendar import chinese_day, chinese_moment, day_of, start_of
from monitor.channels.mail.render import render
from monitor.notices.pace import is_quiet
from monitor.notices.write import contact_of, message_id
from monitor.season.counts import COLUMNS, HEADINGS
from monitor.weekly.brief import english_lines, english_subject, for_chat
from monitor.weekly.enclosed import NOTHING_SHOWN, Shown, keep_for_mail
from monitor.weekly.summary import Weekly, weekly_of
from monitor.weekly.workbook import ledger_book

HOUR = 8
LONGEST_LIST = 30
LONGEST_GROUP = 10
MOST_NAMED = 240


def update_weekly(settings: Settings, ledger: Ledger, register: Register, now: datetime) -> int:
    """Writes the summaries that are due: for every office in season, on its weekday from 8:00, once in an ISO week.

    A monitor that was away on that day writes it on a later day of the same week, but not in the new year for a day of
    the old: no season runs on. In an office's quiet hours it waits. Returns how many were written.
    """
    written = 0
    for office in register.offices.offices:
        due = due_at(office, now)
        if now < due or day_of(due).year != day_of(now).year or is_quiet(office.delivery, now):
            continue
        if office.district in register.districts:
            written += len(write_weekly(settings, ledger, register, office, now))
    return written


def _languages(office: Office) -> set[str]:
    return {reader.language for reader in office.readers}


def office_of(register: Register, district: str) -> Office:
    """The office of a district; where none is configured, one without a name of its own that nobody writes to."""
    unknown = Office.model_construct(
        district=district, name=f"{district}政府信息公开工作主管部门", people=(), weekday=1
    )
    return register.offices.office(district) or unknown


def due_at(office: Office, now: datetime) -> datetime:
    """When this week's summary of an office is due."""
    today = day_of(now)
    return start_of(today + timedelta(days=office.weekday - today.isoweekday()), HOUR)


def write_weekly(settings: Settings, ledger: Ledger, register: Register, office: Office, now: datetime) -> list[str]:
    """Writes this ISO week's summary for each recipient of an office who has none yet; returns those recipients.

    Nothing is written where no season of the district is running.
    """
    week = day_of(now).isocalendar()
    identities = {
        f"weekly:{office.district}:{week.year}-W{week.week:02}:{reader.to}": reader for reader in office.readers
    }
    with ledger.read() as session:
        missing = set(identities) - rows.written_identities(session, identities)
        weekly = weekly_of(session, register, office, now) if missing else None
        book = ledger_book(session, register, weekly.standings, now) if weekly is not None else b""
    if weekly is None:
        return []
    enclosed, shown = keep_for_mail(settings, weekly.district, weekly.seasons, book, now)
    letters = {one: render_weekly(weekly, settings, register, shown, one) for one in _languages(office)}
    written = []
    with ledger.write() as session:
        for identity in sorted(missing):
            reader, number = identities[identity], message_id(identity, settings)
            chat = is_channel(reader.to)
            text, html = (for_chat(weekly, number), "") if chat else letters[reader.language]
            row = {
                "identity": identity,
                "kind": NoticeKind.WEEKLY,
                "purpose": NoticePurpose.WEEKLY,
                "recipient": reader.to,
                "subject": english_subject(weekly) if reader.language == "en" else weekly.subject,
                "text": text,
                "html": html,
                "message_id": number,
                "in_reply_to": None,
            }
            if write_notice(session, row, (), now):
                enclose(session, identity, [] if chat else enclosed)
                written.append(reader.to)
    return written


def render_weekly(
    weekly: Weekly,
    settings: Settings,
    register: Register,
    shown: Shown = NOTHING_SHOWN,
    language: str = "zh",
) -> tuple[str, str]:
    """The summary as text and as HTML; ``shown`` says which pictures and which spreadsheet lie in the mail.

    ``language`` en puts a few English sentences before it.
    """
    return render(
        "weekly",
        settings.home,
        weekly=weekly,
        english=tuple(english_lines(weekly)) if language == "en" else (),
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
