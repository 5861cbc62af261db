"""Whose something is: what an address names is found for a visitor, or does not exist for them."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.models import Agency, Article, FindingRow, Incident, Rectification, Version
from monitor.incidents.whose import districts_of
from web.answers import NotFound
from web.desk import Desk
from web.visitor import Visitor


def agency_for(session: Session, visitor: Visitor, agency: str) -> Agency:
    """The agency, where the visitor sees its district; else NotFound."""
    row = session.get(Agency, agency)
    if row is None or not visitor.sees(row.district):
        raise NotFound
    return row


def rectification_for(session: Session, visitor: Visitor, number: int) -> tuple[Rectification, Agency]:
    """The rectification with its agency, where the visitor sees its district; else NotFound."""
    row = session.get(Rectification, number)
    if row is None:
        raise NotFound
    return row, agency_for(session, visitor, row.agency)


def finding_for(session: Session, desk: Desk, visitor: Visitor, fingerprint: str) -> FindingRow:
    """The finding, where it is of a district that the visitor sees; else NotFound."""
    finding = session.get(FindingRow, fingerprint)
    if finding is None:
        raise NotFound
    article = session.scalar(
        select(Article).join(Version, Version.article_id == Article.id).where(Version.id == finding.version_id)
    )
    _refuse_elsewhere(session, desk, visitor, finding.agency, article)
    return finding


def version_for(session: Session, desk: Desk, visitor: Visitor, number: int) -> tuple[Version, Article]:
    """The version with its article, where it is of a district that the visitor sees; else NotFound."""
    version = session.get(Version, number)
    if version is None:
        raise NotFound
    article = session.get_one(Article, version.article_id)
    _refuse_elsewhere(session, desk, visitor, article.agency, article)
    return version, article


def portal_for(desk: Desk, visitor: Visitor, portal: str) -> tuple[str, ...]:
    """The districts of a portal, where the visitor sees one of them; else NotFound."""
    districts = desk.register.districts_at(portal)
    if not _sees_one(visitor, districts):
        raise NotFound
    return districts


def incident_for(session: Session, desk: Desk, visitor: Visitor, number: int) -> Incident:
    """The incident, where it is the visitor's matter; else NotFound."""
    row = session.get(Incident, number)
    if row is None or not is_matter_of(desk, visitor, row):
        raise NotFound
    return row


def is_matter_of(desk: Desk, visitor: Visitor, incident: Incident) -> bool:
    """Whether an incident is of a visitor's districts."""
    return _sees_one(visitor, districts_of(desk.register, incident))


def _refuse_elsewhere(
    session: Session, desk: Desk, visitor: Visitor, agency: str | None, article: Article | None
) -> None:
    """What is nobody's report, or of an agency that is no more in the ledger, is of its portal's districts."""
    district = session.scalar(select(Agency.district).where(Agency.agency == agency)) if agency is not None else None
    portal = article.portal if article is not None else None
    if not _sees_one(visitor, (district,) if district is not None else desk.register.districts_at(portal)):
        raise NotFound


def _sees_one(visitor: Visitor, districts: tuple[str, ...]) -> bool:
    return any(map(visitor.sees, districts)) if districts else visitor.sees(None)
