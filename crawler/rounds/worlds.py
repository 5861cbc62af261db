"""The rounds that go on: at most ``crawl_processes`` worlds alive, the others wait; each result when it is there."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from datetime import datetime
from multiprocessing.connection import wait
from types import TracebackType

from sqlalchemy.exc import SQLAlchemyError

from config.portals import PortalFile
from config.settings import Settings
from crawler.rounds.world import World, failure_sentence, hosts_of, worlds_of
from crawler.spider import RoundOrder, RoundSpider
from crawler.storing.result import NewWork, RoundResult, found_after
from ledger.crawling import portals
from ledger.database import Ledger
from ledger.states import Queue, RoundFailure, RoundState
from workers.dispatch import Sender, fill

log = logging.getLogger("nianbao.crawler")

# From one lot of messages to the next: who reads is in no such hurry, and each lot asks broker and ledger anew.
HAND_OUT_SECONDS = 0.5
# A broker that is away is asked again after so long; until then what waits is the sweep's.
BROKER_AWAY_SECONDS = 60.0


class Worlds:
    """Runs rounds, each world in a process of its own, and hands what they found to the workers.

    Leave it as a context manager: what still runs then is killed.
    """

    def __init__(self, settings: Settings, ledger: Ledger, limit_seconds: float | None = None) -> None:
        self._settings = settings
        self._ledger = ledger
        self._limit_seconds = settings.crawl_limit_minutes * 60 if limit_seconds is None else limit_seconds
        self._waiting: list[RoundOrder] = []
        self._alive: list[World] = []
        self._sender = Sender(settings)
        self._unsent: datetime | None = None
        self._send_at = 0.0

    def __enter__(self) -> Worlds:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        for world in self._alive:
            world.end(RoundFailure.STOPPED)
        self._sender.close()

    @property
    def running(self) -> bool:
        """Whether any round has not ended."""
        return bool(self._waiting or self._alive)

    @property
    def room(self) -> int:
        """How many more worlds could begin at once."""
        return max(0, self._settings.crawl_processes - len(self._alive) - len(self._waiting))

    @property
    def hosts(self) -> set[str]:
        """The hosts that are being asked, or soon will be."""
        orders = [*self._waiting, *(world.order for world in self._alive)]
        return {host for order in orders for portal in order.portals for host in hosts_of(portal)}

    @property
    def portals(self) -> list[str]:
        """The ids of the portals whose rounds have not ended."""
        ended = {one.portal for world in self._alive for one in world.results if isinstance(one, RoundResult)}
        orders = [*self._waiting, *(world.order for world in self._alive)]
        return [portal.portal for order in orders for portal in order.portals if portal.portal not in ended]

    def begin(self, order: RoundOrder) -> None:
        """Takes a round over some portals; it begins as far as there is room."""
        self._waiting += [order.only(portals) for portals in worlds_of(order.portals)]
        self._start()

    def turn(self, seconds: float) -> list[RoundResult]:
        """Waits for news, at most so long; returns the rounds that have ended, which stand in the ledger by then."""
        self._start()
        wait([world.connection for world in self._alive if not world.ended], seconds)
        results: list[RoundResult] = []
        for world in self._alive:
            results += self._taken(world)
            if world.ended:
                results += self._lost(world)
        self._alive = [world for world in self._alive if not world.ended]
        self._start()
        self._hand_out(last=not self.running)
        return results

    def stop(self) -> list[RoundResult]:
        """Kills what runs and forgets what waits; returns how those rounds ended."""
        results = []
        waiting, self._waiting = self._waiting, []
        for world in self._alive:
            results += self._taken(world)
            world.end(RoundFailure.STOPPED)
            results += self._lost(world)
        self._alive = []
        sentence = failure_sentence(RoundFailure.STOPPED, self._settings, self._limit_seconds, None)
        for order in waiting:
            results += self._fail(order.portals, RoundFailure.STOPPED, sentence, order.at)
        return results

    def _start(self) -> None:
        while self._waiting and len(self._alive) < self._settings.crawl_processes:
            self._alive.append(World(RoundSpider, self._waiting.pop(0), self._limit_seconds))

    def _taken(self, world: World) -> list[RoundResult]:
        """The results that have come from a world; that it found something to read is noted."""
        came = world.take()
        self._unsent = next((one.at for one in came if isinstance(one, NewWork)), self._unsent)
        return [one for one in came if isinstance(one, RoundResult)]

    def _lost(self, world: World) -> list[RoundResult]:
        """The rounds of an ended world that gave no result."""
        ended = {one.portal for one in world.results if isinstance(one, RoundResult)}
        lost = [portal for portal in world.order.portals if portal.portal not in ended]
        if not lost:
            return []
        return self._fail(lost, world.failure or RoundFailure.DIED, world.sentence(), world.order.at)

    def _fail(
        self, lost: Sequence[PortalFile], failure: RoundFailure, sentence: str, at: datetime
    ) -> list[RoundResult]:
        with self._ledger.write() as session:
            for portal in lost:
                portals.keep_portal(session, portal.portal, at)
                portals.fail_running_rounds(session, portal.portal, failure, sentence, at)
                found = found_after(failure)
                if found is not None:
                    portals.set_state(session, portal.portal, found, sentence, at)
        return [RoundResult(portal.portal, RoundState.FAILED, None, sentence, failure) for portal in lost]

    def _hand_out(self, *, last: bool) -> None:
        """Fills the queue with what waits in the ledger, after something new came and not too often."""
        moment = time.monotonic()
        wait_seconds = self._send_at - moment
        if self._unsent is None or wait_seconds > (HAND_OUT_SECONDS if last else 0):
            return
        try:
            sent = fill(self._sender, self._ledger, Queue.READ, self._unsent)
        except SQLAlchemyError as error:
            log.warning("未能交付等待读取的文档（%s），稍后由巡检交付", str(error).splitlines()[0])
            sent = None
        self._unsent = None
        self._send_at = moment + (HAND_OUT_SECONDS if sent is not None else BROKER_AWAY_SECONDS)
