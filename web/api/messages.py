"""What was asked of agencies, and what was written to whom."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import with_config
from typing_extensions import TypedDict

from ledger.messages.rectifications import rectifications_after
from ledger.messages.written import list_notices
from ledger.states import NoticeKind, NoticeState
from monitor.outputs.notices import NoticeShape, notice_shape
from monitor.outputs.rectifications import RectificationShape, rectification_shape
from web.api.paging import (
    PREFIX,
    AgencyId,
    Cursor,
    DistrictName,
    Limit,
    Year,
    chosen_districts,
    cursor_after,
    number_of,
)
from web.desk import Desk
from web.guard import TheDesk, TheVisitor, asks
from web.notices.pages import RECIPIENTS, only_district
from web.notices.seen import whose
from web.personal_data import keep_seen
from web.serving.problems import given
from web.visitor import Need, Visitor

router = APIRouter(prefix=PREFIX, tags=["messages"])


@with_config(extra="forbid")
class RectificationsShape(TypedDict):
    """A page of rectifications, in the order of asking."""

    rectifications: list[RectificationShape]
    next: str | None


@with_config(extra="forbid")
class NoticesShape(TypedDict):
    """A page of messages, the newest first."""

    notices: list[NoticeShape]
    next: str | None


@with_config(extra="forbid")
class SummariesShape(TypedDict):
    """A page of weekly summaries, the newest first."""

    summaries: list[NoticeShape]
    next: str | None


@router.get("/rectifications", response_model=RectificationsShape)
@asks(Need.LOGIN)
def rectifications(
    desk: TheDesk,
    visitor: TheVisitor,
    district: DistrictName = "",
    year: Year = None,
    agency: AgencyId = "",
    closed: Annotated[bool, Query(description="也要已办结的 · also those that ended")] = False,
    limit: Limit = 100,
    cursor: Cursor = "",
) -> Response:
    """整改, as in `nianbao rectifications list --format json`."""
    names, after = chosen_districts(desk, visitor, district), number_of(cursor)
    filters: dict[str, Any] = {"year": year, "agency": agency or None, "closed": closed}
    with desk.ledger.read() as session:
        rows = rectifications_after(session, names, after, limit + 1, **filters)
    page = rows[:limit]
    found: RectificationsShape = {
        "rectifications": [rectification_shape(one) for one in page],
        "next": cursor_after(page[-1].row.id) if len(rows) > limit else None,
    }
    return given(found)


@router.get("/notices", response_model=NoticesShape)
@asks(Need.LOGIN)
def notices(
    desk: TheDesk,
    visitor: TheVisitor,
    district: DistrictName = "",
    year: Year = None,
    state: NoticeState | None = None,
    kind: NoticeKind | None = None,
    limit: Limit = 100,
    cursor: Cursor = "",
) -> Response:
    """What was written to whom, with the server's answer, as in `nianbao notices list --format json`."""
    page, after = _page(desk, visitor, district, year, state, kind, limit, cursor)
    found: NoticesShape = {"notices": page, "next": after}
    return given(found)


@router.get("/summaries", response_model=SummariesShape)
@asks(Need.LOGIN)
def summaries(
    desk: TheDesk, visitor: TheVisitor, district: DistrictName = "", limit: Limit = 100, cursor: Cursor = ""
) -> Response:
    """The weekly summaries that were written, with the server's answer."""
    page, after = _page(desk, visitor, district, None, None, NoticeKind.WEEKLY, limit, cursor)
    found: SummariesShape = {"summaries": page, "next": after}
    return given(found)


def _page(
    desk: Desk,
    visitor: Visitor,
    district: str,
    year: int | None,
    state: NoticeState | None,
    kind: NoticeKind | None,
    limit: int,
    cursor: str,
) -> tuple[list[NoticeShape], str | None]:
    """The notices that the visitor sees, as on the desk: for offices all of whose districts they see."""
    chosen_districts(desk, visitor, district)
    with desk.ledger.read() as session:
        found = list_notices(
            session,
            district=district or None,
            year=year,
            state=state,
            kind=kind,
            whose=whose(desk.register, visitor),
            before=number_of(cursor),
            most=limit + 1,
        )
    decides, page = visitor.may(Need.DECIDE), found[:limit]
    if page and decides:
        keep_seen(desk, visitor, RECIPIENTS, district=district or only_district(visitor))
    shapes = [notice_shape(one) for one in page]
    if not decides:
        shapes = [{**one, "recipient": None} for one in shapes]
    return shapes, cursor_after(page[-1].notice.id) if len(found) > limit else None
