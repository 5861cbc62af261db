"""通报: a season's draft with its numbers, and its release, which a person decides."""

from __future__ import annotations

import threading
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from ledger.messages.circulars import release_circular, released_circulars
from ledger.models import Record
from ledger.standings.board import years_of
from ledger.states import RecordKind
from monitor.papers.season_circular import (
    NOT_JUDGED,
    WORD,
    Release,
    SeasonCircular,
    circular_as_word,
    draft_circular,
    file_name,
    template_of,
)
from monitor.papers.word_template import TemplateError
from web.answers import NotFound, Rejected
from web.desk import Desk
from web.guard import Number, TheDesk, TheVisitor, asks
from web.rendering import page
from web.season.board import attachment
from web.visitor import Need, Visitor

router = APIRouter()
# So that what is sent twice at once is released once.
_ONE_AT_A_TIME = threading.Lock()
Year = Annotated[int, Query(ge=2000, le=2100)]


@router.get("/summaries/circular")
@asks(Need.LOGIN)
def circular(
    request: Request,
    desk: TheDesk,
    visitor: TheVisitor,
    district: str = "",
    year: Annotated[int | None, Query()] = None,
) -> Response:
    """What the circular of a district and year says as things stand, and those that were released.

    Of the visitor's first district and its newest year, where none is asked for.
    """
    district = district or next(iter(visitor.seen(desk.register.districts)), "")
    _refuse_elsewhere(desk, visitor, district)
    with desk.ledger.read() as session:
        years = years_of(session, [district])
        chosen = year if year in years else next(iter(years), None)
        draft = draft_circular(session, desk.register, district, chosen, desk.now()) if chosen is not None else None
        released = released_circulars(session, [district], chosen)
    return page(
        request,
        "circular.html",
        district=district,
        year=chosen,
        years=years,
        draft=draft,
        not_judged=NOT_JUDGED,
        released=released,
        is_released=draft is not None and any(one.detail.get("contents") == draft.contents for one in released),
    )


@router.get("/summaries/circular.docx")
@asks(Need.LOGIN)
def draft_file(desk: TheDesk, visitor: TheVisitor, district: str, year: Year) -> Response:
    """The draft as a Word file; it says on every page that it is one."""
    draft = _draft(desk, visitor, district, year)
    return attachment(_word(desk, draft), WORD, file_name(draft))


@router.post("/summaries/circular")
@asks(Need.DECIDE)
def release(
    desk: TheDesk,
    visitor: TheVisitor,
    district: Annotated[str, Form(max_length=100)],
    year: Annotated[int, Form(ge=2000, le=2100)],
    contents: Annotated[str, Form(max_length=64)],
    why: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Releases what the visitor saw, and nothing that took its place since; its copy is kept."""
    now, said = desk.now(), " ".join(why.split())
    draft = _draft(desk, visitor, district, year)
    if draft.contents != contents:
        raise Rejected("通报的内容刚刚变了，没有签发；请返回上一页，刷新后重新核对", 409)
    if not said:
        raise Rejected("没有写明核对情况；请返回上一页填写")
    book = _word(desk, draft, Release(visitor.name, now))
    with _ONE_AT_A_TIME:
        sha256 = desk.archive.put(book)
        with desk.ledger.write() as session:
            release_circular(
                session,
                district,
                year,
                contents=contents,
                sha256=sha256,
                size=len(book),
                media_type=WORD,
                who=visitor.who,
                why=said,
                now=now,
            )
    return RedirectResponse(f"/summaries/circular?{urlencode({'district': district, 'year': year})}#released", 303)


@router.get("/summaries/circulars/{number}")
@asks(Need.LOGIN)
def released_file(desk: TheDesk, visitor: TheVisitor, number: Number) -> Response:
    """The copy of one that was released, as it was then."""
    with desk.ledger.read() as session:
        record = session.get(Record, number)
        if record is None or record.kind is not RecordKind.CIRCULAR_RELEASED or not visitor.sees(record.district):
            raise NotFound
        sha256, name = str(record.detail.get("sha256")), record.subject
    return attachment(desk.archive.get(sha256), WORD, f"{name}.docx")


def _draft(desk: Desk, visitor: Visitor, district: str, year: int) -> SeasonCircular:
    _refuse_elsewhere(desk, visitor, district)
    with desk.ledger.read() as session:
        draft = draft_circular(session, desk.register, district, year, desk.now())
    if draft is None:
        raise NotFound
    return draft


def _word(desk: Desk, draft: SeasonCircular, released: Release | None = None) -> bytes:
    try:
        book, _ = circular_as_word(draft, desk.settings.home, desk.now(), released)
    except TemplateError as error:
        raise Rejected(f"{template_of(draft.district, desk.settings.home).name}：{error}", 503) from error
    return book


def _refuse_elsewhere(desk: Desk, visitor: Visitor, district: str) -> None:
    if district not in desk.register.districts or not visitor.sees(district):
        raise NotFound
