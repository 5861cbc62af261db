"""What happened in a district between two moments: new reports, problems found, what was changed or taken down."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, case, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from config.severity import gravity
from ledger.models import (
    Agency,
    Article,
    FindingRow,
    Incident,
    Notice,
    PortalRow,
    Round,
    StandingRow,
    Version,
    worst_first,
)
from ledger.states import ArticleOutcome, Audience, FindingState, IncidentKind, PortalState, RoundState

# Made before its year was over, changed after it was published: told once, and nobody can put it right any more.
_PAST = ("P04", "P05")


@dataclass(frozen=True, slots=True)
class NewReport:
    """A report that was first seen in the time asked about."""

    name: str
    title: str
    address: str
    first_seen_at: datetime
    published: date | None


@dataclass(frozen=True, slots=True)
class Problem:
    """A finding as it stood at the moment asked about."""

    name: str
    agency: str
    year: int
    rule: str
    severity: str
    message: str
    address: str
    opened_at: datetime
    cells: list[str]
    basis: str
    fingerprint: str
    matter: str | None


@dataclass(frozen=True, slots=True)
class Ended:
    """A matter of an office that ended: what had been told, how it ended (monitor.incidents.resolution)."""

    name: str
    told: str
    resolution: str
    outcome: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Rounds:
    """The rounds over a portal in some time: how many ended, how many found it healthy, and the last that did not."""

    count: int
    healthy: int
    last_bad_at: datetime | None
    last_bad_sentence: str


@dataclass(frozen=True, slots=True)
class Change:
    """A report that was changed (a new version) or taken down."""

    name: str
    title: str
    address: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PortalThen:
    """How a portal was found; ``state`` is None where no round had ended yet."""

    portal: str
    state: PortalState | None
    since: datetime | None
    sentence: str


def new_reports(session: Session, district: str, year: int, after: datetime, until: datetime) -> list[NewReport]:
    """The reports of a year that were first seen after one moment and until another."""
    rows: Any = session.execute(
        select(Agency.name, Article.title, Article.address, Article.first_seen_at, StandingRow.published)
        .join(Agency, Agency.agency == Article.agency)
        .outerjoin(StandingRow, and_(StandingRow.agency == Article.agency, StandingRow.year == Article.year))
        .where(*_reports_of(district, year), Article.first_seen_at > after, Article.first_seen_at <= until)
        .order_by(Article.first_seen_at, Agency.name)
    )
    return [NewReport(*row) for row in rows]


def problems_at(
    session: Session, moment: datetime, district: str | None = None, year: int | None = None
) -> list[Problem]:
    """The findings that held at a moment, the gravest first; those that a person dismissed do not."""
    query = (
        select(
            Agency.name,
            FindingRow.agency,
            FindingRow.year,
            FindingRow.rule,
            FindingRow.severity,
            FindingRow.message,
            Article.address,
            FindingRow.opened_at,
            FindingRow.cells,
            FindingRow.basis,
            FindingRow.fingerprint,
            FindingRow.matter,
        )
        .join(Agency, Agency.agency == FindingRow.agency)
        .join(Version, Version.id == FindingRow.version_id)
        .join(Article, Article.id == Version.article_id)
        .where(*_held_at(moment))
        .order_by(worst_first(), Agency.name, FindingRow.rule, FindingRow.fingerprint)
    )
    if district is not None:
        query = query.where(Agency.district == district)
    if year is not None:
        query = query.where(FindingRow.year == year)
    rows: Any = session.execute(query)
    return [Problem(*row) for row in rows]


def one_a_matter(problems: Sequence[Problem]) -> list[Problem]:
    """The problems, what one correction would mend as one: as its gravest, with all that was found wrong."""
    matters: dict[str, list[Problem]] = {}
    for one in problems:
        matters.setdefault(one.matter or one.fingerprint, []).append(one)
    return [
        replace(
            min(ones, key=lambda one: gravity(one.severity)),
            message="；".join(dict.fromkeys(one.message for one in ones)),
            opened_at=min(one.opened_at for one in ones),
        )
        for ones in matters.values()
    ]


def problem_counts(
    session: Session,
    moment: datetime,
    district: str | None = None,
    years: Collection[int] | None = None,
    agencies: Collection[str] | None = None,
) -> dict[tuple[str, int, str, str], int]:
    """How many findings held at a moment, by agency, report year, rule and severity (see :func:`problems_at`).

    Only of ``district``, ``years`` and ``agencies`` where these are given.
    """
    by = (FindingRow.agency, FindingRow.year, FindingRow.rule, FindingRow.severity)
    query = (
        select(*by, func.count())
        .join(Agency, Agency.agency == FindingRow.agency)
        .where(*_held_at(moment))
        .group_by(*by)
    )
    if district is not None:
        query = query.where(Agency.district == district)
    if years is not None:
        query = query.where(FindingRow.year.in_(years))
    if agencies is not None:
        query = query.where(FindingRow.agency.in_(agencies))
    rows: Any = session.execute(query)
    return {(agency, year, rule, severity): count for agency, year, rule, severity, count in rows}


def _held_at(moment: datetime) -> tuple[Any, ...]:
    """Of a report year, opened and not yet resolved at a moment, and not dismissed by a person by then."""
    dismissed = and_(FindingRow.state == FindingState.DISMISSED, func.coalesce(FindingRow.said_at, moment) <= moment)
    return (
        FindingRow.year.is_not(None),
        FindingRow.opened_at <= moment,
        or_(FindingRow.resolved_at.is_(None), FindingRow.resolved_at > moment),
        ~dismissed,
    )


def ended_matters(session: Session, district: str, year: int, after: datetime, until: datetime) -> list[Ended]:
    """What an office had been told of and what ended in this time, in the order of its ending."""
    rows = session.execute(
        select(Agency.name, Incident)
        .join(Agency, Agency.agency == Incident.agency)
        .where(
            Incident.audience == Audience.OFFICE,
            Incident.district == district,
            Incident.year == year,
            Incident.resolved_at > after,
            Incident.resolved_at <= until,
        )
        .order_by(Incident.resolved_at, Incident.id)
    )
    return [
        Ended(name, row.sentence, row.resolution or "", row.detail.get("outcome", ""), row.resolved_at or until)
        for name, row in rows
    ]


def rounds_in(session: Session, portal: str, after: datetime, until: datetime) -> Rounds:
    """The rounds over a portal that ended in this time."""
    ended = (Round.portal == portal, Round.ended_at > after, Round.ended_at <= until, Round.state == RoundState.DONE)
    healthy = Round.found == PortalState.HEALTHY
    count, good = session.execute(
        select(func.count(Round.id), func.count(case((healthy, Round.id)))).where(*ended)
    ).one()
    bad: Any = session.execute(
        select(Round.ended_at, Round.sentence).where(*ended, ~healthy).order_by(Round.ended_at.desc()).limit(1)
    ).first()
    return Rounds(count, good, *(bad or (None, "")))


def last_round_before(session: Session, portal: str, moment: datetime) -> datetime | None:
    """When the last round over a portal ended, None where none had by then."""
    return session.scalar(
        select(func.max(Round.ended_at)).where(
            Round.portal == portal, Round.state == RoundState.DONE, Round.ended_at <= moment
        )
    )


def changed_reports(session: Session, district: str, year: int, after: datetime, until: datetime) -> list[Change]:
    """The reports of which a new version was found in this time: not their first document in its place."""
    earlier = aliased(Version)
    rows: Any = session.execute(
        select(Agency.name, Article.title, Article.address, func.max(Version.first_seen_at))
        .join(Article, Article.id == Version.article_id)
        .join(Agency, Agency.agency == Article.agency)
        .where(
            *_reports_of(district, year),
            Version.first_seen_at > after,
            Version.first_seen_at <= until,
            exists().where(
                earlier.article_id == Version.article_id,
                earlier.role == Version.role,
                earlier.first_seen_at < Version.first_seen_at,
            ),
        )
        .group_by(Agency.name, Article.id, Article.title, Article.address)
        .order_by(Agency.name)
    )
    return [Change(*row) for row in rows]


def withdrawn_reports(session: Session, district: str, year: int, after: datetime, until: datetime) -> list[Change]:
    """The reports that were taken down in this time."""
    rows: Any = session.execute(
        select(Agency.name, Article.title, Article.address, Article.withdrawn_at)
        .join(Agency, Agency.agency == Article.agency)
        .where(*_reports_of(district, year), Article.withdrawn_at > after, Article.withdrawn_at <= until)
        .order_by(Agency.name)
    )
    return [Change(*row) for row in rows]


def portals_at(session: Session, portals: Collection[str], moment: datetime | None = None) -> list[PortalThen]:
    """How each of these portals is, or at a moment was, found; in the order of their ids."""
    rows = session.scalars(select(PortalRow).where(PortalRow.portal.in_(portals)).order_by(PortalRow.portal))
    found = {row.portal: row for row in rows}
    answer = []
    for portal in sorted(portals):
        row = found.get(portal)
        if row is not None and (moment is None or (row.since is not None and row.since <= moment)):
            answer.append(PortalThen(portal, row.state, row.since, row.sentence))
        else:
            answer.append(_portal_then(session, portal, moment))
    return answer


def has_open_matters(session: Session, district: str, year: int, moment: datetime) -> bool:
    """Whether an office still had something to wait for: any incident of its own that can still be put right."""
    return bool(session.scalar(select(exists().where(*_open_matters(district, year, moment)))))


def reports_with_open_matters(
    session: Session, district: str, year: int, moment: datetime, kinds: Collection[IncidentKind]
) -> int:
    """How many agencies' reports had an open matter of some of these kinds that can still be put right."""
    agencies = select(func.count(Incident.agency.distinct()))
    return session.scalar(agencies.where(*_open_matters(district, year, moment), Incident.kind.in_(kinds))) or 0


def _open_matters(district: str, year: int, moment: datetime) -> tuple[Any, ...]:
    past = or_(Incident.kind == IncidentKind.LATE, func.coalesce(Incident.detail["rule"].as_string(), "").in_(_PAST))
    return (
        Incident.audience == Audience.OFFICE,
        Incident.district == district,
        Incident.year == year,
        ~past,
        Incident.opened_at <= moment,
        or_(Incident.resolved_at.is_(None), Incident.resolved_at > moment),
    )


def written_identities(session: Session, identities: Collection[str]) -> set[str]:
    """Those of these notices that were written already."""
    return set(session.scalars(select(Notice.identity).where(Notice.identity.in_(identities))))


def _reports_of(district: str, year: int) -> tuple[Any, ...]:
    return (Agency.district == district, Article.year == year, Article.outcome == ArticleOutcome.REPORT)


def _portal_then(session: Session, portal: str, moment: datetime | None) -> PortalThen:
    if moment is None:
        return PortalThen(portal, None, None, "")
    last: Any = session.execute(
        select(Round.found, Round.ended_at, Round.sentence)
        .where(Round.portal == portal, Round.state == RoundState.DONE, Round.ended_at <= moment)
        .order_by(Round.ended_at.desc())
        .limit(1)
    ).first()
    return PortalThen(portal, *last) if last is not None else PortalThen(portal, None, None, "")
