"""Findings as a person asks for them, and what a person says of one."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from ledger.models import Agency, FindingRow
from ledger.states import FindingState

# From which states a person's word leads to which: what the world resolved is not for a person to change.
MAY_BECOME = {
    FindingState.ACKNOWLEDGED: (FindingState.OPEN, FindingState.ACKNOWLEDGED),
    FindingState.DISMISSED: (FindingState.OPEN, FindingState.ACKNOWLEDGED, FindingState.DISMISSED),
    FindingState.OPEN: (FindingState.ACKNOWLEDGED, FindingState.DISMISSED),
}


def list_findings(
    session: Session,
    states: Collection[FindingState],
    *,
    district: str | None = None,
    agency: str | None = None,
    year: int | None = None,
    rule: str | None = None,
) -> list[tuple[FindingRow, Agency | None]]:
    """The findings in these states with their agencies (None where a report could not be assigned)."""
    query = (
        select(FindingRow, Agency)
        .outerjoin(Agency, Agency.agency == FindingRow.agency)
        .where(FindingRow.state.in_(states))
        .order_by(FindingRow.agency, FindingRow.year, FindingRow.severity, FindingRow.rule, FindingRow.fingerprint)
    )
    if district is not None:
        query = query.where(Agency.district == district)
    if agency is not None:
        query = query.where((Agency.agency == agency) | (Agency.name == agency) | (Agency.short == agency))
    if year is not None:
        query = query.where(FindingRow.year == year)
    if rule is not None:
        query = query.where(FindingRow.rule == rule)
    return [(finding, owner) for finding, owner in session.execute(query)]


def findings_like(session: Session, beginning: str) -> list[FindingRow]:
    """The findings whose fingerprint begins so, at most two: one is the one that is meant."""
    query = select(FindingRow).where(FindingRow.fingerprint.startswith(beginning, autoescape=True)).limit(2)
    return list(session.scalars(query))


def findings_of_matter(session: Session, number: str) -> list[FindingRow]:
    """The findings of a matter by its number (事项编号), whatever became of them; empty where nobody has it."""
    query = select(FindingRow).where(FindingRow.matter == number).order_by(FindingRow.opened_at, FindingRow.rule)
    return list(session.scalars(query))


def say_of_finding(
    session: Session, fingerprint: str, state: FindingState, said_by: str, why: str, now: datetime
) -> bool:
    """Writes a person's word on a finding; False where it stands in no state from which that leads on."""
    changed = session.scalars(
        update(FindingRow)
        .where(FindingRow.fingerprint == fingerprint, FindingRow.state.in_(MAY_BECOME[state]))
        .values(state=state, said_by=said_by, said_why=why, said_at=now)
        .returning(FindingRow.fingerprint),
        execution_options={"synchronize_session": False},
    ).all()
    return bool(changed)
