"""How a round ended, as it is handed from the round's process to whoever asked for it."""

from __future__ import annotations

from dataclasses import dataclass, field

from ledger.states import PortalState, RoundState


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
    """One round over one portal. ``found`` is None where the round itself failed.

    ``figures``: requests, unchanged (304), bytes, new_articles, new_versions, failed_articles, and
    retry_after (seconds that the portal asked to be left in peace).
    """

    portal: str
    state: RoundState
    found: PortalState | None
    sentence: str
    looks: tuple[LookResult, ...] = ()
    figures: dict[str, int] = field(default_factory=dict)
