"""When somebody is told, and whether one by one or together: a storm is one digest, and a night is quiet.

All of it follows from the ledger and the moment alone, so that a restart changes nothing and a season can be replayed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from config.offices import Delivery
from config.time_zone import SHANGHAI
from monitor.calendar import day_of, start_of

WINDOW = timedelta(hours=1)

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
    return today if today <= now else start_of(day_of(now) - timedelta(days=1), delivery.hour)


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
