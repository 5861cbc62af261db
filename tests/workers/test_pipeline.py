"""The pipeline with a real broker and real Celery workers, and what happens to a document when any part of it dies."""

from __future__ import annotations

import os
import signal
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from cli.broker import EmbeddedBroker
from config.settings import Settings, load_settings
from ledger.database import Ledger
from ledger.models import FindingRow, ReadingRow, Work
from ledger.reading.work import unfinished
from ledger.states import WorkState
from tests.waiting import wait_until
from tests.workers import troublesome_readers as trouble
from tests.workers.conftest import NOON, ZUOJIAZHUANG, Documents, StartWorker, Worker, send
from workers.dispatch import hand_out, send_overdue

LOST = timedelta(minutes=16)


def the_work(ledger: Ledger) -> Work:
    with ledger.read() as session:
        return session.scalars(select(Work)).one()


def wait_for(ledger: Ledger, worker: Worker, seconds: float = 60) -> None:
    def finished() -> bool:
        with ledger.read() as session:
            return unfinished(session) == 0

    try:
        wait_until(finished, "all documents are read", seconds)
    except AssertionError as error:
        raise AssertionError(f"{error}\n{worker.said()[-3000:]}") from error


def gated(gate: Path) -> bytes:
    """A report whose reader waits until ``gate`` is there, and makes ``gate``.reached when it has begun."""
    return trouble.WAITS + os.fsencode(gate) + b"\n" + ZUOJIAZHUANG


def assert_read_once(ledger: Ledger) -> None:
    with ledger.read() as session:
        assert session.scalars(select(Work)).one().state is WorkState.DONE
        assert len(session.scalars(select(ReadingRow)).all()) == 1
        rules = [row.rule for row in session.scalars(select(FindingRow))]
    assert sorted(rules) == sorted(set(rules))
    assert {"T05", "T06"} <= set(rules)


@pytest.mark.both_databases
def test_what_is_handed_over_is_read(
    settings: Settings, ledger: Ledger, documents: Documents, start_worker: StartWorker
) -> None:
    worker = start_worker()
    work_id = documents.publish(ZUOJIAZHUANG)
    assert hand_out(settings, ledger, NOON) == 1
    assert send(settings, [work_id], NOON)
    wait_for(ledger, worker)
    assert_read_once(ledger)
    done = the_work(ledger)
    assert (done.dispatched_at, done.attempts) == (NOON, 1)
    assert done.begun_at is not None
    assert done.finished_at is not None
    # The message lay in the queue and the document was read for some time: the moments are theirs, not the message's.
    assert NOON < done.begun_at < done.finished_at


def test_a_killed_workers_document_is_read_by_another_once(
    settings: Settings, ledger: Ledger, documents: Documents, start_worker: StartWorker, tmp_path: Path
) -> None:
    gate = tmp_path / "gate"
    first = start_worker()
    work_id = documents.publish(gated(gate))
    send(settings, [work_id], NOON)
    wait_until(gate.with_suffix(".reached").exists, "the first worker reads")
    first.kill()
    second = start_worker()
    assert send_overdue(settings, ledger, NOON + LOST) == 0
    assert the_work(ledger).state is WorkState.RUNNING
    gate.touch()
    assert send_overdue(settings, ledger, NOON + 2 * LOST) == 1
    wait_for(ledger, second)
    assert_read_once(ledger)
    assert the_work(ledger).attempts == 2


def test_a_killed_pool_process_gives_its_document_to_the_next_at_once(
    settings: Settings, ledger: Ledger, documents: Documents, start_worker: StartWorker, tmp_path: Path
) -> None:
    gate = tmp_path / "gate"
    worker = start_worker()
    send(settings, [documents.publish(gated(gate))], NOON)
    wait_until(gate.with_suffix(".reached").exists, "the worker reads")
    (child,) = worker.children()
    gate.touch()
    os.kill(child, signal.SIGKILL)
    wait_for(ledger, worker)
    assert_read_once(ledger)


def test_a_stopping_worker_finishes_its_document(
    settings: Settings, ledger: Ledger, documents: Documents, start_worker: StartWorker, tmp_path: Path
) -> None:
    gate = tmp_path / "gate"
    worker = start_worker()
    send(settings, [documents.publish(gated(gate))], NOON)
    wait_until(gate.with_suffix(".reached").exists, "the worker reads")
    worker.process.terminate()
    wait_until(lambda: "Warm shutdown" in worker.said(), "the worker knows")
    gate.touch()
    worker.process.wait(120)
    assert_read_once(ledger)


def test_a_broker_that_lost_everything_loses_nothing(
    settings: Settings, ledger: Ledger, documents: Documents, start_worker: StartWorker
) -> None:
    from redis import Redis

    documents.publish(ZUOJIAZHUANG)
    hand_out(settings, ledger, NOON)
    Redis(unix_socket_path=str(settings.embedded_broker_socket)).flushall()
    worker = start_worker()
    assert send_overdue(settings, ledger, NOON + timedelta(minutes=1)) == 0
    assert send_overdue(settings, ledger, NOON + LOST) == 1
    assert send_overdue(settings, ledger, NOON + LOST) == 0
    wait_for(ledger, worker)
    assert_read_once(ledger)


def test_a_broker_that_is_away_is_said_and_the_sweep_sends_when_it_is_back(
    settings: Settings, ledger: Ledger, documents: Documents, caplog: pytest.LogCaptureFixture
) -> None:
    documents.publish(ZUOJIAZHUANG)
    started = datetime.now().astimezone()
    assert hand_out(settings, ledger, NOON) is None
    assert datetime.now().astimezone() - started < timedelta(seconds=60)
    assert "消息队列无法访问" in caplog.text
    assert send_overdue(settings, ledger, NOON) == 0
    assert the_work(ledger).dispatched_at is None
    with EmbeddedBroker(settings):
        assert send_overdue(settings, ledger, NOON + timedelta(minutes=1)) == 1
    assert the_work(ledger).dispatched_at == NOON + timedelta(minutes=1)


def test_a_worker_lives_through_a_restart_of_the_broker(
    settings: Settings, ledger: Ledger, documents: Documents, broker: EmbeddedBroker, start_worker: StartWorker
) -> None:
    worker = start_worker()
    broker.restart()
    send(settings, [documents.publish(ZUOJIAZHUANG)], NOON)
    wait_for(ledger, worker)
    assert_read_once(ledger)


def test_messages_survive_the_broker_and_those_a_dead_worker_had_come_back(
    settings: Settings,
    ledger: Ledger,
    documents: Documents,
    broker: EmbeddedBroker,
    start_worker: StartWorker,
    tmp_path: Path,
) -> None:
    gate = tmp_path / "gate"
    worker = start_worker()
    send(settings, [documents.publish(gated(gate))], NOON)
    wait_until(gate.with_suffix(".reached").exists, "the worker reads")
    worker.kill()
    broker.restart()
    gate.touch()
    wait_for(ledger, start_worker())
    assert_read_once(ledger)


@pytest.mark.parametrize(("document", "error"), [(trouble.CRASHES, "crashed"), (trouble.HANGS, "timeout")])
def test_a_poisonous_document_is_quarantined_after_three_attempts_and_stops_nobody(
    ledger: Ledger,
    documents: Documents,
    start_worker: StartWorker,
    document: bytes,
    error: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Only what hangs is to meet the limit: a child that has just been started may take a while on a busy machine.
    monkeypatch.setenv("NIANBAO_READ_TIMEOUT_SECONDS", "5" if error == "timeout" else "60")
    settings = load_settings()
    worker = start_worker()
    poison = documents.publish(document, name="poison")
    send(settings, [poison], NOON)

    def attempts() -> int:
        with ledger.read() as session:
            return session.get_one(Work, poison).attempts

    at = NOON
    for attempt in (1, 2, 3):

        def over(attempt: int = attempt) -> bool:
            with ledger.read() as session:
                row = session.get_one(Work, poison)
                return row.attempts == attempt and row.state is not WorkState.RUNNING

        wait_until(over, f"attempt {attempt} is over: {worker.said()[-2000:]}")
        at += timedelta(minutes=10)
        send_overdue(settings, ledger, at)
    with ledger.read() as session:
        row = session.get_one(Work, poison)
        assert (row.state, row.attempts, row.error) == (WorkState.QUARANTINED, 3, error)
        assert [row.rule for row in session.scalars(select(FindingRow))] == ["X01"]
    send(settings, [poison, documents.publish(ZUOJIAZHUANG, at=at)], at)
    wait_for(ledger, worker)
    assert attempts() == 3
