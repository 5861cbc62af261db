"""When reports appear: a season made of the dates at which real ones were published (published.yaml).

A season has its shape from one city's districts: how many days before the day by which all of them were there. The
hours are those of all reports whose hour is known. Times are seconds from the midnight (Shanghai) with which the season
begins.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from random import Random
from typing import Any, Literal

import yaml

PUBLISHED = Path(__file__).with_name("published.yaml")
DAY, HOUR = 86_400.0, 3_600.0
JANUARY = 31
# How far around a known hour somebody else's may lie.
AROUND_HOUR = HOUR
# Whether the districts of a country have one last day for all (the worst that can be), or each its own.
Together = Literal["together", "apart"]


@dataclass(frozen=True, slots=True)
class Shape:
    """What was seen: days before the last day, seconds of the day, and the days of January of other districts."""

    days_before: tuple[int, ...]
    hours: tuple[float, ...]
    last_days: tuple[int, ...]


def load_shape(path: Path = PUBLISHED) -> Shape:
    """The shape of a season, from the recorded dates."""
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    city, elsewhere = data["districts"]["reports"], data["elsewhere"]
    month, day = (int(part) for part in data["districts"]["last_day"].split("-"))
    hours = [hour for report in [*city, *elsewhere] if (hour := _hour(report["published"])) is not None]
    return Shape(
        tuple((date(report["year"] + 1, month, day) - _day(report["published"])).days for report in city),
        tuple(hours),
        tuple(_day(report["published"]).day for report in elsewhere),
    )


def season(shape: Shape, districts: Sequence[int], seed: int, together: Together = "together") -> list[list[float]]:
    """By district, the sorted moments at which its agencies publish; ``districts`` says how many agencies each has.

    All of it lies in January: the season begins on the first.
    """
    random = Random(f"{seed} season")  # noqa: S311 - chance, not secrets
    found = []
    for agencies in districts:
        last = JANUARY if together == "together" else random.choice(shape.last_days)
        found.append(sorted(_moment(shape, last, random) for _ in range(agencies)))
    return found


def compressed(moments: Sequence[float], seconds: float) -> list[float]:
    """The same order and crowding in ``seconds`` altogether, with the hours left out in which nobody publishes."""
    busy = sorted({int(moment // HOUR) for moment in moments})
    place = {hour: number for number, hour in enumerate(busy)}
    scale = seconds / (len(busy) * HOUR)
    return [(place[int(moment // HOUR)] * HOUR + moment % HOUR) * scale for moment in moments]


def busiest_hour(moments: Sequence[float]) -> tuple[float, int]:
    """The beginning of the clock hour in which most is published, and how much."""
    counts: dict[float, int] = {}
    for moment in moments:
        begin = moment // HOUR * HOUR
        counts[begin] = counts.get(begin, 0) + 1
    begin = max(counts, key=lambda hour: (counts[hour], -hour))
    return begin, counts[begin]


def _moment(shape: Shape, last: int, random: Random) -> float:
    day = max(1, last - random.choice(shape.days_before))
    hour = random.choice(shape.hours) + random.uniform(-AROUND_HOUR / 2, AROUND_HOUR / 2)
    return (day - 1) * DAY + hour


def _day(published: Any) -> date:
    return published if isinstance(published, date) else datetime.fromisoformat(published).date()


def _hour(published: Any) -> float | None:
    if isinstance(published, date):
        return None
    moment = datetime.fromisoformat(published)
    return moment.hour * HOUR + moment.minute * 60.0
