"""The weekly summary of an office: where the season stands, what is new, what waits, and what could not be seen."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from config.offices import Office
from config.settings import Settings
from ledger import summary as rows
from ledger.compliance import StandingThen, doubtful_articles, standings_at
from ledger.database import Ledger
from ledger.notices import write_notice
from ledger.states import NoticeKind, PortalState, Standing
from ledger.summary import Change, NewReport, Problem
from monitor.calendar import chinese_day, chinese_moment, day_of, end_of, season_of, start_of
from monitor.channels.mail.render import render
from monitor.notices import contact_of, message_id
from monitor.pace import is_quiet
from monitor.register import Register

HOUR = 8
DAYS_AFTER_THE_LAST_DUE_DATE = 14
WEEK = timedelta(days=7)
LONGEST_LIST = 30

KINDS = ("government", "department", "subdistrict", "town")


@dataclass(frozen=True, slots=True)
class Counts:
    """How many agencies of one kind stand how; ``expected`` leaves out those that owe no report."""

    label: str
    expected: int
    published: int
    on_time: int
    late: int
    missing: int
    unverifiable: int
    disputed: int
    withdrawn: int
    pending: int


@dataclass(frozen=True, slots=True)
class DueDate:
    """A due date with the kinds of agency it is for; ``days`` are left, or over where negative."""

    kinds: str
    due: date
    days: int

    @property
    def words(self) -> str:
        """The distance in words."""
        if self.days > 0:
            return f"还有{self.days}天"
        return "今天到期" if self.days == 0 else f"已过{-self.days}天"


@dataclass(frozen=True, slots=True)
class Named:
    """An agency by name with a sentence."""

    name: str
    sentence: str


@dataclass(frozen=True)
class Season:
    """One report year of a district at the moment of the summary."""

    year: int
    due_dates: tuple[DueDate, ...]
    counts: tuple[Counts, ...]
    total: Counts
    new: list[NewReport] = field(default_factory=list)
    missing: list[Named] = field(default_factory=list)
    pending: list[Named] = field(default_factory=list)
    late: list[Named] = field(default_factory=list)
    unverifiable: list[Named] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    older_problems: int = 0
    changed: list[Change] = field(default_factory=list)
    withdrawn: list[Change] = field(default_factory=list)
    human: list[Named] = field(default_factory=list)


@dataclass(frozen=True)
class Weekly:
    """The summary of one district; ``portals`` are those that could not be looked at."""

    district: str
    office: str
    as_of: datetime
    subject: str
    seasons: tuple[Season, ...]
    portals: tuple[Named, ...]


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


def office_of(register: Register, district: str) -> Office:
    """The office of a district; where none is configured, one without a name of its own that nobody writes to."""
    unknown = Office.model_construct(
        district=district, name=f"{district}政府信息公开工作主管部门", recipients=(), weekday=1
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
        f"weekly:{office.district}:{week.year}-W{week.week:02}:{recipient}": recipient
        for recipient in dict.fromkeys(office.recipients)
    }
    with ledger.read() as session:
        missing = set(identities) - rows.written_identities(session, identities)
        weekly = weekly_of(session, register, office, now) if missing else None
    if weekly is None:
        return []
    text, html = render_weekly(weekly, settings, register)
    written = []
    with ledger.write() as session:
        for identity in sorted(missing):
            row = {
                "identity": identity,
                "kind": NoticeKind.WEEKLY,
                "recipient": identities[identity],
                "subject": weekly.subject,
                "text": text,
                "html": html,
                "message_id": message_id(identity, settings),
                "in_reply_to": None,
            }
            if write_notice(session, row, (), now):
                written.append(identities[identity])
    return written


def render_weekly(weekly: Weekly, settings: Settings, register: Register) -> tuple[str, str]:
    """The summary as text and as HTML."""
    return render(
        "weekly",
        settings.home,
        weekly=weekly,
        words=register.wording,
        contact=contact_of(settings, register),
        longest=LONGEST_LIST,
        day=chinese_day,
        day_of=day_of,
        moment=chinese_moment,
    )


def weekly_of(session: Session, register: Register, office: Office, moment: datetime) -> Weekly | None:
    """The summary of an office at a moment, past ones from the history; None where no season is running."""
    district = register.districts[office.district]
    years = [year for year in range(district.watched.first, day_of(moment).year) if district.watched.holds(year)]
    standings = standings_at(session, moment, district=office.district, years=years)
    seasons = []
    for year in sorted({row.year for row in standings}):
        of_year = [row for row in standings if row.year == year and register.watches(row.agency, year)]
        if of_year and _running(session, office.district, year, of_year, moment):
            seasons.append(_season(session, register, office.district, year, of_year, moment))
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
        tuple(_troubled_portals(session, register, district.portal, moment)),
    )


def _running(session: Session, district: str, year: int, standings: list[StandingThen], moment: datetime) -> bool:
    last = max(row.due for row in standings) + timedelta(days=DAYS_AFTER_THE_LAST_DUE_DATE)
    begin, finish = season_of(year)
    if not begin <= moment < finish:
        return False
    return moment < end_of(last) or rows.has_open_matters(session, district, year, moment)


def _season(
    session: Session, register: Register, district: str, year: int, standings: list[StandingThen], moment: datetime
) -> Season:
    today, after = day_of(moment), moment - WEEK
    problems = [one for one in rows.problems_at(session, moment, district) if one.year == year]
    grave = [one for one in problems if one.severity != "human"]
    human = [Named(row.name, row.sentence) for row in standings if row.standing is Standing.DATE_DISPUTED]
    human += [Named(one.name, one.message) for one in problems if one.severity == "human"]
    portal = register.districts[district].portal
    human += [
        Named(f"《{article.title}》", article.reason or register.wording.troubles[article.outcome.value])
        for article in doubtful_articles(session, [portal])
        if article.year in (None, year)
        and article.first_seen_at <= moment
        and not (article.year is None and article.earliest and day_of(article.earliest).year < year)
    ]
    return Season(
        year=year,
        due_dates=_due_dates(register, standings, today),
        counts=tuple(
            _counts(register.wording.kinds[kind], of_kind)
            for kind in KINDS
            if (of_kind := [row for row in standings if row.kind == kind])
        ),
        total=_counts("合计", standings),
        new=rows.new_reports(session, district, year, after, moment),
        missing=[
            Named(row.name, f"逾期{(today - row.due).days}天") for row in standings if row.standing is Standing.MISSING
        ],
        pending=[
            Named(row.name, f"距期限{(row.due - today).days}天")
            for row in standings
            if row.standing is Standing.PENDING
        ],
        late=[Named(row.name, row.sentence) for row in standings if row.standing is Standing.LATE],
        unverifiable=[Named(row.name, row.sentence) for row in standings if row.standing is Standing.UNVERIFIABLE],
        problems=[one for one in grave if one.opened_at > after],
        older_problems=sum(one.opened_at <= after for one in grave),
        changed=rows.changed_reports(session, district, year, after, moment),
        withdrawn=rows.withdrawn_reports(session, district, year, after, moment),
        human=human,
    )


def _counts(label: str, standings: list[StandingThen]) -> Counts:
    def of(*wanted: Standing) -> int:
        return sum(row.standing in wanted for row in standings)

    return Counts(
        label=label,
        expected=len(standings) - of(Standing.EXEMPT),
        published=of(Standing.ON_TIME, Standing.LATE, Standing.DATE_DISPUTED),
        on_time=of(Standing.ON_TIME),
        late=of(Standing.LATE),
        missing=of(Standing.MISSING),
        unverifiable=of(Standing.UNVERIFIABLE),
        disputed=of(Standing.DATE_DISPUTED),
        withdrawn=of(Standing.WITHDRAWN),
        pending=of(Standing.PENDING),
    )


def _due_dates(register: Register, standings: list[StandingThen], today: date) -> tuple[DueDate, ...]:
    kinds: dict[date, list[str]] = {}
    for kind in KINDS:
        for due in sorted({row.due for row in standings if row.kind == kind}):
            kinds.setdefault(due, []).append(register.wording.kinds[kind])
    return tuple(DueDate("、".join(names), due, (due - today).days) for due, names in sorted(kinds.items()))


def _troubled_portals(session: Session, register: Register, portal: str, moment: datetime) -> list[Named]:
    troubled = []
    for then in rows.portals_at(session, [portal], moment):
        if then.state is PortalState.HEALTHY:
            continue
        words = register.wording.portals[then.state.value] if then.state is not None else "尚未巡查"
        since = f"（{chinese_moment(then.since)}起）" if then.since is not None else ""
        troubled.append(Named(register.portal_name(then.portal), f"{words}{since}。{then.sentence}"))
    return troubled
