"""周报: the summaries that were written, by week and office, and the next one as it would be written now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from config.offices import Office
from ledger.messages.written import Written, list_notices
from ledger.states import NoticeKind
from monitor.calendar import day_of
from monitor.weekly.preview import NextMail, next_summary_day, summary_now
from web.answers import NotFound
from web.desk import Desk
from web.guard import TheDesk, TheVisitor, asks
from web.notices.seen import office_seen, offices_seen, whose
from web.notices.upcoming import Reader, mail_in_frame
from web.personal_data import keep_seen
from web.rendering import page
from web.visitor import Need

router = APIRouter()
ROWS = 200


@dataclass(frozen=True, slots=True)
class Week:
    """The summaries of one office that were written on one day, one for each of its readers."""

    office: str
    day: date
    summaries: tuple[Written, ...]

    @property
    def number(self) -> int:
        """The week of the year, as calendars count it."""
        return self.day.isocalendar().week


@router.get("/summaries")
@asks(Need.LOGIN)
def summaries(
    request: Request,
    desk: TheDesk,
    visitor: TheVisitor,
    office: str = "",
    page_number: Annotated[int, Query(ge=1, le=1000, alias="page")] = 1,
) -> Response:
    """The archive, the newest first, and when the next ones come."""
    register, now = desk.register, desk.now()
    offices = offices_seen(register, visitor)
    if office and office not in {one.key for one in offices}:
        raise NotFound
    with desk.ledger.read() as session:
        found = list_notices(
            session,
            kind=NoticeKind.WEEKLY,
            district=office or None,
            whose=whose(register, visitor),
            most=ROWS + 1,
            skip=(page_number - 1) * ROWS,
        )
    if found and visitor.may(Need.DECIDE):
        keep_seen(desk, visitor, "周报的收件人", district=office or None)
    shown = [one for one in offices if office in ("", one.key)]
    coming = [(one, due.day) for one in shown if one.readers and (due := next_summary_day(one, now)) is not None]
    return page(
        request,
        "summaries.html",
        weeks=_weeks(found[:ROWS]),
        more=len(found) > ROWS,
        page_number=page_number,
        offices=[one.key for one in offices],
        office=office,
        districts=[one for one in visitor.seen(register.districts) if office in ("", one)],
        coming=coming,
        without=[one for one in shown if not one.readers],
    )


@router.get("/summaries/next")
@asks(Need.LOGIN)
def next_summary(request: Request, desk: TheDesk, visitor: TheVisitor, office: str) -> Response:
    """The next summary of an office as it would be written now, for each of its readers."""
    chosen = office_seen(desk.register, visitor, office)
    due = next_summary_day(chosen, desk.now())
    return page(
        request,
        "next_summary.html",
        chosen=chosen,
        mails=_next(desk, chosen, drawn=False),
        coming=due.day if due is not None else None,
    )


@router.get("/summaries/next/mail")
@asks(Need.LOGIN)
def next_summary_mail(desk: TheDesk, visitor: TheVisitor, office: str, reader: Reader = 0) -> Response:
    """The HTML of it, for the frame."""
    mails = _next(desk, office_seen(desk.register, visitor, office), drawn=True)
    return mail_in_frame(dict(enumerate(mails)), reader)


def _next(desk: Desk, office: Office, *, drawn: bool) -> list[NextMail]:
    now = desk.now()
    due = next_summary_day(office, now)
    if due is None:
        return []
    with desk.ledger.read() as session:
        return summary_now(session, desk.settings, desk.register, office, now, due, drawn=drawn)


def _weeks(found: Iterable[Written]) -> list[Week]:
    def of(one: Written) -> tuple[date, str]:
        return day_of(one.notice.created_at), one.notice.office or "、".join(one.districts)

    ordered = sorted(found, key=lambda one: (*of(one), one.notice.id), reverse=True)
    return [Week(office, day, tuple(group)) for (day, office), group in groupby(ordered, of)]
