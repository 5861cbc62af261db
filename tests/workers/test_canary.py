"""The heartbeat of a real worker, and canaries through a real broker."""

from __future__ import annotations

import os
import signal
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from redis import Redis

from cli.broker import EmbeddedBroker
from config.settings import Settings, load_settings
from ledger.database import Ledger, open_ledger
from ledger.machinery.canaries import CanaryState, canary_state
from ledger.machinery.heartbeat import WORKER, heartbeats, our_version
from ledger.models import Heartbeat
from tests.waiting import wait_until
from tests.workers.conftest import StartWorker
from workers.dispatch import send_canary


def state_of(ledger: Ledger) -> CanaryState:
    with ledger.read() as session:
        return canary_state(session)


def beats(ledger: Ledger) -> list[Heartbeat]:
    with ledger.read() as session:
        return list(heartbeats(session, WORKER))


@pytest.fixture
def quick(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Beats and canaries in quick succession; workers that are started get them too."""
    monkeypatch.setenv("NIANBAO_HEARTBEAT_SECONDS", "0.2")
    monkeypatch.setenv("NIANBAO_CANARY_SECONDS", "1")
    monkeypatch.setenv("NIANBAO_DEAF_AFTER_MINUTES", "0.05")
    return load_settings()


def test_a_worker_beats_takes_canaries_and_says_goodbye(
    quick: Settings, ledger: Ledger, start_worker: StartWorker
) -> None:
    begun = datetime.now(UTC)
    worker = start_worker()
    wait_until(lambda: len(beats(ledger)) == 1, "the first beat")
    (beat,) = beats(ledger)
    assert (beat.version, beat.stopped_at, beat.last_work_at, beat.busy) == (our_version(), None, None, False)
    assert abs(beat.host_checks["skew"]) < 5
    assert beat.host_checks["disks"][0]["free"] > 0
    assert send_canary(quick, ledger, datetime.now(UTC))
    wait_until(lambda: state_of(ledger).last_back_at is not None, f"the canary is back: {worker.said()}")
    found = state_of(ledger)
    assert (found.waiting, found.waiting_since, found.unpublished) == (0, None, 0)
    assert found.last_worker is not None
    assert found.last_worker.startswith("worker-0@")
    assert found.last_worker == beat.name
    assert found.last_trip is not None
    assert timedelta() <= found.last_trip < timedelta(seconds=200)
    wait_until(lambda: beats(ledger)[0].last_work_at is not None, "the beat says that work was taken")
    assert (
        begun - timedelta(seconds=5)
        < (beats(ledger)[0].last_work_at or begun)
        < datetime.now(UTC) + timedelta(seconds=5)
    )
    worker.stop()
    assert beats(ledger)[0].stopped_at is not None


def test_a_killed_worker_says_nothing_and_one_canary_a_slot_is_sent(
    quick: Settings, ledger: Ledger, start_worker: StartWorker
) -> None:
    worker = start_worker()
    wait_until(lambda: len(beats(ledger)) == 1, "the first beat")
    os.killpg(worker.process.pid, signal.SIGKILL)
    worker.process.wait()
    assert beats(ledger)[0].stopped_at is None
    now = datetime.now(UTC)
    assert send_canary(quick, ledger, now)
    assert not send_canary(quick, ledger, now)
    assert state_of(ledger).waiting == 1


def test_a_broker_that_does_not_take_canaries_is_noted(settings: Settings, ledger: Ledger) -> None:
    assert not send_canary(settings, ledger, datetime.now(UTC))
    found = state_of(ledger)
    assert (found.unpublished, found.waiting) == (1, 0)
    assert found.unpublished_since is not None


def test_canaries_do_not_fill_a_queue_that_nobody_empties(sqlite_settings: Settings) -> None:
    start = datetime(2026, 3, 1, tzinfo=UTC)
    with closing(open_ledger(sqlite_settings)) as ledger, EmbeddedBroker(sqlite_settings):
        sent = sum(send_canary(sqlite_settings, ledger, start + timedelta(minutes=minute)) for minute in range(120))
        with Redis(unix_socket_path=str(sqlite_settings.embedded_broker_socket)) as client:
            assert client.llen("read") == sent
    assert sent == 5 + 11
