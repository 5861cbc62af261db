"""复核: the queue, and the one address at which a person decides of one finding. There is no deciding in bulk."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData

from ledger.messages.finding_decisions import decide_finding
from ledger.models import FindingRow
from ledger.reading.corrections import NoReading, RightReading
from ledger.states import FindingDecision
from monitor.letters.desk_links import path_of_report
from web.answers import NotFound, Rejected
from web.desk import Desk
from web.findings.queue import queue_of
from web.guard import TheDesk, TheVisitor, asks
from web.places import finding_for
from web.rendering import page
from web.visitor import Need, Visitor

router = APIRouter()
READING = "reading:"
BLANK = "空白"


@router.get("/findings")
@asks(Need.LOGIN)
def findings(
    request: Request,
    desk: TheDesk,
    visitor: TheVisitor,
    district: str = "",
    rule: Annotated[str, Query(max_length=8)] = "",
    undecided: str = "",
    page_number: Annotated[int, Query(ge=1, le=10_000, alias="page")] = 1,
) -> Response:
    """What waits for a person, the worst first."""
    register = desk.register
    if district and not (district in register.districts and visitor.sees(district)):
        raise NotFound
    query = {"district": district, "rule": rule, "undecided": undecided}
    with desk.ledger.read() as session:
        queue = queue_of(
            session,
            register,
            visitor,
            district=district or None,
            rule=rule.upper() or None,
            undecided=bool(undecided),
            page=page_number,
        )
    return page(
        request,
        "findings.html",
        queue=queue,
        page_number=page_number,
        districts=visitor.seen(register.districts),
        rules=register.rules.rules,
        query=query,
    )


@router.post("/findings/{fingerprint}")
@asks(Need.DECIDE)
async def decide(
    request: Request,
    desk: TheDesk,
    visitor: TheVisitor,
    fingerprint: str,
    decision: Annotated[FindingDecision, Form()],
    why: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """One decision about one finding; then back to its report."""
    form = await request.form()
    return await run_in_threadpool(_decide, desk, visitor, fingerprint, decision, why, form)


def _decide(
    desk: Desk, visitor: Visitor, fingerprint: str, decision: FindingDecision, why: str, form: FormData
) -> Response:
    said = " ".join(why.split())
    if not said:
        raise Rejected("没有填写原因或说明；请返回上一页填写")
    with desk.ledger.write() as session:
        finding = finding_for(session, desk, visitor, fingerprint)
        readings = _readings(finding, form) if decision is FindingDecision.CORRECT else []
        if decision is FindingDecision.CORRECT and not readings:
            raise Rejected("认定读数有误，须填写原件中的数字；请返回上一页填写")
        done = decide_finding(session, fingerprint, decision, visitor.who, said, desk.now(), readings=readings)
    if not done:
        raise Rejected("这个问题的状态刚刚变了，不能这样登记；请打开报告重新查看", 409)
    if finding.agency is None or finding.year is None:
        return RedirectResponse("/findings", 303)
    return RedirectResponse(path_of_report(finding.agency, finding.year, finding), 303)


def _readings(finding: FindingRow, form: FormData) -> list[RightReading]:
    found = []
    for name, value in form.multi_items():
        cell = name.removeprefix(READING)
        if not name.startswith(READING) or not isinstance(value, str) or not value.strip():
            continue
        if cell not in finding.cells:
            raise Rejected("填写的单元格不属于这个问题；请返回上一页重新填写")
        try:
            found.append(RightReading.given(cell, "" if value.strip() == BLANK else value))
        except NoReading as error:
            raise Rejected(str(error)) from error
    return found
