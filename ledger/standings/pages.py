"""Pages of long lists: each begins after the key with which the one before ended, and costs what the first does."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from ledger.models import Agency, Article, Document, Obligation, StandingRow, Version
from ledger.reading.readings import newest_readings
from ledger.standings.questions import StandingThen, standings_at
from ledger.states import STANDING_THERE, Standing

# A report: its year and its agency.
ReportKey = tuple[int, str]


def agencies_after(
    session: Session,
    districts: Collection[str],
    after: str | None,
    most: int,
    *,
    kind: str | None = None,
    name: str = "",
) -> Sequence[Agency]:
    """The agencies of some districts, by id."""
    query = select(Agency).where(Agency.district.in_(districts)).order_by(Agency.agency).limit(most)
    if after is not None:
        query = query.where(Agency.agency > after)
    if kind is not None:
        query = query.where(Agency.kind == kind)
    if name:
        query = query.where(
            or_(Agency.name.contains(name, autoescape=True), Agency.short.contains(name, autoescape=True))
        )
    return session.scalars(query).all()


def standings_after(
    session: Session,
    districts: Collection[str],
    after: ReportKey | None,
    most: int,
    *,
    year: int | None = None,
    standing: Standing | None = None,
    agency: str | None = None,
) -> list[StandingThen]:
    """How agencies of some districts stand now, the newest report year first, then by the agency's id."""
    query = (
        select(StandingRow.year, StandingRow.agency)
        .join(Agency, Agency.agency == StandingRow.agency)
        .join(Obligation, and_(Obligation.agency == StandingRow.agency, Obligation.year == StandingRow.year))
        .where(Agency.district.in_(districts))
        .order_by(StandingRow.year.desc(), StandingRow.agency)
        .limit(most)
    )
    if year is not None:
        query = query.where(StandingRow.year == year)
    if standing is not None:
        query = query.where(StandingRow.standing == standing)
    if agency is not None:
        query = query.where(StandingRow.agency == agency)
    if after is not None:
        query = query.where(_follows(StandingRow.year, StandingRow.agency, after))
    keys: list[ReportKey] = [(of, owner) for of, owner in session.execute(query)]
    found = standings_at(session, years={of for of, _ in keys}, agencies={owner for _, owner in keys})
    by_key = {(one.year, one.agency): one for one in found}
    return [by_key[key] for key in keys if key in by_key]


def reports_after(
    session: Session,
    districts: Collection[str],
    after: int | None,
    most: int,
    *,
    year: int | None = None,
    agency: str | None = None,
) -> list[tuple[Article, Agency, list[tuple[Version, Document]]]]:
    """What was found as reports of agencies of some districts, in the order of finding, each with its documents."""
    query = (
        select(Article, Agency)
        .join(Agency, Agency.agency == Article.agency)
        .where(Agency.district.in_(districts), Article.outcome.in_(STANDING_THERE), Article.year.is_not(None))
        .order_by(Article.id)
        .limit(most)
    )
    if after is not None:
        query = query.where(Article.id > after)
    if year is not None:
        query = query.where(Article.year == year)
    if agency is not None:
        query = query.where(Article.agency == agency)
    found = session.execute(query).all()
    documents: dict[int, list[tuple[Version, Document]]] = {}
    of_these = (
        select(Version, Document)
        .join(Document, Document.sha256 == Version.sha256)
        .where(Version.article_id.in_([article.id for article, _ in found]))
        .order_by(Version.id)
    )
    for version, document in session.execute(of_these):
        documents.setdefault(version.article_id, []).append((version, document))
    return [(article, owner, documents.get(article.id, [])) for article, owner in found]


def read_reports_after(
    session: Session,
    districts: Collection[str],
    after: ReportKey | None,
    most: int,
    *,
    year: int | None = None,
    agency: str | None = None,
) -> tuple[list[tuple[str, int, str, str]], ReportKey | None]:
    """The reports that were read: agency, report year, and the reading that counts now, the newest year first; and the
    key of the last that was looked at (None: there is no more). A report of which nothing was read is left out.
    """
    query = (
        select(Article.year, Article.agency)
        .distinct()
        .join(Agency, Agency.agency == Article.agency)
        .where(Agency.district.in_(districts), Article.outcome.in_(STANDING_THERE), Article.year.is_not(None))
        .order_by(Article.year.desc(), Article.agency)
        .limit(most + 1)
    )
    if year is not None:
        query = query.where(Article.year == year)
    if agency is not None:
        query = query.where(Article.agency == agency)
    if after is not None:
        query = query.where(_follows(Article.year, Article.agency, after))
    rows: Any = session.execute(query).all()
    keys: list[ReportKey] = [(of, owner) for of, owner in rows[:most]]
    owners: dict[int, set[str]] = {}
    for of, owner in keys:
        owners.setdefault(of, set()).add(owner)
    readings = {of: newest_readings(session, some, of) for of, some in owners.items()}
    found = [(owner, of, *readings[of][owner]) for of, owner in keys if owner in readings[of]]
    return found, keys[-1] if len(rows) > most else None


def _follows(year: Any, agency: Any, key: ReportKey) -> Any:
    return or_(year < key[0], and_(year == key[0], agency > key[1]))


def newest_versions(session: Session, district: str, most: int) -> list[tuple[Version, Article, Agency, bool]]:
    """The newest documents of a district's reports, and whether each is the first in its place."""
    earlier = aliased(Version)
    first = ~(
        select(earlier.id)
        .where(earlier.article_id == Version.article_id, earlier.role == Version.role, earlier.id < Version.id)
        .exists()
    )
    rows = session.execute(
        select(Version, Article, Agency, first)
        .join(Article, Article.id == Version.article_id)
        .join(Agency, Agency.agency == Article.agency)
        .where(Agency.district == district, Article.outcome.in_(STANDING_THERE), Article.year.is_not(None))
        .order_by(Version.id.desc())
        .limit(most)
    )
    return [(version, article, agency, bool(is_first)) for version, article, agency, is_first in rows]


def due_days(session: Session, district: str) -> list[tuple[date, int, int]]:
    """The days on which reports of a district are or were due, their report year, and how many agencies owe one."""
    by = (Obligation.due, Obligation.year)
    rows = session.execute(
        select(*by, func.count())
        .join(Agency, Agency.agency == Obligation.agency)
        .where(Agency.district == district, Obligation.exempt.is_(None))
        .group_by(*by)
        .order_by(*by)
    )
    return [(day, year, count) for day, year, count in rows]
