"""The one spider: a round over the portals of a world, each in a coroutine of its own."""

from __future__ import annotations

import asyncio
import logging
import os
import time
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
from crawler.storing.result import NewWork, RoundResult, failure_sentence, found_after
from crawler.storing.store import Store
from crawler.visiting.register import Register
from crawler.visiting.visit import Visit
from ledger.archive import Archive, open_archive
from ledger.crawling import portals
from ledger.database import open_ledger
from ledger.states import RoundFailure, RoundState
from report.storable import storable

log = logging.getLogger("nianbao.crawler")
# A process that several portals share ends so where its memory is used up.
MEMORY_EXIT = 71
# That there is something to read is told once in so long; whoever hands it out does so no more often.
TELL_SECONDS = 0.5


@dataclass(frozen=True)
class RoundOrder:
    """What a round is to do: which portals, with which districts, at which time of the season.

    ``whole``: every list is read to its end, also where the last whole look is not a day old. ``shared``: several
    portals are in one process, which ends where one of them breaks a limit. ``again``: such a process has ended, and
    the rounds that it had begun go on. ``limit_seconds``: how long one portal's round may last, else the settings'.
    """

    settings: Settings
    portals: tuple[PortalFile, ...]
    districts: Mapping[str, DistrictFile]
    at: datetime
    whole: bool = field(default=False, kw_only=True)
    shared: bool = field(default=False, kw_only=True)
    again: bool = field(default=False, kw_only=True)
    limit_seconds: float | None = field(default=None, kw_only=True)
    begun: float = field(default_factory=time.monotonic, kw_only=True)

    @property
    def limit(self) -> float:
        """How many seconds a round over one portal may last."""
        return self.settings.crawl_limit_minutes * 60 if self.limit_seconds is None else self.limit_seconds

    @property
    def clock(self) -> Clock:
        """The time of the season, whenever and in whichever process it is asked."""
        return Clock(self.at, self.begun)

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

    def joined(self, others: Sequence[RoundOrder]) -> RoundOrder:
        """This and others, in one process."""
        orders = (self, *others)
        portals = tuple(portal for order in orders for portal in order.portals)
        districts = {name: district for order in orders for name, district in order.districts.items()}
        return replace(self, portals=portals, districts=districts, shared=len(portals) > 1)


class RoundSpider(Spider):
    """Runs ``order``; each result is put into ``results`` as soon as it is there."""

    name = "round"

    def __init__(self, order: RoundOrder, results: list[Any], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.order = order
        self.results = results
        self._told = -TELL_SECONDS
        self._untold: NewWork | None = None
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
        portals = len(self.order.portals)
        with closing(open_ledger(self.order.settings)) as ledger, closing(Recorder(ledger, portals)) as recorder:
            archive = open_archive(self.order.settings)
            rounds = [asyncio.ensure_future(self._round(one, recorder, archive)) for one in self.order.portals]
            try:
                await asyncio.gather(*rounds)
            finally:
                # Where the ledger is away for one it is for all: nobody writes after the recorder is closed.
                for one in rounds:
                    one.cancel()
                await asyncio.gather(*rounds, return_exceptions=True)

    async def _round(self, portal: PortalFile, recorder: Recorder, archive: Archive) -> None:
        order, settings, clock = self.order, self.order.settings, self.order.clock
        round_id = await recorder.write(lambda session: _begin(session, portal.portal, order))
        fetcher = Fetcher(self.crawler.engine, portal, settings)
        store = Store(recorder, archive, portal.portal, round_id, self._new_work)
        try:
            async with asyncio.timeout(order.limit):
                register, home, whole = order.register(portal), settings.home, order.whole
                visit = Visit(portal, register, fetcher, store, recorder, clock, round_id, home, whole=whole)
                result = await visit.run()
        except TimeoutError:
            result = self._failed(portal, RoundFailure.TIME_LIMIT)
        except MemoryError:
            if order.shared:
                os._exit(MEMORY_EXIT)  # whose pages they are that fill it cannot be told from here
            result = self._failed(portal, RoundFailure.MEMORY_LIMIT)
        except Exception as error:
            # A round may break on what nobody foresaw; the operators are told.
            log.exception("门户 %s 的这一轮出错", portal.portal)
            sentence = f"抓取程序出错（{type(error).__name__}：{error}）"[:500]
            result = RoundResult(portal.portal, RoundState.FAILED, None, storable(sentence), RoundFailure.ERROR)
        await recorder.write(lambda session: _end(session, round_id, result, clock.now()))
        recorder.leave()
        if self._untold is not None:
            self._tell(self._untold)
        self.results.append(result)

    def _failed(self, portal: PortalFile, failure: RoundFailure) -> RoundResult:
        sentence = failure_sentence(failure, self.order.settings, self.order.limit)
        return RoundResult(portal.portal, RoundState.FAILED, None, sentence, failure)

    def _new_work(self, at: datetime) -> None:
        if time.monotonic() - self._told >= TELL_SECONDS:
            self._tell(NewWork(at))
        else:
            self._untold = NewWork(at)

    def _tell(self, work: NewWork) -> None:
        self.results.append(work)
        self._told, self._untold = time.monotonic(), None


def _begin(session: Session, portal: str, order: RoundOrder) -> int:
    now = order.clock.now()
    portals.keep_portal(session, portal, now)
    running = portals.running_round(session, portal, order.at) if order.again else None
    return portals.begin_round(session, portal, now) if running is None else running


def _end(session: Session, round_id: int, result: RoundResult, now: datetime) -> None:
    portals.end_round(
        session, round_id, result.state, result.found, result.sentence, now, result.figures, result.failure
    )
    found = result.found or found_after(result.failure)
    if found is not None:
        portals.set_state(session, result.portal, found, result.sentence, now)
