"""The addresses of feeds. A reader of feeds cannot log in: its token stands in the address, or in the head."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query
from fastapi.responses import Response

from ledger.standings.pages import due_days, newest_versions
from monitor.calendar import chinese_day, day_of
from monitor.letters.desk_links import path_of_report
from web.answers import NotFound
from web.desk import Desk
from web.feeds import atom, calendar
from web.guard import TheDesk, TheVisitor, asks
from web.visitor import Need, Visitor

router = APIRouter()
ENTRIES = 100
# Looked at before the page is made (web/serving/tokens.py); named here so that a page knows of it.
Token = Annotated[str, Query(max_length=200)]


@router.get("/feeds/{district}.atom")
@asks(Need.LOGIN)
def new_reports(desk: TheDesk, visitor: TheVisitor, district: str, token: Token = "") -> Response:
    """The newest versions of a district's reports."""
    address = _address(desk, visitor, district)
    with desk.ledger.read() as session:
        rows = newest_versions(session, district, ENTRIES)
    entries = [
        atom.Entry(
            version.id,
            article.title,
            agency.name,
            article.page_address or article.address,
            version.first_seen_at,
            f"{agency.name}{article.year}年度报告，{chinese_day(day_of(version.first_seen_at))}发现"
            + ("" if is_first else "，是新的版本"),
            f"{address}{path_of_report(agency.agency, article.year)}?version={version.id}"
            if address and article.year is not None
            else "",
        )
        for version, article, agency, is_first in rows
    ]
    return Response(atom.atom_feed(district, entries, address, desk.now()), media_type=atom.MEDIA_TYPE)


@router.get("/feeds/{district}.ics")
@asks(Need.LOGIN)
def due_dates(desk: TheDesk, visitor: TheVisitor, district: str, token: Token = "") -> Response:
    """The due dates of a district, with how many reports are due."""
    address = _address(desk, visitor, district)
    with desk.ledger.read() as session:
        days = [calendar.DueDay(day, year, count) for day, year, count in due_days(session, district)]
    name = quote(f"{district}年报期限.ics", safe="")
    headers = {"Content-Disposition": f"inline; filename*=UTF-8''{name}"}
    content = calendar.due_calendar(district, days, address, desk.now())
    return Response(content, media_type=f"{calendar.MEDIA_TYPE}; charset=utf-8", headers=headers)


def _address(desk: Desk, visitor: Visitor, district: str) -> str:
    """The desk's own address ("": it is not known). Raises NotFound where the token does not see the district."""
    if district not in desk.register.districts or not visitor.sees(district):
        raise NotFound
    return (desk.settings.web_address or "").rstrip("/")
