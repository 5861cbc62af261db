"""Districts, agencies, how they stand, and the portals that are watched."""

from __future__ import annotations

from typing import Annotated, Any, cast

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import with_config
from typing_extensions import TypedDict

from config.portals import AgencyKind
from ledger.models import Agency
from ledger.standings.pages import agencies_after, standings_after
from ledger.states import Standing
from monitor.outputs.standings import PortalShape, StandingShape, portal_shapes, standing_shapes
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
    name_of,
)
from web.guard import TheDesk, TheVisitor, asks
from web.places import agency_for
from web.serving.problems import given
from web.visitor import Need

router = APIRouter(prefix=PREFIX, tags=["agencies"])


@with_config(extra="forbid")
class DistrictShape(TypedDict):
    """A district, and the portal on which its reports stand."""

    district: str
    portal: str


@with_config(extra="forbid")
class DistrictsShape(TypedDict):
    """The districts of the token."""

    districts: list[DistrictShape]


@with_config(extra="forbid")
class AgencyShape(TypedDict):
    """An agency that owes reports."""

    id: str
    agency: str
    short: str
    kind: str
    district: str
    portal: str


@with_config(extra="forbid")
class AgenciesShape(TypedDict):
    """A page of agencies; ``next`` is the cursor of the next one, None where there is none."""

    agencies: list[AgencyShape]
    next: str | None


@with_config(extra="forbid")
class AgencyYearsShape(TypedDict):
    """An agency, and how it stands for every report year."""

    agency: AgencyShape
    standings: list[StandingShape]


@with_config(extra="forbid")
class StandingsShape(TypedDict):
    """A page of standings, the newest report year first."""

    standings: list[StandingShape]
    next: str | None


@with_config(extra="forbid")
class PortalsShape(TypedDict):
    """How the portals are."""

    portals: list[PortalShape]


@router.get("/districts", response_model=DistrictsShape)
@asks(Need.LOGIN)
def districts(desk: TheDesk, visitor: TheVisitor) -> Response:
    """The districts that the token sees."""
    register = desk.register
    names = visitor.seen(register.districts)
    found: DistrictsShape = {
        "districts": [{"district": one, "portal": register.districts[one].portal} for one in names]
    }
    return given(found)


@router.get("/agencies", response_model=AgenciesShape)
@asks(Need.LOGIN)
def agencies(
    desk: TheDesk,
    visitor: TheVisitor,
    district: DistrictName = "",
    kind: AgencyKind | None = None,
    name: Annotated[str, Query(max_length=60, description="名称或简称中的字 · part of its name")] = "",
    limit: Limit = 100,
    cursor: Cursor = "",
) -> Response:
    """Agencies by their ids."""
    names, after = chosen_districts(desk, visitor, district), name_of(cursor)
    with desk.ledger.read() as session:
        rows = agencies_after(session, names, after, limit + 1, kind=kind, name=name.strip())
    page = rows[:limit]
    found: AgenciesShape = {
        "agencies": [_agency(one) for one in page],
        "next": cursor_after(page[-1].agency) if len(rows) > limit else None,
    }
    return given(found)


@router.get("/agencies/{agency}", response_model=AgencyYearsShape)
@asks(Need.LOGIN)
def one_agency(desk: TheDesk, visitor: TheVisitor, agency: str) -> Response:
    """One agency, and how it stands for every report year, the newest first."""
    with desk.ledger.read() as session:
        row = agency_for(session, visitor, agency)
        standings = standings_after(session, [row.district], None, 100, agency=agency)
        found: AgencyYearsShape = {"agency": _agency(row), "standings": standing_shapes(session, standings)}
    return given(found)


@router.get("/standings", response_model=StandingsShape)
@asks(Need.LOGIN)
def standings(
    desk: TheDesk,
    visitor: TheVisitor,
    district: DistrictName = "",
    year: Year = None,
    standing: Standing | None = None,
    agency: AgencyId = "",
    limit: Limit = 100,
    cursor: Cursor = "",
) -> Response:
    """How agencies stand, as in `nianbao status --format json`; the newest report year first."""
    names, after = chosen_districts(desk, visitor, district), key_of(cursor, int, str)
    filters: dict[str, Any] = {"year": year, "standing": standing, "agency": agency or None}
    with desk.ledger.read() as session:
        rows = standings_after(session, names, cast("tuple[int, str] | None", after), limit + 1, **filters)
        page = rows[:limit]
        found: StandingsShape = {
            "standings": standing_shapes(session, page),
            "next": cursor_after(page[-1].year, page[-1].agency) if len(rows) > limit else None,
        }
    return given(found)


@router.get("/portals", response_model=PortalsShape)
@asks(Need.LOGIN)
def portals(desk: TheDesk, visitor: TheVisitor, district: DistrictName = "") -> Response:
    """How the portals of the districts are, as in `nianbao status --format json`."""
    register = desk.register
    wanted = {register.districts[one].portal for one in chosen_districts(desk, visitor, district)}
    with desk.ledger.read() as session:
        found: PortalsShape = {"portals": portal_shapes(session, register, wanted)}
    return given(found)


def _agency(row: Agency) -> AgencyShape:
    return {
        "id": row.agency,
        "agency": row.name,
        "short": row.short,
        "kind": row.kind,
        "district": row.district,
        "portal": row.portal,
    }
