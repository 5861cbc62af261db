"""报告核对: the address of a report."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from web.answers import NotFound
from web.guard import ReportYear, TheDesk, TheVisitor, asks
from web.personal_data import keep_seen
from web.rendering import page
from web.reports.originals import is_page
from web.reports.report import differences, report_page, sentences_of
from web.visitor import Need

router = APIRouter()


@router.get("/reports/{agency}/{year}")
@asks(Need.LOGIN)
def report(
    request: Request,
    desk: TheDesk,
    visitor: TheVisitor,
    agency: str,
    year: ReportYear,
    version: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None,
    show: Annotated[str, Query(max_length=20)] = "",
    page_number: Annotated[int, Query(ge=1, le=10_000, alias="page")] = 1,
    finding: Annotated[str, Query(max_length=100)] = "",
) -> Response:
    """The original beside the figures. ``show``: sentences, or what this version changed; ``finding``: where a link
    leads, which is on that finding's page.
    """
    now = desk.now()
    with desk.ledger.read() as session:
        found = report_page(session, desk.register, agency, year, version, now, page=page_number, wanted=finding)
        if found is None or not visitor.sees(found.agency.district):
            raise NotFound
        said = sentences_of(desk.register, found) if show == "sentences" else ()
        changed: list[tuple[str, str]] = []
        unchanged = ""
        if show == "changes" and found.chosen is not None:
            changed, unchanged = differences(session, desk.register, found.chosen.version.id)
    if found.has_personal_data and found.chosen is not None:
        subject, district = found.chosen.version.sha256, found.agency.district
        keep_seen(desk, visitor, subject, district=district, agency=agency, year=year)
    return page(
        request,
        "report.html",
        found=found,
        show=show,
        sentences=said,
        changed=changed,
        unchanged=unchanged,
        framed=found.chosen is not None and is_page(found.chosen.document.media_type),
        rules=desk.register.rules.rules,
        standing_words=desk.register.wording.standings[found.standing.standing.value],
    )
