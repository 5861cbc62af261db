"""运行: the state of the machinery as ``nianbao doctor`` and ``status --machinery`` tell it, and the quarantine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import select

from ledger.clock import ledger_time
from ledger.messages.quarantine_decisions import retry_documents
from ledger.messages.sending import mail_has_started
from ledger.messages.suppressions import list_suppressions
from ledger.models import Agency
from ledger.reading.quarantine import Quarantined, quarantined
from ledger.standings.counts import notices_by_state
from ledger.states import NoticeState, Queue
from monitor.incidents.stopped_recipients import WORDS as TOPICS
from monitor.machinery import examined
from monitor.machinery.examined import Examined
from monitor.machinery.host_checks import duration
from monitor.machinery.judge import ROLE_NAMES
from monitor.machinery.listed import PROCESS_WORDS, QUEUE_WORDS, READING_WORDS, machinery_of
from monitor.machinery.reading_state import ReadingWord
from monitor.machinery.report import MachineryReport
from web.answers import Rejected
from web.desk import Desk
from web.guard import TheDesk, TheVisitor, asks
from web.rendering import page
from web.visitor import Need, Visitor

router = APIRouter()
MOST_QUARANTINED = 200
_VIEWS = (
    examined.heartbeat,
    examined.canary,
    examined.waiting,
    examined.sending,
    examined.quarantine,
    examined.files,
)


@router.get("/machinery")
@asks(Need.OPERATE)
def machinery(request: Request, desk: TheDesk, visitor: TheVisitor) -> Response:
    """What runs, what waits, what could not be read, and what does not go out."""
    own = datetime.now(UTC)
    with desk.ledger.read() as session:
        now = ledger_time(session, own)
        found = machinery_of(session, desk.settings, desk.register, now)
        report = found.report
        said = [*_broker(report), *filter(None, (view(report) for view in _VIEWS))]
        said += [examined.room(report, desk.settings), examined.clocks(report, desk.settings, own)]
        theirs = _theirs(desk, visitor, report.quarantined)
        shown = theirs[:MOST_QUARANTINED]
        agencies = sorted({one.agency for one in shown if one.agency is not None})
        names = dict(session.execute(select(Agency.agency, Agency.short).where(Agency.agency.in_(agencies))).all())
        states = notices_by_state(session)
        started = mail_has_started(session)
        stops = list_suppressions(session) if visitor.sees(None) else []
    return page(
        request,
        "machinery.html",
        said=said,
        found=found,
        quarantined=shown,
        quarantined_count=len(theirs),
        names=names,
        states={state: states[state] for state in NoticeState if states.get(state)},
        started=started,
        stops=stops,
        topics=TOPICS,
        queue_words=QUEUE_WORDS,
        reading_words=READING_WORDS,
        process_words=PROCESS_WORDS,
        role_names=ROLE_NAMES,
        duration=duration,
        moment_of=datetime.fromisoformat,
    )


@router.post("/machinery/retry")
@asks(Need.OPERATE)
def retry(
    desk: TheDesk,
    visitor: TheVisitor,
    work: Annotated[list[int] | None, Form()] = None,
    why: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Has documents read again, as ``nianbao quarantine retry`` does; those of other districts are none."""
    if not work:
        raise Rejected("没有选择文档；请返回上一页勾选")
    said = " ".join(why.split())
    if not said:
        raise Rejected("没有填写原因或说明；请返回上一页填写")
    with desk.ledger.write() as session:
        theirs = {one.work_id for one in _theirs(desk, visitor, quarantined(session))}
        retry_documents(session, sorted(set(work) & theirs), visitor.who, desk.now(), why=said)
    return RedirectResponse("/machinery#quarantine", 303)


def _broker(report: MachineryReport) -> Iterator[Examined]:
    """The line of the message queue; how its tasks are taken has a line of its own."""
    reading = report.reading[Queue.READ]
    away = reading.word is ReadingWord.BROKER_AWAY
    yield Examined("消息队列", not away, reading.sentence if away else "可以访问")


def _theirs(desk: Desk, visitor: Visitor, documents: Sequence[Quarantined]) -> list[Quarantined]:
    """Those found on portals of a visitor's districts."""
    seen: dict[str, bool] = {}
    for one in documents:
        if one.portal not in seen:
            districts = desk.register.districts_at(one.portal)
            seen[one.portal] = any(map(visitor.sees, districts)) if districts else visitor.sees(None)
    return [one for one in documents if seen[one.portal]]
