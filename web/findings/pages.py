"""复核: the queue, and the one address at which a person decides of one finding. There is no deciding in bulk."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData

from ledger.states import FindingDecision
from monitor.letters.desk_links import path_of_report
from web.answers import NotFound
from web.findings.deciding import decide as decide_on
from web.findings.queue import queue_of
from web.guard import TheDesk, TheVisitor, asks
from web.rendering import page
from web.visitor import Need

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
    finding = await run_in_threadpool(decide_on, desk, visitor, fingerprint, decision, why, _readings(form))
    if finding.agency is None or finding.year is None:
        return RedirectResponse("/findings", 303)
    return RedirectResponse(path_of_report(finding.agency, finding.year, finding), 303)


def _readings(form: FormData) -> dict[str, str]:
    """What was written into the fields of cells; one that was left empty is not said to be blank."""
    given = ((name, value) for name, value in form.multi_items() if isinstance(value, str) and value.strip())
    return {
        name.removeprefix(READING): "" if value.strip() == BLANK else value
        for name, value in given
        if name.startswith(READING)
    }
