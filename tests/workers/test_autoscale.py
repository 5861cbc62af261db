"""A worker that was told from how many to how many processes takes more of them when documents wait."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import func, select

from config.settings import Settings
from ledger.database import Ledger
from ledger.models import Work
from ledger.states import WorkState
from tests.waiting import wait_until
from tests.workers import troublesome_readers as trouble
from tests.workers.conftest import NOON, ZUOJIAZHUANG, Documents, StartWorker
from workers.dispatch import hand_out


def test_processes_come_with_the_documents(
    tmp_path: Path, settings: Settings, ledger: Ledger, documents: Documents, start_worker: StartWorker
) -> None:
    worker = start_worker(pool=("--autoscale", "3,1"))
    assert len(worker.children()) == 1
    gates = [tmp_path / f"gate-{number}" for number in range(3)]
    for gate in gates:
        documents.publish(trouble.WAITS + bytes(gate) + b"\n" + ZUOJIAZHUANG, name=gate.name)
    assert hand_out(settings, ledger, NOON) == 3
    # Nobody gets through before the gates are open: three documents are read at the same time.
    wait_until(
        lambda: all(gate.with_suffix(".reached").exists() for gate in gates),
        f"{len(gates)} are read at the same time: {worker.said()}",
        60,
    )
    assert len(worker.children()) == 3
    for gate in gates:
        gate.touch()

    def all_are_read() -> bool:
        done = select(func.count()).where(Work.state == WorkState.DONE, Work.attempts == 1)
        with ledger.read() as session:
            return session.scalars(done).one() == len(gates)

    wait_until(all_are_read, "all are read")
