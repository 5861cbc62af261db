"""What a channel says to one message, whichever channel it is."""

from __future__ import annotations

from dataclasses import dataclass

from ledger.states import SendVerdict


@dataclass(frozen=True, slots=True)
class Answer:
    """How one attempt ended, and what the other side said to it; ``words`` are for people and hold no secret."""

    verdict: SendVerdict
    words: str
