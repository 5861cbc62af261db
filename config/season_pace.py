"""How often a portal is looked at: hourly around the due dates of its agencies, daily else; politeness first.

An office needs no other settings in January than in June. Where a round asks for many pages slowly, the next one waits
the longer: at most a tenth of the time is a portal being asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from config.register import Register
from config.settings import Settings
from config.time_zone import SHANGHAI

# A report may come early, and one that comes late ends an alert.
BEFORE, AFTER = timedelta(days=14), timedelta(days=14)
# A portal is left in peace for so many times as long as a round asks it.
PEACE = 9


def usual_pause(settings: Settings, register: Register, portal: str, now: datetime, requests: int = 0) -> timedelta:
    """The time from the beginning of one good round over a portal to the next; ``requests`` is what the round asked."""
    usual = timedelta(hours=settings.crawl_interval_hours)
    if not in_season(register, portal, now):
        return usual
    file = register.portals.get(portal)
    asked = timedelta(seconds=requests * (file.pace.delay_seconds if file is not None else 0.0))
    return min(usual, max(timedelta(hours=settings.crawl_season_interval_hours), asked * (PEACE + 1)))


def in_season(register: Register, portal: str, now: datetime) -> bool:
    """Whether a due date of an agency of the portal is near."""
    today = now.astimezone(SHANGHAI).date()
    return any(due - BEFORE <= today <= due + AFTER for due in _due_dates(register, portal, today.year))


def _due_dates(register: Register, portal: str, year: int) -> Iterator[date]:
    """The due dates of this year, and those of the years beside it whose season reaches into it."""
    for district in register.districts.values():
        if district.portal == portal:
            for kind in {agency.kind for agency in district.agencies}:
                deadline = register.deadline(district.district, kind)
                yield from (deadline.due(one) for one in (year - 2, year - 1, year))
