"""The season day by day: counted by the day of publication, at the due dates, and beside the year before."""

from __future__ import annotations

from datetime import date, timedelta

from ledger.standings.questions import StandingThen
from ledger.states import Standing
from monitor.season.counts import year_before
from monitor.season.progress import MOST_POINTS, progress_of
from tests.monitor.factory import at

DUE = date(2020, 1, 31)


def standing(agency: str, state: Standing, published: str | None, due: date = DUE, year: int = 2019) -> StandingThen:
    return StandingThen(
        agency,
        agency,
        "云山区",
        "department",
        year,
        due,
        "",
        state,
        at("2020-02-01"),
        date.fromisoformat(published) if published else None,
        {},
        "",
    )


ROWS = [
    standing("a", Standing.ON_TIME, "2020-01-10"),
    standing("b", Standing.ON_TIME, "2019-12-30"),  # before its season
    standing("c", Standing.LATE, "2020-02-02"),
    standing("d", Standing.DATE_DISPUTED, None),
    standing("e", Standing.MISSING, None),
    standing("f", Standing.EXEMPT, None),
    standing("g", Standing.WITHDRAWN, "2020-01-05"),  # was there, and counts as published no more
    standing("h", Standing.PENDING, None, date(2020, 3, 31)),
]


def test_reports_are_counted_by_the_day_of_their_publication() -> None:
    progress = progress_of(2019, ROWS, None, date(2020, 2, 3))
    assert (progress.curve.expected, progress.curve.undated, progress.before) == (7, 1, None)
    assert [(point.day.isoformat(), point.count) for point in progress.points] == [
        ("2020-01-06", 1),
        ("2020-01-13", 2),
        ("2020-01-20", 2),
        ("2020-01-27", 2),
        ("2020-01-31", 2),
        ("2020-02-03", 3),
    ]
    assert progress.due_dates == (DUE, date(2020, 3, 31))
    assert (progress.first, progress.last) == (date(2020, 1, 1), date(2020, 4, 14))


def test_last_years_days_are_moved_by_a_year() -> None:
    before = [
        standing("a", Standing.ON_TIME, "2020-02-29", year=2019),
        standing("b", Standing.ON_TIME, "2020-01-05", year=2019),
    ]
    rows = [standing("a", Standing.PENDING, None, date(2021, 1, 31), 2020)]
    progress = progress_of(2020, rows, before, date(2021, 3, 1))
    assert progress.before is not None
    assert progress.before.days == (date(2021, 1, 5), date(2021, 2, 28))
    assert [point.before for point in progress.points][-1] == 2


def test_a_season_that_stays_open_ends_at_today_and_says_little_of_the_months_since() -> None:
    progress = progress_of(2019, ROWS, None, date(2020, 11, 2))
    assert progress.last == date(2020, 11, 2)
    assert len(progress.points) <= MOST_POINTS
    assert progress.points[-1].day == date(2020, 11, 2)
    assert all(point.day <= date(2020, 4, 14) for point in progress.points[:-1])


def test_the_year_before_a_leap_day_is_the_last_of_february() -> None:
    assert year_before(at("2020-02-29 08:00")) == at("2019-02-28 08:00")
    assert year_before(at("2021-02-28 08:00")) == at("2020-02-28 08:00")
    # The day is the one in Shanghai, not in UTC.
    assert year_before(at("2020-03-01 00:30")) == at("2019-03-01 00:30")
    assert at("2021-03-01 08:00") - year_before(at("2021-03-01 08:00")) == timedelta(days=365)
