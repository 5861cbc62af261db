"""What the overview shows: a season of the visitor's districts, from a handful of small questions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy.orm import Session

from config.register import Register
from ledger.reading.states_of_reports import ReportReading, report_readings
from ledger.standings import board
from ledger.standings.board import BoardLine, Waiting
from ledger.standings.questions import first_rounds
from ledger.standings.summary import PortalThen, portals_at
from ledger.states import PUBLISHED, PortalState, Standing
from monitor.calendar import day_of
from monitor.season.counts import KINDS, year_before
from monitor.season.progress import DAYS_AFTER_THE_LAST_DUE_DATE, Curve, Progress, year_later
from web.season.curve import Drawn, drawn

ROWS = 200
SOON = timedelta(days=14)
NEW = timedelta(days=7)
# A look that is older is told as such.
LOOKED_BACK = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Filters:
    """What stands in the address."""

    district: str | None = None
    year: int | None = None
    kind: str | None = None
    state: Standing | None = None
    name: str = ""
    soon: bool = False
    page: int = 1

    @property
    def query(self) -> dict[str, object]:
        """As they stand there."""
        state, soon = self.state.value if self.state else None, "1" if self.soon else None
        page = self.page if self.page > 1 else None
        found = {"district": self.district, "year": self.year, "kind": self.kind, "state": state, "name": self.name}
        return {**found, "soon": soon, "page": page}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list: the agency, its findings by level (None: its report was not read), and how it was read."""

    line: BoardLine
    days: int
    findings: Mapping[str, int] | None
    reading: ReportReading | None


@dataclass(frozen=True, slots=True)
class DistrictLine:
    """One district among several: how many stand how, and when it was last looked at completely."""

    district: str
    counts: Mapping[Standing, int]
    portal: PortalThen | None
    looked: datetime | None


@dataclass(frozen=True, slots=True)
class Unwatched:
    """A portal, or a column of it, that could not be looked at."""

    name: str
    state: str
    since: datetime | None
    sentence: str


@dataclass(frozen=True)
class Overview:
    """The whole page. ``counts`` are by kind and standing; ``looked`` is the oldest last complete look at a column."""

    year: int
    years: Sequence[int]
    districts: Sequence[str]
    chosen: Sequence[str]
    kinds: Sequence[str]
    states: Sequence[Standing]
    counts: Mapping[tuple[str, Standing], int]
    lines: Sequence[DistrictLine]
    rows: Sequence[Row]
    more: bool
    due: Sequence[tuple[str, date, int]]
    waiting: Waiting
    soon: int
    unwatched: Sequence[Unwatched]
    looked: datetime | None
    never_looked: Sequence[str]
    progress: Progress
    picture: Drawn

    def total(self, standing: Standing | None = None, kind: str | None = None) -> int:
        """How many agencies of a kind stand so."""
        return sum(
            count
            for (of, state), count in self.counts.items()
            if (standing is None or state == standing) and (kind is None or of == kind)
        )


def overview_of(
    session: Session, register: Register, districts: Sequence[str], filters: Filters, now: datetime
) -> Overview | None:
    """The overview of the chosen district, or of all that the visitor sees; None where nobody owes anything there."""
    chosen = [filters.district] if filters.district is not None else list(districts)
    year = filters.year or board.newest_year(session, chosen)
    if year is None:
        return None
    today = day_of(now)
    counted = board.standings_counted(session, chosen, year)
    counts: dict[tuple[str, Standing], int] = {}
    for (_, kind, standing), count in counted.items():
        counts[kind, standing] = counts.get((kind, standing), 0) + count
    portals = {district: register.districts[district].portal for district in chosen if district in register.districts}
    looks = board.last_complete_looks(session, set(portals.values()), now - LOOKED_BACK)
    then = {one.portal: one for one in portals_at(session, set(portals.values()))}
    watched = [portal for portal, one in then.items() if register.is_taken_up(portal, one.state is not None)]
    columns = [(portal, column) for portal in watched for column in _columns(register, portal)]
    known = [looks[one] for one in columns if one in looks]
    due = board.due_dates(session, chosen, year)
    rows = _rows(session, chosen, year, filters, today) if len(chosen) == 1 or _narrowed(filters) else []
    progress = _progress(session, register, portals, chosen, year, [day for _, day in due], now)
    return Overview(
        year=year,
        years=board.years_of(session, chosen),
        districts=districts,
        chosen=chosen,
        kinds=[kind for kind in KINDS if any(of == kind for of, _ in counts)],
        states=[state for state in board.ORDER if any(of is state for _, of in counts)],
        counts=counts,
        lines=[_district(one, counted, then.get(portals.get(one, "")), looks) for one in chosen]
        if len(chosen) > 1
        else [],
        rows=rows[:ROWS],
        more=len(rows) > ROWS,
        due=[(kind, day, (day - today).days) for kind, day in due],
        waiting=board.waiting(session, chosen, today, now - NEW),
        soon=len(board.board_lines(session, chosen, year, due_by=today + SOON, most=10_000)),
        unwatched=[_unwatched(register, then[portal]) for portal in watched if not _is_healthy(then[portal])],
        looked=min(known, default=None),
        never_looked=list(_unlooked(register, columns, looks)),
        progress=progress,
        picture=drawn(progress),
    )


def _narrowed(filters: Filters) -> bool:
    return bool(filters.state or filters.kind or filters.name or filters.soon)


def _rows(session: Session, districts: Sequence[str], year: int, filters: Filters, today: date) -> list[Row]:
    lines = board.board_lines(
        session,
        districts,
        year,
        kind=filters.kind,
        standing=filters.state,
        name=filters.name,
        due_by=today + SOON if filters.soon else None,
        skip=(filters.page - 1) * ROWS,
        most=ROWS + 1,
    )
    agencies = [line.agency for line in lines]
    findings = board.findings_counted(session, agencies, year)
    reading = report_readings(session, datetime.max.replace(tzinfo=UTC), years=[year], agencies=agencies)
    return [
        Row(line, line.days_left(today), _known(findings.get(line.agency, {}), of), of)
        for line in lines
        for of in [reading.get((line.agency, year))]
    ]


def _known(findings: Mapping[str, int], reading: ReportReading | None) -> Mapping[str, int] | None:
    """What was not read has no findings, and that is no praise."""
    return findings if findings or reading is None or reading.is_known else None


def _progress(
    session: Session,
    register: Register,
    portals: Mapping[str, str],
    districts: Sequence[str],
    year: int,
    due: Sequence[date],
    now: datetime,
) -> Progress:
    today = day_of(now)
    dates = tuple(sorted(set(due))) or (date(year + 1, 3, 31),)
    last = max(dates[-1] + timedelta(days=DAYS_AFTER_THE_LAST_DUE_DATE), min(today, date(year + 1, 12, 31)))
    begun = first_rounds(session)
    # What nobody was there to see a year ago cannot be compared with.
    seen = portals and all(begun.get(portal, now) <= year_before(now) for portal in portals.values())
    before = _curve(session, districts, year - 1, year_on=True) if seen else None
    here = _curve(session, districts, year)
    return Progress(date(year + 1, 1, 1), last, today, dates, here, before if before and before.expected else None)


def _curve(session: Session, districts: Sequence[str], year: int, *, year_on: bool = False) -> Curve:
    days: list[date] = []
    expected = undated = 0
    for day, standing, count in board.published_days(session, districts, year):
        expected += count if standing is not Standing.EXEMPT else 0
        if standing in PUBLISHED and day is not None:
            days += [year_later(day) if year_on else day] * count
        elif standing in PUBLISHED:
            undated += count
    return Curve(year, expected, tuple(sorted(days)), undated)


def _district(
    district: str,
    counted: Mapping[tuple[str, str, Standing], int],
    portal: PortalThen | None,
    looks: Mapping[tuple[str, str], datetime],
) -> DistrictLine:
    counts: dict[Standing, int] = {}
    for (of, _, standing), count in counted.items():
        if of == district:
            counts[standing] = counts.get(standing, 0) + count
    looked = [moment for (of, _), moment in looks.items() if portal is not None and of == portal.portal]
    return DistrictLine(district, counts, portal, min(looked, default=None))


def _columns(register: Register, portal: str) -> list[str]:
    file = register.portals.get(portal)
    return [column.id for column in file.columns] if file is not None else []


def _unlooked(
    register: Register, columns: Sequence[tuple[str, str]], looks: Mapping[tuple[str, str], datetime]
) -> Iterator[str]:
    for portal, column in columns:
        if (portal, column) not in looks:
            name = next(one.name for one in register.portals[portal].columns if one.id == column)
            yield f"{register.portal_name(portal)}：{name}"


def _is_healthy(portal: PortalThen) -> bool:
    return portal.state is PortalState.HEALTHY


def _unwatched(register: Register, portal: PortalThen) -> Unwatched:
    state = register.wording.portals[portal.state.value] if portal.state is not None else "尚未巡查"
    return Unwatched(register.portal_name(portal.portal), state, portal.since, portal.sentence)
