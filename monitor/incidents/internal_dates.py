"""A district's own earlier dates: its office is told who has not published yet; nobody is late by them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from config.agencies import DistrictFile
from config.register import Register
from config.severity import Severity
from ledger.standings.questions import standings_at
from ledger.states import Audience, IncidentKind, Standing
from monitor.calendar import chinese_day, day_of, start_of
from monitor.incidents.draft import Draft

# Who was away for longer says it no more: the weekly summary did.
STILL_NEWS = timedelta(days=7)


def internal_date_incidents(session: Session, register: Register, now: datetime, hour: int) -> Iterator[Draft]:
    """One for every internal date that passed yesterday or within the week, from ``hour`` on.

    None where everybody has published.
    """
    year = day_of(now).year - 1
    for district in register.districts.values():
        if not district.watched.holds(year):
            continue
        for day in sorted({internal.on(year) for internal in district.internal.values()}):
            if not start_of(day + timedelta(days=1), hour) <= now < start_of(day + STILL_NEWS):
                continue
            kinds = [kind for kind, internal in district.internal.items() if internal.on(year) == day]
            awaited = _awaited(session, register, district, year, kinds)
            if awaited:
                yield _draft(district, year, day, awaited)


def _awaited(
    session: Session, register: Register, district: DistrictFile, year: int, kinds: Collection[str]
) -> list[str]:
    found = standings_at(session, district=district.district, years=[year], standings=(Standing.PENDING,))
    return [row.agency for row in found if row.kind in kinds and register.watches(row.agency, year)]


def _draft(district: DistrictFile, year: int, day: date, awaited: list[str]) -> Draft:
    return Draft(
        IncidentKind.INTERNAL_DATE,
        f"internal:{district.district}:{year}:{day}",
        Audience.OFFICE,
        Severity.WARNING,
        f"本区的内部时限{chinese_day(day)}已过，系统尚未发现下列机关的{year}年度报告。",
        district.district,
        None,
        year,
        {"awaited": awaited},
    )
