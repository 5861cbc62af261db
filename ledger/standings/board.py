"""What the board of a season asks: counts and lines, each a question with a small answer, however many agencies."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session

from ledger.models import Agency, Article, FindingRow, Look, Obligation, Rectification, StandingRow
from ledger.states import STANDING_FINDINGS, STANDING_THERE, FindingState, PortalState, Standing

# The worst first: how a board is ordered.
ORDER = (
    Standing.MISSING,
    Standing.WITHDRAWN,
    Standing.LATE,
    Standing.DATE_DISPUTED,
    Standing.UNVERIFIABLE,
    Standing.PENDING,
    Standing.ON_TIME,
    Standing.EXEMPT,
)
_WORST_FIRST = case({standing.value: place for place, standing in enumerate(ORDER)}, value=StandingRow.standing)


@dataclass(frozen=True, slots=True)
class BoardLine:
    """One agency on the board."""

    agency: str
    name: str
    short: str
    kind: str
    district: str
    year: int
    due: date
    standing: Standing
    published: date | None
    sentence: str

    def days_left(self, today: date) -> int:
        """Days until the due date; negative: days over."""
        return (self.due - today).days


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much waits for somebody: findings that nobody judged by level, and rectifications by what they wait for."""

    findings: dict[str, int]
    new_reports: int
    rectifications: int
    rectifications_over: int


def newest_year(session: Session, districts: Collection[str]) -> int | None:
    """The newest report year that anybody in these districts owes; None where nobody does."""
    query = select(func.max(Obligation.year)).join(Agency, Agency.agency == Obligation.agency)
    return session.scalar(query.where(Agency.district.in_(districts)))


def years_of(session: Session, districts: Collection[str]) -> list[int]:
    """Every report year that is owed in these districts, the newest first."""
    query = select(Obligation.year).distinct().join(Agency, Agency.agency == Obligation.agency)
    return list(session.scalars(query.where(Agency.district.in_(districts)).order_by(Obligation.year.desc())))


def standings_counted(session: Session, districts: Collection[str], year: int) -> dict[tuple[str, str, Standing], int]:
    """How many agencies stand how, by district, kind and standing."""
    by = (Agency.district, Agency.kind, StandingRow.standing)
    query = select(*by, func.count()).join(StandingRow, StandingRow.agency == Agency.agency)
    rows: Any = session.execute(query.where(Agency.district.in_(districts), StandingRow.year == year).group_by(*by))
    return {(district, kind, standing): count for district, kind, standing, count in rows}


def board_lines(
    session: Session,
    districts: Collection[str],
    year: int,
    *,
    kind: str | None = None,
    standing: Standing | None = None,
    name: str = "",
    due_by: date | None = None,
    skip: int = 0,
    most: int,
) -> list[BoardLine]:
    """Some lines of the board, the worst first. ``due_by``: only who is not yet due, and is by this day."""
    query = (
        select(
            Agency.agency,
            Agency.name,
            Agency.short,
            Agency.kind,
            Agency.district,
            StandingRow.year,
            Obligation.due,
            StandingRow.standing,
            StandingRow.published,
            StandingRow.sentence,
        )
        .join(StandingRow, StandingRow.agency == Agency.agency)
        .join(Obligation, and_(Obligation.agency == Agency.agency, Obligation.year == StandingRow.year))
        .where(Agency.district.in_(districts), StandingRow.year == year)
        .order_by(_WORST_FIRST, Obligation.due, Agency.district, Agency.kind, Agency.name)
        .offset(skip)
        .limit(most)
    )
    if kind is not None:
        query = query.where(Agency.kind == kind)
    if standing is not None:
        query = query.where(StandingRow.standing == standing)
    if name:
        query = query.where(
            or_(Agency.name.contains(name, autoescape=True), Agency.short.contains(name, autoescape=True))
        )
    if due_by is not None:
        query = query.where(StandingRow.standing == Standing.PENDING, Obligation.due <= due_by)
    rows: Any = session.execute(query)
    return [BoardLine(*row) for row in rows]


def findings_counted(session: Session, agencies: Collection[str], year: int) -> dict[str, dict[str, int]]:
    """By agency, how many findings of its report hold, by level."""
    rows = session.execute(
        select(FindingRow.agency, FindingRow.severity, func.count())
        .where(FindingRow.agency.in_(agencies), FindingRow.year == year, FindingRow.state.in_(STANDING_FINDINGS))
        .group_by(FindingRow.agency, FindingRow.severity)
    )
    found: dict[str, dict[str, int]] = {}
    for agency, severity, count in rows:
        found.setdefault(str(agency), {})[severity] = count
    return found


def published_days(session: Session, districts: Collection[str], year: int) -> list[tuple[date | None, Standing, int]]:
    """How many published on which day, and stand how; None: nobody knows when, or they have not."""
    by = (StandingRow.published, StandingRow.standing)
    query = select(*by, func.count()).join(Agency, Agency.agency == StandingRow.agency)
    of_these = query.where(Agency.district.in_(districts), StandingRow.year == year).group_by(*by)
    return [(day, standing, count) for day, standing, count in session.execute(of_these)]


def due_dates(session: Session, districts: Collection[str], year: int) -> list[tuple[str, date]]:
    """The due dates of a year by kind of agency, the earliest first."""
    query = (
        select(Agency.kind, Obligation.due)
        .distinct()
        .join(Obligation, Obligation.agency == Agency.agency)
        .where(Agency.district.in_(districts), Obligation.year == year, Obligation.exempt.is_(None))
        .order_by(Obligation.due, Agency.kind)
    )
    return [(kind, due) for kind, due in session.execute(query)]


def last_complete_looks(session: Session, portals: Collection[str], since: datetime) -> dict[tuple[str, str], datetime]:
    """By portal and column, when the last complete, healthy look since a moment was begun."""
    rows = session.execute(
        select(Look.portal, Look.column, func.max(Look.begun_at))
        .where(Look.portal.in_(portals), Look.begun_at >= since, Look.complete, Look.found == PortalState.HEALTHY)
        .group_by(Look.portal, Look.column)
    )
    return {(portal, column): moment for portal, column, moment in rows}


def waiting(session: Session, districts: Collection[str], today: date, since: datetime) -> Waiting:
    """What waits for somebody in these districts; new is what came after ``since``."""
    of_these = Agency.district.in_(districts)
    undecided = (of_these, FindingRow.state == FindingState.OPEN, FindingRow.decision.is_(None))
    findings = session.execute(
        select(FindingRow.severity, func.count())
        .join(Agency, Agency.agency == FindingRow.agency)
        .where(*undecided)
        .group_by(FindingRow.severity)
    )
    new_reports = select(func.count(Article.id)).join(Agency, Agency.agency == Article.agency)
    asked = select(func.count(Rectification.id)).join(Agency, Agency.agency == Rectification.agency)
    asked = asked.where(of_these, Rectification.closed_at.is_(None))
    return Waiting(
        dict(findings.all()),
        session.scalar(new_reports.where(of_these, Article.outcome.in_(STANDING_THERE), Article.first_seen_at > since))
        or 0,
        session.scalar(asked) or 0,
        session.scalar(asked.where(Rectification.due_on < today)) or 0,
    )
