"""What is written and asked about articles: their documents, versions, evidence, and whether they are still there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session

from ledger.insert import insert_or_id, insert_uncounted, table_of
from ledger.models import Article, Document, Evidence, PageState, Version
from ledger.states import ArticleOutcome, EvidenceSource

# Where a report stands that a person entered.
ENTERED_COLUMN = "entered"
GONE_TIMES = 3
GONE_FOR = timedelta(days=2)
# What an article that is known gets anew whenever it is met.
_CHANGING = ("page_address", "title", "outcome", "agency", "year", "folder_year", "reason", "last_seen_at")


@dataclass(frozen=True, slots=True)
class KnownArticle:
    """What the crawler needs to know of an article that it has met; ``asked_at``: when its page was last asked for.

    ``page`` is the address of its page, which may show one report a year (``Article.page_address``). ``withdrawn``: it
    was not found any more in several looks.
    """

    id: int
    address: str
    page: str
    column: str
    outcome: ArticleOutcome
    agency: str | None
    year: int | None
    baseline: bool
    first_seen_at: datetime
    last_seen_at: datetime
    withdrawn: bool
    asked_at: datetime | None


def known_articles(session: Session, portal: str) -> dict[str, KnownArticle]:
    """Every article of a portal by its address."""
    rows = session.execute(
        select(Article, PageState.fetched_at)
        .outerjoin(PageState, PageState.address == Article.address)
        .where(Article.portal == portal)
    )
    return {
        article.address: KnownArticle(
            article.id,
            article.address,
            article.page_address or article.address,
            article.column,
            article.outcome,
            article.agency,
            article.year,
            article.baseline,
            article.first_seen_at,
            article.last_seen_at,
            article.withdrawn_at is not None,
            asked_at,
        )
        for article, asked_at in rows
    }


def keep_article(session: Session, article: Mapping[str, Any]) -> tuple[int, bool]:
    """Keeps an article (the columns of ``Article``); returns its id and whether it is new.

    A known one gets the title, outcome, agency, year and reason of today; when it was first seen stays.
    """
    row = {"gone_times": 0, **article}
    article_id, new = insert_or_id(session, Article, row, ["portal", "address"])
    if not new:
        changing = {name: article[name] for name in _CHANGING if name in article}
        table = table_of(Article)
        session.connection().execute(update(table).where(table.c.id == article_id).values(**changing))
    return article_id, new


def keep_document(session: Session, sha256: str, size: int, media_type: str, at: datetime) -> None:
    """Keeps a document that lies in the archive."""
    row = {"sha256": sha256, "size": size, "media_type": media_type, "first_fetched_at": at}
    insert_uncounted(session, Document, [row])


def keep_version(session: Session, version: Mapping[str, Any]) -> tuple[int, bool]:
    """Keeps a version (the columns of ``Version``); returns its id and whether it is new."""
    return insert_or_id(session, Version, version, ["article_id", "address", "content_sha256"])


def has_version(session: Session, article_id: int, address: str, content_sha256: str) -> bool:
    """Whether this content was there before."""
    statement = select(Version.id).where(
        Version.article_id == article_id, Version.address == address, Version.content_sha256 == content_sha256
    )
    return session.execute(statement).first() is not None


def has_content(session: Session, portal: str, address: str, content_sha256: str) -> bool:
    """Whether an article's own page had this content before."""
    statement = (
        select(Version.id)
        .join(Article, Article.id == Version.article_id)
        .where(
            Article.portal == portal,
            Article.address == address,
            Version.address == address,
            Version.content_sha256 == content_sha256,
        )
    )
    return session.execute(statement).first() is not None


def keep_evidence(session: Session, rows: Iterable[Mapping[str, Any]]) -> None:
    """Keeps witnesses (the columns of ``Evidence``)."""
    insert_uncounted(session, Evidence, list(rows))


def had_list_dates(session: Session, portal: str, column: str) -> bool:
    """Whether entries of this column ever had a date beside them."""
    statement = (
        select(Evidence.id)
        .join(Article, Article.id == Evidence.article_id)
        .where(Article.portal == portal, Article.column == column, Evidence.source == EvidenceSource.LIST_DATE)
        .limit(1)
    )
    return session.execute(statement).first() is not None


def mark_seen(session: Session, article_ids: Sequence[int], at: datetime) -> None:
    """Notes that articles stand on their list; one that was away is back."""
    if article_ids:
        session.execute(
            update(Article)
            .where(Article.id.in_(article_ids))
            .values(last_seen_at=at, gone_times=0, gone_since=None, withdrawn_at=None)
        )


def mark_gone(session: Session, article_ids: Sequence[int], at: datetime) -> None:
    """Notes that articles were not found in a complete, healthy look.

    After ``GONE_TIMES`` looks in a row over at least ``GONE_FOR`` an article counts as withdrawn.
    """
    if not article_ids:
        return
    these: ColumnElement[bool] = Article.id.in_(article_ids)
    session.execute(update(Article).where(these, Article.gone_times == 0).values(gone_since=at))
    session.execute(update(Article).where(these).values(gone_times=Article.gone_times + 1))
    session.execute(
        update(Article)
        .where(
            these,
            Article.withdrawn_at.is_(None),
            and_(Article.gone_times >= GONE_TIMES, or_(Article.gone_since <= at - GONE_FOR)),
        )
        .values(withdrawn_at=at)
    )
