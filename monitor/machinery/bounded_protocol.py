"""How many connections the endpoint holds, and how long: it shares the monitor's descriptors, and takes only a few.

The desk, a process of its own, holds more of them, for longer.

Where all places are taken, whoever waits longest without having asked anything loses theirs: a newcomer is answered,
and who only holds connections takes no more descriptors than these.
"""

from __future__ import annotations

import asyncio
from typing import Any, ClassVar

from uvicorn.protocols.http.h11_impl import H11Protocol

MOST = 12
# So many are taken at once before any of them is looked at; they add to the descriptors for a moment.
AT_ONCE = 4
IDLE_SECONDS = 5
HEAD_SECONDS = 10.0
WHOLE_SECONDS = 60.0
LONGEST_HEAD = 16 * 1024


class BoundedProtocol(H11Protocol):
    """HTTP with at most so many connections, a head in ``head_seconds``, and ``whole_seconds`` in all."""

    most: ClassVar[int] = MOST
    head_seconds: ClassVar[float] = HEAD_SECONDS
    whole_seconds: ClassVar[float] = WHOLE_SECONDS
    _held: ClassVar[dict[BoundedProtocol, None]] = {}

    def connection_made(self, transport: Any) -> None:
        """Takes a place, another's where there is none."""
        if len(self._held) >= self.most:
            idle = next((one for one in self._held if not one._asked), None)
            if idle is None:
                transport.abort()
                return
            idle._end()
        self._held[self] = None
        loop = asyncio.get_running_loop()
        self._limits = [
            loop.call_later(self.head_seconds, self._end_idle),
            loop.call_later(self.whole_seconds, self._end),
        ]
        super().connection_made(transport)

    def data_received(self, data: bytes) -> None:
        """Takes what came in, unless the connection has just lost its place."""
        if self in self._held:
            super().data_received(data)

    def connection_lost(self, exc: Exception | None) -> None:
        """Gives the place back."""
        self._forget()
        if self.transport is not None:
            super().connection_lost(exc)

    @property
    def _asked(self) -> bool:
        """Whether a whole request is being answered."""
        return self.cycle is not None and not self.cycle.response_complete

    def _end_idle(self) -> None:
        if not self._asked:
            self._end()

    def _end(self) -> None:
        self._forget()
        if self.transport is not None:
            self.transport.abort()

    def _forget(self) -> None:
        self._held.pop(self, None)
        for limit in getattr(self, "_limits", ()):
            limit.cancel()
