"""The weekly summary of an office over several districts: a line a district, and who cannot be watched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from config.offices import Office
from config.register import Register
from ledger.standings import summary as rows
from ledger.standings.questions import StandingThen
from monitor.calendar import day_of
from monitor.season.counts import HEADINGS, Counts, counts_of
from monitor.weekly.summary import NOT_MISSING, Weekly, cannot_be_watched, running_years, unwatched, years_in_words


@dataclass(frozen=True, slots=True)
class DistrictLine:
    """A district in one report year: its figures, how many reports have something open, whether it can be watched."""

    district: str
    counts: Counts
    waiting: int
    watched: bool


@dataclass(frozen=True, slots=True)
class AreaYear:
    """One report year of all districts of an area."""

    year: int
    lines: tuple[DistrictLine, ...]
    total: Counts
    waiting: int


@dataclass(frozen=True)
class AreaWeekly(Weekly):
    """The summary of an office over several districts: of no district the details, of each a line."""

    years: tuple[AreaYear, ...] = ()


def area_weekly_of(
    session: Session, register: Register, office: Office, moment: datetime, *, monthly: bool = False
) -> AreaWeekly | None:
    """The summary at a moment, past ones from the history.

    None where in none of the districts a season is running, everywhere everything can be watched and nothing is open;
    one line with ``monthly``.
    """
    districts = register.districts_of(office)
    running = {district: running_years(session, register, district, moment) for district in districts}
    dark = [one for one in districts if cannot_be_watched(session, register, register.districts[one].portal, moment)]
    if not (any(running.values()) or dark or monthly):
        return None
    years = tuple(
        _year(session, year, {one: of[year] for one, of in running.items() if year in of}, dark, moment)
        for year in sorted({year for of in running.values() for year in of})
    )
    missing = sum(year.total["missing"] for year in years)
    waiting = sum(year.waiting for year in years)
    state = [
        f"{len(dark)}个区门户未能查看" if dark else "",
        f"{missing}家{HEADINGS['missing']}" if missing else "",
        f"{waiting}份报告待处理" if waiting else "",
    ]
    headline = "，".join(filter(None, state)) or "没有未了的事项"
    today = day_of(moment)
    called = "周报" if years or dark else "月报"
    return AreaWeekly(
        office.key,
        office.name,
        moment,
        f"{office.key}{called}{today.month}月{today.day}日：{headline}{years_in_words([one.year for one in years])}",
        (),
        tuple(named for one in dark for named in unwatched(session, register, register.districts[one].portal, moment)),
        tuple(row for of in running.values() for standings in of.values() for row in standings),
        headline,
        years=years,
    )


def _year(
    session: Session,
    year: int,
    standings: dict[str, Sequence[StandingThen]],
    dark: Sequence[str],
    moment: datetime,
) -> AreaYear:
    lines = tuple(
        DistrictLine(
            district,
            counts_of(district, of_district),
            rows.reports_with_open_matters(session, district, year, moment, NOT_MISSING),
            district not in dark,
        )
        for district, of_district in standings.items()
    )
    everybody = [row for of_district in standings.values() for row in of_district]
    return AreaYear(year, lines, counts_of("合计", everybody), sum(line.waiting for line in lines))
