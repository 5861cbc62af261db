"""A portal is looked at hourly around its due dates and daily else, and never so often that it has no peace."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from config.in_force import load_register
from config.season_pace import usual_pause
from config.settings import Settings
from tests.monitor.factory import PORTAL, at, write_register

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("moment", "pause"),
    [
        ("2026-01-16 23:59", 24 * HOUR),
        ("2026-01-17 00:00", HOUR),
        ("2026-01-31 12:00", HOUR),
        ("2026-04-14 23:59", HOUR),
        ("2026-04-15 00:00", 24 * HOUR),
        ("2026-08-01 12:00", 24 * HOUR),
    ],
)
def test_the_season_is_two_weeks_around_the_due_dates_of_the_portals_agencies(
    sqlite_settings: Settings, moment: str, pause: timedelta
) -> None:
    """Departments are due on 31 January, the government on 31 March."""
    write_register(sqlite_settings.home)
    register = load_register(sqlite_settings.home)
    assert usual_pause(sqlite_settings, register, PORTAL, at(moment)) == pause


def test_who_asks_slowly_or_much_comes_back_the_later_and_never_later_than_usual(sqlite_settings: Settings) -> None:
    write_register(sqlite_settings.home)
    register = load_register(sqlite_settings.home)
    delay = register.portals[PORTAL].pace.delay_seconds
    season = at("2026-01-31 12:00")
    many = round(3600 / delay) if delay else 10_000
    assert usual_pause(sqlite_settings, register, PORTAL, season, many) == min(
        24 * HOUR, many * delay * timedelta(seconds=10)
    )
    assert usual_pause(sqlite_settings, register, PORTAL, season, 100 * many) == (24 * HOUR if delay else HOUR)


def test_an_office_that_looks_more_often_all_the_year_does_so_in_the_season(sqlite_settings: Settings) -> None:
    write_register(sqlite_settings.home)
    often = sqlite_settings.model_copy(update={"crawl_interval_hours": 0.5})
    assert usual_pause(often, load_register(often.home), PORTAL, datetime(2026, 1, 31, tzinfo=UTC)) == HOUR / 2
    assert usual_pause(often, load_register(often.home), "nobody's", datetime(2026, 1, 31, tzinfo=UTC)) == HOUR / 2
