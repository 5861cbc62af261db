"""What operators look at before anybody is accused: a common cause, a column that may not have been understood."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.register import Register
from config.settings import COMMON_CAUSE_SHARE
from config.severity import Severity
from ledger.models import PortalRow
from ledger.standings.counts import published_by_kind
from ledger.standings.questions import StandingThen, standings_at
from ledger.states import Audience, IncidentKind, PortalState, Standing
from monitor.calendar import SEASON, day_of
from monitor.incidents.draft import Draft
from monitor.standings.common_cause import FEWEST
from monitor.standings.proof import Lack

# So many of the agencies are named.
EXAMPLES = 3
_UNCLEAR = (Lack.NO_WITNESS, Lack.LEFT_OVER)
IsCurrent = Callable[[str, int], bool]


@dataclass
class _Column:
    """Where the reports of some kinds of agencies belong in one season: who cannot be told of, and what was last year.

    ``last`` is how many of the ``agencies`` had published at this date last season, ``now`` how many have this season.
    """

    name: str
    portal: str
    year: int
    agencies: int = 0
    last: int = 0
    now: int = 0
    unclear: dict[Lack, list[StandingThen]] = field(default_factory=dict)

    @property
    def sentence(self) -> str | None:
        """Why a person has to look; None where nobody has to."""
        for lack in _UNCLEAR:
            rows = self.unclear.get(lack)
            if rows:
                names = "、".join(row.name for row in rows[:EXAMPLES])
                return f"因此不能认定{len(rows)}个机关（如{names}）是否已公布{self.year}年度报告。{rows[0].sentence}"
        if not self.now and self.last >= max(FEWEST, COMMON_CAUSE_SHARE * self.agencies):
            return f"去年此时已有{self.last}个机关在“{self.name}”栏目公布，今年一个也没有认出，可能是栏目移动了位置"
        return None


def column_incidents(session: Session, register: Register, current: IsCurrent, now: datetime) -> Iterator[Draft]:
    """What ought to be open about columns; ``current`` says whether anybody is told of a district's report year."""
    rows = [
        row
        for row in standings_at(session, standings=(Standing.UNVERIFIABLE,))
        if register.watches(row.agency, row.year) and current(row.district, row.year)
    ]
    yield from _common_causes(register, rows)
    for column in _columns(session, register, rows, now):
        sentence = column.sentence
        if sentence is not None:
            yield Draft(
                IncidentKind.COLUMN_UNCLEAR,
                f"column:{column.portal}:{column.name}:{column.year}",
                Audience.OPERATORS,
                Severity.WARNING,
                sentence,
                year=column.year,
                detail={"portal": column.portal},
            )


def _common_causes(register: Register, rows: list[StandingThen]) -> Iterator[Draft]:
    """One for each cause, which may be a district's or a family's."""
    held: dict[tuple[str, int], list[StandingThen]] = {}
    for row in rows:
        if row.evidence.get("lacking") == Lack.COMMON_CAUSE:
            held.setdefault((row.evidence["cause"], row.year), []).append(row)
    for (cause, year), those in held.items():
        districts = sorted({row.district for row in those})
        names = "、".join(row.name for row in those[:EXAMPLES])
        where = f"{len(districts)}个区" if len(districts) > 1 else districts[0]
        portal = {"portal": register.districts[districts[0]].portal} if len(districts) == 1 else {}
        yield Draft(
            IncidentKind.COMMON_CAUSE,
            f"common_cause:{cause}:{year}",
            Audience.OPERATORS,
            Severity.ERROR,
            f"{where}有{len(those)}个机关的{year}年度报告同时查不到（如{names}），尚未认定，也没有通知主管部门",
            year=year,
            detail=portal | {"districts": districts},
        )


def _columns(session: Session, register: Register, rows: list[StandingThen], now: datetime) -> Iterator[_Column]:
    """The columns of portals that are healthy, for this season and for those of which something cannot be told."""
    season = day_of(now).year - 1
    last = published_by_kind(session, season - 1, day_of(now) - SEASON)
    here = published_by_kind(session, season)
    healthy = set(session.scalars(select(PortalRow.portal).where(PortalRow.state == PortalState.HEALTHY)))
    lacking: dict[tuple[str, int], list[StandingThen]] = {}
    for row in rows:
        if row.evidence.get("lacking") in _UNCLEAR:
            lacking.setdefault((row.district, row.year), []).append(row)
    for name, district in register.districts.items():
        if district.portal not in healthy:
            continue
        for year in sorted({season, *(of for where, of in lacking if where == name)}):
            columns: dict[str, _Column] = {}
            for kind in sorted({agency.kind for agency in district.agencies}):
                title = "、".join(place.name for place in register.columns_for(district.portal, kind, year))
                column = columns.setdefault(title, _Column(title, district.portal, year))
                if year == season:
                    column.agencies += sum(agency.kind == kind for agency in district.agencies)
                    column.last += last.get((name, kind), 0)
                    column.now += here.get((name, kind), 0)
                for row in lacking.get((name, year), ()):
                    if row.kind == kind:
                        column.unclear.setdefault(Lack(row.evidence["lacking"]), []).append(row)
            yield from columns.values()
