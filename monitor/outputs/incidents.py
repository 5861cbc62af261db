"""What somebody has to know: what ``nianbao incidents list`` prints, and the API gives."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pydantic import with_config
from typing_extensions import TypedDict

from ledger.models import Incident, IncidentNote
from ledger.states import Audience, IncidentKind, IncidentNoteKind
from monitor.outputs.moments import Moment


@with_config(extra="forbid")
class WordShape(TypedDict):
    """What a person said of an incident; ``until``: no reminders before."""

    kind: IncidentNoteKind
    by: str
    why: str
    at: Moment
    until: Moment | None


@with_config(extra="forbid")
class IncidentShape(TypedDict):
    """Something that somebody has to know, open until ``resolved_at``. ``agency`` is the register's id."""

    id: int
    level: str
    kind: IncidentKind
    audience: Audience
    district: str | None
    agency: str | None
    year: int | None
    matter: str | None
    opened_at: datetime
    resolved_at: datetime | None
    sentence: str
    resolution: str | None
    words: list[WordShape]


def incident_shape(row: Incident, notes: Sequence[IncidentNote]) -> IncidentShape:
    """One incident, with everything that was said of it."""
    return {
        "id": row.id,
        "level": row.level,
        "kind": row.kind,
        "audience": row.audience,
        "district": row.district,
        "agency": row.agency,
        "year": row.year,
        "matter": row.matter,
        "opened_at": row.opened_at,
        "resolved_at": row.resolved_at,
        "sentence": row.sentence,
        "resolution": row.resolution,
        "words": [
            {
                "kind": one.kind,
                "by": one.said_by,
                "why": one.why,
                "at": one.said_at.isoformat(),
                "until": one.until.isoformat() if one.until else None,
            }
            for one in notes
        ],
    }
