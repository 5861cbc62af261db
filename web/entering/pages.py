"""代录: a report that no crawler may or can fetch, as a file, with the day of its publication and why."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, File, Form, Request, UploadFile
from fastapi.responses import RedirectResponse, Response

from monitor.calendar import day_of
from web.answers import NotFound, Rejected
from web.guard import TheDesk, TheVisitor, asks
from web.rendering import page
from web.visitor import Need
from workers.entering import CannotEnter, Entry, enter_file, refuse_impossible

router = APIRouter()
ADDRESS = "/add"


@router.get(ADDRESS)
@asks(Need.LOGIN)
def ask(request: Request, desk: TheDesk, visitor: TheVisitor, agency: str = "", year: str = "") -> Response:
    """The form."""
    districts = {name: one for name, one in desk.register.districts.items() if visitor.sees(name)}
    return page(request, "add.html", districts=districts, agency=agency, year=year)


@router.post(ADDRESS)
@asks(Need.DECIDE)
def add(
    desk: TheDesk,
    visitor: TheVisitor,
    agency: Annotated[str, Form(max_length=200)],
    year: Annotated[int, Form(ge=2000, le=2100)],
    published: Annotated[date, Form()],
    why: Annotated[str, Form(max_length=2000)],
    file: Annotated[UploadFile, File()],
    source: Annotated[str, Form(max_length=500)] = "",
) -> Response:
    """Keeps the file as the agency's report, by the function of `nianbao add`."""
    district = next(
        (one for one in desk.register.districts.values() if agency in {entry.id for entry in one.agencies}), None
    )
    if district is None or not visitor.sees(district.district):
        raise NotFound
    said = " ".join(f"{why} {f'（来源：{source}）' if source.strip() else ''}".split())
    if not why.strip():
        raise Rejected("没有填写原因；请返回上一页填写")
    entry = Entry(district, desk.register.agencies[agency], year, published, visitor.name, said)
    content = file.file.read(desk.settings.read_max_bytes + 1)
    if not content:
        raise Rejected("没有选择文件，或文件是空的；请返回上一页选择报告文件")
    try:
        refuse_impossible(entry, day_of(desk.now()))
        name = (file.filename or "报告")[:200]
        enter_file(desk.settings, desk.ledger, desk.archive, entry, name, content, visitor.who, desk.now())
    except CannotEnter as error:
        raise Rejected(str(error)) from error
    return RedirectResponse(f"/reports/{agency}/{year}", 303)
