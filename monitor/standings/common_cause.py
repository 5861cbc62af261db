"""Many agencies that turn missing together (design, decision 21): the machinery is suspected before they are."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from ledger.states import Standing
from monitor.calendar import SEASON, day_of, end_of, season_of
from monitor.standings.facts import AgencyFacts

# Of fewer, each can be looked at by itself.
FEWEST = 5
Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Found:
    """What the looks say of one agency's report for one year, before a common cause is thought of."""

    facts: AgencyFacts
    standing: Standing
    published: date | None

    @property
    def key(self) -> Key:
        """The agency and the report year."""
        return self.facts.agency, self.facts.year

    @property
    def family(self) -> str | None:
        """The family by which the column where the report belongs is read, as far as it is known."""
        return next((column.family for column in self.facts.columns if column.family is not None), None)


@dataclass(frozen=True, slots=True)
class Cause:
    """What many may have in common: ``district:…`` or ``family:…``, and what it looks like, for people."""

    name: str
    what: str

    @property
    def sentence(self) -> str:
        """Why an agency is not called missing."""
        return (
            f"{self.what}，可能是门户或程序的共同原因，在人工确认（nianbao looks confirm）或以后的查看说明原因之前，"
            "暂不能认定"
        )


@dataclass(frozen=True, slots=True)
class Overdue:
    """Of some agencies of one district, for one report year: how many reports are overdue, and who turns missing now.

    ``accused`` are missing already; ``usual`` is how many were at this date last season, of as many as are overdue now.
    """

    overdue: int = 0
    accused: int = 0
    usual: float = 0.0
    turning: tuple[Key, ...] = ()

    def __add__(self, other: Overdue) -> Overdue:
        """Both together."""
        return Overdue(
            self.overdue + other.overdue,
            self.accused + other.accused,
            self.usual + other.usual,
            self.turning + other.turning,
        )

    def is_too_much(self, share: float) -> bool:
        """Whether more turn missing, beyond last season's, than ``share`` (0 to 1) of all, and at least five."""
        beyond = len(self.turning) - max(0.0, self.usual - self.accused)
        return beyond >= FEWEST and beyond > share * self.overdue


@dataclass
class Sweep:
    """Who would turn missing in one sweep, by district and by the family that reads the columns where they belong."""

    share: float
    districts: dict[tuple[str, int], Overdue] = field(default_factory=dict)
    families: dict[tuple[str, int], dict[str, Overdue]] = field(default_factory=dict)

    def add(
        self, district: str, found: Sequence[Found], accused: Collection[Key], now: datetime, since: datetime | None
    ) -> None:
        """Counts a district: what was found of all its agencies, and who is missing already.

        Seasons that were over when the portal was first looked at (``since``) are told to nobody: of them nobody is
        held back, and they say nothing of what is usual.
        """
        for year in sorted({one.facts.year for one in found if _was_watched(one.facts.year, since)}):
            self.districts[district, year] = _counted(found, year, accused, now, since)
            for family in sorted({one.family for one in found if one.family is not None}):
                own = [one for one in found if one.family == family]
                self.families.setdefault((family, year), {})[district] = _counted(own, year, accused, now, since)

    def held_back(self) -> dict[Key, Cause]:
        """Those who may not be called missing yet, with what they have in common.

        That is the family's where it would be too much without the district in which most turn missing.
        """
        held: dict[Key, Cause] = {}
        for (district, year), counted in self.districts.items():
            if counted.is_too_much(self.share):
                what = f"应已公布的{counted.overdue}个机关中有{len(counted.turning)}个同时查不到{year}年度报告"
                held |= dict.fromkeys(counted.turning, Cause(f"district:{district}", what))
        for (family, year), by_district in self.families.items():
            most = max(by_district, key=lambda name: len(by_district[name].turning))
            others = sum((one for name, one in by_district.items() if name != most), Overdue())
            if others.is_too_much(self.share):
                turning = (others + by_district[most]).turning
                what = f"同一类型（{family}）的多个门户上共有{len(turning)}个机关同时查不到{year}年度报告"
                held |= dict.fromkeys(turning, Cause(f"family:{family}", what))
        return held


def _counted(
    found: Sequence[Found], year: int, accused: Collection[Key], now: datetime, since: datetime | None
) -> Overdue:
    overdue = _overdue(found, year, now)
    before = _overdue(found, year - 1, now - SEASON) if _was_watched(year - 1, since) else []
    turning = tuple(one.key for one in overdue if _turns(one, accused))
    missing = sum(one.standing is Standing.MISSING for one in overdue)
    usual = _share_missing(before, accused, now - SEASON) * len(overdue)
    return Overdue(len(overdue), missing - len(turning), usual, turning)


def _turns(one: Found, accused: Collection[Key]) -> bool:
    """Whether an agency turns missing, and no person has said that its columns are to be believed."""
    return one.standing is Standing.MISSING and one.key not in accused and not _is_confirmed(one.facts)


def _was_watched(year: int, since: datetime | None) -> bool:
    return since is None or since < season_of(year)[1]


def _overdue(found: Sequence[Found], year: int, moment: datetime) -> list[Found]:
    return [
        one for one in found if one.facts.year == year and one.facts.exempt is None and end_of(one.facts.due) <= moment
    ]


def _is_confirmed(facts: AgencyFacts) -> bool:
    return all(proof.column.confirmed is not None for proof in facts.proofs)


def _share_missing(overdue: Sequence[Found], accused: Collection[Key], moment: datetime) -> float:
    """Which part of those whose reports were overdue had not published by a moment, as it is known today."""
    day = day_of(moment)
    absent = [
        one
        for one in overdue
        if (one.standing is Standing.MISSING and one.key in accused)
        or (one.standing is Standing.LATE and one.published is not None and one.published > day)
    ]
    return len(absent) / len(overdue) if overdue else 0.0
