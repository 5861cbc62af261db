"""Which copy of a report something was read from: its address, hash, time, and the figures as written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.models import Article, ReadingRow, Version
from ledger.states import VersionRole


@dataclass(frozen=True, slots=True)
class ArchivedCopy:
    """One document as it was fetched; ``article`` is the page that a person can open.

    A file that a person entered has no address: words stand in its place, and the title is the one that was read in it.
    """

    article: str
    title: str
    address: str
    sha256: str
    fetched_at: datetime


def copy_of(session: Session, version_id: int) -> ArchivedCopy | None:
    """The copy that a version is."""
    row: Any = session.execute(
        select(Article.address, Article.title, Version.address, Version.sha256, Version.first_seen_at, Version.role)
        .join(Article, Article.id == Version.article_id)
        .where(Version.id == version_id)
    ).first()
    if row is None:
        return None
    page, title, address, sha256, fetched_at, role = row
    if role is VersionRole.ENTERED:
        page = address = f"人工登记的文件（{title}）"
        title = _content(session, sha256).get("title") or title
    return ArchivedCopy(page, title, address, sha256, fetched_at)


def newest_copy(session: Session, article_id: int) -> ArchivedCopy | None:
    """The newest document of an article; None where none was ever fetched."""
    version_id = session.scalar(
        select(Version.id).where(Version.article_id == article_id).order_by(Version.id.desc()).limit(1)
    )
    return copy_of(session, version_id) if version_id is not None else None


def form_and_figures(session: Session, sha256: str) -> tuple[str | None, dict[str, Any]]:
    """The form and the figures (by key: state, value, text) of the newest reading of a document; else nothing."""
    content = _content(session, sha256)
    return (content.get("form"), content.get("figures", {})) if content else (None, {})


def _content(session: Session, sha256: str) -> dict[str, Any]:
    """What was read of a document the last time; empty where it was not."""
    query = select(ReadingRow.content).where(ReadingRow.sha256 == sha256).order_by(ReadingRow.read_at.desc())
    return session.scalar(query.limit(1)) or {}
