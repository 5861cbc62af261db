"""An interrupted run leaves no process: a worker, a broker and a PostgreSQL are running when it is ended."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import uuid
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from tests.left_behind import named, variable_holders, working_in
from tests.waiting import wait_until

CHECKOUT = Path(__file__).resolve().parent.parent
# Under this name the test knows its own processes.
VARIABLE = "NIANBAO_TEST_INTERRUPTED"
PLANTED = """
import time
from pathlib import Path

def test_that_is_interrupted(start_worker, postgres_server):
    start_worker()
    Path("started").write_text(postgres_server)
    time.sleep(600)
"""


@pytest.mark.parametrize(
    ("ended_by", "processes"),
    [(signal.SIGINT, ()), (signal.SIGTERM, ()), (signal.SIGKILL, ("-n", "1"))],
    ids=["SIGINT", "SIGTERM", "SIGKILL to pytest-xdist"],
)
def test_whatever_ends_a_run_nothing_of_it_is_left(
    ended_by: signal.Signals, processes: tuple[str, ...], tmp_path: Path
) -> None:
    (tmp_path / "test_planted.py").write_text(PLANTED, encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    name = uuid.uuid4().hex
    plugins = ("-p", "tests.conftest", "-p", "tests.workers.conftest", "-p", "no:cacheprovider")
    with (tmp_path / "said").open("wb") as said:
        run = subprocess.Popen(
            [sys.executable, "-m", "pytest", *plugins, *processes, "--basetemp", str(tmp_path / "made"), "-q"],
            cwd=tmp_path,
            env=os.environ | {VARIABLE: name, "PYTHONPATH": str(CHECKOUT)},
            stdout=said,
            stderr=said,
            # A background job of a shell ignores SIGINT, and so would what it starts.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        )
    started = tmp_path / "started"
    try:
        wait_until(
            lambda: (started.exists() and started.read_text() != "") or run.poll() is not None,
            "a worker, a broker and a PostgreSQL run",
            400,
        )
        assert run.poll() is None, (tmp_path / "said").read_text()
        database = Path(str(make_url(started.read_text()).query["host"])).parent.name

        def left() -> list[int]:
            return [*variable_holders(VARIABLE, name), *named(database), *working_in(str(tmp_path / "made"))]

        # The run with its watcher, the worker with a child, the broker, and PostgreSQL.
        assert len(set(left())) >= 6
        run.send_signal(ended_by)
        run.wait(120)
        wait_until(lambda: not left(), f"nothing of {name} is left")
    finally:
        run.kill()
