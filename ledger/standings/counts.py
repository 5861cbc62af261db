"""How many of everything there are, by state, and which portals wait too long: what is measured from outside."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from ledger.models import Agency, FindingRow, Incident, Notice, PortalRow, StandingRow, Work
from ledger.reading.work import UNFINISHED
from ledger.states import PUBLISHED, FindingState, IncidentKind, NoticeState, PortalState, Queue, Standing, WorkState


def work_by_state(session: Session) -> dict[WorkState, int]:
    """Documents by how far they are on their way through the workers."""
    return _pairs(session, select(Work.state, func.count(Work.id)).group_by(Work.state))


def work_by_queue(session: Session) -> dict[tuple[Queue, WorkState], int]:
    """Documents that wait or are being read, by queue and state."""
    counted = select(Work.queue, Work.state, func.count(Work.id)).where(Work.state.in_(UNFINISHED))
    return {(queue, state): count for queue, state, count in session.execute(counted.group_by(Work.queue, Work.state))}


def read_since(session: Session, moment: datetime) -> dict[Queue, int]:
    """Documents whose reading ended after a moment, by queue."""
    return _pairs(
        session, select(Work.queue, func.count(Work.id)).where(Work.finished_at > moment).group_by(Work.queue)
    )


@dataclass(frozen=True, slots=True)
class FoundByRule:
    """What a rule found in the reports of a year: in how many, in how many places, and how many of them rest on figures
    that were seen only once, which no error may rest on.
    """

    reports: int
    places: int
    seen_once: int


def found_by_rule(session: Session, rule: str, year: int) -> FoundByRule:
    """What a rule found in the reports of a year, and nobody dismissed."""
    rows = session.execute(
        select(FindingRow.agency, FindingRow.cells, FindingRow.confirmed_by).where(
            FindingRow.rule == rule,
            FindingRow.year == year,
            FindingRow.agency.is_not(None),
            FindingRow.state != FindingState.DISMISSED,
        )
    ).all()
    once = sum(bool(cells) and not confirmed for _, cells, confirmed in rows)
    return FoundByRule(len({agency for agency, _, _ in rows}), len(rows), once)


def known_portals(session: Session) -> Sequence[PortalRow]:
    """Every portal that was ever brought into the ledger, by id."""
    return session.scalars(select(PortalRow).order_by(PortalRow.portal)).all()


def portals_by_state(session: Session) -> dict[PortalState | None, int]:
    """Portals by how they were found; None: not looked at yet."""
    return _pairs(session, select(PortalRow.state, func.count(PortalRow.portal)).group_by(PortalRow.state))


def rounds_since(session: Session, moment: datetime) -> dict[PortalState | None, int]:
    """Portals that were looked at after a moment, by how they were found."""
    looked = select(PortalRow.state, func.count(PortalRow.portal)).where(PortalRow.last_round_at > moment)
    return _pairs(session, looked.group_by(PortalRow.state))


def longest_not_looked_at(session: Session, most: int) -> Sequence[PortalRow]:
    """The portals that are not paused and whose last round is longest ago, at most so many; none never looked at."""
    return session.scalars(
        select(PortalRow)
        .where(PortalRow.last_round_at.is_not(None), PortalRow.paused_reason.is_(None))
        .order_by(PortalRow.last_round_at, PortalRow.portal)
        .limit(most)
    ).all()


def notices_by_state(session: Session) -> dict[NoticeState, int]:
    """Messages by how far they are on their way out."""
    return _pairs(session, select(Notice.state, func.count(Notice.id)).group_by(Notice.state))


def open_incidents_by_kind(session: Session) -> dict[IncidentKind, int]:
    """Open incidents by kind."""
    query = select(Incident.kind, func.count(Incident.id)).where(Incident.resolved_at.is_(None))
    return _pairs(session, query.group_by(Incident.kind))


def standings_by_year(session: Session) -> Sequence[tuple[int, Standing, int]]:
    """Agencies by report year and standing."""
    query = select(StandingRow.year, StandingRow.standing, func.count()).group_by(
        StandingRow.year, StandingRow.standing
    )
    return [(year, standing, count) for year, standing, count in session.execute(query)]


def published_by_kind(session: Session, year: int, by: date | None = None) -> dict[tuple[str, str], int]:
    """By district and kind of agency, how many have published for a report year; up to a day where that is given.

    Whose day is disputed has published, and counts where no day is asked for.
    """
    query = (
        select(Agency.district, Agency.kind, func.count())
        .join(StandingRow, StandingRow.agency == Agency.agency)
        .where(StandingRow.year == year, StandingRow.standing.in_(PUBLISHED))
    )
    if by is not None:
        query = query.where(StandingRow.published <= by)
    rows = session.execute(query.group_by(Agency.district, Agency.kind))
    return {(district, kind): count for district, kind, count in rows}


def overdue_portals(session: Session, portals: Collection[str], before: datetime, now: datetime) -> Sequence[PortalRow]:
    """Those of these portals that were due before a moment and that nobody has in hand ``now``, the longest due first.

    Paused ones are not among them.
    """
    return session.scalars(
        select(PortalRow)
        .where(
            PortalRow.portal.in_(portals),
            PortalRow.paused_reason.is_(None),
            PortalRow.next_due_at < before,
            or_(PortalRow.claimed_until.is_(None), PortalRow.claimed_until <= now),
        )
        .order_by(PortalRow.next_due_at, PortalRow.portal)
    ).all()


def _pairs(session: Session, query: Any) -> dict[Any, int]:
    return {row[0]: row[1] for row in session.execute(query)}
