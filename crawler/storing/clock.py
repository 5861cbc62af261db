"""The time of a round: the season's, going on by whole minutes as the round does."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Clock:
    """Begins at ``at``. A round that lasts for hours must not say it saw at its beginning what it saw at its end.

    Every process of the machine may go on with it.
    """

    at: datetime
    _started: float = field(default_factory=time.monotonic)

    def now(self) -> datetime:
        """``at``, and the whole minutes that have gone by since."""
        return self.at + timedelta(minutes=(time.monotonic() - self._started) // 60)
