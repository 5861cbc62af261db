"""The questions behind a standing, a district or a portal at a time, and the writing of standings."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, func, select, update
from sqlalchemy.orm import Session

from ledger.insert import insert_new, insert_uncounted
from ledger.models import Agency, Article, DroppedLink, Evidence, Look, Obligation, Round, StandingChange, StandingRow
from ledger.states import STANDING_THERE, ArticleOutcome, EvidenceSource, PortalState, Standing


@dataclass(frozen=True, slots=True)
class ReportArticle:
    """An article that is the report of an agency for a year."""

    id: int
    agency: str
    year: int
    portal: str
    column: str
    folder_year: int | None
    address: str
    page_address: str | None
    title: str
    first_seen_at: datetime
    gone_times: int
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class DoubtfulArticle:
    """An article that may be somebody's report, but could not be assigned, fetched or opened.

    ``earliest`` is the earliest moment that any evidence names for it, None where there is none.
    """

    id: int
    portal: str
    column: str
    title: str
    address: str
    outcome: ArticleOutcome
    reason: str
    agency: str | None
    year: int | None
    first_seen_at: datetime
    last_seen_at: datetime
    earliest: datetime | None


@dataclass(frozen=True, slots=True)
class DateWitness:
    """One witness for the date of an article, as in the table of evidence."""

    source: EvidenceSource
    value: str
    moment: datetime
    precise: bool


@dataclass(frozen=True, slots=True)
class StandingThen:
    """How an agency stood for a report year at some moment."""

    agency: str
    name: str
    district: str
    kind: str
    year: int
    due: date
    basis: str
    standing: Standing
    since: datetime
    published: date | None
    evidence: dict[str, Any]
    sentence: str


def obligations_in(session: Session, district: str) -> list[tuple[Agency, Obligation]]:
    """Every obligation of a district's agencies, in the order of agency and year."""
    rows = session.execute(
        select(Agency, Obligation)
        .join(Obligation, Obligation.agency == Agency.agency)
        .where(Agency.district == district)
        .order_by(Agency.agency, Obligation.year)
    )
    return [(agency, obligation) for agency, obligation in rows]


def standings_in(session: Session, district: str) -> dict[tuple[str, int], StandingRow]:
    """Today's standing rows of a district by agency and year."""
    rows = session.scalars(
        select(StandingRow).join(Agency, Agency.agency == StandingRow.agency).where(Agency.district == district)
    )
    return {(row.agency, row.year): row for row in rows}


def reports_in(session: Session, district: str, years: Collection[int] | None = None) -> list[ReportArticle]:
    """Every article that is the report of one of a district's agencies (for ``years``), the first seen first."""
    query = (
        select(
            Article.id,
            Article.agency,
            Article.year,
            Article.portal,
            Article.column,
            Article.folder_year,
            Article.address,
            Article.page_address,
            Article.title,
            Article.first_seen_at,
            Article.gone_times,
            Article.withdrawn_at,
        )
        .join(Agency, Agency.agency == Article.agency)
        .where(Agency.district == district, Article.outcome.in_(STANDING_THERE), Article.year.is_not(None))
        .order_by(Article.first_seen_at, Article.id)
    )
    if years is not None:
        query = query.where(Article.year.in_(years))
    rows: Any = session.execute(query)
    return [ReportArticle(*row) for row in rows]


def witnesses_in(session: Session, district: str, years: Collection[int] | None = None) -> dict[int, list[DateWitness]]:
    """The evidence of every article that :func:`reports_in` gives (for ``years`` only, where given), by article."""
    query = (
        select(Evidence.article_id, Evidence.source, Evidence.value, Evidence.moment, Evidence.precise)
        .join(Article, Article.id == Evidence.article_id)
        .join(Agency, Agency.agency == Article.agency)
        .where(Agency.district == district, Article.outcome.in_(STANDING_THERE))
        .order_by(Evidence.id)
    )
    if years is not None:
        query = query.where(Article.year.in_(years))
    found: dict[int, list[DateWitness]] = {}
    for article_id, source, value, moment, precise in session.execute(query):
        found.setdefault(article_id, []).append(DateWitness(source, value, moment, precise))
    return found


def doubtful_articles(session: Session, portals: Collection[str]) -> list[DoubtfulArticle]:
    """What is listed on these portals and may be a report, but could not be assigned, fetched or opened."""
    assigned = and_(Article.outcome == ArticleOutcome.REPORT, Article.agency.is_not(None), Article.year.is_not(None))
    rows: Any = session.execute(
        select(
            Article.id,
            Article.portal,
            Article.column,
            Article.title,
            Article.address,
            Article.outcome,
            Article.reason,
            Article.agency,
            Article.year,
            Article.first_seen_at,
            Article.last_seen_at,
            func.min(Evidence.moment),
        )
        .outerjoin(Evidence, Evidence.article_id == Article.id)
        .where(
            Article.portal.in_(portals),
            Article.outcome != ArticleOutcome.NOT_A_REPORT,
            ~assigned,
            Article.withdrawn_at.is_(None),
        )
        .group_by(Article.id)
        .order_by(Article.first_seen_at, Article.id)
    )
    return [DoubtfulArticle(*row) for row in rows]


def last_looks_without(session: Session, article_ids: Collection[int]) -> dict[int, datetime]:
    """By article, when the last complete, healthy look at its column was begun that did not find it yet.

    The round that found it is the last one begun before it was first seen; only looks of earlier rounds count.
    An article without such a look is not in the answer.
    """
    if not article_ids:
        return {}
    found_in = (
        select(func.max(Round.begun_at))
        .where(Round.portal == Article.portal, Round.begun_at <= Article.first_seen_at)
        .correlate(Article)
        .scalar_subquery()
    )
    last = (
        select(func.max(Look.begun_at))
        .where(
            Look.portal == Article.portal,
            Look.column == Article.column,
            Look.complete,
            Look.found == PortalState.HEALTHY,
            Look.begun_at < found_in,
        )
        .correlate(Article)
        .scalar_subquery()
    )
    rows = session.execute(select(Article.id, last).where(Article.id.in_(article_ids)))
    return {article_id: moment for article_id, moment in rows if moment is not None}


def dropped_before(session: Session, article_ids: Collection[int]) -> dict[int, datetime]:
    """By article, when its address was first seen but taken for nothing: it was there already then."""
    if not article_ids:
        return {}
    rows = session.execute(
        select(Article.id, func.min(DroppedLink.first_seen_at))
        .join(DroppedLink, and_(DroppedLink.portal == Article.portal, DroppedLink.address == Article.address))
        .where(Article.id.in_(article_ids))
        .group_by(Article.id)
    )
    return dict(rows.all())


def dropped_counts(session: Session, portals: Collection[str], moment: datetime | None = None) -> dict[str, int]:
    """By portal, how many list entries were taken for nothing (until a moment); portals without any are left out."""
    query = (
        select(DroppedLink.portal, func.count(DroppedLink.id))
        .where(DroppedLink.portal.in_(portals))
        .group_by(DroppedLink.portal)
        .order_by(DroppedLink.portal)
    )
    if moment is not None:
        query = query.where(DroppedLink.first_seen_at <= moment)
    return dict(session.execute(query).all())


def first_rounds(session: Session) -> dict[str, datetime]:
    """By portal, when its first round was begun."""
    rows = session.execute(select(Round.portal, func.min(Round.begun_at)).group_by(Round.portal))
    return dict(rows.all())


def write_standings(
    session: Session, changes: Sequence[tuple[StandingRow | None, dict[str, Any]]], now: datetime
) -> int:
    """Writes standings where they are still as before, and each change of a standing or date; returns how many.

    A change is the row as it was before (None: there was none) and what is to be written: every column of StandingRow
    but ``since``. What somebody else wrote first is left as it is.
    """
    new = [row | {"since": now} for before, row in changes if before is None]
    written = set(insert_new(session, StandingRow, new))
    moved = [row for before, row in changes if before is None and (row["agency"], row["year"]) in written]
    history = [_history(None, row, now) for row in moved]
    for before, row in changes:
        if before is not None and _rewrite(session, before, row, now):
            written.add((row["agency"], row["year"]))
            if before.standing is not row["standing"] or before.published != row["published"]:
                history.append(_history(before, row, now))
    insert_uncounted(session, StandingChange, history)
    return len(written)


def _rewrite(session: Session, before: StandingRow, row: dict[str, Any], now: datetime) -> bool:
    since = before.since if before.standing is row["standing"] else now
    written = session.scalars(
        update(StandingRow)
        .where(
            StandingRow.agency == row["agency"],
            StandingRow.year == row["year"],
            StandingRow.standing == before.standing,
            StandingRow.since == before.since,
            StandingRow.sentence == before.sentence,
        )
        .values(**row, since=since)
        .returning(StandingRow.year),
        execution_options={"synchronize_session": False},
    )
    return bool(written.all())


def _history(before: StandingRow | None, row: dict[str, Any], now: datetime) -> dict[str, Any]:
    change = {name: row[name] for name in ("agency", "year", "published", "evidence", "sentence")}
    return change | {"changed_at": now, "before": before.standing if before else None, "now": row["standing"]}


def standings_at(
    session: Session,
    moment: datetime | None = None,
    *,
    district: str | None = None,
    years: Iterable[int] | None = None,
    standings: Collection[Standing] | None = None,
    agencies: Collection[str] | None = None,
) -> list[StandingThen]:
    """How every agency stands now, or stood at ``moment`` by the history of changes.

    Only ``agencies`` and those of ``district``, report years in ``years`` and standings in ``standings`` where these
    are given; in the order of district, year, and the kind and name of the agency.
    """
    source = _standings_now() if moment is None else _standings_then(moment)
    query = (
        select(
            Agency.agency,
            Agency.name,
            Agency.district,
            Agency.kind,
            source.c.year,
            Obligation.due,
            Obligation.basis,
            source.c.standing,
            source.c.since,
            source.c.published,
            source.c.evidence,
            source.c.sentence,
        )
        .join(source, source.c.agency == Agency.agency)
        .join(Obligation, and_(Obligation.agency == Agency.agency, Obligation.year == source.c.year))
        .order_by(Agency.district, source.c.year, Agency.kind, Agency.name)
    )
    if district is not None:
        query = query.where(Agency.district == district)
    if years is not None:
        query = query.where(source.c.year.in_(list(years)))
    if standings is not None:
        query = query.where(source.c.standing.in_(standings))
    if agencies is not None:
        query = query.where(Agency.agency.in_(agencies))
    return [StandingThen(*row) for row in session.execute(query)]


def newest_years(session: Session) -> dict[str, int]:
    """By district, the newest report year that anybody owes."""
    rows = session.execute(
        select(Agency.district, func.max(Obligation.year))
        .join(Obligation, Obligation.agency == Agency.agency)
        .group_by(Agency.district)
    )
    return dict(rows.all())


def years_owed(session: Session, district: str | None = None) -> list[int]:
    """Every report year for which somebody (of a district) owes a report, the earliest first."""
    query = select(Obligation.year).distinct().order_by(Obligation.year)
    if district is not None:
        query = query.join(Agency, Agency.agency == Obligation.agency).where(Agency.district == district)
    return list(session.scalars(query))


def _standings_now() -> Any:
    return select(
        StandingRow.agency,
        StandingRow.year,
        StandingRow.standing,
        StandingRow.since,
        StandingRow.published,
        StandingRow.evidence,
        StandingRow.sentence,
    ).subquery()


def _standings_then(moment: datetime) -> Any:
    number = (
        func.row_number()
        .over(
            partition_by=(StandingChange.agency, StandingChange.year),
            order_by=(StandingChange.changed_at.desc(), StandingChange.id.desc()),
        )
        .label("number")
    )
    changes = (
        select(
            StandingChange.agency,
            StandingChange.year,
            StandingChange.now.label("standing"),
            StandingChange.changed_at.label("since"),
            StandingChange.published,
            StandingChange.evidence,
            StandingChange.sentence,
            number,
        )
        .where(StandingChange.changed_at <= moment)
        .subquery()
    )
    return select(changes).where(changes.c.number == 1).subquery()
