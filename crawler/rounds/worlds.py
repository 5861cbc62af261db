"""The rounds that go on: which portals share a process, and what becomes of them where it ends before they do.

A process costs more than what most rounds have to do, so portals share some. Whatever a page does to such a process
ends it, and costs nobody but its own portal: the rounds that had not ended go on, each in a process of its own, and
who did it fails there, alone. A portal whose last round ended so has its own process from the start.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from multiprocessing.connection import wait
from types import TracebackType

from sqlalchemy.exc import SQLAlchemyError

from config.portals import PortalFile
from config.settings import Settings
from crawler.rounds.child import Child
from crawler.rounds.hosts import hosts_of_all, worlds_of
from crawler.spider import RoundOrder, RoundSpider
from crawler.storing.result import NewWork, RoundResult, failure_sentence, found_after
from ledger.crawling import portals
from ledger.database import Ledger
from ledger.states import Queue, RoundFailure, RoundState
from workers.dispatch import Sender, fill

log = logging.getLogger("nianbao.crawler")

# So many full processes are enough for a machine, and for its memory; more are begun only where slow portals keep some.
FULL_PROCESSES = 6
# So few portals are no more work for one process than a second process is.
LEAST_TOGETHER = 4
# On one core too, portals are parted: where one breaks a process, half of them go on in theirs.
LEAST_PROCESSES = 2
# From one lot of messages to the next: who reads is in no such hurry, and each lot asks broker and ledger anew.
HAND_OUT_SECONDS = 0.5
# Where nothing could be handed out (mostly the queue is full), what waits is the sweep's for so long.
FULL_SECONDS = 5.0
# A broker that is away is asked again after so long; until then what waits is the sweep's.
BROKER_AWAY_SECONDS = 60.0


class Worlds:
    """Runs rounds in processes, and hands what they found to the workers.

    Leave it as a context manager: what still runs then is killed.
    """

    def __init__(self, settings: Settings, ledger: Ledger) -> None:
        self._settings = settings
        self._ledger = ledger
        self._together: list[RoundOrder] = []
        self._alone: list[RoundOrder] = []
        self._alive: list[Child] = []
        self._sender = Sender(settings)
        self._unsent: datetime | None = None
        self._send_at = 0.0

    def __enter__(self) -> Worlds:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        for child in self._alive:
            child.end(RoundFailure.STOPPED)
        self._sender.close()

    @property
    def running(self) -> bool:
        """Whether any round has not ended."""
        return bool(self._together or self._alone or self._alive)

    @property
    def room(self) -> int:
        """How many more portals could begin at once."""
        free = (self._settings.crawl_processes - len(self._alive)) * self._settings.crawl_together
        return max(0, min(free, self._most_at_once - len(self._at_work)) - len(self._waiting))

    @property
    def hosts(self) -> set[str]:
        """The hosts that are being asked, or soon will be."""
        return hosts_of_all([*self._waiting, *self._at_work])

    @property
    def portals(self) -> list[str]:
        """The ids of the portals whose rounds have not ended."""
        return [portal.portal for portal in (*self._waiting, *self._at_work)]

    def begin(self, order: RoundOrder) -> None:
        """Takes a round over some portals; it begins as far as there is room."""
        with self._ledger.read() as session:
            broken = portals.broken_off(session, [portal.portal for portal in order.portals])
        self._alone += [order.only((portal,)) for portal in order.portals if portal.portal in broken]
        sound = [portal for portal in order.portals if portal.portal not in broken]
        self._together += [order.only(world) for world in worlds_of(sound)]
        self._start()

    def turn(self, seconds: float) -> list[RoundResult]:
        """Waits for news, at most so long; returns the rounds that have ended, which stand in the ledger by then."""
        self._start()
        wait([child.connection for child in self._alive if not child.ended], seconds)
        results: list[RoundResult] = []
        for child in self._alive:
            results += self._taken(child)
            if child.ended:
                results += self._lost(child)
        self._alive = [child for child in self._alive if not child.ended]
        self._start()
        self._hand_out(last=not self.running)
        return results

    def stop(self) -> list[RoundResult]:
        """Kills what runs and forgets what waits; returns how those rounds ended."""
        results = []
        waiting, self._together, self._alone = [*self._together, *self._alone], [], []
        for child in self._alive:
            results += self._taken(child)
            child.end(RoundFailure.STOPPED)
            results += self._lost(child)
        self._alive = []
        sentence = failure_sentence(RoundFailure.STOPPED, self._settings, 0)
        for order in waiting:
            results += self._fail(order.portals, RoundFailure.STOPPED, sentence, order.at)
        return results

    @property
    def _waiting(self) -> list[PortalFile]:
        return [portal for order in (*self._together, *self._alone) for portal in order.portals]

    @property
    def _at_work(self) -> list[PortalFile]:
        return [portal for child in self._alive for portal in child.unfinished]

    @property
    def _most_at_once(self) -> int:
        return max(self._settings.crawl_processes, FULL_PROCESSES * self._settings.crawl_together)

    def _start(self) -> None:
        """Begins what waits, as far as there is room and nobody else asks the same host."""
        while (self._alone or self._together) and len(self._alive) < self._settings.crawl_processes:
            order = self._next()
            if order is None:
                return
            self._alive.append(Child(RoundSpider, order))

    def _next(self) -> RoundOrder | None:
        """What begins next: those that have a process of their own first, since they may take long."""
        at_work = self._at_work
        busy = hosts_of_all(at_work)
        for order in self._alone:
            if not hosts_of_all(order.portals) & busy:
                self._alone.remove(order)
                return order
        if len(at_work) >= self._most_at_once:
            return None
        free = [order for order in self._together if not hosts_of_all(order.portals) & busy]
        return self._shared(free) if free else None

    def _shared(self, free: Sequence[RoundOrder]) -> RoundOrder:
        """The worlds of the next process, of those that may begin."""
        first = free[0]
        fitting = [order for order in free if (order.begun, order.whole) == (first.begun, first.whole)]
        shared = sum(child.order.shared for child in self._alive)
        chosen = fitting[: min(share(len(fitting), shared, _allowed_cores()), self._settings.crawl_together)]
        self._together = [order for order in self._together if order not in chosen]
        return first.joined(chosen[1:])

    def _taken(self, child: Child) -> list[RoundResult]:
        """The results that have come from a process; that it found something to read is noted."""
        came = child.take()
        self._unsent = next((one.at for one in came if isinstance(one, NewWork)), self._unsent)
        return [one for one in came if isinstance(one, RoundResult)]

    def _lost(self, child: Child) -> list[RoundResult]:
        """The rounds of an ended process that gave no result; those that go on alone are not among them."""
        lost, failure = child.unfinished, child.failure or RoundFailure.DIED
        if child.order.shared and lost and failure not in (RoundFailure.STOPPED, RoundFailure.NOT_STARTED):
            log.warning("共用的抓取进程已中止（%s），其中 %d 个门户各自在单独的进程中继续", failure, len(lost))
            self._alone += [replace(child.order.only((portal,)), again=True) for portal in lost]
            return []
        return self._fail(lost, failure, child.sentence(), child.order.at) if lost else []

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
        if self._unsent is None or wait_seconds > (FULL_SECONDS if last else 0):
            return
        try:
            sent = fill(self._sender, self._ledger, Queue.READ, self._unsent)
        except SQLAlchemyError as error:
            log.warning("未能交付等待读取的文档（%s），稍后由巡检交付", str(error).splitlines()[0])
            sent = None
        pause = BROKER_AWAY_SECONDS if sent is None else HAND_OUT_SECONDS if sent else FULL_SECONDS
        self._unsent = None
        self._send_at = moment + pause


def share(waiting: int, processes: int, cores: int) -> int:
    """How many of the portals that wait the next process gets, where ``processes`` share others already.

    As many as have no work yet get even shares: each costs a start, and none ends long before the others.
    """
    idle = max(LEAST_PROCESSES, min(cores, FULL_PROCESSES)) - processes
    return -(-waiting // max(1, min(idle, waiting // LEAST_TOGETHER)))


def _allowed_cores() -> int:
    """How many of the machine's cores this process may use: in a container, or beside others, not all."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
