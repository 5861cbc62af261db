"""What a letter has to tell, before it is words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from config.severity import Severity
from ledger.messages.notices import Telling
from ledger.models import Incident
from ledger.states import IncidentKind, IncidentOutcome

_ACCUSING = (IncidentKind.MISSING, IncidentKind.LATE, IncidentKind.WITHDRAWN, IncidentKind.RECTIFICATION)


class Ended(NamedTuple):
    """A matter of which somebody was told, how it ended in a sentence, and whether it had been wrong."""

    incident: Incident
    sentence: str
    was_wrong: bool


def ended(incident: Incident) -> Ended:
    """How a resolved incident ended."""
    return Ended(incident, incident.resolution or "", incident.detail.get("outcome") == IncidentOutcome.REFUTED)


def is_accusing(incident: Incident) -> bool:
    """Whether it says that an agency did something wrong; all else asks somebody to look."""
    error = incident.kind is IncidentKind.FINDING and incident.level == Severity.ERROR
    return error or incident.kind in _ACCUSING


@dataclass(frozen=True, slots=True)
class Contents:
    """What is new, what is still so, and how what was told ended; ``office`` is whose letter it is (Office.key)."""

    news: Sequence[Incident] = ()
    reminders: Sequence[Telling] = ()
    ended: Sequence[Ended] = ()
    office: str | None = None

    @property
    def incidents(self) -> Iterator[Incident]:
        """All incidents that the letter is about."""
        yield from self.news
        yield from (one.incident for one in self.reminders)
        yield from (one.incident for one in self.ended)

    @property
    def years(self) -> set[int]:
        """Of which report years it is."""
        return {one.year for one in self.incidents if one.year is not None}

    @property
    def reports(self) -> set[tuple[str | None, int | None]]:
        """Which reports it is about."""
        return {(one.agency, one.year) for one in self.incidents}

    def __bool__(self) -> bool:
        return bool(self.news or self.reminders or self.ended)
