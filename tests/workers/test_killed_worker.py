"""A worker that is killed: what it had in hand is read by another after three missed heartbeats, once."""

from __future__ import annotations

import os
import signal
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from config.settings import Settings
from ledger.database import Ledger
from ledger.machinery.heartbeat import WORKER, HeartbeatWriter
from ledger.models import ReadingRow, Work
from ledger.reading.work import begin
from ledger.states import Queue, WorkState
from monitor.dead_workers import DeadWorkers
from monitor.handing_out import handing_out
from tests.waiting import wait_until
from tests.workers.conftest import NOON, ZUOJIAZHUANG, Documents, StartWorker
from tests.workers.test_pipeline import gated
from workers.steps import Result, run
from workers.worker_context import WorkerContext

QUICK = {"NIANBAO_HEARTBEAT_SECONDS": "0.5"}


def work_of(ledger: Ledger, work_id: int) -> Work:
    with ledger.read() as session:
        return session.get_one(Work, work_id)


def test_what_it_had_in_hand_is_read_by_another_long_before_the_broker_gives_it_back(
    settings: Settings, ledger: Ledger, documents: Documents, start_worker: StartWorker, tmp_path: Path
) -> None:
    gate = tmp_path / "gate"
    killed = start_worker(**QUICK)
    work_id = documents.publish(gated(gate), at=datetime.now(UTC))
    with handing_out(settings.model_copy(update={"heartbeat_seconds": 0.5}), ledger):
        wait_until(gate.with_suffix(".reached").exists, "it reads")
        before = work_of(ledger, work_id)
        os.killpg(killed.process.pid, signal.SIGKILL)
        killed.process.wait()
        start_worker(**QUICK)
        gate.touch()
        wait_until(lambda: work_of(ledger, work_id).state is WorkState.DONE, "another reads it", 60)
    done = work_of(ledger, work_id)
    assert (done.attempts, done.worker == before.worker) == (2, False)
    with ledger.read() as session:
        assert len(session.scalars(select(ReadingRow.sha256)).all()) == 1


def test_the_message_of_the_dead_begins_nothing_that_another_reads(
    worker_context: WorkerContext, ledger: Ledger, documents: Documents
) -> None:
    work_id = documents.publish(ZUOJIAZHUANG)
    later = NOON.replace(hour=NOON.hour + 1)
    with ledger.write() as session:
        row = session.get_one(Work, work_id)
        row.dispatched_at = later
        begin(session, work_id, later, worker="another/1", redelivered=False, most=3)
    late = run(worker_context, work_id, NOON, worker="w/1", redelivered=True, queue=Queue.READ)
    assert late is Result.STOPPED
    row = work_of(ledger, work_id)
    assert (row.state, row.worker, row.attempts) == (WorkState.RUNNING, "another/1", 1)


def test_a_worker_that_beats_keeps_what_it_has_and_so_do_all_after_a_time_without_a_ledger(
    settings: Settings, ledger: Ledger, documents: Documents, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = settings.model_copy(update={"heartbeat_seconds": 10.0})
    clock = [1000.0]
    monkeypatch.setattr("monitor.dead_workers.time.monotonic", lambda: clock[0])
    work_id = documents.publish(ZUOJIAZHUANG)
    writer = HeartbeatWriter(quick, ledger, WORKER, "w@h", ["read"])
    writer.beat(datetime.now(UTC), busy=True)
    with ledger.write() as session:
        begin(session, work_id, NOON, worker="w@h/7", redelivered=False, most=3)
    dead = DeadWorkers(quick)

    def looks(seconds: float, step: float = 5.0) -> int:
        taken = 0
        for _ in range(int(seconds / step)):
            clock[0] += step
            taken += dead.take_back(ledger)
        return taken

    assert looks(25) == 0
    writer.beat(datetime.now(UTC), busy=True)
    assert looks(30) == 0
    clock[0] += 600  # nobody could look, and nobody could beat
    assert looks(30) == 0
    assert looks(10) == 1
    assert work_of(ledger, work_id).state is WorkState.WAITING
