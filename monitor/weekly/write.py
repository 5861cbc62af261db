"""The weekly summary of an office: where the season stands, what is new, what waits, and what could not be seen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from config.offices import Office
from config.recipients import is_channel
from config.settings import Settings
from ledger.database import Ledger
from ledger.messages.enclosures import enclose
from ledger.messages.notices import write_notice
from ledger.standings import summary as rows
from ledger.standings.questions import StandingThen, standings_at
from ledger.states import NoticeKind, NoticePurpose, PortalState
from monitor.calendar import chinese_day, chinese_moment, day_of, end_of, season_of, start_of
from monitor.channels.mail.render import render
from monitor.notices.pace import is_quiet
from monitor.notices.write import contact_of, message_id
from monitor.register import Register
from monitor.season.progress import DAYS_AFTER_THE_LAST_DUE_DATE
from monitor.season.report_year import WEEK, Named, Season, season_at
from monitor.weekly.brief import english_lines, english_subject, for_chat
from monitor.weekly.enclosed import NOTHING_SHOWN, Shown, keep_for_mail
from monitor.weekly.workbook import ledger_book

HOUR = 8
LONGEST_LIST = 30
LONGEST_GROUP = 10
MOST_NAMED = 240


@dataclass(frozen=True)
class Weekly:
    """The summary of one district; ``portals`` says what could not be watched, ``standings`` who is in the 台账."""

    district: str
    office: str
    as_of: datetime
    subject: str
    seasons: tuple[Season, ...]
    portals: tuple[Named, ...]
    standings: tuple[StandingThen, ...]


def settle_weekly(settings: Settings, ledger: Ledger, register: Register, now: datetime) -> int:
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
        words=register.wording,
        contact=contact_of(settings, register),
        longest=LONGEST_LIST,
        longest_group=LONGEST_GROUP,
        most_named=MOST_NAMED,
        day=chinese_day,
        day_of=day_of,
        moment=chinese_moment,
    )


def weekly_of(session: Session, register: Register, office: Office, moment: datetime) -> Weekly | None:
    """The summary of an office at a moment, past ones from the history; None where no season is running."""
    district = register.districts[office.district]
    years = [year for year in range(district.watched.first, day_of(moment).year) if district.watched.holds(year)]
    standings = standings_at(session, moment, district=office.district, years=years)
    seasons, watched = [], []
    for year in sorted({row.year for row in standings}):
        of_year = [row for row in standings if row.year == year and register.watches(row.agency, year)]
        if of_year and _running(session, office.district, year, of_year, moment):
            seasons.append(season_at(session, register, office.district, year, of_year, moment))
            watched += of_year
    if not seasons:
        return None
    named = "、".join(str(season.year) for season in seasons)
    missing = sum(season.total.missing for season in seasons)
    state = f"，{missing}家未公布" if missing else ""
    return Weekly(
        office.district,
        office.name,
        moment,
        f"【年报·周报】{office.district}{named}年度报告：截至{chinese_day(day_of(moment))}{state}",
        tuple(seasons),
        tuple(_unwatched(session, register, district.portal, moment)),
        tuple(watched),
    )


def _running(session: Session, district: str, year: int, standings: list[StandingThen], moment: datetime) -> bool:
    last = max(row.due for row in standings) + timedelta(days=DAYS_AFTER_THE_LAST_DUE_DATE)
    begin, finish = season_of(year)
    if not begin <= moment < finish:
        return False
    return moment < end_of(last) or rows.has_open_matters(session, district, year, moment)


def _unwatched(session: Session, register: Register, portal: str, moment: datetime) -> list[Named]:
    """What of a portal could not be watched: now and since when, else in the last week."""
    (then,) = rows.portals_at(session, [portal], moment)
    name = register.portal_name(portal)
    if then.state is None:
        return [Named(name, "尚未巡查。")]
    if then.state is not PortalState.HEALTHY:
        since = f"（{chinese_moment(then.since)}起）" if then.since is not None else ""
        return [Named(name, f"{register.wording.portals[then.state.value]}{since}。{then.sentence}")]
    rounds = rows.rounds_in(session, portal, moment - WEEK, moment)
    if not rounds.count:
        last = rows.last_round_before(session, portal, moment)
        since = f"{chinese_moment(last)}起" if last is not None else "至今"
        return [Named(name, f"{since}没有完成过巡查，此后的变化尚不知道。")]
    if rounds.last_bad_at is not None:
        bad = rounds.count - rounds.healthy
        sentence = f"本周{rounds.count}次巡查中有{bad}次未能正常查看（最后一次为{chinese_moment(rounds.last_bad_at)}）"
        return [Named(name, f"{sentence}，现已恢复正常。")]
    return []
