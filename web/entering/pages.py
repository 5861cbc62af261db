"""代录: a report that no crawler may or can fetch, as a file; or one that none finds, by its address, for a crawler."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, File, Form, Request, UploadFile
from fastapi.responses import RedirectResponse, Response

from ledger.crawling.entry import CannotEnter, Entry, refuse_impossible
from ledger.crawling.fetch_orders import MOST_WAITING, TooManyWait, newest_orders, order_fetch
from ledger.models import StandingRow
from monitor.calendar import day_of
from monitor.letters.desk_links import path_of_report
from web.answers import NotFound, Rejected
from web.desk import Desk
from web.guard import TheDesk, TheVisitor, asks
from web.rendering import page
from web.visitor import Need, Visitor
from workers.entering import enter_file, keep_entry

router = APIRouter()
ADDRESS = "/add"
ORDERS = 50
LONGEST_ADDRESS = 1000


@router.get(ADDRESS)
@asks(Need.LOGIN)
def ask(request: Request, desk: TheDesk, visitor: TheVisitor, agency: str = "", year: str = "") -> Response:
    """The form, and how it went with the addresses that were given."""
    districts = {name: one for name, one in desk.register.districts.items() if visitor.sees(name)}
    with desk.ledger.read() as session:
        orders = newest_orders(session, visitor.districts, ORDERS)
    names = {entry.id: entry.short for one in districts.values() for entry in one.agencies}
    return page(request, "add.html", districts=districts, agency=agency, year=year, orders=orders, names=names)


@router.post(ADDRESS)
@asks(Need.DECIDE)
def add(
    desk: TheDesk,
    visitor: TheVisitor,
    agency: Annotated[str, Form(max_length=200)],
    year: Annotated[int, Form(ge=2000, le=2100)],
    published: Annotated[date, Form()],
    why: Annotated[str, Form(max_length=2000)],
    file: Annotated[UploadFile | None, File()] = None,
    source: Annotated[str, Form(max_length=LONGEST_ADDRESS)] = "",
) -> Response:
    """Keeps the file as the agency's report, by the function of `nianbao add`; or has a crawler fetch the address."""
    district = next(
        (one for one in desk.register.districts.values() if agency in {entry.id for entry in one.agencies}), None
    )
    if district is None or not visitor.sees(district.district):
        raise NotFound
    if not why.strip():
        raise Rejected("没有填写原因；请返回上一页填写")
    where = source.strip()
    content = file.file.read(desk.settings.read_max_bytes + 1) if file is not None and file.filename else b""
    said = " ".join(f"{why} {f'（来源：{where}）' if where and content else ''}".split())
    entry = Entry(district, desk.register.agencies[agency], year, published, visitor.name, said)
    try:
        refuse_impossible(entry, day_of(desk.now()))
        if not content:
            return _order(desk, visitor, entry, where)
        name = (file.filename if file is not None else None) or "报告"
        enter_file(desk.settings, desk.ledger, desk.archive, entry, name[:200], content, visitor.who, desk.now())
    except CannotEnter as error:
        raise Rejected(str(error)) from error
    with desk.ledger.read() as session:
        is_owed = session.get(StandingRow, (agency, year)) is not None
    return RedirectResponse(path_of_report(agency, year) if is_owed else ADDRESS, 303)


def _order(desk: Desk, visitor: Visitor, entry: Entry, where: str) -> Response:
    """The desk itself asks no other site for anything: a crawler does, as it does on its rounds."""
    if not where:
        raise Rejected("没有选择文件，或文件是空的；请返回上一页选择报告文件，或填写网址")
    if not _is_address(where):
        raise Rejected("填写的不是网址；请填完整的网址，以 http:// 或 https:// 开头")
    now = desk.now()
    with desk.ledger.write() as session:
        try:
            new = order_fetch(
                session,
                district=entry.district.district,
                agency=entry.agency.id,
                year=entry.year,
                published=entry.published,
                address=where,
                by=entry.by,
                why=entry.why,
                now=now,
            )
        except TooManyWait as error:
            sentence = f"这个区已有 {MOST_WAITING} 个网址等待取得；请等它们完成，或改为上传文件"
            raise Rejected(sentence, 429) from error
        if new:
            keep_entry(session, entry, visitor.who, now, where)
    return RedirectResponse(f"{ADDRESS}#orders", 303)


def _is_address(where: str) -> bool:
    try:
        parts = urlsplit(where)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and where.isprintable() and " " not in where
    except ValueError:
        return False
