"""记录: who decided what, and who saw personal data."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from ledger.people.record import records
from ledger.states import RecordKind
from web.guard import TheDesk, TheVisitor, asks
from web.rendering import page
from web.visitor import Need

router = APIRouter()
ROWS = 200


@router.get("/audit")
@asks(Need.OPERATE)
def audit(
    request: Request,
    desk: TheDesk,
    visitor: TheVisitor,
    kind: RecordKind | None = None,
    before: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None,
) -> Response:
    """The newest rows first, of the visitor's districts."""
    with desk.ledger.read() as session:
        rows = records(session, visitor.districts, kind=kind, before=before, most=ROWS + 1)
    return page(
        request, "audit.html", rows=rows[:ROWS], more=len(rows) > ROWS, kind=kind, kinds=list(RecordKind), before=before
    )
