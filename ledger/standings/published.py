"""The questions behind the rules of publication, a district at a time, and the writing of their findings."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from ledger.insert import insert_or_ignore
from ledger.models import Agency, Article, FindingRow, ReadingRow, Version, Work
from ledger.states import ArticleOutcome, FindingState, VersionRole, WorkState

_STANDING = (FindingState.OPEN, FindingState.ACKNOWLEDGED)
_WORDS = ("version_id", "severity", "message", "message_en", "basis")


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
        .where(Agency.district == district, FindingRow.year.in_(years), FindingRow.rule.like("P%"))
    )
    return list(session.scalars(query))


def write_findings(session: Session, wanted: Iterable[Mapping[str, Any]], over: Collection[str], now: datetime) -> int:
    """Opens (again) what is ``wanted`` (columns of FindingRow), and resolves those with a fingerprint in ``over``.

    What a person dismissed stays so. Returns how many findings changed their state.
    """
    changed = 0
    for row in wanted:
        changed += insert_or_ignore(session, FindingRow, [dict(row)])
        here = FindingRow.fingerprint == row["fingerprint"]
        session.execute(update(FindingRow).where(here).values({name: row[name] for name in _WORDS}))
        reopened = session.scalars(
            update(FindingRow)
            .where(here, FindingRow.state == FindingState.RESOLVED)
            .values(state=FindingState.OPEN, opened_at=now, resolved_at=None)
            .returning(FindingRow.fingerprint),
            execution_options={"synchronize_session": False},
        ).all()
        changed += len(reopened)
    resolved = session.scalars(
        update(FindingRow)
        .where(FindingRow.fingerprint.in_(over), FindingRow.state.in_(_STANDING))
        .values(state=FindingState.RESOLVED, resolved_at=now)
        .returning(FindingRow.fingerprint),
        execution_options={"synchronize_session": False},
    ).all()
    return changed + len(resolved)
