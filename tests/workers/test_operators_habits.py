"""What users of Celery and Alembic type, with the real commands: inspect, events for Flower, current."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from cli.broker import EmbeddedBroker
from config.settings import Settings
from ledger.database import Ledger, versions
from ledger.states import Queue
from tests.workers.conftest import ROOT, Documents, StartWorker
from workers.queue import TASK, make_celery

PROGRAMS = Path(sys.executable).parent
BETWEEN = "-- the next --"


@pytest.fixture(params=["sqlite"])
def settings(sqlite_settings: Settings) -> Settings:
    """The commands do not look at the database behind them."""
    return sqlite_settings


def celery(*words: str) -> subprocess.CompletedProcess[str]:
    command = [str(PROGRAMS / "celery"), "-A", "workers.app", *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=900, cwd=ROOT)


def inspected(words: Sequence[str], options: Sequence[str]) -> dict[str, str]:
    """What ``celery inspect`` answers to each word."""
    program = f"""
from celery.bin.celery import celery
for word in {tuple(words)!r}:
    celery.main(["-A", "workers.app", "inspect", word, *{tuple(options)!r}], standalone_mode=False)
    print({BETWEEN!r}, flush=True)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=900, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    return dict(zip(words, done.stdout.split(BETWEEN)[:-1], strict=True))


def test_inspect_says_who_reads_what_and_events_are_off_until_they_are_wanted(
    ledger: Ledger, documents: Documents, start_worker: StartWorker
) -> None:
    start_worker(NIANBAO_TASK_EVENTS="true")
    # Named, so that nobody waits longer than until it has answered.
    there = ("--destination", f"worker-0@{socket.gethostname()}", "--timeout", "240", "--json")
    done = celery("inspect", "ping", *there)
    assert (done.returncode, '"pong"' in done.stdout) == (0, True), (done.stdout, done.stderr)
    # The others as the same program understands them, one after another in one process.
    expected = {
        "active_queues": f'"name": "{Queue.READ.value}"',
        "registered": f'"{TASK}"',
        "conf": '"worker_send_task_events": true',
        "active": "[]",
    }
    answers = inspected(tuple(expected), there)
    for word, what in expected.items():
        assert what in answers[word], (word, answers[word])


def test_task_events_are_a_setting(settings: Settings) -> None:
    wanted = settings.model_copy(update={"task_events": True})
    assert make_celery(settings).conf.worker_send_task_events is False
    assert make_celery(wanted).conf.worker_send_task_events is True


def test_nobody_answers_where_no_worker_lives(ledger: Ledger, broker: EmbeddedBroker) -> None:
    done = celery("inspect", "ping", "--timeout", "1")
    assert done.returncode != 0 and "No nodes replied" in done.stdout + done.stderr


def test_alembic_says_where_the_ledger_stands(ledger: Ledger) -> None:
    def alembic(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(PROGRAMS / "alembic"), *words], capture_output=True, text=True, timeout=900, cwd=ROOT
        )

    current = alembic("current")
    assert current.returncode == 0 and current.stdout.split() == [versions()[-1], "(head)"], current.stderr
    assert alembic("upgrade", "head").returncode == 0
    assert alembic("heads").stdout.split()[0] == versions()[-1]
    assert alembic("check").returncode == 0
