"""An incident that ought to be open, before it is a row."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ledger.models import Incident
from ledger.states import Audience, IncidentKind


@dataclass(frozen=True, slots=True)
class Draft:
    """An incident that ought to be open.

    ``is_renewed``: what an open one says follows what is found later; else it stays as it was opened.
    """

    kind: IncidentKind
    subject: str
    audience: Audience
    level: str
    sentence: str
    district: str | None = None
    agency: str | None = None
    year: int | None = None
    detail: dict[str, Any] = field(default_factory=dict)
    is_renewed: bool = False


def to_operators(kind: IncidentKind, subject: str, level: str, sentence: str, **detail: Any) -> Draft:
    """One of the machinery's."""
    return Draft(kind, subject, Audience.OPERATORS, level, sentence, detail=detail)


def carried_on(incident: Incident) -> Draft:
    """An open incident as it stands: it stays open."""
    names = ("kind", "subject", "audience", "level", "sentence", "district", "agency", "year", "detail")
    return Draft(**{name: getattr(incident, name) for name in names})
