"""Reports: what was found, every fact that a standing rests on, and the figures."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, cast

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import with_config
from typing_extensions import TypedDict

from ledger.models import Agency, Article, Document, Version
from ledger.standings.pages import read_reports_after, reports_after
from ledger.states import ArticleOutcome, VersionRole
from monitor.outputs.figures import FigureRowShape, figure_rows
from monitor.outputs.why import facts_of
from monitor.outputs.why_shapes import WhyShape
from report.check_shape import Sha256
from web.answers import NotFound
from web.api.paging import (
    PREFIX,
    AgencyId,
    Cursor,
    DistrictName,
    Limit,
    Year,
    chosen_districts,
    cursor_after,
    key_of,
    number_of,
)
from web.guard import ReportYear, TheDesk, TheVisitor, asks
from web.places import agency_for
from web.serving.problems import given
from web.visitor import Need

router = APIRouter(prefix=PREFIX, tags=["reports"])
# Of each report some 200 figures are read out of the ledger.
MOST_REPORTS = 50
Reports = Annotated[int, Query(ge=1, le=MOST_REPORTS, description="每页最多几份报告 · reports of a page")]


@with_config(extra="forbid")
class VersionShape(TypedDict):
    """One document of a report: bytes by their sha256."""

    version: int
    role: VersionRole
    address: str
    sha256: Sha256
    media_type: str
    size: int
    first_seen: datetime


@with_config(extra="forbid")
class ReportShape(TypedDict):
    """What was found as a report of an agency for a year; ``withdrawn``: since when it is no longer there."""

    id: int
    agency: str
    agency_id: str
    district: str
    year: int | None
    title: str
    address: str
    column: str
    outcome: ArticleOutcome
    first_seen: datetime
    last_seen: datetime
    withdrawn: datetime | None
    versions: list[VersionShape]


@with_config(extra="forbid")
class ReportsShape(TypedDict):
    """A page of reports, in the order of finding."""

    reports: list[ReportShape]
    next: str | None


@with_config(extra="forbid")
class FiguresShape(TypedDict):
    """The figures of a page of reports, the newest report year first."""

    figures: list[FigureRowShape]
    next: str | None


@router.get("/reports", response_model=ReportsShape)
@asks(Need.LOGIN)
def reports(
    desk: TheDesk,
    visitor: TheVisitor,
    district: DistrictName = "",
    year: Year = None,
    agency: AgencyId = "",
    limit: Limit = 100,
    cursor: Cursor = "",
) -> Response:
    """What was found as reports, with every version; in the order of finding, so that the next page is what is new."""
    names, after = chosen_districts(desk, visitor, district), number_of(cursor)
    with desk.ledger.read() as session:
        rows = reports_after(session, names, after, limit + 1, year=year, agency=agency or None)
    page = rows[:limit]
    found: ReportsShape = {
        "reports": [_report(*row) for row in page],
        "next": cursor_after(page[-1][0].id) if len(rows) > limit else None,
    }
    return given(found)


@router.get("/reports/{agency}/{year}", response_model=WhyShape)
@asks(Need.LOGIN)
def one_report(desk: TheDesk, visitor: TheVisitor, agency: str, year: ReportYear) -> Response:
    """Every fact that a standing rests on, as `nianbao why --format json` gives it: looks, evidence for the date,
    versions with their readings, findings, incidents, letters with the server's answer.
    """
    register = desk.register
    with desk.ledger.read() as session:
        row = agency_for(session, visitor, agency)
        file, entry = register.districts.get(row.district), register.agencies.get(agency)
        if file is None or entry is None:
            raise NotFound
        found = facts_of(session, register, file, entry, year, desk.now(), past=False)
    if found is None:
        raise NotFound
    if not visitor.may(Need.DECIDE):
        found["letters"] = [{**one, "to": None} for one in found["letters"]]
    return given(found)


@router.get("/reports/{agency}/{year}/figures", response_model=FiguresShape)
@asks(Need.LOGIN)
def figures_of_a_report(desk: TheDesk, visitor: TheVisitor, agency: str, year: ReportYear) -> Response:
    """The figures of one report, as in `nianbao export --format json`; none where it was not read."""
    with desk.ledger.read() as session:
        row = agency_for(session, visitor, agency)
        keys, _ = read_reports_after(session, [row.district], None, 1, year=year, agency=agency)
        found: FiguresShape = {"figures": list(figure_rows(session, desk.register, keys)), "next": None}
    return given(found)


@router.get("/figures", response_model=FiguresShape)
@asks(Need.LOGIN)
def figures(
    desk: TheDesk,
    visitor: TheVisitor,
    district: DistrictName = "",
    year: Year = None,
    agency: AgencyId = "",
    figure: Annotated[
        str, Query(max_length=100, description="只要一个指标，例如 requests.received.total · one figure only")
    ] = "",
    limit: Reports = 10,
    cursor: Cursor = "",
) -> Response:
    """The figures of reports, as in `nianbao export --format json`; a page is so many reports."""
    names, after = chosen_districts(desk, visitor, district), key_of(cursor, int, str)
    begin = cast("tuple[int, str] | None", after)
    with desk.ledger.read() as session:
        keys, last = read_reports_after(session, names, begin, limit, year=year, agency=agency or None)
        rows = [row for row in figure_rows(session, desk.register, keys) if figure in ("", row["figure"])]
    found: FiguresShape = {"figures": rows, "next": cursor_after(*last) if last is not None else None}
    return given(found)


def _report(article: Article, agency: Agency, documents: list[tuple[Version, Document]]) -> ReportShape:
    return {
        "id": article.id,
        "agency": agency.name,
        "agency_id": agency.agency,
        "district": agency.district,
        "year": article.year,
        "title": article.title,
        "address": article.page_address or article.address,
        "column": article.column,
        "outcome": article.outcome,
        "first_seen": article.first_seen_at,
        "last_seen": article.last_seen_at,
        "withdrawn": article.withdrawn_at,
        "versions": [
            {
                "version": version.id,
                "role": version.role,
                "address": version.address,
                "sha256": version.sha256,
                "media_type": document.media_type,
                "size": document.size,
                "first_seen": version.first_seen_at,
            }
            for version, document in documents
        ],
    }
