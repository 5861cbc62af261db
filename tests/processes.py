"""How a run is spread over processes (pytest-xdist): more of them than cores, and what takes longest begins first."""

from __future__ import annotations

import gc
import importlib
import os
from pathlib import Path

import pytest

LONGEST = Path(__file__).with_name("longest_files.txt")
# Each takes half a gigabyte.
MOST = 16


def pytest_configure(config: pytest.Config) -> None:
    """Scrapy first: it looks through the stack and all modules while it is loaded, seconds where there are many.

    Until all is collected no garbage is looked for: what is loaded stays, and each process would look through it anew.
    """
    if hasattr(config, "workerinput"):
        gc.disable()
        importlib.import_module("scrapy.core.downloader.contextfactory")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Three processes for a core, since many tests wait for servers, as far as memory goes."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(cores, min(3 * cores, MOST))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The files of longest_files.txt first, in its order, so that none of them is left for the end."""
    if not hasattr(config, "workerinput"):
        return
    places = {line: number for number, line in enumerate(longest_files())}
    items.sort(key=lambda item: places.get(item.nodeid.split("::")[0], len(places)))


def pytest_collection_finish(session: pytest.Session) -> None:
    """From here on garbage is looked for, but not in what was loaded."""
    if hasattr(session.config, "workerinput"):
        gc.freeze()
        gc.enable()


def longest_files() -> list[str]:
    """Test files that take long, the longest first."""
    return [line for line in LONGEST.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
