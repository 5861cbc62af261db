"""How a round ended, as it is handed from the round's process to whoever asked for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from ledger.states import PortalState, RoundFailure, RoundState

# How a portal is found whose round its own pages ended; the other failures say nothing about it.
_FOUND = {
    RoundFailure.TIME_LIMIT: PortalState.UNREACHABLE,
    RoundFailure.MEMORY_LIMIT: PortalState.LAYOUT_CHANGED,
    RoundFailure.STALLED: PortalState.LAYOUT_CHANGED,
    RoundFailure.DIED: PortalState.LAYOUT_CHANGED,
    RoundFailure.ERROR: PortalState.LAYOUT_CHANGED,
}


def found_after(failure: RoundFailure | None) -> PortalState | None:
    """The state of a portal whose round failed so; None where that says nothing about the portal."""
    return _FOUND.get(failure) if failure is not None else None


@dataclass(frozen=True, slots=True)
class LookResult:
    """One look at one column, as in ``ledger.models.Look``."""

    column: str
    found: PortalState
    complete: bool
    rows: int
    dropped: int
    sentence: str


@dataclass(frozen=True, slots=True)
class RoundResult:
    """One round over one portal. ``found`` is None where the round itself failed, and ``failure`` says why.

    ``figures``: requests, unchanged (304), bytes, new_articles, new_versions, failed_articles, and
    retry_after (seconds that the portal asked to be left in peace).
    """

    portal: str
    state: RoundState
    found: PortalState | None
    sentence: str
    failure: RoundFailure | None = None
    looks: tuple[LookResult, ...] = ()
    figures: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NewWork:
    """A round has found documents, which wait in the ledger since ``at``: the queue is worth filling."""

    at: datetime
