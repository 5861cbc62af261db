"""What workers have in hand is dated by the broker's clock: one whose own is wrong takes nothing out of others' hands.

Kombu dates each message that is taken by the clock of whoever takes it, and who looks for messages that were taken too
long ago compares with his own. A worker eight hours ahead would hand out at once whatever the others are reading, and
what that costs are attempts of the documents. Tried without on 29 November 2026: all four cases of
tests/workers/test_in_hand.py fail.
"""

from __future__ import annotations

from typing import Any

from kombu.transport import redis as transport


class InHand(transport.QoS):
    """Kombu's account of the messages that were taken and not acknowledged, by the broker's clock."""

    def append(self, message: Any, delivery_tag: str) -> None:
        """Notes that a message was taken."""
        super().append(message, delivery_tag)  # type: ignore[no-untyped-call]
        with self.channel.conn_or_acquire() as client:
            client.zadd(self.unacked_index_key, {delivery_tag: _now(client)}, xx=True)

    def restore_visible(self, *args: Any, **named: Any) -> None:
        """Gives back what was taken longer ago than the visibility timeout."""
        with self.channel.conn_or_acquire() as client:
            ahead = transport.time() - _now(client)  # type: ignore[attr-defined]
        self.visibility_timeout = self.channel.visibility_timeout + ahead
        super().restore_visible(*args, **named)  # type: ignore[no-untyped-call]


def date_by_the_brokers_clock() -> None:
    """Lets every connection of this process to a Redis account like that."""
    transport.Channel.QoS = InHand


def _now(client: Any) -> float:
    seconds, microseconds = client.time()
    return float(seconds) + float(microseconds) / 1e6
