"""The rounds that go on: which worlds share a process, and what becomes of them where it ends before they do.

Worlds of sound portals share processes, some of them at a time, because a process costs more than what most rounds
have to do. Whatever a page does to such a process (a limit that the kernel holds ends it), the worlds in it that had not
ended are begun anew, each in a process of its own: who did it fails there, and alone. A portal whose last round ended so
has its own process from the start.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Sequence
from datetime import datetime
from multiprocessing.connection import wait
from types import TracebackType

from sqlalchemy.exc import SQLAlchemyError

from config.portals import PortalFile
from config.settings import Settings
from crawler.rounds.world import WorldProcess, failure_sentence, hosts_of, worlds_of
from crawler.spider import RoundOrder, RoundSpider
from crawler.storing.result import NewWork, RoundResult, found_after
from ledger.crawling import portals
from ledger.database import Ledger
from ledger.states import Queue, RoundFailure, RoundState
from workers.dispatch import Sender, fill

log = logging.getLogger("nianbao.crawler")

# So many full processes are enough for a machine, and for its memory; more are begun only where slow portals keep some.
FULL_PROCESSES = 6
# Where there are hardly any, each has its own; of more, so many at least share one.
FEW_WORLDS, LEAST_TOGETHER = 2, 4
# What a page of one world can do to the process of all.
BEGUN_ANEW_AFTER = (RoundFailure.STALLED, RoundFailure.MEMORY_LIMIT, RoundFailure.DIED)
# From one lot of messages to the next: who reads is in no such hurry, and each lot asks broker and ledger anew.
HAND_OUT_SECONDS = 0.5
# A broker that is away is asked again after so long; until then what waits is the sweep's.
BROKER_AWAY_SECONDS = 60.0


class Worlds:
    """Runs rounds in processes, and hands what they found to the workers.

    Leave it as a context manager: what still runs then is killed.
    """

    def __init__(self, settings: Settings, ledger: Ledger, limit_seconds: float | None = None) -> None:
        self._settings = settings
        self._ledger = ledger
        self._limit_seconds = settings.crawl_limit_minutes * 60 if limit_seconds is None else limit_seconds
        self._waiting: list[RoundOrder] = []
        self._alone: list[RoundOrder] = []
        self._alive: list[WorldProcess] = []
        self._sender = Sender(settings)
        self._unsent: datetime | None = None
        self._send_at = 0.0

    def __enter__(self) -> Worlds:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        for process in self._alive:
            process.end(RoundFailure.STOPPED)
        self._sender.close()

    @property
    def running(self) -> bool:
        """Whether any round has not ended."""
        return bool(self._waiting or self._alone or self._alive)

    @property
    def room(self) -> int:
        """How many more worlds could begin at once."""
        free = (self._settings.crawl_processes - len(self._alive)) * self._settings.crawl_together
        waiting = len(self._waiting) + len(self._alone)
        return max(0, min(free, self._most_at_once - self._at_work) - waiting)

    @property
    def hosts(self) -> set[str]:
        """The hosts that are being asked, or soon will be."""
        return {host for portal in self._unfinished for host in hosts_of(portal)}

    @property
    def portals(self) -> list[str]:
        """The ids of the portals whose rounds have not ended."""
        return [portal.portal for portal in self._unfinished]

    def begin(self, order: RoundOrder) -> None:
        """Takes a round over some portals; it begins as far as there is room."""
        with self._ledger.read() as session:
            broken = portals.broke_off(session, [portal.portal for portal in order.portals])
        for world in worlds_of(order.portals):
            alone = any(portal.portal in broken for portal in world)
            (self._alone if alone else self._waiting).append(order.only(world))
        self._start()

    def turn(self, seconds: float) -> list[RoundResult]:
        """Waits for news, at most so long; returns the rounds that have ended, which stand in the ledger by then."""
        self._start()
        wait([process.connection for process in self._alive if not process.ended], seconds)
        results: list[RoundResult] = []
        for process in self._alive:
            results += self._taken(process)
            if process.ended:
                results += self._lost(process)
        self._alive = [process for process in self._alive if not process.ended]
        self._start()
        self._hand_out(last=not self.running)
        return results

    def stop(self) -> list[RoundResult]:
        """Kills what runs and forgets what waits; returns how those rounds ended."""
        results = []
        waiting, self._waiting, self._alone = [*self._waiting, *self._alone], [], []
        for process in self._alive:
            results += self._taken(process)
            process.end(RoundFailure.STOPPED)
            results += self._lost(process)
        self._alive = []
        sentence = failure_sentence(RoundFailure.STOPPED, self._settings, self._limit_seconds, None)
        for order in waiting:
            results += self._fail(order.portals, RoundFailure.STOPPED, sentence, order.at)
        return results

    @property
    def _unfinished(self) -> list[PortalFile]:
        waiting = [portal for order in (*self._waiting, *self._alone) for portal in order.portals]
        return [*waiting, *(portal for process in self._alive for portal in process.unfinished)]

    @property
    def _at_work(self) -> int:
        return sum(len(process.unfinished) for process in self._alive)

    @property
    def _most_at_once(self) -> int:
        return max(self._settings.crawl_processes, FULL_PROCESSES * self._settings.crawl_together)

    def _start(self) -> None:
        """Begins what waits: those that have a process of their own first, since they may take long."""
        while (self._alone or self._waiting) and len(self._alive) < self._settings.crawl_processes:
            if not self._alone and self._at_work >= self._most_at_once:
                return
            order = self._alone.pop(0) if self._alone else self._shared()
            self._alive.append(WorldProcess(RoundSpider, order, self._limit_seconds))

    def _shared(self) -> RoundOrder:
        """The worlds of the next process, of those that wait."""
        first = self._waiting[0]
        fitting = [order for order in self._waiting if order.may_join(first)]
        cores = max(2, min(os.cpu_count() or 1, FULL_PROCESSES))
        count = 1 if len(fitting) <= FEW_WORLDS else max(LEAST_TOGETHER, -(-len(fitting) // cores))
        together = fitting[: min(count, self._settings.crawl_together)]
        self._waiting = [order for order in self._waiting if order not in together]
        return first.joined(together[1:])

    def _taken(self, process: WorldProcess) -> list[RoundResult]:
        """The results that have come from a process; that it found something to read is noted."""
        came = process.take()
        self._unsent = next((one.at for one in came if isinstance(one, NewWork)), self._unsent)
        return [one for one in came if isinstance(one, RoundResult)]

    def _lost(self, process: WorldProcess) -> list[RoundResult]:
        """The rounds of an ended process that gave no result; those that are begun anew are not among them."""
        lost = process.unfinished
        if not lost:
            return []
        failure = process.failure or RoundFailure.DIED
        if process.order.shared and failure in BEGUN_ANEW_AFTER:
            sentence = failure_sentence(RoundFailure.BEGUN_ANEW, self._settings, self._limit_seconds, None)
            self._fail(lost, RoundFailure.BEGUN_ANEW, sentence, process.order.at)
            self._alone += [process.order.only(world) for world in worlds_of(lost)]
            return []
        return self._fail(lost, failure, process.sentence(), process.order.at)

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
