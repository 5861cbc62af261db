"""What a channel says to one message, whichever channel it is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto


class Verdict(Enum):
    """DELIVERED: it was taken. REFUSED: this message never will be. NO_SUCH_RECIPIENT: nor any other to this recipient.

    LATER: not now.
    """

    DELIVERED = auto()
    REFUSED = auto()
    NO_SUCH_RECIPIENT = auto()
    LATER = auto()


@dataclass(frozen=True, slots=True)
class Answer:
    """What was said to one message; ``words`` hold no secret."""

    verdict: Verdict
    words: str
