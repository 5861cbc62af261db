"""A bench that is stopped leaves no server behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.waiting import wait_until

PROGRAM = """
import sys, time
from pathlib import Path
from bench.postgres import own_postgres, stop_what_was_started
stop_what_was_started()
with own_postgres(Path(sys.argv[1]) / "data"):
    print("started", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that the server's own user may enter, which those of pytest are not."""
    with tempfile.TemporaryDirectory(prefix="nbpg-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def test_sigterm_takes_the_server_along(postgres_server: str, place: Path) -> None:
    # Only after another server was started here: as root the first one makes a system user for itself.
    assert postgres_server
    bench = subprocess.Popen([sys.executable, "-c", PROGRAM, str(place)], stdout=subprocess.PIPE, text=True)
    assert bench.stdout is not None
    assert bench.stdout.readline() == "started\n"
    server = int((place / "data" / "postmaster.pid").read_text().splitlines()[0])
    os.kill(server, 0)
    bench.send_signal(signal.SIGTERM)
    assert bench.wait(120) == 1
    wait_until(lambda: not Path(f"/proc/{server}").exists(), "the server is gone")
