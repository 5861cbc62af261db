"""A worker that is asked to stop (SIGTERM) finishes what it reads, and takes nothing along that another could read."""

from __future__ import annotations

import subprocess
from pathlib import Path

from redis import Redis
from sqlalchemy import select

from cli.broker import EmbeddedBroker
from cli.up import role_command
from config.settings import Settings
from ledger.database import Ledger
from ledger.models import ReadingRow, Work
from ledger.states import WorkState
from tests.waiting import wait_until
from tests.workers.conftest import NOON, ROOT, ZUOJIAZHUANG, Documents, StartWorker
from tests.workers.test_pipeline import gated, wait_for
from workers.dispatch import hand_out


def test_what_it_reads_is_finished_and_the_rest_is_left_to_others(
    settings: Settings, ledger: Ledger, documents: Documents, start_worker: StartWorker, tmp_path: Path
) -> None:
    gates = [tmp_path / "first", tmp_path / "second"]
    worker = start_worker()
    reports = [gated(gates[0]), gated(gates[1]), ZUOJIAZHUANG]
    works = [documents.publish(data, name=str(place)) for place, data in enumerate(reports)]
    assert hand_out(settings, ledger, NOON) == 3
    wait_until(gates[0].with_suffix(".reached").exists, "it reads the first")
    broker = Redis(unix_socket_path=str(settings.embedded_broker_socket))
    assert (broker.hlen("unacked"), broker.llen("read")) == (1, 2)

    worker.process.terminate()
    wait_until(lambda: "Warm shutdown" in worker.said(), "it knows")
    gates[0].touch()
    assert worker.process.wait(120) == 0
    assert not gates[1].with_suffix(".reached").exists()
    with ledger.read() as session:
        states = dict(session.execute(select(Work.id, Work.state)).all())
    assert [states[work] for work in works] == [WorkState.DONE, WorkState.WAITING, WorkState.WAITING]
    assert (broker.hlen("unacked"), broker.llen("read")) == (0, 2)

    gates[1].touch()
    wait_for(ledger, start_worker())
    with ledger.read() as session:
        assert [work.attempts for work in session.scalars(select(Work))] == [1, 1, 1]
        assert len(session.scalars(select(ReadingRow.sha256)).all()) == 3


def test_what_cannot_be_finished_in_time_is_handed_back_and_costs_no_attempt(
    settings: Settings, ledger: Ledger, documents: Documents, start_worker: StartWorker, tmp_path: Path
) -> None:
    gate = tmp_path / "gate"
    worker = start_worker(NIANBAO_STOP_GRACE_SECONDS="0.5")
    work_id = documents.publish(gated(gate))
    assert hand_out(settings, ledger, NOON) == 1
    wait_until(gate.with_suffix(".reached").exists, "it reads")
    worker.process.terminate()
    assert worker.process.wait(120) == 0
    with ledger.read() as session:
        left = session.get_one(Work, work_id)
        assert (left.state, left.attempts, left.error) == (WorkState.WAITING, 0, "machinery")
        assert "没有读完" in left.sentence
    broker = Redis(unix_socket_path=str(settings.embedded_broker_socket))
    assert (broker.hlen("unacked"), broker.llen("read")) == (0, 0)


def test_a_worker_that_lost_its_broker_for_good_does_not_end_well(
    settings: Settings, broker: EmbeddedBroker, tmp_path: Path
) -> None:
    log = tmp_path / "worker.log"
    command = [*role_command("worker", "--queues", "read", "--scale", "1")]
    with log.open("wb") as out:
        role = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=out, stderr=out, cwd=ROOT)
    try:
        wait_until(lambda: b" ready." in log.read_bytes(), "the worker is ready")
        admin = Redis(unix_socket_path=str(settings.embedded_broker_socket))
        # What an operator may do by mistake: it is no lost connection, and no trying again helps.
        admin.execute_command("ACL", "SETUSER", "default", "-brpop")  # type: ignore[no-untyped-call]
        admin.execute_command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")  # type: ignore[no-untyped-call]
        assert role.wait(120) == 1
    finally:
        role.kill()
        role.wait()
    said = log.read_text(encoding="utf-8")
    assert "no permissions" in said and "workers.canary" not in said
