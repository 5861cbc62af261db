"""What a letter has to tell, before it is words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ledger.messages.notices import Telling
from ledger.models import Incident
from ledger.states import IncidentOutcome


class Ended(NamedTuple):
    """A matter of which somebody was told, how it ended in a sentence, and whether it had been wrong."""

    incident: Incident
    sentence: str
    was_wrong: bool


def ended(incident: Incident) -> Ended:
    """How a resolved incident ended."""
    return Ended(incident, incident.resolution or "", incident.detail.get("outcome") == IncidentOutcome.REFUTED)


@dataclass(frozen=True, slots=True)
class End:
    """How a matter ended: what had been told of it, how it ended, and its number."""

    first: Incident
    told: str
    sentence: str
    was_wrong: bool
    matter: str


def ends_of(resolved: Sequence[Ended]) -> list[End]:
    """What ended, one a matter and way to end, in the order in which it came."""
    alike: dict[tuple[object, ...], list[Incident]] = {}
    for incident, sentence, was_wrong in resolved:
        alike.setdefault((incident.matter or incident.id, sentence, was_wrong), []).append(incident)
    return [
        End(
            ones[0],
            "原通知：" + "；".join(dict.fromkeys(one.sentence for one in ones)),
            str(sentence),
            bool(was_wrong),
            ones[0].matter or "",
        )
        for (_, sentence, was_wrong), ones in alike.items()
    ]


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
