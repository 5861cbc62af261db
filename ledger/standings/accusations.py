"""What offices were told of a season's reports: how much of it was put right, and how much had to be taken back."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.messages.incidents import is_accusing
from ledger.models import Incident, Notice, NoticeIncident
from ledger.states import Audience, IncidentOutcome


@dataclass(frozen=True, slots=True)
class Accusations:
    """How many matters were told that say somebody did something wrong; how many of them were put right, or untrue."""

    told: int
    put_right: int
    taken_back: int


def accusations(session: Session, district: str, year: int, moment: datetime) -> Accusations:
    """Of a district's reports for a year, the accusations in letters that were sent until a moment, each matter once.

    A matter of which a part was untrue counts as taken back; one is put right when nothing of it is open any more.
    """
    return accusations_in(session, [district], year, moment)[district]


def accusations_in(session: Session, districts: Collection[str], year: int, moment: datetime) -> dict[str, Accusations]:
    """The same of several districts, each by itself."""
    sent = (
        select(NoticeIncident.incident_id)
        .join(Notice, Notice.id == NoticeIncident.notice_id)
        .where(Notice.sent_at.is_not(None), Notice.sent_at <= moment)
    )
    rows = session.scalars(
        select(Incident).where(
            Incident.audience == Audience.OFFICE,
            Incident.district.in_(districts),
            Incident.year == year,
            Incident.opened_at <= moment,
            Incident.id.in_(sent),
        )
    )
    matters: dict[str | None, dict[str, list[str | None]]] = {}
    for row in rows:
        if is_accusing(row):
            over = row.resolved_at is not None and row.resolved_at <= moment
            ended = row.detail.get("outcome") if over else None
            of_district = matters.setdefault(row.district, {})
            of_district.setdefault(f"{row.kind}:{row.matter or row.id}", []).append(ended)
    return {district: _counted(matters.get(district, {}).values()) for district in districts}


def _counted(matters: Collection[Collection[str | None]]) -> Accusations:
    """From how each part of each matter ended, None where it has not."""
    taken_back = sum(IncidentOutcome.REFUTED in ends for ends in matters)
    put_right = sum(all(end == IncidentOutcome.REMEDIED for end in ends) for ends in matters)
    return Accusations(len(matters), put_right, taken_back)
