"""Whatever ends a run of the tests, no process of it is left: neither Ctrl-C, nor SIGTERM, nor SIGKILL leaves a worker.

Every process of a run inherits a variable with the run's own name. A watcher, which outlives the run, ends all that
still carry it, whatever group or session they made for themselves. PostgreSQL and Valkey write over their variables:
they are known by the name in the path of the data, and by the run's folder, in which they work. (The processes that
read documents are given no variables; they end with their parents.) Where there is no /proc nothing is watched.
PYTEST_DONT_REWRITE
"""

from __future__ import annotations

import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

MARK = "NIANBAO_TEST_RUN"
PROCESSES = Path("/proc")
# How often the watcher looks whether its parent is still there.
SECONDS = 0.2

_watchers: list[subprocess.Popen[bytes]] = []


def pytest_configure(config: pytest.Config) -> None:
    """A watcher for this process; each process of pytest-xdist has its own."""
    if not PROCESSES.is_dir():
        return
    unmarked = {name: value for name, value in os.environ.items() if name != MARK}
    os.environ[MARK] = name = uuid.uuid4().hex[:16]
    # In a session of its own: Ctrl-C at a terminal goes to everybody else. Without site-packages: it starts at once.
    watcher = subprocess.Popen(
        [sys.executable, "-S", "-m", "tests.left_behind", name],
        cwd=Path(__file__).resolve().parent.parent,
        stdin=subprocess.PIPE,
        env=unmarked,
        start_new_session=True,
    )
    _watchers.append(watcher)


def pytest_unconfigure(config: pytest.Config) -> None:
    """The end of a run that was not interrupted."""
    while _watchers:
        _watchers.pop().communicate()


def variable_holders(variable: str, value: str) -> Iterator[int]:
    """The ids of the processes that were started with a variable."""
    wanted = f"{variable}={value}".encode()
    return (process for process, said in _said("environ") if wanted in said.split(b"\0"))


def named(name: str) -> Iterator[int]:
    """The ids of the processes with this in their command line, this one apart."""
    return (process for process, said in _said("cmdline") if name.encode() in said and process != os.getpid())


def working_in(folder: str) -> Iterator[int]:
    """The ids of the processes whose current folder lies in this one."""
    for process in PROCESSES.glob("[0-9]*"):
        with suppress(OSError):
            if (process / "cwd").readlink().is_relative_to(folder):
                yield int(process.name)


def tell_folder(folder: Path) -> None:
    """Tells the watcher in which folder this process's tests work."""
    for watcher in _watchers:
        assert watcher.stdin is not None
        watcher.stdin.write(f"{folder}\n".encode())
        watcher.stdin.flush()


def _said(what: str) -> Iterator[tuple[int, bytes]]:
    for folder in PROCESSES.glob("[0-9]*"):
        with suppress(OSError):  # another user's, or it has ended meanwhile
            yield int(folder.name), (folder / what).read_bytes()


def _watch(name: str) -> None:
    parent = os.getppid()
    # Not by the end of the pipe alone: a process that was forked while the run lasted may hold it open.
    folder = "/nowhere"
    while os.getppid() == parent:
        if select.select([sys.stdin], [], [], SECONDS)[0]:
            line = sys.stdin.readline()
            if not line:
                break
            folder = line.strip()
    # Again and again: what is ended may just have started another.
    while found := [*variable_holders(MARK, name), *named(name), *working_in(folder)]:
        for process in found:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(process, signal.SIGKILL)
        time.sleep(SECONDS / 2)
    for data in Path(tempfile.gettempdir()).glob(f"nbpg-{name}-*"):
        shutil.rmtree(data, ignore_errors=True)


if __name__ == "__main__":
    _watch(sys.argv[1])
