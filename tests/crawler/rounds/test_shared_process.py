"""What a process that portals share bears of one of them: short bursts of work add up, waiting does not."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable

import pytest

from crawler.rounds import shared_process
from crawler.rounds.shared_process import STALL_EXIT, SharedProcess
from crawler.spider import MEMORY_EXIT


def _look(turn: Callable[[], object], times: int) -> None:
    """Looks after each turn, with limits that a test can wait for."""
    shared_process.LOOK_SECONDS, shared_process._TURN_SECONDS, shared_process.STALL_SECONDS = 0.02, 0.02, 0.4
    watch = SharedProcess(100)
    for _ in range(times):
        turn()
        watch.look()


def burst() -> None:
    end = time.process_time() + 0.15
    while time.process_time() < end:
        pass


def busy_again_and_again() -> None:
    _look(burst, 20)


def waiting() -> None:
    _look(lambda: time.sleep(0.1), 12)


def one_burst() -> None:
    _look(burst, 1)
    _look(lambda: time.sleep(0.02), 5)


def filling() -> None:
    held: list[bytes] = []
    _look(lambda: held.append(b"x" * 8_000_000), 20)


@pytest.mark.parametrize(
    ("work", "ends"), [(busy_again_and_again, STALL_EXIT), (waiting, 0), (one_burst, 0), (filling, MEMORY_EXIT)]
)
def test_how_a_shared_process_ends(work: Callable[[], None], ends: int) -> None:
    process = multiprocessing.get_context("forkserver").Process(target=work)
    process.start()
    process.join(240)
    assert process.exitcode == ends
