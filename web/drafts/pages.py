"""自查: the form, the page of what was found, the commented file and the 自查表."""

from __future__ import annotations

import asyncio
import logging
from pathlib import PurePosixPath
from typing import Annotated, cast

from fastapi import APIRouter, File, Form, Request, UploadFile
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from config.agencies import AgencyEntry
from web.answers import NotFound, NotLoggedIn
from web.desk import Desk
from web.drafts.addresses import ADDRESS, agency_at
from web.drafts.room import KEPT, DraftRoom, Upload
from web.drafts.shown import DraftShown, draft_shown
from web.guard import Number, TheDesk, asks, form_token
from web.rendering import page
from web.season.board import attachment
from web.serving.origins import origin_of
from web.visitor import Need, Visitor
from workers.drafts.checking import CheckedDraft

log = logging.getLogger("nianbao.web")
router = APIRouter()
RESULTS = "/check/results"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# How long the browser waits for the answer to an upload before a page says that it goes on.
WAIT_SECONDS = 20.0
LOOK_AGAIN_SECONDS = 3
GONE = "这次自查的结果已经删除，或者不是在这个浏览器中上传的。请重新上传文件。"
# The lines of the 自查表, so that it is one page.
MOST_LINES = 12


@router.get(ADDRESS)
@asks(Need.NOTHING)
def ask(request: Request, desk: TheDesk) -> Response:
    """The form: for who is logged in, or for everybody where the office says so."""
    _refuse_strangers(request, desk)
    return _form(request, desk)


@router.post(ADDRESS)
@asks(Need.NOTHING)
async def check(
    request: Request,
    desk: TheDesk,
    file: Annotated[UploadFile | None, File()] = None,
    agency: Annotated[str, Form(max_length=200)] = "",
    year: Annotated[str, Form(max_length=10)] = "",
) -> Response:
    """Judges a draft; where it takes long, its page says meanwhile that it goes on."""
    _refuse_strangers(request, desk)
    visitor = _visitor(request)
    chosen = _chosen(desk, visitor, agency)
    districts = visitor.districts if visitor is not None else None
    strangers = f"address:{origin_of(request, desk).network}"
    counted_as = f"account:{visitor.account}" if visitor is not None else strangers
    return await _check(request, desk, file, year, chosen, ADDRESS, counted_as, districts)


@router.get(RESULTS + "/{upload}")
@asks(Need.NOTHING)
def result(request: Request, desk: TheDesk, upload: str) -> Response:
    """What was found; while it is looked for, that it goes on."""
    found = _found(request, desk, upload)
    if found is None:
        return _gone(request)
    if not found.result.done():
        answer = page(request, "check_waits.html", upload=found)
        answer.headers["Refresh"] = str(LOOK_AGAIN_SECONDS)
        return answer
    return _page(request, desk, found, "check_result.html")


@router.get(RESULTS + "/{upload}/sheet")
@asks(Need.NOTHING)
def sheet(request: Request, desk: TheDesk, upload: str) -> Response:
    """The 自查表: one page to print, to sign and to keep with the draft."""
    found = _found(request, desk, upload)
    if found is None or not found.result.done():
        return _gone(request)
    return _page(request, desk, found, "check_sheet.html", most=MOST_LINES)


@router.get(RESULTS + "/{upload}/file")
@asks(Need.NOTHING)
def commented(request: Request, desk: TheDesk, upload: str) -> Response:
    """Their own Word file with a comment at each finding, to be saved."""
    draft = _draft(request, desk, upload)
    if draft is None:
        return _gone(request)
    if draft.commented is None:
        raise NotFound
    name = PurePosixPath(draft.judged.report.source)
    return attachment(draft.commented, DOCX, f"{name.stem}（自查批注）{name.suffix or '.docx'}")


@router.get(RESULTS + "/{upload}/pages/{number}.png")
@asks(Need.NOTHING)
def picture(request: Request, desk: TheDesk, upload: str, number: Number) -> Response:
    """One page with findings, as it was drawn."""
    draft = _draft(request, desk, upload)
    found = next((one for one in draft.pages if one.number == number), None) if draft is not None else None
    if found is None:
        raise NotFound
    return Response(found.picture, media_type="image/png")


@router.post(RESULTS + "/{upload}/forget")
@asks(Need.NOTHING)
def forget(request: Request, desk: TheDesk, upload: str) -> Response:
    """Deletes what is kept of a draft at once."""
    found = _found(request, desk, upload)
    if found is None:
        return _gone(request)
    room(request).remove(upload)
    return RedirectResponse(found.address, 303)


@router.get(ADDRESS + "/{token}")
@asks(Need.NOTHING)
def ask_agency(request: Request, desk: TheDesk, token: str) -> Response:
    """The form of one agency, at the address that its office gave it."""
    return _form(request, desk, _agency_at(desk, token))


@router.post(ADDRESS + "/{token}")
@asks(Need.NOTHING)
async def check_agency(
    request: Request,
    desk: TheDesk,
    token: str,
    file: Annotated[UploadFile | None, File()] = None,
    year: Annotated[str, Form(max_length=10)] = "",
) -> Response:
    """Judges a draft of that agency."""
    agency = await run_in_threadpool(_agency_at, desk, token)
    districts = [name for name, one in desk.register.districts.items() if agency in one.agencies]
    counted_as = f"agency:{agency.id}"
    return await _check(request, desk, file, year, agency, f"{ADDRESS}/{token}", counted_as, districts)


def room(request: Request) -> DraftRoom:
    """The drafts of this process."""
    return cast(DraftRoom, request.app.state.drafts)


async def _check(
    request: Request,
    desk: Desk,
    file: UploadFile | None,
    year: str,
    agency: AgencyEntry | None,
    address: str,
    counted_as: str,
    districts: list[str] | tuple[str, ...] | None,
) -> Response:
    own = agency if address != ADDRESS else None
    most = desk.settings.read_max_bytes
    data = await run_in_threadpool(file.file.read, most + 1) if file is not None else b""
    if not data:
        wrong = "没有选择文件，或文件是空的；请选择报告文件后再试。"
    elif len(data) > most:
        wrong = f"文件超过 {most // 2**20} MB；请核对是不是年度报告。"
    elif year.strip() and not (year.strip().isascii() and year.strip().isdecimal() and len(year.strip()) == 4):
        wrong = "报告年度请填四位数字，例如 2025；也可以不填。"
    else:
        upload = room(request).begin(
            desk,
            data,
            (file.filename if file is not None else None) or "",
            sender=form_token(request),
            counted_as=counted_as,
            address=address,
            agency=agency.id if agency is not None else None,
            year=int(year) if year.strip() else None,
            districts=districts,
        )
        # What goes wrong is told by the page of the result.
        await asyncio.wait([asyncio.wrap_future(upload.result)], timeout=WAIT_SECONDS)
        return RedirectResponse(f"{RESULTS}/{upload.token}", 303)
    return await run_in_threadpool(_form, request, desk, own, wrong=wrong, chosen=agency, year=year[:4])


def _form(
    request: Request,
    desk: Desk,
    agency: AgencyEntry | None = None,
    *,
    wrong: str = "",
    chosen: AgencyEntry | None = None,
    year: str = "",
) -> Response:
    """The form; ``agency`` is the one whose address it is."""
    visitor = _visitor(request)
    districts = desk.register.districts.items() if visitor is not None and agency is None else ()
    return page(
        request,
        "check.html",
        status=400 if wrong else 200,
        agency=agency,
        districts={name: one for name, one in districts if visitor is not None and visitor.sees(name)},
        wrong=wrong,
        chosen=chosen.id if chosen is not None else request.query_params.get("agency", "")[:200],
        year=year,
        megabytes=desk.settings.read_max_bytes // 2**20,
        minutes=int(KEPT.total_seconds() // 60),
    )


def _page(request: Request, desk: Desk, upload: Upload, template: str, most: int = 0) -> Response:
    draft = upload.result.result()
    shown: DraftShown = draft_shown(draft, desk.register, upload.at)
    return page(
        request,
        template,
        upload=upload,
        shown=shown,
        draft=draft,
        report=draft.judged.report,
        base=f"{RESULTS}/{upload.token}",
        pictures={one.number: one for one in draft.pages},
        is_word=draft.judged.report.media_type == DOCX,
        minutes=int(KEPT.total_seconds() // 60),
        most=most,
    )


def _gone(request: Request) -> Response:
    return page(request, "stopped.html", status=404, title="没有这次自查", sentence=GONE)


def _found(request: Request, desk: Desk, token: str) -> Upload | None:
    return room(request).find(token, form_token(request), desk.now())


def _draft(request: Request, desk: Desk, token: str) -> CheckedDraft | None:
    found = _found(request, desk, token)
    return found.result.result() if found is not None and found.result.done() else None


def _visitor(request: Request) -> Visitor | None:
    return cast(Visitor | None, request.scope.get("visitor"))


def _refuse_strangers(request: Request, desk: Desk) -> None:
    if _visitor(request) is None and not desk.settings.web_check_open:
        raise NotLoggedIn


def _chosen(desk: Desk, visitor: Visitor | None, agency: str) -> AgencyEntry | None:
    """The agency that somebody who is logged in chose, of their districts."""
    if visitor is None or not agency:
        return None
    for name, one in desk.register.districts.items():
        if visitor.sees(name) and (entry := next((one for one in one.agencies if one.id == agency), None)):
            return entry
    raise NotFound


def _agency_at(desk: Desk, token: str) -> AgencyEntry:
    agency = agency_at(desk, token)
    if agency is None:
        raise NotFound
    return desk.register.agencies[agency]
