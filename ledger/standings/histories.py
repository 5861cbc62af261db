"""What became of each report of a season: which versions there were, when each was judged, and which errors were found.

Two questions for a whole season, however many agencies: what it looked like at any moment is told from the answers.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from config.severity import Severity
from ledger.models import Agency, Article, CheckRow, FindingRow, Obligation, StandingRow, Version, Work
from ledger.states import STANDING_THERE, FindingDecision, FindingState, Standing, VersionRole, WorkState
from report.findings.publication_rules import publication_rules

# Something could not be read.
UNREAD_RULE = "X01"


@dataclass(frozen=True, slots=True)
class ShownVersion:
    """A version of a report, in one place of one article.

    ``judged_at`` is when rules first ran on it, None where they never did; ``unreadable_at`` when it was given up.
    ``id`` is None for a report without a document, as ``sha256`` is.
    """

    id: int | None
    sha256: str | None
    article: int
    role: VersionRole | None
    first_seen_at: datetime
    withdrawn_at: datetime | None
    judged_at: datetime | None
    unreadable_at: datetime | None


@dataclass(frozen=True, slots=True)
class Fault:
    """A finding of level error in a report, or that something of it could not be read (X01); none on publication."""

    rule: str
    version: int
    cells: tuple[str, ...]
    opened_at: datetime
    resolved_at: datetime | None
    state: FindingState
    decision: FindingDecision | None


@dataclass(slots=True)
class History:
    """One agency that owes a report: how it stands, its versions by id and its faults."""

    agency: str
    kind: str
    district: str
    due: date
    standing: Standing
    published: date | None
    versions: list[ShownVersion] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def report_histories(session: Session, districts: Collection[str], year: int) -> dict[str, History]:
    """By agency, the history of what is owed for a year in these districts; who is exempt is left out."""
    # Rows and no objects: of thousands of agencies that takes half.
    connection = session.connection()
    owed: Any = connection.execute(
        select(Agency.agency, Agency.kind, Agency.district, Obligation.due, StandingRow.standing, StandingRow.published)
        .join(Obligation, Obligation.agency == Agency.agency)
        .join(StandingRow, and_(StandingRow.agency == Agency.agency, StandingRow.year == Obligation.year))
        .where(
            Agency.district.in_(districts),
            Obligation.year == year,
            Obligation.exempt.is_(None),
            StandingRow.standing != Standing.EXEMPT,
        )
        .order_by(Agency.agency)
    ).all()
    found = {row[0]: History(*row) for row in owed}
    for agency, *version in connection.execute(_versions(districts, year)).all():
        if agency in found:
            found[agency].versions.append(ShownVersion(*version))
    for agency, rule, version_id, cells, *rest in connection.execute(_faults(districts, year)).all():
        if agency in found:
            found[agency].faults.append(Fault(rule, version_id, tuple(cells), *rest))
    return found


def _versions(districts: Collection[str], year: int) -> Any:
    checked = (
        select(CheckRow.version_id, func.min(CheckRow.checked_at).label("at"))
        .where(CheckRow.year == year, CheckRow.agency.is_not(None))
        .group_by(CheckRow.version_id)
        .subquery()
    )
    given_up = (
        select(Work.version_id, func.max(Work.finished_at).label("at"))
        .where(Work.state == WorkState.QUARANTINED)
        .group_by(Work.version_id)
        .subquery()
    )
    return (
        select(
            Article.agency,
            Version.id,
            Version.sha256,
            Article.id,
            Version.role,
            func.coalesce(Version.first_seen_at, Article.first_seen_at),
            Article.withdrawn_at,
            checked.c.at,
            given_up.c.at,
        )
        .join(Agency, Agency.agency == Article.agency)
        .outerjoin(Version, Version.article_id == Article.id)
        .outerjoin(checked, checked.c.version_id == Version.id)
        .outerjoin(given_up, given_up.c.version_id == Version.id)
        .where(Agency.district.in_(districts), Article.year == year, Article.outcome.in_(STANDING_THERE))
        .order_by(Version.id)
    )


def _faults(districts: Collection[str], year: int) -> Any:
    return (
        select(
            FindingRow.agency,
            FindingRow.rule,
            FindingRow.version_id,
            FindingRow.cells,
            FindingRow.opened_at,
            FindingRow.resolved_at,
            FindingRow.state,
            FindingRow.decision,
        )
        .join(Agency, Agency.agency == FindingRow.agency)
        .where(
            Agency.district.in_(districts),
            FindingRow.year == year,
            FindingRow.rule.not_in(publication_rules()),
            or_(FindingRow.severity == Severity.ERROR.value, FindingRow.rule == UNREAD_RULE),
        )
        .order_by(FindingRow.opened_at, FindingRow.fingerprint)
    )
