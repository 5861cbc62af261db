"""Every row that one agency's standing for one report year rests on, as it was known at a moment."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from ledger.models import (
    Article,
    CheckRow,
    Evidence,
    FindingRow,
    Incident,
    Look,
    Notice,
    NoticeIncident,
    ReadingRow,
    SendLog,
    StandingChange,
    Version,
    Work,
    worst_first,
)
from ledger.states import ArticleOutcome, PortalState

# A list that is looked at every hour has thousands of looks; these are enough to see how it went.
MOST_LOOKS = 20
MOST_ARTICLES = 50


@dataclass(frozen=True, slots=True)
class LooksAt:
    """The looks at one column that bear on the standing, in order; ``left_out`` more were not asked for."""

    column: str
    looks: Sequence[Look]
    left_out: int


@dataclass(frozen=True, slots=True)
class ReadVersion:
    """A document of the report: the last work on it, its readings, and what the rules last said of it."""

    version: Version
    work: Work | None
    readings: Sequence[tuple[str, datetime]]
    check: CheckRow | None


@dataclass(frozen=True, slots=True)
class Letter:
    """A message about the report, and the server's last answer to it."""

    notice: Notice
    answer: str | None


def changes_of(session: Session, agency: str, year: int, moment: datetime) -> Sequence[StandingChange]:
    """Every change of the standing until a moment, in order."""
    return session.scalars(
        select(StandingChange)
        .where(StandingChange.agency == agency, StandingChange.year == year, StandingChange.changed_at <= moment)
        .order_by(StandingChange.changed_at, StandingChange.id)
    ).all()


def articles_of(
    session: Session, agency: str, year: int, portal: str, columns: Collection[str], moment: datetime
) -> Sequence[Article]:
    """What was found as this agency's report for the year, or may be it, the first seen first; at most 50.

    What stands in one of the portal's ``columns``, where the report belongs, and could not be assigned may be it.
    """
    return session.scalars(
        select(Article)
        .where(
            or_(
                Article.agency == agency,
                and_(Article.agency.is_(None), Article.portal == portal, Article.column.in_(columns)),
            ),
            or_(Article.year == year, Article.year.is_(None)),
            Article.outcome != ArticleOutcome.NOT_A_REPORT,
            Article.first_seen_at <= moment,
        )
        .order_by(Article.first_seen_at, Article.id)
        .limit(MOST_ARTICLES)
    ).all()


def looks_after(session: Session, portal: str, column: str, after: datetime, moment: datetime) -> LooksAt:
    """The first looks at a column that were begun after one moment and until another."""
    these = (Look.portal == portal, Look.column == column, Look.begun_at >= after, Look.begun_at <= moment)
    count = session.scalar(select(func.count(Look.id)).where(*these)) or 0
    looks = session.scalars(select(Look).where(*these).order_by(Look.begun_at, Look.id).limit(MOST_LOOKS)).all()
    return LooksAt(column, looks, count - len(looks))


def looks_around(session: Session, article: Article) -> LooksAt:
    """The last complete, healthy look at an article's column that did not list it yet, and the one that found it."""
    these = (Look.portal == article.portal, Look.column == article.column)
    found = session.scalar(
        select(Look).where(*these, Look.begun_at <= article.first_seen_at).order_by(Look.begun_at.desc()).limit(1)
    )
    if found is None:
        return LooksAt(article.column, (), 0)
    before = session.scalar(
        select(Look).where(*these, _complete(), Look.begun_at < found.begun_at).order_by(Look.begun_at.desc()).limit(1)
    )
    return LooksAt(article.column, [look for look in (before, found) if look is not None], 0)


def evidence_for(session: Session, article_id: int, moment: datetime) -> Sequence[Evidence]:
    """Every witness for the date of an article that was known by a moment, in the order of observation."""
    return session.scalars(
        select(Evidence)
        .where(Evidence.article_id == article_id, Evidence.observed_at <= moment)
        .order_by(Evidence.observed_at, Evidence.id)
    ).all()


def documents_of(session: Session, article_id: int, moment: datetime) -> list[ReadVersion]:
    """The documents of an article that were there by a moment, the first seen first, with what was made of each."""
    versions = session.scalars(
        select(Version)
        .where(Version.article_id == article_id, Version.first_seen_at <= moment)
        .order_by(Version.first_seen_at, Version.id)
    ).all()
    return [_read(session, version, moment) for version in versions]


def findings_of(session: Session, agency: str, year: int, moment: datetime) -> Sequence[FindingRow]:
    """Every finding in the agency's report for the year that was opened by a moment, whatever became of it."""
    return session.scalars(
        select(FindingRow)
        .where(FindingRow.agency == agency, FindingRow.year == year, FindingRow.opened_at <= moment)
        .order_by(worst_first(), FindingRow.rule, FindingRow.fingerprint)
    ).all()


def incidents_of(session: Session, agency: str, year: int, moment: datetime) -> Sequence[Incident]:
    """Every incident about the agency's report for the year that was opened by a moment, in order."""
    return session.scalars(
        select(Incident)
        .where(Incident.agency == agency, Incident.year == year, Incident.opened_at <= moment)
        .order_by(Incident.opened_at, Incident.id)
    ).all()


def letters_about(session: Session, incidents: Collection[int], moment: datetime) -> list[Letter]:
    """The messages about incidents that were written by a moment, in order, each with the last answer to it."""
    about = select(NoticeIncident.notice_id).where(NoticeIncident.incident_id.in_(incidents))
    notices = session.scalars(
        select(Notice).where(Notice.id.in_(about), Notice.created_at <= moment).order_by(Notice.created_at, Notice.id)
    ).all()
    return [Letter(notice, _answer(session, notice.id, moment)) for notice in notices]


def _complete() -> ColumnElement[bool]:
    return and_(Look.complete, Look.found == PortalState.HEALTHY)


def _read(session: Session, version: Version, moment: datetime) -> ReadVersion:
    work = session.scalar(
        select(Work).where(Work.version_id == version.id, Work.created_at <= moment).order_by(Work.id.desc()).limit(1)
    )
    readings = session.execute(
        select(ReadingRow.reader, ReadingRow.read_at)
        .where(ReadingRow.sha256 == version.sha256, ReadingRow.read_at <= moment)
        .order_by(ReadingRow.read_at)
    )
    check = session.scalar(
        select(CheckRow)
        .where(CheckRow.version_id == version.id, CheckRow.checked_at <= moment)
        .order_by(CheckRow.id.desc())
        .limit(1)
    )
    return ReadVersion(version, work, [(reader, read_at) for reader, read_at in readings], check)


def _answer(session: Session, notice_id: int, moment: datetime) -> str | None:
    return session.scalar(
        select(SendLog.answer)
        .where(SendLog.notice_id == notice_id, SendLog.at <= moment)
        .order_by(SendLog.id.desc())
        .limit(1)
    )
