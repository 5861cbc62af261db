"""What each office would be sent next, composed as it is when it is written; nothing is written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from config.offices import Office
from monitor.letters.alert import incident_word
from monitor.weekly.preview import NextMail, NextMails, next_mails
from web.answers import NotFound
from web.desk import Desk
from web.guard import TheDesk, TheVisitor, asks
from web.notices.seen import office_seen, offices_seen, with_pictures
from web.rendering import page
from web.serving.framed import framed
from web.visitor import Need

router = APIRouter()
Reader = Annotated[int, Query(ge=0, le=1000)]


@router.get("/notices/next")
@asks(Need.LOGIN)
def upcoming(request: Request, desk: TheDesk, visitor: TheVisitor, office: str = "") -> Response:
    """The next mails of one office: of the first that the visitor sees, where none is asked for."""
    offices = offices_seen(desk.register, visitor)
    chosen = office_seen(desk.register, visitor, office) if office else next(iter(offices), None)
    found = _next(desk, chosen, drawn=False) if chosen is not None else None
    incidents = [one for mail in (found.mails if found is not None else ()) for one in mail.contents.incidents]
    return page(
        request,
        "upcoming.html",
        found=found,
        chosen=chosen,
        offices=[one.key for one in offices],
        tags={one.kind: incident_word(desk.register.wording, one.kind) for one in incidents},
    )


@router.get("/notices/next/mail")
@asks(Need.LOGIN)
def upcoming_mail(desk: TheDesk, visitor: TheVisitor, office: str, reader: Reader = 0) -> Response:
    """The HTML of one of them, for the frame."""
    found = _next(desk, office_seen(desk.register, visitor, office), drawn=True)
    return mail_in_frame(dict(enumerate(found.mails)), reader)


def mail_in_frame(mails: Mapping[int, NextMail], reader: int) -> Response:
    """The HTML of one of some mails with its pictures; NotFound where there is none."""
    one = mails.get(reader)
    if one is None or not one.html:
        raise NotFound
    pictures = {name: (made.media_type, made.content) for name, made in one.pictures.items()}
    return framed(with_pictures(one.html, pictures), "text/html; charset=utf-8")


def _next(desk: Desk, office: Office, *, drawn: bool) -> NextMails:
    with desk.ledger.read() as session:
        return next_mails(session, desk.settings, desk.register, office, desk.now(), drawn=drawn)
