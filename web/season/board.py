"""季情总览: the overview of a season, and its 台账."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from ledger.standings.questions import standings_at
from ledger.states import Standing
from monitor.calendar import day_of
from monitor.weekly.workbook import ledger_book
from web.answers import NotFound
from web.desk import Desk
from web.guard import TheDesk, TheVisitor, asks
from web.personal_data import keep_seen
from web.rendering import page
from web.season.overview import Filters, overview_of
from web.visitor import Need, Visitor

router = APIRouter()
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Year = Annotated[int, Query(ge=2000, le=2100)]


@router.get("/")
@asks(Need.LOGIN)
def board(
    request: Request,
    desk: TheDesk,
    visitor: TheVisitor,
    district: str = "",
    year: str = "",
    kind: str = "",
    state: str = "",
    name: Annotated[str, Query(max_length=60)] = "",
    soon: str = "",
    page_number: Annotated[int, Query(ge=1, le=1000, alias="page")] = 1,
) -> Response:
    """What to do first, how all stand, and what could not be watched."""
    seen = visitor.seen(desk.register.districts)
    filters = Filters(
        district=district_asked(district, seen),
        year=int(year) if year.isdecimal() and len(year) == 4 else None,
        kind=kind or None,
        state=Standing(state) if state in set(Standing) else None,
        name=name.strip(),
        soon=bool(soon),
        page=page_number,
    )
    with desk.ledger.read() as session:
        found = overview_of(session, desk.register, seen, filters, desk.now())
    return page(request, "board.html", found=found, filters=filters, districts=seen)


@router.get("/ledger.xlsx")
@asks(Need.LOGIN)
def workbook(desk: TheDesk, visitor: TheVisitor, district: str, year: Year) -> Response:
    """The 台账 of a district and year, as the weekly letter carries it."""
    _seen(desk, visitor, district)
    with desk.ledger.read() as session:
        standings = standings_at(session, district=district, years=[year])
        if not standings:
            raise NotFound
        entries = [desk.register.agencies.get(one.agency) for one in standings]
        book = ledger_book(session, desk.register, standings, desk.now())
    if any(one is not None and (one.contact or one.telephone) for one in entries):
        keep_seen(desk, visitor, "ledger.xlsx", district=district, year=year)
    return attachment(book, XLSX, f"台账 {district}{year}年度 {day_of(desk.now()).isoformat()}.xlsx")


def attachment(content: bytes, media_type: str, name: str) -> Response:
    """A file to be saved under a name."""
    disposition = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    return Response(content, media_type=media_type, headers={"Content-Disposition": disposition})


def district_asked(asked: str, seen: list[str]) -> str | None:
    """The district that an address asks for, or the only one that is seen; None for all. Raises NotFound."""
    if asked and asked not in seen:
        raise NotFound
    return asked or (seen[0] if len(seen) == 1 else None)


def _seen(desk: Desk, visitor: Visitor, district: str) -> None:
    if district not in desk.register.districts or not visitor.sees(district):
        raise NotFound
