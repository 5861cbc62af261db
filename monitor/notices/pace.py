"""When somebody is told, and whether one by one or together: a letter a day, a storm one digest, a quiet night.

All of it follows from the ledger and the moment alone, so that a restart changes nothing and a season can be replayed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

from config.holidays import is_workday
from config.offices import Delivery
from config.time_zone import SHANGHAI
from monitor.calendar import day_of, start_of

WINDOW = timedelta(hours=1)
# What is found while the morning lasts is in its letter, or is one where there was none.
MORNING = timedelta(hours=1)
# A summary that a day off moves so near to the following one is left out.
_DAYS_BETWEEN_SUMMARIES = 3
DAYS_IN_A_WEEK = 7
_WEEK = timedelta(days=DAYS_IN_A_WEEK)

Group = TypeVar("Group")


@dataclass(frozen=True, slots=True)
class Told:
    """What was written to somebody within the last hour: how many messages, and the last digest among them."""

    messages: int = 0
    last_digest: datetime | None = None


def is_quiet(delivery: Delivery, now: datetime) -> bool:
    """Whether nothing is written at ``now``."""
    return delivery.quiet is not None and delivery.quiet.holds(now.astimezone(SHANGHAI).hour)


def told_until(delivery: Delivery, now: datetime) -> datetime:
    """What was opened before this moment may be told at ``now``: all of it, or what the last full hour or day saw."""
    if delivery.pace == "at_once":
        return now + timedelta(microseconds=1)
    if delivery.pace == "hourly":
        return now.replace(minute=0, second=0, microsecond=0)
    today = start_of(day_of(now), delivery.hour)
    return (today if today <= now else today - timedelta(days=1)) + MORNING


def letter_of(delivery: Delivery, now: datetime) -> str | None:
    """The name of the letter of this hour or day, by which it is known; None before the day's hour and while quiet."""
    day = day_of(now)
    if is_quiet(delivery, now) or (delivery.pace == "daily" and now < start_of(day, delivery.hour)):
        return None
    return f"{day}" if delivery.pace == "daily" else f"{day}T{now.astimezone(SHANGHAI):%H}"


def is_day_off(delivery: Delivery, now: datetime) -> bool:
    """Whether it is a day on which letters are not written, but what the law's day demands."""
    return not (delivery.days_off or is_workday(day_of(now)))


@dataclass(frozen=True, slots=True)
class SummaryDay:
    """When a summary is due: ``origin`` is its weekday, ``day`` the working day on which it comes.

    ``first_of_month``: no other comes earlier in the month.
    """

    origin: date
    day: date
    first_of_month: bool


def summary_day(delivery: Delivery, weekday: int, today: date) -> SummaryDay | None:
    """The last summary that was due until today, by its ``weekday`` (1 is Monday); None where days off swallowed it."""
    origin = today - timedelta(days=(today.isoweekday() - weekday) % DAYS_IN_A_WEEK)
    day = _summary_comes(delivery, origin)
    if day is None or day > today:
        return None
    earlier = origin - _WEEK
    while (before := _summary_comes(delivery, earlier)) is None and earlier.month == day.month:
        earlier -= _WEEK
    return SummaryDay(origin, day, before is None or (before.year, before.month) != (day.year, day.month))


def _summary_comes(delivery: Delivery, origin: date) -> date | None:
    day = origin
    while not (delivery.days_off or is_workday(day)):
        day += timedelta(days=1)
    return day if origin + _WEEK - day >= timedelta(days=_DAYS_BETWEEN_SUMMARIES) else None


def batches(delivery: Delivery, groups: Sequence[Group], told: Told, now: datetime) -> list[list[Group]]:
    """What is written now, one list a message: each alone, all together, or (in a storm) nothing until the hour is up.

    ``groups`` are the messages that there would be one by one.
    """
    if not groups or is_quiet(delivery, now):
        return []
    if delivery.pace != "at_once":
        return [list(groups)]
    if told.last_digest is not None and now - told.last_digest < WINDOW:
        return []
    if len(groups) > delivery.storm:
        return [list(groups)]
    if len(groups) + told.messages > delivery.storm:
        return []  # a storm that trickles in: what comes within the hour is collected
    return [[group] for group in groups]
