"""What a monitor knows of itself, for its endpoint and its heartbeat."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import datetime

from config.settings import Settings
from ledger.machinery.heartbeat import silent_after


@dataclass
class Vital:
    """What one monitor knows of itself: when its last turn began, and when the last good one was."""

    last_turn: float = field(default_factory=time.monotonic)
    last_good: datetime | None = None
    _good: float | None = None

    def turned(self) -> None:
        """A turn begins."""
        self.last_turn = time.monotonic()

    def was_good(self, now: datetime) -> None:
        """A turn ended as it should."""
        self.last_good, self._good = now, time.monotonic()

    def turns(self, settings: Settings) -> bool:
        """Whether the loop goes round."""
        return time.monotonic() - self.last_turn <= silent_after(settings).total_seconds()

    def is_good(self, settings: Settings) -> bool:
        """Whether a turn ended well lately."""
        return self._good is not None and time.monotonic() - self._good <= silent_after(settings).total_seconds()
