"""Whose something is: an agency, an incident or a rectification is found for a visitor, or does not exist for them."""

from __future__ import annotations

from sqlalchemy.orm import Session

from ledger.models import Agency, Incident, Rectification
from ledger.states import Audience
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


def incident_for(session: Session, desk: Desk, visitor: Visitor, number: int) -> Incident:
    """The incident, where it is the visitor's matter; else NotFound."""
    row = session.get(Incident, number)
    if row is None or not is_matter_of(desk, visitor, row):
        raise NotFound
    return row


def is_matter_of(desk: Desk, visitor: Visitor, incident: Incident) -> bool:
    """Whether an incident is of a visitor's districts; a district's portal is its matter too, whoever is told."""
    district = incident.district
    if district is None and incident.audience is Audience.OPERATORS:
        portal = incident.detail.get("portal")
        district = next((name for name, one in desk.register.districts.items() if one.portal == portal), None)
    return visitor.sees(district)
