"""How much of the cores a process and all that it starts use in a while, its start and its end left out.

The kernel tells of children that have ended only when their parents have waited for them: so every process is looked at
again and again for as long as it lives.
"""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

EVERY_SECONDS = 0.5
_TICKS = os.sysconf("SC_CLK_TCK")


class Meter:
    """Core seconds of a process and its descendants while the context lasts; of one that ended, to within a moment."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._before: dict[int, float] = {}
        self._now: dict[int, float] = {}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._before = _used(self._pid)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()
        self._now |= _used(self._pid)

    @property
    def seconds(self) -> float:
        """What was used between the beginning of the context and now."""
        return sum(used - self._before.get(pid, 0.0) for pid, used in self._now.items())

    def _watch(self) -> None:
        while not self._stop.wait(EVERY_SECONDS):
            self._now |= _used(self._pid)


def _used(pid: int) -> dict[int, float]:
    """By process: a process and its descendants, and the core seconds of each."""
    found: dict[int, float] = {}
    waiting = [pid]
    while waiting:
        one = waiting.pop()
        with suppress(OSError):
            fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
            found[one] = (int(fields[11]) + int(fields[12])) / _TICKS
            for task in Path(f"/proc/{one}/task").iterdir():
                waiting += [int(child) for child in (task / "children").read_text().split()]
    return found
