"""What workers have in hand is dated by the broker's clock: one whose own is wrong takes nothing out of others' hands.

Kombu dates each message that is taken by the clock of whoever takes it, and who looks for messages that were taken too
long ago compares with his own. A worker eight hours ahead would hand out at once whatever the others are reading, and
what that costs are attempts of the documents. Tried without on 29 November 2026: all four cases of
tests/workers/test_in_hand.py fail.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any

from kombu.transport import redis as transport
from kombu.transport import virtual
from kombu.utils.json import dumps

# For so long it is known how far the broker's clock is ahead of what this machine counts: no two drift apart so fast.
ASK_AGAIN_SECONDS = 10.0
# Counts on while a machine sleeps, and whatever is done to its clock; where there is none, nobody lets it sleep.
_COUNTER = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


class InHand(transport.QoS):
    """Kombu's account of the messages that were taken and not acknowledged, by the broker's clock."""

    _asked_at = _ahead = float("-inf")

    def append(self, message: Any, delivery_tag: str) -> None:
        """Notes that a message was taken: in one way to the broker and back, as kombu does."""
        delivery = message.delivery_info
        taken = dumps([message._raw, delivery["exchange"], delivery["routing_key"]])  # type: ignore[no-untyped-call]
        with self.pipe_or_acquire() as pipe:
            pipe.zadd(self.unacked_index_key, {delivery_tag: self._now()})
            pipe.hset(self.unacked_key, delivery_tag, taken)
            pipe.execute()
        virtual.QoS.append(self, message, delivery_tag)  # type: ignore[no-untyped-call]

    def restore_visible(self, *args: Any, **named: Any) -> None:
        """Gives back what was taken longer ago than the visibility timeout."""
        ahead = transport.time() - _now(self._client)  # type: ignore[attr-defined]
        self.visibility_timeout = self.channel.visibility_timeout + ahead
        super().restore_visible(*args, **named)  # type: ignore[no-untyped-call]

    @contextmanager
    def pipe_or_acquire(self, pipe: Any = None, client: Any = None) -> Iterator[Any]:
        """Commands that go to the broker together; without a client made for each message, as kombu does."""
        yield pipe or (client or self._client).pipeline()

    @cached_property
    def _client(self) -> Any:
        """Takes a connection of the channel's for every command, and gives it back."""
        return self.channel._create_client()

    def _now(self) -> float:
        counted = time.clock_gettime(_COUNTER)
        if counted - self._asked_at >= ASK_AGAIN_SECONDS:
            self._ahead = _now(self._client) - counted
            self._asked_at = counted
        return counted + self._ahead


def date_by_the_brokers_clock() -> None:
    """Lets every connection of this process to a Redis account like that."""
    transport.Channel.QoS = InHand


def _now(client: Any) -> float:
    seconds, microseconds = client.time()
    return float(seconds) + float(microseconds) / 1e6
