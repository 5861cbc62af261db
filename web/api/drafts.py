"""自查 by a program: a draft is judged as `nianbao check` judges it, and nothing of it is kept."""

from __future__ import annotations

from typing import Annotated, cast

from fastapi import APIRouter, File, Form, Request, UploadFile
from fastapi.responses import Response

from report.check_shape import CheckShape
from web.answers import Rejected
from web.api.paging import PREFIX
from web.drafts.addresses import FOR_PROGRAMS
from web.drafts.room import DraftRoom, judged_draft
from web.guard import TheDesk, TheVisitor, asks
from web.places import agency_for
from web.serving.problems import given
from web.visitor import Need

router = APIRouter(prefix=PREFIX, tags=["check"])


@router.post(FOR_PROGRAMS.removeprefix(PREFIX), response_model=CheckShape)
@asks(Need.LOGIN, has_own_token=True)
def check(
    desk: TheDesk,
    visitor: TheVisitor,
    request: Request,
    file: Annotated[UploadFile, File(description="报告文件 · the report: PDF, DOCX, DOC, WPS, HTML, text, picture")],
    agency: Annotated[str, Form(max_length=100, description="机关的 id · whose it is, by id")] = "",
    year: Annotated[int | None, Form(ge=2008, le=2100, description="报告年度 · report year")] = None,
) -> Response:
    """What is found in one document, as an element of `nianbao check --format json`; last year's report and the
    register are its context. It is judged in a limited process of its own and kept nowhere. 503: the places are taken.
    """
    if agency:
        with desk.ledger.read() as session:
            agency_for(session, visitor, agency)
    # An account and its programs have one count, as at the page.
    cast(DraftRoom, request.app.state.drafts).count(f"account:{visitor.account}")
    data = file.file.read(desk.settings.read_max_bytes + 1)
    if not data:
        raise Rejected("文件是空的；请选择报告文件")
    found = judged_draft(desk, data, file.filename or "", agency=agency or None, year=year, districts=visitor.districts)
    return given(found.judged.as_json())
