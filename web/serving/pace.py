"""How often a program may ask: so many requests in a minute for each token, and for all strangers together."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

PER_MINUTE = 600
STRANGERS_PER_MINUTE = 300
STRANGER = ""
_SECONDS = 60.0
# More tokens than these are not remembered at once: those that asked longest ago have all of theirs again.
_MOST_KNOWN = 10_000


class Pace:
    """Counts in one process. Each has a store that fills evenly, so that nobody waits for a full minute to begin."""

    def __init__(
        self,
        most: int = PER_MINUTE,
        strangers: int = STRANGERS_PER_MINUTE,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._most = {False: most, True: strangers}
        self._clock = clock
        self._lock = threading.Lock()
        self._left: dict[str, tuple[float, float]] = {}

    def seconds_to_wait(self, who: str) -> float:
        """Takes one request out of the store of ``who``; 0 where there was one, else seconds until there is one."""
        now, most = self._clock(), self._most[who == STRANGER]
        with self._lock:
            left, at = self._left.pop(who, (float(most), now))
            left = min(float(most), left + (now - at) * most / _SECONDS)
            wait = 0.0 if left >= 1 else (1 - left) * _SECONDS / most
            self._left[who] = (left - 1 if left >= 1 else left, now)
            if len(self._left) > _MOST_KNOWN:
                self._left.pop(next(iter(self._left)))
        return wait
