"""How a season went day by day: the reports published so far, against the due dates and against the season before."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count

from ledger.standings.questions import StandingThen
from ledger.states import PUBLISHED, Standing

DAYS_AFTER_THE_LAST_DUE_DATE = 14
MOST_POINTS = 20
_MOST_LINES = 5


@dataclass(frozen=True, slots=True)
class Curve:
    """The days on which reports of one year were published, in order; ``expected`` is how many were due.

    ``undated`` were published on a day that is not known.
    """

    year: int
    expected: int
    days: tuple[date, ...]
    undated: int = 0

    def count(self, day: date) -> int:
        """How many were published by the end of a day."""
        return bisect_right(self.days, day)


@dataclass(frozen=True, slots=True)
class Point:
    """One line of the curve in words: what stood at the end of a day, and a year before where that is known."""

    day: date
    count: int
    before: int | None


@dataclass(frozen=True, slots=True)
class Progress:
    """A season's curve from ``first`` to ``last``, known until ``today``; the one before, its days moved by a year."""

    first: date
    last: date
    today: date
    due_dates: tuple[date, ...]
    curve: Curve
    before: Curve | None

    @property
    def points(self) -> tuple[Point, ...]:
        """The curve at every due date and week until today, the newest last; at most MOST_POINTS."""
        weekly = [self.today - timedelta(weeks=back) for back in range(MOST_POINTS)]
        due = [day for day in self.due_dates if day < self.today]
        until = self.due_dates[-1] + timedelta(days=DAYS_AFTER_THE_LAST_DUE_DATE)
        days = {day for day in weekly if self.first <= day <= until} | {*due, self.today}
        return tuple(
            Point(day, self.curve.count(day), self.before.count(day) if self.before is not None else None)
            for day in sorted(days)[-MOST_POINTS:]
        )


def progress_of(
    year: int, standings: Sequence[StandingThen], before: Sequence[StandingThen] | None, today: date
) -> Progress:
    """The curve of a report year; ``before`` are the standings for the year before, None where nobody was watching."""
    due_dates = tuple(sorted({row.due for row in standings if row.standing is not Standing.EXEMPT}))
    due_dates = due_dates or (max(row.due for row in standings),)
    last = due_dates[-1] + timedelta(days=DAYS_AFTER_THE_LAST_DUE_DATE)
    moved = _curve(year - 1, before, year_on=True) if before else None
    return Progress(date(year + 1, 1, 1), max(last, today), today, due_dates, _curve(year, standings), moved)


def _curve(year: int, standings: Sequence[StandingThen], *, year_on: bool = False) -> Curve:
    published = [row for row in standings if row.standing in PUBLISHED]
    days = [row.published for row in published if row.published is not None]
    if year_on:
        days = [year_later(day) for day in days]
    expected = sum(row.standing is not Standing.EXEMPT for row in standings)
    return Curve(year, expected, tuple(sorted(days)), len(published) - len(days))


def year_later(day: date) -> date:
    """The same day a year later; 28 February for the 29th."""
    return (day - timedelta(days=1) if (day.month, day.day) == (2, 29) else day).replace(year=day.year + 1)


def round_step(most: int) -> int:
    """How far apart, in reports, the lines across a picture that goes up to ``most`` stand: 1, 2, 5, 10, 20, …

    The least that leaves few of them, however many reports a season has.
    """
    steps: Iterator[int] = (times * 10**power for power in count() for times in (1, 2, 5))
    return next(step for step in steps if most <= _MOST_LINES * step)
