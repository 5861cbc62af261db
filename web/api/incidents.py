"""What somebody has to know, and what a person says of it."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, with_config
from typing_extensions import TypedDict

from config.severity import Severity
from ledger.messages.incident_notes import notes_about
from ledger.messages.incidents import incidents_after
from ledger.states import IncidentKind, IncidentNoteKind
from monitor.incidents.whose import districts_of
from monitor.outputs.incidents import IncidentShape, incident_shape
from web.api.findings import Why
from web.api.paging import (
    PREFIX,
    AgencyId,
    Cursor,
    DistrictName,
    Limit,
    Year,
    chosen_districts,
    cursor_after,
    number_of,
    sifted,
)
from web.guard import Number, TheDesk, TheVisitor, asks
from web.incidents.noting import note_on
from web.places import incident_for, is_matter_of
from web.serving.problems import given
from web.visitor import Need

router = APIRouter(prefix=PREFIX, tags=["incidents"])


class IncidentState(StrEnum):
    """Whether an incident goes on."""

    OPEN = "open"
    RESOLVED = "resolved"
    ALL = "all"


@with_config(extra="forbid")
class IncidentsShape(TypedDict):
    """A page of incidents, in the order of their opening. It may be short, and there may be more (``next``)."""

    incidents: list[IncidentShape]
    next: str | None


class Note(BaseModel):
    """What a person says; ``until`` is the last day of a ``snooze``."""

    model_config = ConfigDict(extra="forbid")

    kind: IncidentNoteKind
    why: Why
    until: date | None = None


_OVER = {IncidentState.OPEN: False, IncidentState.RESOLVED: True, IncidentState.ALL: None}


@router.get("/incidents", response_model=IncidentsShape)
@asks(Need.LOGIN)
def incidents(
    desk: TheDesk,
    visitor: TheVisitor,
    district: DistrictName = "",
    year: Year = None,
    agency: AgencyId = "",
    kind: IncidentKind | None = None,
    level: Annotated[Severity | None, Query(description="只要一个级别 · of one level only")] = None,
    state: IncidentState = IncidentState.OPEN,
    limit: Limit = 100,
    cursor: Cursor = "",
) -> Response:
    """Incidents with what people said of them, as in `nianbao incidents list --format json`."""
    chosen_districts(desk, visitor, district)
    filters: dict[str, Any] = {"kind": kind, "level": level, "year": year, "agency": agency or None}
    with desk.ledger.read() as session:
        page, last = sifted(
            lambda after: incidents_after(session, after, 500, resolved=_OVER[state], **filters),
            lambda one: (
                is_matter_of(desk, visitor, one) and (not district or district in districts_of(desk.register, one))
            ),
            lambda one: one.id,
            number_of(cursor),
            limit,
        )
        notes = notes_about(session, [one.id for one in page])
    found: IncidentsShape = {
        "incidents": [incident_shape(one, notes.get(one.id, [])) for one in page],
        "next": cursor_after(last) if last is not None else None,
    }
    return given(found)


@router.get("/incidents/{number}", response_model=IncidentShape)
@asks(Need.LOGIN)
def one_incident(desk: TheDesk, visitor: TheVisitor, number: Number) -> Response:
    """One incident."""
    with desk.ledger.read() as session:
        row = incident_for(session, desk, visitor, number)
        return given(incident_shape(row, notes_about(session, [number]).get(number, [])))


@router.post("/incidents/{number}/notes", response_model=IncidentShape)
@asks(Need.DECIDE, has_own_token=True)
def note(desk: TheDesk, visitor: TheVisitor, number: Number, said: Note) -> Response:
    """Acknowledges, snoozes or notes, in the name of the token's person; only the world resolves an incident."""
    note_on(desk, visitor, number, said.kind, said.why, said.until.isoformat() if said.until is not None else "")
    return one_incident(desk, visitor, number)
