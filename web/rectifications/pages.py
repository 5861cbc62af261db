"""整改: what was asked of agencies, step by step, until it is done; a second person where the office wants one."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from config.holidays import workdays_after
from ledger.messages.rectifications import (
    WORKING_DAYS,
    Asked,
    close_rectification,
    findings_left,
    is_asked_already,
    list_rectifications,
    open_rectification,
    propose_result,
    proposed_it,
    receive_rectification,
)
from ledger.models import Agency
from ledger.people.record import Who
from ledger.states import RectificationResult
from monitor.calendar import day_of
from monitor.papers.rectification_notice import (
    WORD,
    draft_notice,
    file_name,
    findings_to_ask,
    notice_as_word,
    reports_to_ask,
    template_of,
)
from monitor.papers.word_template import TemplateError
from web.answers import Rejected
from web.desk import Desk
from web.guard import Number, ReportYear, TheDesk, TheVisitor, asks
from web.places import agency_for, rectification_for
from web.rendering import page
from web.season.board import attachment
from web.visitor import Need

router = APIRouter()
ROWS = 200
# So that what is sent twice at once is asked once.
_ONE_AT_A_TIME = threading.Lock()
Text = Annotated[str, Form(max_length=2000)]


class Step(StrEnum):
    """How far a rectification is."""

    ASKED = "已通知"
    RECEIVED = "已签收"
    ANSWERED = "有新版本，待复核"
    PROPOSED = "待第二人审批"
    CLOSED = "已办结"


@dataclass(frozen=True, slots=True)
class Shown:
    """One rectification with its step, the days that are left (negative: over), and how many findings still hold."""

    asked: Asked
    step: Step
    days: int
    left: int | None
    second_person: bool


@router.get("/rectifications")
@asks(Need.LOGIN)
def rectifications(
    request: Request,
    desk: TheDesk,
    visitor: TheVisitor,
    closed: str = "",
    agency: str = "",
    year: Annotated[int | None, Query(ge=2000, le=2100)] = None,
    page_number: Annotated[int, Query(ge=1, le=1000, alias="page")] = 1,
) -> Response:
    """What is going on, the most overdue first; with an agency and year, the form that asks for more."""
    today = day_of(desk.now())
    with desk.ledger.read() as session:
        asked = list_rectifications(
            session, closed=bool(closed), districts=visitor.districts, most=ROWS + 1, skip=(page_number - 1) * ROWS
        )
        left = findings_left(session, [one.row for one in asked])
        papers = reports_to_ask(session, {(one.row.agency, one.row.year) for one in asked} | {(agency, year or 0)})
        shown = [_shown(desk, one, left[one.row.id], today) for one in asked]
        target = agency_for(session, visitor, agency) if agency and year is not None else None
        findings = findings_to_ask(session, agency, year) if target is not None and year is not None else []
    return page(
        request,
        "rectifications.html",
        shown=shown[:ROWS],
        more=len(shown) > ROWS,
        page_number=page_number,
        proposed_it=lambda row: proposed_it(row, visitor.who),
        closed=bool(closed),
        target=target,
        year=year,
        findings=findings,
        papers=papers,
        due=workdays_after(today, WORKING_DAYS),
    )


@router.post("/rectifications")
@asks(Need.DECIDE)
def ask(
    desk: TheDesk,
    visitor: TheVisitor,
    agency: Text,
    year: Annotated[int, Form(ge=2000, le=2100)],
    due: Annotated[date, Form()],
    what: Text,
    finding: Annotated[list[str] | None, Form()] = None,
) -> Response:
    """Asks an agency to put its report right until a day."""
    now = desk.now()
    if due < day_of(now):
        raise Rejected("整改期限已经过去；请填今天或以后的日期")
    if not what.strip():
        raise Rejected("没有填写要求整改的内容；请返回上一页填写")
    with _ONE_AT_A_TIME, desk.ledger.write() as session:
        agency_for(session, visitor, agency)
        known = {row.fingerprint for row in findings_to_ask(session, agency, year)}
        chosen = [one for one in dict.fromkeys(finding or ()) if one in known]
        if is_asked_already(session, agency, year, due, " ".join(what.split()), chosen):  # pressed twice
            return RedirectResponse("/rectifications", 303)
        open_rectification(
            session,
            agency,
            year,
            asked_on=day_of(now),
            due_on=due,
            asked_by=visitor.name,
            asked_for=" ".join(what.split()),
            now=now,
            findings=chosen,
            account=visitor.account,
        )
    return RedirectResponse("/rectifications", 303)


@router.post("/rectifications/{number}/received")
@asks(Need.DECIDE)
def received(desk: TheDesk, visitor: TheVisitor, number: Number, on: Annotated[date, Form()]) -> Response:
    """The agency signed for it."""
    now = desk.now()
    with desk.ledger.write() as session:
        row, _ = rectification_for(session, visitor, number)
        if not row.asked_on <= on <= day_of(now):
            raise Rejected("签收日期须在通知日期和今天之间；请改正")
        if not receive_rectification(session, number, on, visitor.who, now):
            raise Rejected("这项整改已经签收或办结；请刷新后查看", 409)
    return RedirectResponse(f"/rectifications#rectification-{number}", 303)


@router.post("/rectifications/{number}/result")
@asks(Need.DECIDE)
def result(
    desk: TheDesk, visitor: TheVisitor, number: Number, result: Annotated[RectificationResult, Form()], why: Text
) -> Response:
    """How it ended: at once, or as a proposal where the office wants a second person."""
    now, said = desk.now(), " ".join(why.split())
    if not said:
        raise Rejected("没有填写复核意见；请返回上一页填写")
    with desk.ledger.write() as session:
        row, agency = rectification_for(session, visitor, number)
        if _second_person(desk, agency):
            if not propose_result(session, number, result, visitor.who, said, now):
                raise Rejected("这项整改已经办结；请刷新后查看", 409)
        else:
            _close(session, row.id, result, visitor.who, said, desk)
    return RedirectResponse(f"/rectifications#rectification-{number}", 303)


@router.post("/rectifications/{number}/approve")
@asks(Need.APPROVE)
def approve(
    desk: TheDesk, visitor: TheVisitor, number: Number, proposed: Annotated[RectificationResult, Form()]
) -> Response:
    """A second person approves what another proposed: what they saw, and nothing that took its place since."""
    with desk.ledger.write() as session:
        row, _ = rectification_for(session, visitor, number)
        if row.proposed is None:
            raise Rejected("还没有人提出整改结果；请先由经办人提出", 409)
        if row.proposed is not proposed:
            raise Rejected("提出的结果刚刚变了；请刷新后重新查看", 409)
        if proposed_it(row, visitor.who):
            raise Rejected("不能审批自己提出的结果；请由另一位复核人审批", 403)
        why = f"{row.proposed_by}提出：{row.proposed_why}"
        _close(session, number, row.proposed, visitor.who, why, desk)
    return RedirectResponse("/rectifications?closed=1", 303)


@router.get("/rectifications/notice/{agency}/{year}")
@asks(Need.LOGIN)
def notice(desk: TheDesk, visitor: TheVisitor, agency: str, year: ReportYear) -> Response:
    """The 整改通知单 as a Word file, as `nianbao letters draft` makes it."""
    now, register = desk.now(), desk.register
    with desk.ledger.read() as session:
        owner = agency_for(session, visitor, agency)
        drafted = draft_notice(session, register, agency, year, now)
    if drafted is None:
        raise Rejected("没有需要整改的问题，不能起草整改通知单；请先复核问题", 404)
    try:
        book, _ = notice_as_word(drafted, register, desk.settings.home, now)
    except TemplateError as error:
        raise Rejected(f"{template_of(owner.district, desk.settings.home).name}：{error}", 503) from error
    return attachment(book, WORD, file_name(drafted))


def _close(session: Session, number: int, result: RectificationResult, who: Who, why: str, desk: Desk) -> None:
    now = desk.now()
    said = {"reviewed_by": who.name, "remark": why}
    try:
        close_rectification(session, number, result, **said, on=day_of(now), now=now, account=who.account)
    except LookupError as error:
        raise Rejected("这项整改已经办结；请刷新后查看", 409) from error


def _second_person(desk: Desk, agency: Agency) -> bool:
    office = desk.register.offices.office(agency.district)
    return office is not None and office.second_person


def _shown(desk: Desk, asked: Asked, left: int, today: date) -> Shown:
    row = asked.row
    step = Step.ASKED
    if row.closed_at is not None:
        step = Step.CLOSED
    elif row.proposed is not None:
        step = Step.PROPOSED
    elif asked.answer is not None:
        step = Step.ANSWERED
    elif row.received_on is not None:
        step = Step.RECEIVED
    days = (row.due_on - today).days
    return Shown(asked, step, days, left if row.findings else None, _second_person(desk, asked.agency))
