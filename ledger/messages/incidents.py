"""The questions behind incidents, and the conditional update that resolves one."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, and_, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from config.severity import Severity
from ledger.models import (
    Agency,
    Article,
    FindingRow,
    Incident,
    Obligation,
    PortalRow,
    Rectification,
    StandingRow,
    Version,
    Work,
)
from ledger.reading.work import UNFINISHED
from ledger.states import STANDING_FINDINGS, IncidentKind, IncidentOutcome, PortalState, Standing, WorkState
from report.findings.finding import Change

_AT_ONCE = 500
_ACCUSING = (IncidentKind.MISSING, IncidentKind.LATE, IncidentKind.WITHDRAWN, IncidentKind.RECTIFICATION)


@dataclass(frozen=True, slots=True)
class OpenFinding:
    """A finding that still holds for a report somebody owes."""

    fingerprint: str
    district: str
    portal: str
    agency: str
    year: int
    rule: str
    severity: str
    message: str
    found: str | None


def is_accusing(incident: Incident) -> bool:
    """Whether it says that an agency did something wrong; all else asks somebody to look."""
    error = incident.kind is IncidentKind.FINDING and incident.level == Severity.ERROR
    return error or incident.kind in _ACCUSING


def open_incidents(session: Session, kinds: Collection[IncidentKind]) -> dict[tuple[IncidentKind, str], Incident]:
    """The open incidents of these kinds by kind and subject: for kinds of which there are few at a time."""
    return {(row.kind, row.subject): row for row in each_open_incident(session, kinds)}


def opening(session: Session, incident: Incident) -> str:
    """What identifies an opening of an incident in every ledger that knows the same: its kind, its subject, and
    how many times that was opened.

    Not its row's number: after a fail-over to a database that is some seconds behind, the same incident has another
    number, and its number is another's.
    """
    times = session.scalar(
        select(func.count(Incident.id)).where(
            Incident.kind == incident.kind, Incident.subject == incident.subject, Incident.id <= incident.id
        )
    )
    return f"{incident.kind.value}:{incident.subject}:{times}"


def list_incidents(session: Session, *, resolved: bool = False) -> Sequence[Incident]:
    """Open incidents, and with ``resolved`` those that are over, in the order of their opening."""
    query = select(Incident).order_by(Incident.id)
    return session.scalars(query if resolved else query.where(Incident.resolved_at.is_(None))).all()


def each_open_incident(session: Session, kinds: Collection[IncidentKind] = tuple(IncidentKind)) -> Iterator[Incident]:
    """Open incidents one by one: a season has tens of thousands, of which few are in memory at a time."""
    query = select(Incident).where(Incident.resolved_at.is_(None), Incident.kind.in_(kinds)).order_by(Incident.id)
    yield from session.scalars(query.execution_options(yield_per=_AT_ONCE))


def incidents_by_number(session: Session, numbers: Sequence[int]) -> list[Incident]:
    """The incidents of these numbers, in their order; those that are no more are left out."""
    found = {one.id: one for one in session.scalars(select(Incident).where(Incident.id.in_(numbers)))}
    return [found[number] for number in numbers if number in found]


def incidents_after(
    session: Session,
    after: int | None,
    most: int,
    *,
    resolved: bool | None = False,
    kind: IncidentKind | None = None,
    level: str | None = None,
    year: int | None = None,
    agency: str | None = None,
) -> Sequence[Incident]:
    """The incidents that follow one (its number), at most so many; ``resolved``: those that are over (None: all)."""
    query = select(Incident).order_by(Incident.id).limit(most)
    if after is not None:
        query = query.where(Incident.id > after)
    if resolved is not None:
        query = query.where(Incident.resolved_at.is_not(None) if resolved else Incident.resolved_at.is_(None))
    for column, wanted in ((Incident.kind, kind), (Incident.level, level), (Incident.agency, agency)):
        if wanted is not None:
            query = query.where(column == wanted)
    if year is not None:
        query = query.where(Incident.year == year)
    return session.scalars(query).all()


def incidents_of_matter(session: Session, number: str) -> Sequence[Incident]:
    """The open incidents of a matter by its number (事项编号); empty where nobody has it or all are over."""
    query = select(Incident).where(Incident.matter == number, Incident.resolved_at.is_(None)).order_by(Incident.id)
    return session.scalars(query).all()


def open_findings(session: Session) -> list[OpenFinding]:
    """The findings that still hold for reports that are owed (not exempt).

    Those of a report that was taken down count only while nothing else stands in its place.
    """
    rows: Any = session.execute(
        select(
            FindingRow.fingerprint,
            Agency.district,
            Agency.portal,
            FindingRow.agency,
            FindingRow.year,
            FindingRow.rule,
            FindingRow.severity,
            FindingRow.message,
            FindingRow.found,
        )
        .join(Agency, Agency.agency == FindingRow.agency)
        .join(Obligation, and_(Obligation.agency == FindingRow.agency, Obligation.year == FindingRow.year))
        .join(Version, Version.id == FindingRow.version_id)
        .join(Article, Article.id == Version.article_id)
        .outerjoin(StandingRow, and_(StandingRow.agency == FindingRow.agency, StandingRow.year == FindingRow.year))
        .where(
            FindingRow.state.in_(STANDING_FINDINGS),
            Obligation.exempt.is_(None),
            or_(Article.withdrawn_at.is_(None), StandingRow.standing == Standing.WITHDRAWN),
        )
        .order_by(FindingRow.agency, FindingRow.year, FindingRow.rule, FindingRow.fingerprint)
    )
    return [OpenFinding(*row) for row in rows]


def findings_not_alerted(session: Session) -> set[str]:
    """The findings P05 (changed or gone after publication) that are no news: by their fingerprints.

    A report that is gone is told by its standing. One that was changed to put right what had been found, or was asked
    for as a rectification, is told by the letter that says so; what is left was changed without being asked.
    """
    return set(session.scalars(_not_alerted()))


@lru_cache
def _not_alerted() -> Select[str]:
    other = aliased(FindingRow)
    put_right = select(other.fingerprint).where(
        other.agency == FindingRow.agency,
        other.year == FindingRow.year,
        other.rule != FindingRow.rule,
        other.resolved_at >= Version.first_seen_at,
    )
    asked_for = select(Rectification.id).where(
        Rectification.agency == FindingRow.agency,
        Rectification.year == FindingRow.year,
        Rectification.opened_at <= Version.first_seen_at,
    )
    return (
        select(FindingRow.fingerprint)
        .join(Version, Version.id == FindingRow.version_id)
        .where(
            FindingRow.rule == "P05",
            FindingRow.state.in_(STANDING_FINDINGS),
            or_(FindingRow.change == Change.GONE, put_right.exists(), asked_for.exists()),
        )
    )


def unhealthy_portals(session: Session, portals: Collection[str]) -> Sequence[PortalRow]:
    """Those of these portals that were looked at and are neither healthy nor paused."""
    return session.scalars(
        select(PortalRow)
        .where(PortalRow.portal.in_(portals), PortalRow.state.not_in((PortalState.HEALTHY, PortalState.PAUSED)))
        .order_by(PortalRow.portal)
    ).all()


def first_healthy(session: Session, portals: Collection[str]) -> datetime | None:
    """Since when the first of these portals that are healthy is so; None where none is."""
    healthy = select(func.min(PortalRow.since)).where(
        PortalRow.portal.in_(portals), PortalRow.state == PortalState.HEALTHY
    )
    return session.scalar(healthy)


def being_read(session: Session) -> set[int]:
    """The articles of which some document is still on its way through the workers."""
    return set(
        session.scalars(
            select(Version.article_id).join(Work, Work.version_id == Version.id).where(Work.state.in_(UNFINISHED))
        )
    )


def later_reading(session: Session, finding: FindingRow) -> WorkState | None:
    """How the work on the newest later document of the same report stands; None where there is no later document."""
    return session.scalar(
        select(Work.state)
        .join(Version, Version.id == Work.version_id)
        .join(Article, Article.id == Version.article_id)
        .where(Article.agency == finding.agency, Article.year == finding.year, Version.id > finding.version_id)
        .order_by(Version.id.desc(), Work.id.desc())
        .limit(1)
    )


def renew_incident(session: Session, incident: Incident, sentence: str, detail: Mapping[str, Any]) -> None:
    """Says of an open incident what is known of it now; one that was resolved meanwhile stays as it is."""
    session.execute(
        update(Incident)
        .where(Incident.id == incident.id, Incident.resolved_at.is_(None))
        .values(sentence=sentence, detail=incident.detail | dict(detail)),
        execution_options={"synchronize_session": False},
    )


def resolve_incident(
    session: Session, incident: Incident, outcome: IncidentOutcome, resolution: str, now: datetime
) -> bool:
    """Resolves an incident, with a sentence that says how; False where somebody else did."""
    detail = incident.detail | {"outcome": outcome.value}
    changed = session.scalars(
        update(Incident)
        .where(Incident.id == incident.id, Incident.resolved_at.is_(None))
        .values(resolved_at=now, resolution=resolution, detail=detail)
        .returning(Incident.id),
        execution_options={"synchronize_session": False},
    ).all()
    return bool(changed)
