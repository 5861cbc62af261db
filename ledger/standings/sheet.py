"""What the 台账 says of each report beside its standing: its newest document, versions, notices and rectification.

Every question is asked once for a whole district and report year, so that a sheet of thousands of agencies is a handful
of queries.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session

from ledger.messages.rectifications import Asked, rectifications_at
from ledger.models import Agency, Article, Document, FindingRow, Incident, Notice, NoticeIncident, ReadingRow, Version
from ledger.states import ArticleOutcome, Audience, NoticeKind, VersionRole

# A database takes so many values in one question.
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class ReportDocument:
    """The newest document of a report as it stood at a moment.

    ``form`` is the form that was read in it, None where it was not read; ``changed_at`` is when the last of several
    versions was found.
    """

    title: str
    address: str
    first_seen_at: datetime
    role: VersionRole
    media_type: str
    form: str | None
    versions: int
    changed_at: datetime | None


def documents_at(session: Session, district: str, year: int, moment: datetime) -> dict[str, ReportDocument]:
    """By agency, the newest document of its report for a year at a moment; of several articles that seen last."""
    places = (
        select(
            Version.article_id,
            func.max(Version.id).label("newest"),
            func.count(Version.id).label("count"),
            func.max(Version.first_seen_at).label("newest_at"),
        )
        .where(Version.first_seen_at <= moment)
        .group_by(Version.article_id, Version.address)
        .subquery()
    )
    versions = (
        select(
            places.c.article_id,
            func.max(places.c.newest).label("newest"),
            func.max(places.c.count).label("count"),
            func.max(case((places.c.count > 1, places.c.newest_at))).label("changed_at"),
        )
        .group_by(places.c.article_id)
        .subquery()
    )
    rows: Any = session.execute(
        select(
            Article.agency,
            Article.title,
            Article.address,
            Article.first_seen_at,
            Version.role,
            Document.media_type,
            func.max(ReadingRow.content["form"].as_string()),
            versions.c.count,
            versions.c.changed_at,
        )
        .join(Agency, Agency.agency == Article.agency)
        .join(versions, versions.c.article_id == Article.id)
        .join(Version, Version.id == versions.c.newest)
        .join(Document, Document.sha256 == Version.sha256)
        .outerjoin(ReadingRow, and_(ReadingRow.sha256 == Version.sha256, ReadingRow.read_at <= moment))
        .where(
            Agency.district == district,
            Article.year == year,
            Article.outcome == ArticleOutcome.REPORT,
            Article.first_seen_at <= moment,
        )
        .group_by(
            Article.id,
            Article.agency,
            Article.title,
            Article.address,
            Article.first_seen_at,
            Version.role,
            Document.media_type,
            versions.c.count,
            versions.c.changed_at,
        )
        .order_by(Article.withdrawn_at.is_(None), Article.first_seen_at, Article.id)
    )
    return {agency: ReportDocument(*document) for agency, *document in rows}


def first_told(session: Session, district: str, year: int, moment: datetime) -> dict[str, datetime]:
    """By agency, when the office was first sent a message about its report for a year."""
    rows = session.execute(
        select(Incident.agency, func.min(Notice.sent_at))
        .join(NoticeIncident, NoticeIncident.incident_id == Incident.id)
        .join(Notice, Notice.id == NoticeIncident.notice_id)
        .where(
            Incident.audience == Audience.OFFICE,
            Incident.district == district,
            Incident.year == year,
            Notice.kind.in_((NoticeKind.ALERT, NoticeKind.DIGEST)),
            Notice.sent_at <= moment,
        )
        .group_by(Incident.agency)
    )
    return {agency: sent_at for agency, sent_at in rows if agency is not None and sent_at is not None}


def last_asked(session: Session, district: str, year: int, moment: datetime) -> dict[str, Asked]:
    """By agency, the last rectification that was asked for."""
    found: Sequence[Asked] = rectifications_at(session, district, year, moment)
    return {asked.agency.agency: asked for asked in found}


def findings_by(session: Session, fingerprints: Sequence[str]) -> dict[str, FindingRow]:
    """The findings with these fingerprints."""
    found: dict[str, FindingRow] = {}
    for start in range(0, len(fingerprints), _AT_ONCE):
        some = select(FindingRow).where(FindingRow.fingerprint.in_(fingerprints[start : start + _AT_ONCE]))
        found |= {row.fingerprint: row for row in session.scalars(some)}
    return found
