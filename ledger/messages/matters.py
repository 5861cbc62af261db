"""Matters as people are told of them (事项): what one correction would mend is one, with one number."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.models import FindingRow, Incident
from ledger.reading.matters import new_numbers, number_matters
from ledger.states import Audience, IncidentKind

Numbered = TypeVar("Numbered", FindingRow, Incident)


def by_matter(rows: Iterable[Numbered]) -> list[list[Numbered]]:
    """Findings or incidents, those of one matter together, in the order in which they came."""
    matters: dict[object, list[Numbered]] = {}
    for row in rows:
        own = row.fingerprint if isinstance(row, FindingRow) else row.id
        matters.setdefault(row.matter or ("", own), []).append(row)
    return list(matters.values())


def number_incidents(session: Session) -> None:
    """Gives every open incident of an office that has no number one: its finding's; what it had before; a new one.

    All that is told of the publication of one report (missing, then late) is one matter.
    """
    rows = session.scalars(
        select(Incident)
        .where(
            Incident.resolved_at.is_(None),
            Incident.matter.is_(None),
            Incident.audience == Audience.OFFICE,
            Incident.district.is_not(None),
            Incident.year.is_not(None),
        )
        .order_by(Incident.district, Incident.year, Incident.id)
        .with_for_update()
    ).all()
    if rows:
        _take_from_findings(session, [row for row in rows if row.kind is IncidentKind.FINDING])
        _take_from_before(session, [row for row in rows if row.matter is None])
        session.flush()


def _take_from_findings(session: Session, rows: Sequence[Incident]) -> None:
    keys = [row.detail.get("fingerprint", "") for row in rows]
    asked = select(FindingRow).where(FindingRow.fingerprint.in_(keys))
    findings = {one.fingerprint: one for one in session.scalars(asked)}
    reports = {
        (one.agency, one.year)
        for one in findings.values()
        if one.matter is None and one.agency is not None and one.year is not None
    }
    if reports:
        number_matters(session, reports)
        findings = {one.fingerprint: one for one in session.scalars(asked.execution_options(populate_existing=True))}
    for row, key in zip(rows, keys, strict=True):
        if key in findings:
            row.matter = findings[key].matter


def _take_from_before(session: Session, rows: Sequence[Incident]) -> None:
    subjects = [row.subject for row in rows]
    before = select(Incident.subject, Incident.matter).where(
        Incident.subject.in_(subjects), Incident.matter.is_not(None)
    )
    had: dict[str, str | None] = {row.subject: row.matter for row in session.execute(before)}
    wanted: dict[tuple[str, int], list[str]] = {}
    for row in rows:
        if row.subject not in had and row.district is not None and row.year is not None:
            of_year = wanted.setdefault((row.district, row.year), [])
            if row.subject not in of_year:
                of_year.append(row.subject)
    for (district, year), without in wanted.items():
        had |= dict(zip(without, new_numbers(session, district, year, len(without)), strict=True))
    for row in rows:
        row.matter = had.get(row.subject)
