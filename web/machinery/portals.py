"""门户: how each was found, its looks with their accounts, and what a person decides of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from ledger.crawling.portal_decisions import Ordered, order_look, pause_portal, resume_portal
from ledger.crawling.portals import LOOKS_APART
from ledger.models import ListPage, Look, PortalRow
from ledger.standings.confirmations import confirm_column
from monitor.calendar import chinese_moment
from monitor.letters.alert import incident_word
from web.answers import NotFound, Rejected
from web.guard import Number, TheDesk, TheVisitor, asks
from web.machinery.portal_facts import (
    column_facts,
    names_in,
    open_at,
    pages_of,
    portal_lines,
    unverifiable_at,
    years_to_confirm,
)
from web.places import portal_for
from web.rendering import page
from web.serving.framed import framed
from web.visitor import Need

router = APIRouter()
ROWS = 200
Why = Annotated[str, Form(max_length=2000)]
_REFUSED = {
    Ordered.PAUSED: "这个门户已暂停，不会查看；请先恢复",
    Ordered.UNKNOWN: "这个门户还没有开始巡查；请先在门户文件中启用",
}


@router.get("/portals")
@asks(Need.LOGIN)
def portals(
    request: Request,
    desk: TheDesk,
    visitor: TheVisitor,
    page_number: Annotated[int, Query(ge=1, le=1000, alias="page")] = 1,
) -> Response:
    """Those of the visitor's districts, what is not healthy first."""
    register = desk.register
    with desk.ledger.read() as session:
        lines = [
            line
            for line in portal_lines(session, register, list(register.portals))
            if (any(map(visitor.sees, line.districts)) if line.districts else visitor.sees(None))
        ]
    lines.sort(key=lambda line: (_order(line.state is not None and line.state.value), line.portal))
    shown = lines[(page_number - 1) * ROWS : page_number * ROWS]
    more = len(lines) > page_number * ROWS
    return page(request, "portals.html", shown=shown, more=more, page_number=page_number, total=len(lines))


@router.get("/portals/{portal}")
@asks(Need.LOGIN)
def portal_page(request: Request, desk: TheDesk, visitor: TheVisitor, portal: str) -> Response:
    """One portal: its columns with their looks, why agencies here cannot be told, and what can be done."""
    districts, register = portal_for(desk, visitor, portal), desk.register
    with desk.ledger.read() as session:
        (line,) = portal_lines(session, register, [portal])
        if line.row is None and portal not in register.portals:
            raise NotFound
        columns = column_facts(session, register.portals.get(portal), portal)
        unverifiable = unverifiable_at(session, portal)
        incidents = open_at(session, portal, districts)
        years = years_to_confirm(session, portal)
    return page(
        request,
        "portal.html",
        line=line,
        columns=columns,
        unverifiable=[one for one in unverifiable if visitor.sees(one[0].district)],
        incidents=incidents,
        tags={one.kind: incident_word(register.wording, one.kind) for one in incidents},
        years=years or [desk.now().year - 1],
    )


@router.get("/portals/{portal}/looks/{number}")
@asks(Need.LOGIN)
def look_page(request: Request, desk: TheDesk, visitor: TheVisitor, portal: str, number: Number) -> Response:
    """One look at a column: every page with its account, how each list ended, what nobody could name."""
    portal_for(desk, visitor, portal)
    with desk.ledger.read() as session:
        look = session.get(Look, number)
        if look is None or look.portal != portal:
            raise NotFound
        pages = pages_of(session, look)
    return page(
        request,
        "look.html",
        look=look,
        pages=pages,
        names=names_in(pages),
        lists=(look.paging or {}).get("lists") or [],
        name=desk.register.portal_name(portal),
    )


@router.get("/portals/{portal}/pages/{account}")
@asks(Need.LOGIN)
def list_page(desk: TheDesk, visitor: TheVisitor, portal: str, account: str) -> Response:
    """A list page as it was fetched, for the frame: nothing in it runs."""
    portal_for(desk, visitor, portal)
    with desk.ledger.read() as session:
        row = session.get(ListPage, account)
        if row is None or row.portal != portal:
            raise NotFound
        sha256 = row.sha256
    return framed(desk.archive.get(sha256))


@router.post("/portals/{portal}/look")
@asks(Need.OPERATE)
def look_again(desk: TheDesk, visitor: TheVisitor, portal: str, why: Why = "") -> Response:
    """An order for the crawlers: a whole look at their next turn, not more often than one in some minutes."""
    districts, now = portal_for(desk, visitor, portal), desk.now()
    with desk.ledger.write() as session:
        ordered = order_look(session, portal, visitor.who, now, why=_said(why), district=_one(districts))
        row = session.get(PortalRow, portal)
        rested = (row.last_round_at or now) + LOOKS_APART if row is not None else now
    if ordered is Ordered.TOO_SOON:
        minutes = int(LOOKS_APART / timedelta(minutes=1))
        raise Rejected(
            f"刚刚查看过；为不打扰对方网站，两次查看至少相隔{minutes}分钟，请在{chinese_moment(rested)}之后再试", 409
        )
    if ordered is Ordered.UNKNOWN and portal not in desk.register.portals:
        raise NotFound
    if ordered in _REFUSED:
        raise Rejected(_REFUSED[ordered], 409)
    return RedirectResponse(f"/portals/{portal}", 303)


@router.post("/portals/{portal}/confirm")
@asks(Need.OPERATE)
def confirm(
    desk: TheDesk,
    visitor: TheVisitor,
    portal: str,
    column: Annotated[str, Form(max_length=100)],
    year: Annotated[int, Form(ge=2000, le=2100)],
    why: Why = "",
) -> Response:
    """A person's word that what was not found in a column is not there, as ``nianbao looks confirm`` keeps it."""
    districts, said = portal_for(desk, visitor, portal), _said(why)
    if not said:
        raise Rejected("没有写明怎样核对的；请返回上一页填写")
    with desk.ledger.write() as session:
        try:
            confirm_column(
                session,
                portal,
                column,
                year,
                by=visitor.name,
                why=said,
                now=desk.now(),
                account=visitor.account,
                district=_one(districts),
            )
        except LookupError as error:
            raise Rejected(
                f"{year}年度的期限之后还没有完整查看过这个栏目，没有可以确认的内容；请先重新查看", 409
            ) from error
    return RedirectResponse(f"/portals/{portal}", 303)


@router.post("/portals/{portal}/pause")
@asks(Need.OPERATE)
def pause(desk: TheDesk, visitor: TheVisitor, portal: str, why: Why = "") -> Response:
    """Switches a portal off, as ``nianbao portals pause`` does."""
    districts, said = portal_for(desk, visitor, portal), _said(why)
    if not said:
        raise Rejected("没有填写暂停的原因；请返回上一页填写")
    with desk.ledger.write() as session:
        pause_portal(session, portal, visitor.who, said, desk.now(), district=_one(districts))
    return RedirectResponse(f"/portals/{portal}", 303)


@router.post("/portals/{portal}/resume")
@asks(Need.OPERATE)
def resume(desk: TheDesk, visitor: TheVisitor, portal: str, why: Why = "") -> Response:
    """Switches it on again; one that its file switches off stays so."""
    districts, file = portal_for(desk, visitor, portal), desk.register.portals.get(portal)
    if file is not None and file.paused:
        raise Rejected("门户文件写明 paused: true；请先在文件中改为 paused: false", 409)
    with desk.ledger.write() as session:
        resume_portal(session, portal, visitor.who, desk.now(), why=_said(why), district=_one(districts))
    return RedirectResponse(f"/portals/{portal}", 303)


def _said(why: str) -> str:
    return " ".join(why.split())


def _one(districts: tuple[str, ...]) -> str | None:
    return districts[0] if len(districts) == 1 else None


def _order(state: str | bool) -> int:
    """What wants an operator first, then what was never looked at, what is well, and what is switched off."""
    return {"healthy": 2, "paused": 3, False: 1}.get(state, 0)
