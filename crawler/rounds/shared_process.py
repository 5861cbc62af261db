"""Watches over a process that several portals share: none keeps it from the others, and none fills its memory.

Where one does, the process ends; what is left of its rounds goes on elsewhere (:mod:`crawler.rounds.worlds`). Its
limits are narrower than those of a process of one's own: whoever is ended here has those still to come.
"""

from __future__ import annotations

import os
import resource
import time

from crawler.spider import MEMORY_EXIT

STALL_EXIT = 72
LOOK_SECONDS = 1.0
# None may keep the process busy for so long, at once or again and again, ...
STALL_SECONDS = 10.0
# ... where what takes less than so long is not counted, and this share of the time is forgotten.
_TURN_SECONDS, _FORGOTTEN = 1.0, 0.1
# While so much of the memory is left, every portal's pages have the room that they need.
_MEMORY_SHARE = 0.5


class SharedProcess:
    """:meth:`look` is called every ``LOOK_SECONDS``, or later where a page keeps the process busy."""

    def __init__(self, megabytes: int) -> None:
        """``megabytes``: what a process may take beyond what it inherited."""
        self._most_kilobytes = _kilobytes() + megabytes * 1024 * _MEMORY_SHARE
        self._computed = time.process_time()
        self._looked = time.monotonic()
        self._kept = 0.0

    def look(self) -> None:
        """Ends the process where it was kept too long from the others, or where too much of its memory is taken."""
        computed, moment = time.process_time(), time.monotonic()
        passed = moment - self._looked
        busy = min(computed - self._computed, passed - LOOK_SECONDS)
        self._kept = max(0.0, self._kept + max(0.0, busy - _TURN_SECONDS) - passed * _FORGOTTEN)
        self._computed, self._looked = computed, moment
        if self._kept > STALL_SECONDS:
            os._exit(STALL_EXIT)
        if _kilobytes() > self._most_kilobytes:
            os._exit(MEMORY_EXIT)


def _kilobytes() -> int:
    """The most memory that this process ever had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
