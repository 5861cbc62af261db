"""Days of Asia/Shanghai: a due date is met until its last second; moments themselves are kept in UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from config.time_zone import SHANGHAI
from config.time_zone import chinese_day as chinese_day

# From a day of one season to the same day of the next.
SEASON = timedelta(days=365)


def day_of(moment: datetime) -> date:
    """The day in Shanghai on which a moment falls."""
    return moment.astimezone(SHANGHAI).date()


def start_of(day: date, hour: int = 0) -> datetime:
    """The moment (UTC) at which a day, or an hour of it, begins in Shanghai."""
    return datetime.combine(day, time(hour), SHANGHAI).astimezone(UTC)


def end_of(day: date) -> datetime:
    """The first moment (UTC) after a day in Shanghai: whatever is before it was in time."""
    return start_of(day + timedelta(days=1))


def last_second_of(day: date) -> datetime:
    """The last second (UTC) of a day in Shanghai: how things stood at its end."""
    return end_of(day) - timedelta(seconds=1)


def season_of(year: int) -> tuple[datetime, datetime]:
    """Begin and end (exclusive) of the season in which the reports for a report year are due: the year after."""
    return start_of(date(year + 1, 1, 1)), start_of(date(year + 2, 1, 1))


def chinese_moment(moment: datetime) -> str:
    """A moment as a letter writes it, in Shanghai time: 2020年1月31日9:05."""
    local = moment.astimezone(SHANGHAI)
    return f"{chinese_day(local.date())}{local.hour}:{local.minute:02}"
