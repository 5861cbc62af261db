"""整改: what ``nianbao rectifications list`` prints, and the API gives."""

from __future__ import annotations

from datetime import date

from pydantic import with_config
from typing_extensions import TypedDict

from ledger.messages.rectifications import Asked
from ledger.states import RectificationResult
from monitor.calendar import day_of
from report.check_shape import Fingerprint


@with_config(extra="forbid")
class RectificationShape(TypedDict):
    """What was asked of an agency, until when, and how it ended.

    ``answered_on`` is the day of the newest document that came since; ``findings`` are those to be put right;
    ``proposed`` is a result that waits for a second person.
    """

    id: int
    agency: str
    agency_id: str
    district: str
    year: int
    asked_on: date
    asked_by: str
    asked_for: str
    due_on: date
    received_on: date | None
    answered_on: date | None
    findings: list[Fingerprint]
    proposed: RectificationResult | None
    result: RectificationResult | None
    reviewed_by: str | None
    reviewed_on: date | None
    remark: str | None


def rectification_shape(asked: Asked) -> RectificationShape:
    """One rectification."""
    row = asked.row
    return {
        "id": row.id,
        "agency": asked.agency.name,
        "agency_id": row.agency,
        "district": asked.agency.district,
        "year": row.year,
        "asked_on": row.asked_on,
        "asked_by": row.asked_by,
        "asked_for": row.asked_for,
        "due_on": row.due_on,
        "received_on": row.received_on,
        "answered_on": day_of(asked.answer.first_seen_at) if asked.answer is not None else None,
        "findings": row.findings or [],
        "proposed": row.proposed,
        "result": row.result,
        "reviewed_by": row.reviewed_by,
        "reviewed_on": row.reviewed_on,
        "remark": row.remark,
    }
