"""The versions of a report one after another, each with what was read of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.models import Article, ReadingRow, Version
from report.as_json import report_from_json
from report.report import Report


@dataclass(frozen=True, slots=True)
class Replaced:
    """A version and the one that took its place: of the same article, page or attachment alike.

    ``before`` and ``after`` are their readings by the same reader version; both are None where there is none such, and
    ``unread`` says why.
    """

    article: str
    address: str
    version_id: int
    before_at: datetime
    after_at: datetime
    before: Report | None
    after: Report | None
    unread: str = ""


def replaced_versions(session: Session, agency: str, year: int) -> list[Replaced]:
    """Every version of an agency's report for a year that took another one's place, the newest first."""
    rows = session.execute(
        select(Version, Article)
        .join(Article, Article.id == Version.article_id)
        .where(Article.agency == agency, Article.year == year)
        .order_by(Version.id)
    )
    last: dict[tuple[int, str], Version] = {}
    found = []
    for version, article in rows:
        before = last.get((article.id, version.role))
        last[article.id, version.role] = version
        if before is not None:
            found.append(_pair(session, article, before, version))
    return found[::-1]


def replaced_by(session: Session, version_id: int) -> Replaced | None:
    """The version together with the one whose place it took; None where it was the first."""
    version = session.get_one(Version, version_id)
    before = session.scalars(
        select(Version)
        .where(Version.article_id == version.article_id, Version.role == version.role, Version.id < version.id)
        .order_by(Version.id.desc())
        .limit(1)
    ).first()
    return _pair(session, session.get_one(Article, version.article_id), before, version) if before is not None else None


def _pair(session: Session, article: Article, before: Version, after: Version) -> Replaced:
    one, other, unread = _readings(session, before.sha256, after.sha256)
    return Replaced(
        article.address, after.address, after.id, before.first_seen_at, after.first_seen_at, one, other, unread
    )


def _readings(session: Session, before: str, after: str) -> tuple[Report | None, Report | None, str]:
    """Both documents as the same reader version read them, the last one that read both."""
    rows = session.scalars(
        select(ReadingRow).where(ReadingRow.sha256.in_({before, after})).order_by(ReadingRow.read_at.desc())
    ).all()
    by_reader: tuple[dict[str, ReadingRow], dict[str, ReadingRow]] = ({}, {})
    for row in rows:
        for known, sha256 in zip(by_reader, (before, after), strict=True):
            if row.sha256 == sha256:
                known.setdefault(row.reader, row)
    for reader in dict.fromkeys(row.reader for row in rows):
        if all(reader in known for known in by_reader):
            one, other = (_understood(known[reader]) for known in by_reader)
            if one is not None and other is not None:
                return one, other, ""
    return None, None, "".join(_why(by_reader))


def _understood(row: ReadingRow) -> Report | None:
    """The reading; None where it was written by a program so old that this one does not know what it says."""
    try:
        return report_from_json(row.content)
    except ValidationError:
        return None


def _why(known: Sequence[dict[str, ReadingRow]]) -> Iterator[str]:
    unread = [name for name, rows in zip(("改动前", "改动后"), known, strict=True) if not rows]
    if unread:
        yield f"{'和'.join(unread)}的版本尚未读出，不能对照"
    else:
        yield "两个版本由不同版本的读取程序读出，不能对照；请先运行 nianbao replay"
