"""One round, measured: ``python bench/crawling/run.py ours|bare|light AT CORE`` prints a line of JSON.

``bare`` is the spider that stores items, ``light`` the same one throwing away what it fetched. None of them has a pace:
AutoThrottle waits as long as an answer took, which would hide the work that is to be measured.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import resource
import sys
import tempfile
import threading
import time
from contextlib import suppress
from datetime import datetime
from importlib import import_module
from multiprocessing import forkserver
from pathlib import Path
from typing import Any

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings as ScrapySettings

import crawler.settings
from bench.crawling.bare import BareSpider, bare_settings
from config.portals import load_portals
from config.settings import Settings, load_settings
from crawler.rounds.child import preloaded
from crawler.rounds.round import run_round
from crawler.storing.result import RoundResult

# In those that the rounds are forked from, which load this module too.
crawler.settings.AUTOTHROTTLE_ENABLED = False
# What the service loads when it hands out documents for the first time in its life (crawler/rounds/loop.py has one
# sender for all rounds); like the server below it is there before a round. That it connects counts.
_BROKER = ("workers.queue", "kombu.transport.redis")


def main() -> None:
    """Runs it and prints seconds, processor seconds, memory (MB) and what the round says of itself."""
    way, at, core = sys.argv[1], datetime.fromisoformat(sys.argv[2]), sys.argv[3]
    if core:
        os.sched_setaffinity(0, {int(core)})
    import_module(preloaded()[-1])
    for module in _BROKER:
        import_module(module)
    settings = load_settings()
    names = sorted(path.stem for path in (settings.home / "config" / "portals").glob("*.yaml"))
    results: list[RoundResult] = []
    before = _start_server() if way == "ours" else 0.0
    with _Memory() as memory:
        begun, computed = time.perf_counter(), _computed() + before
        if way == "ours":
            results = run_round(settings, names, at)
            forkserver._forkserver._stop()  # type: ignore[attr-defined]  # its children's time counts when it has ended
        else:
            _bare(settings, names, keeps=way == "bare")
        taken, computing = time.perf_counter() - begun, _computed() - computed
    rounds = [_plain(result) for result in results]
    print(json.dumps({"seconds": taken, "computing": computing, "memory": memory.most, "rounds": rounds}))  # noqa: T201


def _bare(settings: Settings, names: list[str], *, keeps: bool) -> None:
    files = load_portals(settings.home)
    portals = [files[name] for name in names]
    with tempfile.TemporaryDirectory(dir=settings.home) as folder:
        process = AsyncCrawlerProcess(ScrapySettings(bare_settings(portals, Path(folder) if keeps else None)))
        process.crawl(BareSpider, portals=portals, keeps=keeps)
        process.start()


def _start_server() -> float:
    """Starts the server that processes are forked from, which the service has once and for all; the processor seconds
    that it took until it was ready.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(preloaded())
    process = context.Process(target=int)
    process.start()
    process.join()
    server = int(forkserver._forkserver._forkserver_pid or 0)  # type: ignore[attr-defined]
    spent = Path(f"/proc/{server}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(spent[11]) + int(spent[12])) / os.sysconf("SC_CLK_TCK")


def _computed() -> float:
    """Processor seconds of this process and of all that it has waited for."""
    each = (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in each)


class _Memory(threading.Thread):
    """The most memory (MB) that this process and its descendants had together; what they share counts once."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.most = 0.0
        self._ended = threading.Event()

    def __enter__(self) -> _Memory:
        self.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._ended.set()
        self.join()

    def run(self) -> None:
        """Looks again and again until it is ended."""
        while not self._ended.wait(2.0):
            self.most = max(self.most, sum(_proportional(pid) for pid in _descendants()) / 1024)


def _descendants() -> list[int]:
    """This process and all that it began, directly or not."""
    parents = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parents[int(path.parent.name)] = int(path.read_text().rpartition(")")[2].split()[1])
    found = [os.getpid()]
    for pid in found:
        found += [child for child, parent in parents.items() if parent == pid]
    return found


def _proportional(pid: int) -> int:
    """Kilobytes of a process; of what several share, its part."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0


def _plain(result: RoundResult) -> dict[str, Any]:
    return {"portal": result.portal, "found": str(result.found), "sentence": result.sentence, **result.figures}


if __name__ == "__main__":
    main()
