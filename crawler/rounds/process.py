"""The process of a round: Twisted's reactor can be started once in a process, so each round has one of its own.

It is forked from a server that has this module (and with it Scrapy) loaded, but no reactor yet: importing
``twisted.internet.reactor`` would install one before the fork.
"""

from __future__ import annotations

import gc
from importlib import import_module
from multiprocessing.connection import Connection
from typing import Any

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings as ScrapySettings
from scrapy.settings import default_settings
from sqlalchemy.orm import configure_mappers

import ledger.models  # noqa: F401 - the mappers to configure
from config.logs import configure_logging
from crawler.settings import project_settings, round_settings
from crawler.spider import RoundOrder, RoundSpider

# What a round's process imports when it runs. Loaded before the fork, it costs nothing a round.
_COMPONENTS = (
    default_settings.DOWNLOADER_MIDDLEWARES_BASE,
    default_settings.SPIDER_MIDDLEWARES_BASE,
    default_settings.EXTENSIONS_BASE,
)
for _component in (name for group in _COMPONENTS for name in group):
    import_module(_component.rpartition(".")[0])
for _module in (
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
):
    import_module(_module)
# What the fork inherits is built once, and its memory is left alone: a collection in the child would copy all of it.
configure_mappers()
gc.collect()
gc.freeze()


def run_in_child(connection: Connection, spider: type[RoundSpider], order: RoundOrder) -> None:
    """Runs a spider in this process and sends the list of its results through the pipe."""
    results: list[Any] = []
    settings = ScrapySettings(project_settings())
    settings.setdict(round_settings(order.settings, list(order.portals)), priority="cmdline")
    settings.set("LOG_LEVEL", "DEBUG" if order.settings.log_level == "DEBUG" else "WARNING", "cmdline")
    # The round's lines are the role's: in its format, and at its level. Scrapy's own are about itself.
    configure_logging(order.settings)
    process = AsyncCrawlerProcess(settings, install_root_handler=False)
    process.crawl(spider, order=order, results=results)
    process.start()
    connection.send(results)
    connection.close()
