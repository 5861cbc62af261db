"""The one spider: a round over the portals of a world, each in a coroutine of its own."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from scrapy import Spider
from sqlalchemy.orm import Session

from config.agencies import DistrictFile
from config.portals import PortalFile
from config.settings import Settings
from config.yaml_file import ConfigurationError
from crawler.fetching import private_addresses
from crawler.fetching.fetcher import Fetcher
from crawler.fetching.pace import host_of
from crawler.storing.clock import Clock
from crawler.storing.recorder import Recorder
from crawler.storing.result import NewWork, RoundResult, found_after
from crawler.storing.store import Store
from crawler.visiting.register import Register
from crawler.visiting.visit import Visit
from ledger.archive import Archive, open_archive
from ledger.crawling import portals
from ledger.database import open_ledger
from ledger.states import RoundFailure, RoundState
from report.storable import storable

log = logging.getLogger("nianbao.crawler")
# A process that several worlds share ends so where its memory is used up.
MEMORY_EXIT = 71


@dataclass(frozen=True)
class RoundOrder:
    """What a round is to do: which portals, with which districts, at which time of the season.

    ``whole``: every list is read to its end, also where the last whole look is not a day old. ``shared``: the process
    has worlds of several hosts; where one breaks its limits, all that have not ended are begun anew, each by itself.
    """

    settings: Settings
    portals: tuple[PortalFile, ...]
    districts: Mapping[str, DistrictFile]
    at: datetime
    whole: bool = field(default=False, kw_only=True)
    shared: bool = field(default=False, kw_only=True)

    def register(self, portal: PortalFile) -> Register:
        """The agencies of a portal's district. Raises ConfigurationError where it has none."""
        district = self.districts.get(portal.district)
        if district is None:
            raise ConfigurationError(
                f"门户文件 {portal.portal}",
                f"没有“{portal.district}”的机关名录",
                "请在 config/agencies 中补上该区的文件",
            )
        return Register(district)

    def only(self, portals: tuple[PortalFile, ...]) -> RoundOrder:
        """The same for some of its portals, with no more than they need."""
        districts = {portal.district for portal in portals}
        return replace(
            self,
            portals=portals,
            districts={name: district for name, district in self.districts.items() if name in districts},
            shared=False,
        )

    def may_join(self, other: RoundOrder) -> bool:
        """Whether both can be done by one process."""
        return (self.at, self.whole) == (other.at, other.whole)

    def joined(self, others: Sequence[RoundOrder]) -> RoundOrder:
        """This and other worlds, in one process."""
        orders = (self, *others)
        return replace(
            self,
            portals=tuple(portal for order in orders for portal in order.portals),
            districts={name: district for order in orders for name, district in order.districts.items()},
            shared=bool(others),
        )


class RoundSpider(Spider):
    """Runs ``order``; each result is put into ``results`` as soon as it is there."""

    name = "round"

    def __init__(self, order: RoundOrder, results: list[Any], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.order = order
        self.results = results
        own = {host_of(portal.start) for portal in order.portals}
        private_addresses.allow(own if order.settings.allow_private_addresses else ())
        # That a robots.txt cannot be reached is said by the request it was for.
        logging.getLogger("scrapy.downloadermiddlewares.robotstxt").setLevel(logging.CRITICAL)

    async def start(self) -> AsyncIterator[Any]:
        """Scrapy's entry. All work is done here; nothing is left for the scheduler."""
        await self.work()
        return
        yield  # an asynchronous generator, as Scrapy wants it

    async def work(self) -> None:
        """A round over every portal of the order, all at once; each waits for its own host only."""
        with closing(open_ledger(self.order.settings)) as ledger, closing(Recorder(ledger)) as recorder:
            archive = open_archive(self.order.settings)
            await asyncio.gather(*(self._round(portal, recorder, archive) for portal in self.order.portals))

    async def _round(self, portal: PortalFile, recorder: Recorder, archive: Archive) -> None:
        settings, clock = self.order.settings, Clock(self.order.at)
        round_id = await recorder.write(lambda session: _begin(session, portal.portal, clock.now()))
        fetcher = Fetcher(self.crawler.engine, portal, settings)
        store = Store(recorder, archive, portal.portal, round_id, self._new_work)
        try:
            home, whole = settings.home, self.order.whole
            visit = Visit(portal, self.order.register(portal), fetcher, store, recorder, clock, home, whole=whole)
            result = await visit.run(round_id)
        except MemoryError:
            if self.order.shared:
                os._exit(MEMORY_EXIT)  # whose pages they are that fill it cannot be told from here
            sentence = f"门户的页面用尽了 {settings.crawl_memory_megabytes} MB 内存，这一轮已中止"
            result = RoundResult(portal.portal, RoundState.FAILED, None, sentence, RoundFailure.MEMORY_LIMIT)
        except Exception as error:
            # A round may break on what nobody foresaw; the operators are told.
            log.exception("门户 %s 的这一轮出错", portal.portal)
            sentence = f"抓取程序出错（{type(error).__name__}：{error}）"[:500]
            result = RoundResult(portal.portal, RoundState.FAILED, None, storable(sentence), RoundFailure.ERROR)
        await recorder.write(lambda session: _end(session, round_id, result, clock.now()))
        self.results.append(result)

    def _new_work(self, at: datetime) -> None:
        self.results.append(NewWork(at))


def _begin(session: Session, portal: str, now: datetime) -> int:
    portals.keep_portal(session, portal, now)
    return portals.begin_round(session, portal, now)


def _end(session: Session, round_id: int, result: RoundResult, now: datetime) -> None:
    portals.end_round(
        session, round_id, result.state, result.found, result.sentence, now, result.figures, result.failure
    )
    found = result.found or found_after(result.failure)
    if found is not None:
        portals.set_state(session, result.portal, found, result.sentence, now)
