"""Findings as a person asks for them."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.models import Agency, FindingRow, worst_first
from ledger.states import FindingState


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
        .order_by(FindingRow.agency, FindingRow.year, worst_first(), FindingRow.rule, FindingRow.fingerprint)
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


def explained_before(session: Session, finding: FindingRow) -> FindingRow | None:
    """What a person said in an earlier year of the same in the same agency's report (rule and cells); the last.

    None where nobody did, or the finding is of no cell: of a text nobody knows whether it is the same.
    """
    if finding.agency is None or finding.year is None or not finding.cells:
        return None
    query = (
        select(FindingRow)
        .where(
            FindingRow.agency == finding.agency,
            FindingRow.year < finding.year,
            FindingRow.rule == finding.rule,
            FindingRow.said_why.is_not(None),
        )
        .order_by(FindingRow.year.desc(), FindingRow.said_at.desc())
    )
    return next((row for row in session.scalars(query) if row.cells == finding.cells), None)
