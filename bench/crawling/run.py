"""One round in this process, measured: ``python -m bench.crawling.run ours|bare AT CORE`` prints a line of JSON.

The settings of Scrapy are the project's for both, without a pace: AutoThrottle waits as long as an answer took, which
would hide the work that is to be measured.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from datetime import datetime
from importlib import import_module
from typing import Any

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings as ScrapySettings

from bench.crawling.bare import BareSpider
from config.portals import load_portals
from config.settings import load_settings
from crawler.rounds.round import PRELOADED, make_order
from crawler.settings import project_settings, round_settings
from crawler.spider import RoundSpider
from crawler.storing.result import RoundResult


def main() -> None:
    """Runs it and prints seconds, processor seconds, memory (MB) and what the round says of itself."""
    way, at, core = sys.argv[1], datetime.fromisoformat(sys.argv[2]), sys.argv[3]
    if core:
        os.sched_setaffinity(0, {int(core)})
    for module in PRELOADED[1:]:  # the first is this program
        import_module(module)
    settings = load_settings()
    names = sorted(path.stem for path in (settings.home / "config" / "portals").glob("*.yaml"))
    order = make_order(settings, names, at)
    scrapy = ScrapySettings(project_settings())
    scrapy.setdict(round_settings(settings, list(order.portals)), priority="cmdline")
    scrapy.set("AUTOTHROTTLE_ENABLED", False, "cmdline")
    process = AsyncCrawlerProcess(scrapy)
    results: list[Any] = []
    if way == "ours":
        process.crawl(RoundSpider, order=order, results=results)
    else:
        process.crawl(BareSpider, portals=[load_portals(settings.home)[name] for name in names])
    begun, computed = time.perf_counter(), time.process_time()
    process.start()
    taken, computing = time.perf_counter() - begun, time.process_time() - computed
    rounds = [_plain(result) for result in results]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": taken, "computing": computing, "memory": memory, "rounds": rounds}))  # noqa: T201


def _plain(result: RoundResult) -> dict[str, Any]:
    return {"portal": result.portal, "found": str(result.found), "sentence": result.sentence, **result.figures}


if __name__ == "__main__":
    main()
