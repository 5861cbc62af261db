"""The weekly summary of an office: where the season stands, what is new, what waits, and what could not be seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from config.offices import Office
from config.register import Register
from ledger.standings import summary as rows
from ledger.standings.questions import StandingThen, standings_at
from ledger.states import IncidentKind, PortalState
from monitor.calendar import chinese_moment, day_of, end_of, season_of
from monitor.season.counts import HEADINGS
from monitor.season.progress import DAYS_AFTER_THE_LAST_DUE_DATE
from monitor.season.report_year import WEEK, Named, Season, season_at

# Who has not published is counted by itself.
NOT_MISSING = tuple(kind for kind in IncidentKind if kind is not IncidentKind.MISSING)


@dataclass(frozen=True)
class Weekly:
    """The summary of one district; ``portals`` says what could not be watched, ``standings`` who is in the 台账.

    ``headline`` is its news in a few words. Without ``seasons`` it is one line: nothing runs and nothing is open.
    """

    district: str
    office: str
    as_of: datetime
    subject: str
    seasons: tuple[Season, ...]
    portals: tuple[Named, ...]
    standings: tuple[StandingThen, ...]
    headline: str

    @property
    def news(self) -> str:
        """What the week brought and where things stand, in one sentence."""
        several = len(self.seasons) > 1
        brought = "；".join((f"{one.year}年度" if several else "") + one.news for one in self.seasons)
        return f"{self.district}本周{brought}；目前{self.headline}。"


def weekly_of(
    session: Session, register: Register, office: Office, moment: datetime, *, monthly: bool = False
) -> Weekly | None:
    """The summary of an office at a moment, past ones from the history.

    None where no season is running, nothing is open and everything can be watched; one line with ``monthly``.
    """
    district = register.districts[office.district]
    seasons, watched = [], []
    for year, of_year in running_years(session, register, office.district, moment).items():
        seasons.append(season_at(session, register, office.district, year, of_year, moment))
        watched += of_year
    dark = cannot_be_watched(session, register, district.portal, moment)
    if not (seasons or dark or monthly):
        return None
    missing = sum(season.total["missing"] for season in seasons)
    waiting = sum(
        rows.reports_with_open_matters(session, office.district, season.year, moment, NOT_MISSING) for season in seasons
    )
    state = [
        "门户未能查看" if dark else "",
        f"{missing}家{HEADINGS['missing']}" if missing else "",
        f"{waiting}份报告待处理" if waiting else "",
    ]
    headline = "，".join(filter(None, state)) or "没有未了的事项"
    today = day_of(moment)
    called = "周报" if seasons or dark else "月报"
    named = years_in_words([season.year for season in seasons])
    return Weekly(
        office.district,
        office.name,
        moment,
        f"{office.district}{called}{today.month}月{today.day}日：{headline}{named}",
        tuple(seasons),
        tuple(unwatched(session, register, district.portal, moment)),
        tuple(watched),
        headline,
    )


def years_in_words(years: Sequence[int]) -> str:
    """Of which years' reports a subject is, as it stands at its end; empty where of none."""
    return f"〔{'、'.join(map(str, years))}年报〕" if years else ""


def running_years(
    session: Session, register: Register, district: str, moment: datetime
) -> dict[int, list[StandingThen]]:
    """The report years of a district whose season is running at a moment, each with its watched agencies."""
    watched = register.districts[district].watched
    years = [year for year in range(watched.first, day_of(moment).year) if watched.holds(year)]
    standings = standings_at(session, moment, district=district, years=years)
    found = {}
    for year in sorted({row.year for row in standings}):
        of_year = [row for row in standings if row.year == year and register.watches(row.agency, year)]
        if of_year and _running(session, district, year, of_year, moment):
            found[year] = of_year
    return found


def _running(session: Session, district: str, year: int, standings: list[StandingThen], moment: datetime) -> bool:
    last = max(row.due for row in standings) + timedelta(days=DAYS_AFTER_THE_LAST_DUE_DATE)
    begin, finish = season_of(year)
    if not begin <= moment < finish:
        return False
    return moment < end_of(last) or rows.has_open_matters(session, district, year, moment)


def cannot_be_watched(session: Session, register: Register, portal: str, moment: datetime) -> bool:
    """Whether a portal that somebody wants watched cannot be looked at now, or was not looked at for a week."""
    (then,) = rows.portals_at(session, [portal], moment)
    if not register.is_taken_up(portal, then.state is not None):
        return False
    if then.state is not PortalState.HEALTHY:
        return True
    return not rows.rounds_in(session, portal, moment - WEEK, moment).count


def unwatched(session: Session, register: Register, portal: str, moment: datetime) -> list[Named]:
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
