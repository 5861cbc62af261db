"""Stored documents for those who read them again or export them: which there are, and what is said of each."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from ledger.models import Article, CheckRow, FindingRow, ReadingRow, Version, Work
from ledger.reading.readings import newest_readings

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Stored:
    """One version that was handed over to be read, and the article where it was found."""

    version: Version
    article: Article


@dataclass(frozen=True, slots=True)
class StoredCheck:
    """What is said of one version: by which reader it was read last, every rule's outcome, and its findings."""

    reader: str | None
    outcomes: dict[str, str]
    fingerprints: tuple[str, ...]


def stored_versions(session: Session, beginnings: Collection[str] | None = None) -> list[Stored]:
    """The versions whose document's sha256 begins with one of ``beginnings``, or all; the oldest report years first.

    In that order last year's report is there when this year's is checked beside it.
    """
    query = (
        select(Version, Article)
        .join(Article, Article.id == Version.article_id)
        .where(Version.id.in_(select(Work.version_id)))
        .order_by(Article.year.is_(None), Article.year, Version.id)
    )
    if beginnings is not None:
        query = query.where(or_(*(Version.sha256.startswith(one, autoescape=True) for one in beginnings)))
    return [Stored(version, article) for version, article in session.execute(query)]


def standings_of(session: Session, versions: Sequence[Version]) -> dict[int, StoredCheck]:
    """What the last check of each version says; versions without a check have nothing said of them."""
    readers: dict[str, str] = {}
    checks: dict[int, CheckRow] = {}
    for start in range(0, len(versions), _AT_ONCE):
        some = versions[start : start + _AT_ONCE]
        last = select(ReadingRow.sha256, ReadingRow.reader).where(ReadingRow.sha256.in_({one.sha256 for one in some}))
        readers |= dict(session.execute(last.order_by(ReadingRow.read_at, ReadingRow.reader)).all())
        of_these = select(CheckRow).where(CheckRow.version_id.in_([one.id for one in some])).order_by(CheckRow.id)
        checks |= {check.version_id: check for check in session.scalars(of_these)}
    return {
        one.id: StoredCheck(
            readers.get(one.sha256),
            dict(checks[one.id].outcomes) if one.id in checks else {},
            tuple(checks[one.id].fingerprints) if one.id in checks else (),
        )
        for one in versions
    }


def findings_named(session: Session, fingerprints: Collection[str]) -> dict[str, FindingRow]:
    """The findings with these fingerprints, by fingerprint."""
    rows = session.scalars(select(FindingRow).where(FindingRow.fingerprint.in_(fingerprints)))
    return {row.fingerprint: row for row in rows}


def reported(session: Session, year: int | None = None) -> Iterator[tuple[str, int, str, str]]:
    """The reports that were read: agency, report year, and the reading (sha256, reader version) that counts now.

    Of one year or of all, the earliest first.
    """
    known = select(Article.year, Article.agency)
    agencies: dict[int, set[str]] = {}
    for of, agency in session.execute((known if year is None else known.where(Article.year == year)).distinct()):
        if of is not None and agency is not None:
            agencies.setdefault(of, set()).add(agency)
    for of, owners in sorted(agencies.items()):
        for agency, (sha256, reader) in sorted(newest_readings(session, owners, of).items()):
            yield agency, of, sha256, reader


def newest_reported_year(session: Session) -> int | None:
    """The newest report year of which a report was read; None where there is none."""
    return session.scalar(select(func.max(CheckRow.year)).where(CheckRow.agency.is_not(None)))
