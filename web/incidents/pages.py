"""事项: what somebody has to know; a person acknowledges, snoozes or notes, and only the world resolves."""

from __future__ import annotations

from array import array
from collections import defaultdict
from itertools import chain, islice
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from config.severity import gravity
from ledger.messages.incident_notes import notes_about
from ledger.messages.incidents import each_open_incident, incidents_by_number
from ledger.states import IncidentNoteKind
from monitor.calendar import day_of
from monitor.letters.alert import incident_word
from web.guard import Number, TheDesk, TheVisitor, asks
from web.incidents.noting import note_on
from web.places import is_matter_of
from web.rendering import page
from web.visitor import Need

router = APIRouter()
ROWS = 200


@router.get("/incidents")
@asks(Need.LOGIN)
def incidents(
    request: Request,
    desk: TheDesk,
    visitor: TheVisitor,
    page_number: Annotated[int, Query(ge=1, le=1000, alias="page")] = 1,
) -> Response:
    """What is open, the worst first, with what people said of it, and the downtime that is announced."""
    register, today = desk.register, day_of(desk.now())
    with desk.ledger.read() as session:
        levels: dict[str, array[int]] = defaultdict(lambda: array("q"))
        for one in each_open_incident(session):
            if is_matter_of(desk, visitor, one):
                levels[one.level].append(one.id)
        ordered = chain.from_iterable(reversed(levels[level]) for level in sorted(levels, key=gravity))
        first = (page_number - 1) * ROWS
        shown = incidents_by_number(session, list(islice(ordered, first, first + ROWS)))
        total = sum(map(len, levels.values()))
        notes = notes_about(session, [one.id for one in shown])
    return page(
        request,
        "incidents.html",
        shown=shown,
        total=total,
        page_number=page_number,
        more=total > page_number * ROWS,
        notes=notes,
        tags={one.kind: incident_word(register.wording, one.kind) for one in shown},
        downtime=[one for one in register.maintenance.windows if one.end >= today],
        portal_name=register.portal_name,
    )


@router.post("/incidents/{number}")
@asks(Need.DECIDE)
def note(
    desk: TheDesk,
    visitor: TheVisitor,
    number: Number,
    kind: Annotated[IncidentNoteKind, Form()],
    why: Annotated[str, Form(max_length=2000)] = "",
    until: Annotated[str, Form(max_length=10)] = "",
) -> Response:
    """A person's word on an incident."""
    note_on(desk, visitor, number, kind, why, until)
    return RedirectResponse(f"/incidents#incident-{number}", 303)
