"""名册: agencies by upload of the spreadsheet that `nianbao agencies import` takes; shown before anything changes."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, File, Form, Request, UploadFile
from fastapi.responses import Response

from config.agencies.importing import LARGEST, CannotImport, Plan, book_of_register, planned_import, write_import
from config.agencies.spreadsheet import BadLine
from config.time_zone import SHANGHAI
from ledger.people.record import keep_record
from ledger.states import RecordKind
from monitor.calendar import day_of
from web.answers import Rejected
from web.desk import Desk
from web.guard import TheDesk, TheVisitor, asks
from web.personal_data import keep_seen
from web.rendering import page
from web.season.board import XLSX, attachment
from web.visitor import Need, Visitor

router = APIRouter()
ADDRESS = "/register"
MOST_LINES = 200


@router.get(ADDRESS)
@asks(Need.OPERATE)
def show(request: Request, desk: TheDesk, visitor: TheVisitor) -> Response:
    """What the register holds, and the form."""
    return _page(request, desk, visitor)


@router.get("/register.xlsx")
@asks(Need.OPERATE)
def export(desk: TheDesk, visitor: TheVisitor) -> Response:
    """The register as a workbook, of the visitor's districts."""
    files = [one for name, one in desk.register.districts.items() if visitor.sees(name)]
    for one in files:
        if any(agency.contact or agency.telephone for agency in one.agencies):
            keep_seen(desk, visitor, "register.xlsx", district=one.district)
    book = book_of_register(desk.register, [one.district for one in files], desk.now().astimezone(SHANGHAI))
    return attachment(book, XLSX, f"机关名册 {day_of(desk.now()).isoformat()}.xlsx")


@router.post(ADDRESS)
@asks(Need.OPERATE)
def check(request: Request, desk: TheDesk, visitor: TheVisitor, file: Annotated[UploadFile, File()]) -> Response:
    """Looks through a table: its errors line by line, or what it would change. Nothing is written."""
    content = file.file.read(LARGEST + 1)
    try:
        plan = _plan(desk, visitor, content)
    except CannotImport as error:
        return _page(request, desk, visitor, status=400, wrong=f"{error}。", lines=error.lines[:MOST_LINES])
    # Kept as what was looked through, so that what is written is the very same.
    return _page(request, desk, visitor, plan=plan, sha256=desk.archive.put(content))


@router.post("/register/import")
@asks(Need.OPERATE)
def import_(
    request: Request,
    desk: TheDesk,
    visitor: TheVisitor,
    sha256: Annotated[str, Form(max_length=64)],
    remove: Annotated[str, Form(max_length=3)] = "",
) -> Response:
    """Writes what was shown."""
    if not re.fullmatch(r"[0-9a-f]{64}", sha256):
        raise Rejected("表格没有上传完整；请重新上传")
    try:
        plan = _plan(desk, visitor, desk.archive.get(sha256))
    except CannotImport as error:
        raise Rejected(str(error)) from error
    if (plan.gone or plan.told_no_more) and not remove:
        raise Rejected("表中少了名册里的机关或收件人；确要移出请勾选，否则请补进表里重新上传")
    try:
        write_import(plan, desk.settings.home)
    except OSError as error:
        raise Rejected(f"名册文件不能写入（{error.strerror}）；请运维人员检查权限", 503) from error
    desk.look_again()
    with desk.ledger.write() as session:
        for district in dict.fromkeys((*plan.changed, *plan.offices)):
            detail: dict[str, object] = {"agencies": plan.agencies, "removed": [*plan.gone, *plan.told_no_more]}
            if district in plan.offices:
                detail["recipients"] = [one.to for one in plan.offices[district].recipients]
            kind = RecordKind.REGISTER_IMPORTED
            keep_record(session, visitor.who, kind, sha256, desk.now(), district=district, detail=detail)
    return _page(request, desk, visitor, done=plan)


def _plan(desk: Desk, visitor: Visitor, content: bytes) -> Plan:
    now: datetime = desk.now()
    plan = planned_import(content, desk.register, day_of(now).year - 1)
    others = [name for name in plan.all_districts if not visitor.sees(name)]
    if others:
        raise CannotImport(f"表中有不由您负责的区（{'、'.join(others)}）；请删去这些行")
    return plan


def _page(
    request: Request,
    desk: Desk,
    visitor: Visitor,
    *,
    status: int = 200,
    wrong: str = "",
    lines: tuple[BadLine, ...] = (),
    plan: Plan | None = None,
    sha256: str = "",
    done: Plan | None = None,
) -> Response:
    districts = [one for name, one in desk.register.districts.items() if visitor.sees(name)]
    values = {"wrong": wrong, "lines": lines, "plan": plan, "sha256": sha256, "done": done}
    return page(request, "register.html", status=status, districts=districts, **values)
