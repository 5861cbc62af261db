"""What is looked at while something else runs: the memory of processes with all that they started."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def meanwhile(do: Callable[[], object], every_seconds: float) -> Iterator[None]:
    """Does something again and again, in a thread of its own, until the context ends."""
    ended = threading.Event()

    def again() -> None:
        while not ended.wait(every_seconds):
            do()

    thread = threading.Thread(target=again, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def memory_of(process: int) -> int:
    """Bytes that a process and its descendants have in memory; of what several share, each its part (PSS)."""
    return sum(_proportional(one) for one in _tree(process))


def _tree(process: int) -> Iterator[int]:
    waiting = [process]
    while waiting:
        one = waiting.pop()
        yield one
        with suppress(OSError):
            for task in Path(f"/proc/{one}/task").iterdir():
                waiting += [int(child) for child in (task / "children").read_text().split()]


def _proportional(process: int) -> int:
    """0 of a process that has ended."""
    with suppress(OSError):
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0
