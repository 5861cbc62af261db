"""Many agencies that turn missing together (design, decision 21): the machinery is suspected before they are."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from ledger.states import Standing
from monitor.calendar import day_of, end_of, season_of
from monitor.standings.facts import AgencyFacts
from monitor.standings.proof import proofs_of

# Of fewer, each can be looked at by itself.
FEWEST = 5
_SEASON = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Found:
    """What the looks say of one agency's report for one year, before a common cause is thought of."""

    facts: AgencyFacts
    standing: Standing
    published: date | None

    @property
    def key(self) -> tuple[str, int]:
        """The agency and the report year."""
        return self.facts.agency, self.facts.year


def held_back(
    found: Sequence[Found],
    accused: Collection[tuple[str, int]],
    now: datetime,
    share: float,
    since: datetime | None = None,
) -> dict[tuple[str, int], str]:
    """Those of a district who may not be called missing yet, by agency and report year, with the reason in words.

    ``found``: a whole district. ``accused``: who is missing already. A year's agencies are held back where those who
    turn missing in this sweep, beyond the share of last season at the same date, are more than ``share`` (0 to 1) of
    all whose reports are overdue and at least five. Seasons that were over when the portal was first looked at
    (``since``) are told to nobody: of them nobody is held back, and they say nothing of what is usual.
    Whose columns a person has confirmed since is not held back.
    """
    held: dict[tuple[str, int], str] = {}
    for year in sorted({one.facts.year for one in found if _was_watched(one.facts.year, since)}):
        overdue = _overdue(found, year, now)
        missing = [one for one in overdue if one.standing is Standing.MISSING]
        turning = [one for one in missing if one.key not in accused and not _is_confirmed(one.facts)]
        before = _overdue(found, year - 1, now - _SEASON) if _was_watched(year - 1, since) else []
        usual = _share_missing(before, held, now - _SEASON) * len(overdue)
        beyond = len(turning) - max(0.0, usual - (len(missing) - len(turning)))
        if beyond >= FEWEST and beyond > share * len(overdue):
            reason = (
                f"应已公布的{len(overdue)}个机关中有{len(turning)}个同时查不到{year}年度报告，可能是门户或程序的共同原因，"
                "在人工确认（nianbao looks confirm）或以后的查看说明原因之前，暂不能认定"
            )
            held |= {one.key: reason for one in turning}
    return held


def _was_watched(year: int, since: datetime | None) -> bool:
    return since is None or since < season_of(year)[1]


def _overdue(found: Sequence[Found], year: int, moment: datetime) -> list[Found]:
    return [
        one for one in found if one.facts.year == year and one.facts.exempt is None and end_of(one.facts.due) <= moment
    ]


def _is_confirmed(facts: AgencyFacts) -> bool:
    proofs = proofs_of(facts.columns, facts.agency, facts.year)
    return all(proof.column.confirmed is not None for proof in proofs)


def _share_missing(overdue: Sequence[Found], held: Collection[tuple[str, int]], moment: datetime) -> float:
    """Which part of those whose reports were overdue had not published by a moment, as it is known today."""
    day = day_of(moment)
    absent = [
        one
        for one in overdue
        if (one.standing is Standing.MISSING and one.key not in held)
        or (one.standing is Standing.LATE and one.published is not None and one.published > day)
    ]
    return len(absent) / len(overdue) if overdue else 0.0
