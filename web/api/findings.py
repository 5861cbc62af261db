"""Findings, and what a person decides of one."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field, with_config
from sqlalchemy import select
from typing_extensions import TypedDict

from config.severity import Severity
from ledger.models import Agency, Article, FindingRow, Version
from ledger.states import FindingDecision, FindingState
from monitor.outputs.findings import KeptFindingShape, kept_findings
from report.check_shape import Fingerprint
from web.api.paging import PREFIX, AgencyId, Cursor, DistrictName, Limit, Year, chosen_districts, cursor_after, name_of
from web.findings.deciding import decide
from web.findings.queue import findings_seen
from web.guard import TheDesk, TheVisitor, asks
from web.places import finding_for
from web.serving.problems import given
from web.visitor import Need

router = APIRouter(prefix=PREFIX, tags=["findings"])
# What a person writes: of bounded length, and without what no ledger keeps.
Why = Annotated[str, Field(min_length=1, max_length=2000, pattern=r"^[^\x00]*$")]
Cell = Annotated[str, Field(max_length=100, pattern=r"^[^\x00]*$")]
Written = Annotated[str, Field(max_length=40, pattern=r"^[^\x00]*$")]


@with_config(extra="forbid")
class FindingsShape(TypedDict):
    """A page of findings, in the order of their fingerprints."""

    findings: list[KeptFindingShape]
    next: str | None


class Decision(BaseModel):
    """What a person decides. ``readings`` (of ``correct`` alone): what stands in the original by cell, ``/``, ``-``, or
    nothing for a blank cell.
    """

    model_config = ConfigDict(extra="forbid")

    decision: FindingDecision
    why: Why
    readings: Annotated[dict[Cell, Written], Field(max_length=100)] = Field(default_factory=dict)


@router.get("/findings", response_model=FindingsShape)
@asks(Need.LOGIN)
def findings(
    desk: TheDesk,
    visitor: TheVisitor,
    district: DistrictName = "",
    year: Year = None,
    agency: AgencyId = "",
    rule: Annotated[str, Query(max_length=8, description="只要一条规则，例如 T05 · of one rule only")] = "",
    severity: Severity | None = None,
    state: Annotated[
        list[FindingState] | None, Query(max_length=4, description="只要这些状态；可写多次 · in these states only")
    ] = None,
    decision: FindingDecision | None = None,
    limit: Limit = 100,
    cursor: Cursor = "",
) -> Response:
    """Findings with all that is kept of them, as in `nianbao findings show --format json`."""
    chosen_districts(desk, visitor, district)
    after = name_of(cursor)
    conditions: list[Any] = [findings_seen(desk.register, visitor, district or None)]
    for column, wanted in (
        *((FindingRow.agency, agency or None), (FindingRow.rule, rule.upper() or None)),
        *((FindingRow.severity, severity), (FindingRow.decision, decision)),
    ):
        conditions += [column == wanted] if wanted is not None else []
    conditions += [FindingRow.year == year] if year is not None else []
    conditions += [FindingRow.state.in_(state)] if state else []
    conditions += [FindingRow.fingerprint > after] if after is not None else []
    query = (
        select(FindingRow)
        .join(Version, Version.id == FindingRow.version_id)
        .join(Article, Article.id == Version.article_id)
        .outerjoin(Agency, Agency.agency == FindingRow.agency)
        .where(*conditions)
        .order_by(FindingRow.fingerprint)
        .limit(limit + 1)
    )
    with desk.ledger.read() as session:
        rows = session.scalars(query).all()
        page = rows[:limit]
        found: FindingsShape = {
            "findings": kept_findings(session, page),
            "next": cursor_after(page[-1].fingerprint) if len(rows) > limit else None,
        }
    return given(found)


@router.get("/findings/{fingerprint}", response_model=KeptFindingShape)
@asks(Need.LOGIN)
def one_finding(desk: TheDesk, visitor: TheVisitor, fingerprint: Fingerprint) -> Response:
    """One finding."""
    with desk.ledger.read() as session:
        return given(kept_findings(session, [finding_for(session, desk, visitor, fingerprint)])[0])


@router.post("/findings/{fingerprint}/decisions", response_model=KeptFindingShape)
@asks(Need.DECIDE, has_own_token=True)
def decide_on(desk: TheDesk, visitor: TheVisitor, fingerprint: Fingerprint, said: Decision) -> Response:
    """Decides, in the name of the token's person; gives the finding as it is then. 409: its state does not allow it."""
    decide(desk, visitor, fingerprint, said.decision, said.why, said.readings)
    return one_finding(desk, visitor, fingerprint)
