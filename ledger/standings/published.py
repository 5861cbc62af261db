"""The questions behind the rules of publication, a district at a time."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from ledger.models import Agency, Article, FindingRow, ReadingRow, Version, Work
from ledger.states import STANDING_THERE, ArticleOutcome, VersionRole, WorkState
from report.findings.publication_rules import publication_rules


@dataclass(frozen=True, slots=True)
class PublishedVersion:
    """A document of a report: how the last work on it ended, and by which reader version it was read last."""

    id: int
    article_id: int
    role: VersionRole
    address: str
    sha256: str
    state: WorkState | None
    reader: str | None


@dataclass(frozen=True, slots=True)
class FormerArticle:
    """Where a report of a former year was seen, when it was seen last, and whether the last look found it there."""

    agency: str
    year: int
    column: str
    last_seen_at: datetime
    is_there: bool


def former_articles(session: Session, district: str, portal: str, before: int) -> list[FormerArticle]:
    """The articles of a portal that are reports of a district's agencies for years before one, in order of sight."""
    is_there = and_(Article.gone_times == 0, Article.withdrawn_at.is_(None))
    rows: Any = session.execute(
        select(Article.agency, Article.year, Article.column, Article.last_seen_at, is_there)
        .join(Agency, Agency.agency == Article.agency)
        .where(
            Agency.district == district,
            Article.portal == portal,
            Article.outcome.in_(STANDING_THERE),
            Article.year < before,
        )
        .order_by(Article.last_seen_at, Article.id)
    )
    return [FormerArticle(agency, year, column, seen, bool(there)) for agency, year, column, seen, there in rows]


def folder_years(session: Session, portal: str) -> dict[tuple[str, int], dict[int, int]]:
    """By column and the year that its folder names: how many reports of which year stand there."""
    rows: Any = session.execute(
        select(Article.column, Article.folder_year, Article.year, func.count(Article.id))
        .where(
            Article.portal == portal,
            Article.folder_year.is_not(None),
            Article.year.is_not(None),
            Article.outcome == ArticleOutcome.REPORT,
        )
        .group_by(Article.column, Article.folder_year, Article.year)
    )
    found: dict[tuple[str, int], dict[int, int]] = {}
    for column, folder_year, year, count in rows:
        found.setdefault((column, folder_year), {})[year] = count
    return found


def versions_of(session: Session, district: str, years: Collection[int]) -> dict[int, list[PublishedVersion]]:
    """By article, every document of the reports of :func:`ledger.standings.questions.reports_in`, newest first."""
    last_work = select(func.max(Work.id)).where(Work.version_id == Version.id).correlate(Version).scalar_subquery()
    last_read = (
        select(ReadingRow.reader)
        .where(ReadingRow.sha256 == Version.sha256)
        .order_by(ReadingRow.read_at.desc(), ReadingRow.reader.desc())
        .limit(1)
        .correlate(Version)
        .scalar_subquery()
    )
    rows: Any = session.execute(
        select(Version.id, Version.article_id, Version.role, Version.address, Version.sha256, Work.state, last_read)
        .join(Article, Article.id == Version.article_id)
        .join(Agency, Agency.agency == Article.agency)
        .outerjoin(Work, Work.id == last_work)
        .where(Agency.district == district, Article.outcome == ArticleOutcome.REPORT, Article.year.in_(years))
        .order_by(Version.id.desc())
    )
    found: dict[int, list[PublishedVersion]] = {}
    for row in rows:
        found.setdefault(row[1], []).append(PublishedVersion(*row))
    return found


def publication_findings(session: Session, district: str, years: Collection[int]) -> list[FindingRow]:
    """Every finding of a rule of publication about these years' reports of a district."""
    query = (
        select(FindingRow)
        .join(Agency, Agency.agency == FindingRow.agency)
        .where(Agency.district == district, FindingRow.year.in_(years), FindingRow.rule.in_(publication_rules()))
    )
    return list(session.scalars(query))
