"""What a worker has in hand stays there whatever another one's clock says, and comes back when its own was wrong."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from kombu.connection import Connection
from kombu.transport import redis as transport

from cli.broker import EmbeddedBroker
from config.settings import Settings
from tests.waiting import wait_until
from workers.in_hand import date_by_the_brokers_clock

QUEUE = "read"
Machine = Callable[[int], Any]
# Kombu has no types.
opened: Any = Connection
VISIBLE_SECONDS = 60


@pytest.fixture(params=["sqlite"])
def settings(sqlite_settings: Settings) -> Settings:
    """The ledger has no part in this."""
    return sqlite_settings


@pytest.fixture
def machine(settings: Settings, broker: EmbeddedBroker, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """Sets the clock that kombu asks, and gives a connection of its own."""
    monkeypatch.setattr(transport.Channel, "QoS", transport.Channel.QoS)
    date_by_the_brokers_clock()

    def connect(hours: int) -> Any:
        monkeypatch.setattr(transport, "time", lambda: time.time() + hours * 3600)
        return opened(settings.broker_address, transport_options={"visibility_timeout": VISIBLE_SECONDS})

    return connect


def take(connection: Any) -> None:
    channel = connection.default_channel
    connection.SimpleQueue(QUEUE).put({"work": 1})
    channel.basic_consume(QUEUE, False, lambda _: None, "reader")
    wait_until(lambda: drained(connection), "a message is in hand")
    assert in_queue(connection) == 0


def drained(connection: Any) -> bool:
    with suppress(TimeoutError):
        connection.drain_events(timeout=0.2)
    client = connection.default_channel.client
    return bool(client.hlen("unacked") == 1)


def in_queue(connection: Any) -> int:
    return int(connection.default_channel.client.llen(QUEUE))


def give_back(connection: Any) -> int:
    connection.default_channel.qos.restore_visible(interval=1)
    return in_queue(connection)


@pytest.mark.parametrize("hours", [8, 72])
def test_a_worker_ahead_takes_nothing_out_of_others_hands(machine: Machine, hours: int) -> None:
    with machine(0) as right:
        take(right)
        with machine(hours) as ahead:
            assert give_back(ahead) == 0
        with machine(-hours) as behind:
            assert give_back(behind) == 0


@pytest.mark.parametrize("hours", [-72, 8])
def test_what_a_worker_with_a_wrong_clock_took_comes_back_in_time(machine: Machine, hours: int) -> None:
    with machine(hours) as wrong:
        take(wrong)
        with machine(0) as right:
            assert give_back(right) == 0
            right.default_channel.visibility_timeout = 0
            assert give_back(right) == 1
