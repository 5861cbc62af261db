"""The process of a round, over one portal or several: Twisted's reactor can be started once in a process.

It is forked from a server that has this module (and with it Scrapy) loaded, but no reactor yet: importing
``twisted.internet.reactor`` would install one before the fork. What pages do to it can cost this process and nothing
else, so it has limits that the kernel holds, whatever it is doing: memory, and the processor time between two turns of
its loop. It dies with whoever asked for it.
"""

from __future__ import annotations

import ctypes
import gc
import logging
import os
import resource
import signal
import sys
import threading
from collections.abc import Iterable
from contextlib import suppress
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings as ScrapySettings
from sqlalchemy.orm import configure_mappers
from twisted.internet.task import LoopingCall

import ledger.models  # noqa: F401 - the mappers to configure
from config.logs import configure_logging
from crawler import families
from crawler.fetching import bounded_headers, known_hosts
from crawler.rounds.shared_process import LOOK_SECONDS, STALL_SECONDS, SharedProcess
from crawler.settings import project_settings, round_settings
from crawler.spider import RoundOrder, RoundSpider

# What a round's process imports when it runs. Loaded before the fork, it costs nothing a round.
_PROJECT = ScrapySettings(project_settings())
for _group in ("DOWNLOADER_MIDDLEWARES", "SPIDER_MIDDLEWARES", "EXTENSIONS"):
    for _component in _PROJECT.getwithbase(_group):  # those that are left out are looked up, too
        import_module(_component.rpartition(".")[0])
for _module in (
    "scrapy.spiderloader",
    "scrapy.core.scheduler",
    "scrapy.core.downloader.handlers.http11",
    "scrapy.core.downloader.contextfactory",
    "scrapy.dupefilters",
    "scrapy.pipelines",
    "scrapy.squeues",
    "scrapy.pqueues",
    "scrapy.statscollectors",
    "scrapy.logformatter",
    "scrapy.robotstxt",
    "protego",
    "crawler.fetching.cookies",
    "crawler.fetching.robots",
    "crawler.fetching.unpacking",
):
    import_module(_module)
# What the fork inherits is built once, and its memory is left alone: a collection in the child would copy all of it.
configure_mappers()
families.presets()
bounded_headers.install()
known_hosts.install()
gc.collect()
gc.freeze()

_PR_SET_PDEATHSIG = 1
_M_ARENA_MAX = -8
_STACK_BYTES = 1024 * 1024
_REARM_SECONDS = 1.0


class Outbox(list[Any]):
    """The results of a spider; each goes through the pipe as soon as it is there."""

    def __init__(self, connection: Connection) -> None:
        super().__init__()
        self._connection = connection

    def append(self, result: Any) -> None:
        """Sends a result."""
        self._connection.send(result)

    def __iadd__(self, results: Iterable[Any]) -> Outbox:  # type: ignore[misc]
        """Sends each of some results."""
        for result in results:
            self.append(result)
        return self


def run_in_child(connection: Connection, spider: type[RoundSpider], order: RoundOrder) -> None:
    """Runs a spider in this process and sends its results through the pipe, each when it is there."""
    _die_with_parent()
    # Whoever asked for this decides when it ends; Ctrl-C in a terminal goes to all processes of its group.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _limit_memory(order.settings.crawl_memory_megabytes)
    settings = ScrapySettings(project_settings())
    settings.setdict(round_settings(order.settings, list(order.portals)), priority="cmdline")
    # Scrapy's loader would read every portal file, and this spider is given.
    settings.set("SPIDER_LOADER_CLASS", "scrapy.spiderloader.DummySpiderLoader", "cmdline")
    settings.set("LOG_INSTALL_ROOT_HANDLER", False, "cmdline")
    # What Scrapy says of itself while it is set up is nobody's, and it gives its loggers levels of its own: the
    # round's lines are the role's, in its format and at its level, from here on.
    logging.disable(logging.INFO)
    process = AsyncCrawlerProcess(settings)
    configure_logging(order.settings)
    logging.disable(logging.NOTSET)
    process.crawl(spider, order=order, results=Outbox(connection))
    # Each turn of the loop winds the timer up again; what keeps the processor busy for so long between two ends here.
    stall_seconds = order.settings.crawl_stall_seconds
    if order.shared:
        stall_seconds = min(STALL_SECONDS, stall_seconds)
        LoopingCall(SharedProcess(order.settings.crawl_memory_megabytes).look).start(LOOK_SECONDS)
    LoopingCall(signal.setitimer, signal.ITIMER_PROF, stall_seconds).start(_REARM_SECONDS)
    process.start(install_signal_handlers=False)
    connection.close()


def _die_with_parent() -> None:
    """A crawl that is killed takes the server with it from which this process was forked, and this process too."""
    if sys.platform == "linux":
        server = os.getppid()
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != server or server == 1:
            os._exit(1)


def _limit_memory(megabytes: int) -> None:
    """So much more than was inherited may be allocated; beyond it allocations fail.

    What is limited is address space, so threads are kept from reserving what they never use: 64 MB each that the C
    library would set apart for a thread's allocations, and most of its stack.
    """
    if sys.platform == "linux":
        threading.stack_size(_STACK_BYTES)
        with suppress(AttributeError):  # not the GNU C library
            ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 1)
        inherited = int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (inherited + megabytes * 1024 * 1024, hard))
