"""The curve of a season as shapes for an SVG: what is published day by day against the due dates and last year's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from monitor.season.progress import Curve, Progress, round_step

WIDTH, HEIGHT = 720, 250
LEFT, RIGHT, TOP, BOTTOM = 44, 16, 34, 28


@dataclass(frozen=True, slots=True)
class Mark:
    """A line across the picture (``x`` or ``y``) with its words."""

    at: float
    words: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """Everything of the picture; ``now`` and ``before`` are the points of the two curves ("" where there is none)."""

    now: str
    before: str
    due: tuple[Mark, ...]
    months: tuple[Mark, ...]
    counts: tuple[Mark, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    bottom: int = HEIGHT - BOTTOM


def drawn(progress: Progress) -> Drawn:
    """The picture of a season."""
    most = max(progress.curve.expected, progress.before.expected if progress.before else 0, 1)
    days = max((progress.last - progress.first).days, 1)

    def x(day: date) -> float:
        share = min(max((day - progress.first).days, 0), days) / days
        return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)

    def y(count: int) -> float:
        return round(HEIGHT - BOTTOM - count / most * (HEIGHT - TOP - BOTTOM), 1)

    def points(curve: Curve, until: date) -> str:
        places, count = [(x(progress.first), y(0))], 0
        for day in sorted(set(curve.days)):
            if day > until:
                break
            places.append((x(day), y(count)))
            count = curve.count(day)
            places.append((x(day), y(count)))
        places.append((x(until), y(count)))
        return " ".join(f"{across},{down}" for across, down in places)

    return Drawn(
        points(progress.curve, min(progress.today, progress.last)),
        points(progress.before, progress.last) if progress.before is not None else "",
        tuple(Mark(x(due), f"{due.month}月{due.day}日到期") for due in progress.due_dates),
        tuple(Mark(x(day), f"{day.month}月") for day in _months(progress.first, progress.last, days)),
        tuple(Mark(y(count), str(count)) for count in _counts(most)),
    )


def _months(first: date, last: date, days: int) -> Iterator[date]:
    day = first.replace(day=1)
    every = 1 if days < 250 else 3
    while day <= last:
        if day >= first and (day.month - 1) % every == 0:
            yield day
        day = (day + timedelta(days=32)).replace(day=1)


def _counts(most: int) -> list[int]:
    step = round_step(most)
    return [*range(0, most, step), most] if most % step else [*range(0, most + 1, step)]
