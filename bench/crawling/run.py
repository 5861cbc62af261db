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
import time
from datetime import datetime
from importlib import import_module
from multiprocessing import forkserver
from pathlib import Path
from typing import Any

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings as ScrapySettings

import crawler.settings
from bench.crawling.bare import BareSpider, bare_settings
from bench.processes import meanwhile, memory_of
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
LOOK_SECONDS = 2.0


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
    memory = [0]
    with meanwhile(lambda: memory.append(memory_of(os.getpid())), LOOK_SECONDS):
        begun, computed = time.perf_counter(), _computed() + before
        if way == "ours":
            results = run_round(settings, names, at)
            forkserver._forkserver._stop()  # type: ignore[attr-defined]  # its children's time counts when it has ended
        else:
            _bare(settings, names, keeps=way == "bare")
        taken, computing = time.perf_counter() - begun, _computed() - computed
    rounds = [_plain(result) for result in results]
    print(json.dumps({"seconds": taken, "computing": computing, "memory": max(memory) / 2**20, "rounds": rounds}))  # noqa: T201


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


def _plain(result: RoundResult) -> dict[str, Any]:
    return {"portal": result.portal, "found": str(result.found), "sentence": result.sentence, **result.figures}


if __name__ == "__main__":
    main()
