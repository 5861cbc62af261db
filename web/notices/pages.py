"""通知: what was written to whom, whether it left and what was answered; and one notice as it was sent."""

from __future__ import annotations

import logging
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from ledger.archive import ArchiveError
from ledger.messages.enclosures import enclosed_in
from ledger.messages.sending import mail_has_started
from ledger.messages.suppressions import resume_by_person
from ledger.messages.written import Written, attempts_at, list_notices, stops_of, told_in, written_notice
from ledger.states import NoticeKind, NoticeState, SuppressionReason
from monitor.incidents.stopped_recipients import WORDS as TOPICS
from monitor.letters.alert import incident_word
from monitor.notices.outbox import content_of
from web.answers import NotFound, Rejected
from web.desk import Desk
from web.guard import Number, TheDesk, TheVisitor, asks
from web.notices.seen import offices_seen, whose, with_pictures
from web.personal_data import keep_seen
from web.places import is_matter_of
from web.rendering import page
from web.season.board import attachment
from web.serving.framed import framed
from web.visitor import Need, Visitor

router = APIRouter()
log = logging.getLogger("nianbao.web")
ROWS = 100
# What the record says was seen.
RECIPIENTS = "通知的收件人"


@router.get("/notices")
@asks(Need.LOGIN)
def notices(
    request: Request,
    desk: TheDesk,
    visitor: TheVisitor,
    district: str = "",
    kind: str = "",
    state: str = "",
    page_number: Annotated[int, Query(ge=1, le=1000, alias="page")] = 1,
) -> Response:
    """The newest first, with what was answered last; addresses of recipients for who may decide."""
    register = desk.register
    known = [*visitor.seen(register.districts), *(one.key for one in offices_seen(register, visitor))]
    offices = list(dict.fromkeys(known))
    if district and district not in offices:
        raise NotFound
    with desk.ledger.read() as session:
        found = list_notices(
            session,
            district=district or None,
            state=NoticeState(state) if state in set(NoticeState) else None,
            kind=NoticeKind(kind) if kind in set(NoticeKind) else None,
            whose=whose(register, visitor),
            most=ROWS + 1,
            skip=(page_number - 1) * ROWS,
        )
        started = mail_has_started(session)
    shown = found[:ROWS]
    if shown and visitor.may(Need.DECIDE):
        keep_seen(desk, visitor, RECIPIENTS, district=district or only_district(visitor))
    kinds = [one for one in NoticeKind if one is not NoticeKind.OPERATORS or whose(register, visitor).operators]
    return page(
        request,
        "notices.html",
        shown=shown,
        more=len(found) > ROWS,
        page_number=page_number,
        query={"district": district, "kind": kind, "state": state},
        offices=offices,
        kinds=kinds,
        states=list(NoticeState),
        started=started,
    )


@router.get("/notices/{number}")
@asks(Need.LOGIN)
def notice(request: Request, desk: TheDesk, visitor: TheVisitor, number: Number) -> Response:
    """One notice: every attempt with its answer, the mail as it was sent, and what it tells of."""
    with desk.ledger.read() as session:
        written = _seen(session, desk, visitor, number)
        told = told_in(session, number)
        attempts = attempts_at(session, number)
        enclosed = enclosed_in(session, number)
        stops = stops_of(session, written.notice.recipient)
        reply_to = written.notice.in_reply_to
    _keep_seen(desk, visitor, written)
    subject, text, html = content_of(written.notice)
    register = desk.register
    return page(
        request,
        "notice.html",
        written=written,
        subject=subject,
        text=text,
        has_html=bool(html),
        told=[(one, role, is_matter_of(desk, visitor, one)) for one, role in told],
        tags={one.kind: incident_word(register.wording, one.kind) for one, _ in told},
        attempts=attempts,
        enclosed=list(enumerate(enclosed)),
        stops=stops,
        topics=TOPICS,
        reply_to=reply_to,
        may_resume=visitor.may(Need.OPERATE) and any(one.reason is SuppressionReason.REFUSED for one in stops),
    )


@router.get("/notices/{number}/mail")
@asks(Need.LOGIN)
def mail(desk: TheDesk, visitor: TheVisitor, number: Number) -> Response:
    """The HTML of a notice with its pictures, for the frame on its page."""
    with desk.ledger.read() as session:
        written = _seen(session, desk, visitor, number)
        enclosed = [one for one in enclosed_in(session, number) if one.content_id is not None]
    _keep_seen(desk, visitor, written)
    _, _, html = content_of(written.notice)
    if not html:
        raise NotFound
    pictures: dict[str, tuple[str, bytes]] = {}
    for one in enclosed:
        try:
            pictures[one.content_id or ""] = (one.media_type, desk.archive.get(one.sha256))
        except ArchiveError as error:
            # The mail says everything without them.
            log.warning("通知 %s 的图表取不出来：%s", number, error)
    return framed(with_pictures(html, pictures), "text/html; charset=utf-8")


@router.get("/notices/{number}/enclosures/{place}")
@asks(Need.LOGIN)
def enclosure(desk: TheDesk, visitor: TheVisitor, number: Number, place: int) -> Response:
    """What lay in a mail, to be saved: never shown by the browser in the desk's own place."""
    with desk.ledger.read() as session:
        written = _seen(session, desk, visitor, number)
        enclosed = enclosed_in(session, number)
    if not 0 <= place < len(enclosed):
        raise NotFound
    _keep_seen(desk, visitor, written)
    one = enclosed[place]
    answer = attachment(desk.archive.get(one.sha256), "application/octet-stream", one.name)
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


@router.post("/notices/{number}/again")
@asks(Need.OPERATE)
def again(
    desk: TheDesk, visitor: TheVisitor, number: Number, why: Annotated[str, Form(max_length=2000)] = ""
) -> Response:
    """Sends to a recipient again whose server refused them, as ``nianbao mail resume`` does; what was held back too."""
    said = " ".join(why.split())
    with desk.ledger.write() as session:
        written = _seen(session, desk, visitor, number)
        refused = [
            one for one in stops_of(session, written.notice.recipient) if one.reason is SuppressionReason.REFUSED
        ]
        if refused and not said:
            raise Rejected("没有填写原因或说明；请返回上一页填写")
        district = _district(written)
        for stop in refused:
            recipient = written.notice.recipient
            resume_by_person(session, recipient, stop.topic, visitor.who, said, desk.now(), district)
    return RedirectResponse(f"/notices/{number}", 303)


def _seen(session: Session, desk: Desk, visitor: Visitor, number: int) -> Written:
    written = written_notice(session, number, whose(desk.register, visitor))
    if written is None:
        raise NotFound
    return written


def _keep_seen(desk: Desk, visitor: Visitor, written: Written) -> None:
    """A letter names officials with their telephones, and who may decide sees to whom it went."""
    if written.notice.kind is not NoticeKind.OPERATORS:
        keep_seen(desk, visitor, f"通知{written.notice.id}", district=_district(written))


def _district(written: Written) -> str | None:
    return written.districts[0] if len(written.districts) == 1 else None


def only_district(visitor: Visitor) -> str | None:
    """The district of a visitor who sees no other; else None."""
    return visitor.districts[0] if visitor.districts is not None and len(visitor.districts) == 1 else None
