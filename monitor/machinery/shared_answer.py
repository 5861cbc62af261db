"""One answer for all who ask while it is made: a question to the ledger is asked once, however many want to know."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Shared(Generic[T]):
    """The answer of ``compute``; nobody gets one that was begun before they asked, and one is made at a time."""

    def __init__(self, compute: Callable[[], T]) -> None:
        self._compute = compute
        self._lock = threading.Lock()
        self._newest: tuple[float, T] | None = None

    def get(self) -> T:
        """An answer that was begun no earlier than now; raises what ``compute`` raises."""
        asked = time.monotonic()
        with self._lock:
            if self._newest is None or self._newest[0] < asked:
                begun = time.monotonic()
                self._newest = begun, self._compute()
            return self._newest[1]
