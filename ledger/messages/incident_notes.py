"""What people said of incidents: written once, kept for ever, and asked for by those who send reminders."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from ledger.models import FindingRow, Incident, IncidentNote
from ledger.people.record import Who, keep_record
from ledger.states import FindingState, IncidentKind, IncidentNoteKind, RecordKind


def note_incident(
    session: Session,
    incident_id: int,
    kind: IncidentNoteKind,
    said_by: str,
    why: str,
    now: datetime,
    until: datetime | None = None,
    account: str | None = None,
) -> Incident | None:
    """Writes a person's word on an incident; None where there is no such incident. Nothing is resolved by it."""
    incident = session.get(Incident, incident_id)
    if incident is not None:
        session.add(
            IncidentNote(incident_id=incident_id, kind=kind, said_at=now, said_by=said_by, why=why, until=until)
        )
        keep_record(
            session,
            Who(said_by, account),
            RecordKind.INCIDENT_NOTED,
            str(incident_id),
            now,
            why=why,
            district=incident.district,
            agency=incident.agency,
            year=incident.year,
            detail={"note": kind.value},
        )
    return incident


def notes_about(session: Session, incidents: Collection[int]) -> dict[int, list[IncidentNote]]:
    """Everything that was said of these incidents, in the order in which it was said."""
    found: dict[int, list[IncidentNote]] = {}
    query = select(IncidentNote).where(IncidentNote.incident_id.in_(incidents)).order_by(IncidentNote.id)
    for word in session.scalars(query):
        found.setdefault(word.incident_id, []).append(word)
    return found


def snoozed(session: Session, now: datetime) -> set[int]:
    """The incidents of which nobody wants to hear before a day that has not come."""
    return set(session.scalars(select(IncidentNote.incident_id).where(_snoozed(now))))


def muted(session: Session, now: datetime) -> set[int]:
    """The incidents of which nobody is reminded: acknowledged (it, or its finding), or snoozed."""
    acknowledged = IncidentNote.kind == IncidentNoteKind.ACKNOWLEDGE
    found = set(session.scalars(select(IncidentNote.incident_id).where(or_(acknowledged, _snoozed(now)))))
    found |= set(
        session.scalars(
            select(Incident.id)
            .join(FindingRow, FindingRow.fingerprint == Incident.detail["fingerprint"].as_string())
            .where(
                Incident.kind == IncidentKind.FINDING,
                Incident.resolved_at.is_(None),
                FindingRow.state == FindingState.ACKNOWLEDGED,
            )
        )
    )
    return found


def _snoozed(now: datetime) -> ColumnElement[bool]:
    return and_(IncidentNote.kind == IncidentNoteKind.SNOOZE, IncidentNote.until > now)
