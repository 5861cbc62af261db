"""The state's calendar of working days, from a library that is kept up; it ends where no holidays are announced yet."""

from __future__ import annotations

from datetime import date, timedelta

import chinese_calendar

FRIDAY = 5


def is_workday(day: date) -> bool:
    """Whether it is a working day in China; where no holidays are announced yet, every day from Monday to Friday."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.isoweekday() <= FRIDAY


def next_workday(day: date) -> date | None:
    """The day itself where it is a working day in China, else the next one; None where the calendar ends before."""
    try:
        while not chinese_calendar.is_workday(day):
            day += timedelta(days=1)
    except NotImplementedError:
        return None
    return day


def workdays_after(day: date, count: int) -> date:
    """The working day that is ``count`` of them after a day; where no holidays are announced yet, Monday to Friday."""
    while count > 0:
        day += timedelta(days=1)
        try:
            count -= chinese_calendar.is_workday(day)
        except NotImplementedError:
            count -= day.isoweekday() <= 5
    return day
