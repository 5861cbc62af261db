"""The crawler's role: claims the portals that are due, and runs a round of them; again and again."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import TracebackType

from sqlalchemy.exc import SQLAlchemyError

from config.in_force import load_register
from config.settings import Settings
from config.yaml_file import ConfigurationError
from crawler.rounds import claims
from crawler.rounds.hosts import hosts_of
from crawler.rounds.orders import Orders
from crawler.rounds.round import always, make_order
from crawler.rounds.worlds import Worlds
from crawler.storing.result import RoundResult
from ledger.clock import ledger_time
from ledger.crawling.portals import looks_ordered
from ledger.database import Ledger
from ledger.machinery.heartbeat import CRAWLER, HeartbeatWriter, silent_after
from ledger.reading.work import unfinished
from ledger.states import RoundState

POLL_SECONDS = 20.0
_TURN_SECONDS = 0.5
log = logging.getLogger("nianbao.crawler")


def tick(settings: Settings, ledger: Ledger, now: datetime, *, go_on: Callable[[], bool] = always) -> list[RoundResult]:
    """One turn of the loop at the season's time ``now``: a round over every portal that is due, if any is.

    1. The portal files are brought into the ledger. Where more is unread than ``crawl_waits_above``, that is all: looks
    that are not taken count for nobody and against nobody. 2. What is due is claimed (one conditional UPDATE a portal).
    3. One round runs over all of it. 4. Each claim is given back as its portal's
    round ends, with the next due time.
    ``go_on`` is asked while the round runs; when it says no, the round is ended and its portals are due at once.
    Returns a result for each portal of the round. Raises ConfigurationError where a file is wrong.
    """
    files = load_register(settings.home).portals
    if too_much_is_unread(settings, ledger):
        claims.keep_register(ledger, files, now)
        return []
    claims.keep_register(ledger, files, now)
    with InHand(settings, ledger) as in_hand:
        in_hand.begin_due(claims.claim_due(settings, ledger, files, in_hand.name, now), now)
        return in_hand.to_the_end(go_on)


def too_much_is_unread(settings: Settings, ledger: Ledger) -> bool:
    """Whether so many documents wait for the workers that no round is to bring more; a warning in the log says so."""
    most = settings.crawl_waits_above
    with ledger.read() as session:
        unread = unfinished(session, most + 1)
    if unread > most:
        log.warning("待读文档超过 %d 份（NIANBAO_CRAWL_WAITS_ABOVE），暂不开始新的巡查；请增加读取进程", most)
    return unread > most


def crawl_now(
    settings: Settings, ledger: Ledger, portal_ids: Sequence[str], at: datetime, *, whole: bool = False
) -> list[RoundResult]:
    """One round over the portals named (none named: all that are switched on), whether they are due or not.

    ``whole``: every list is read to its end, so that this is a second complete look on the same day.
    Portals that are switched off or in another crawler's hands are left out of the results.
    Raises ConfigurationError where a file is wrong, UnknownPortalError where a portal has none.
    """
    switched_on = [name for name, portal in load_register(settings.home).portals.items() if not portal.paused]
    order = make_order(settings, portal_ids or switched_on, at)
    files = {portal.portal: portal for portal in order.portals}
    claims.keep_register(ledger, files, at)
    with InHand(settings, ledger) as in_hand:
        in_hand.begin(claims.claim_now(settings, ledger, files, in_hand.name, at), at, whole=whole)
        return in_hand.to_the_end(always)


def run(settings: Settings, ledger: Ledger, stop: threading.Event) -> None:
    """The endless loop in real time, until ``stop`` is set, which ends the rounds that are running.

    While rounds run, portals that become due begin theirs as soon as there is room: a slow portal holds up no other.
    The time is the ledger's: what a machine whose clock is wrong finds is not found too late, or before its day.
    A data file that is wrong at the start ends it (ConfigurationError); later what it last said stays in force, and a
    new one is set aside (config/in_force.py). A database that is away for a while is said in the log, and the loop goes
    on.
    """
    load_register(settings.home)
    heartbeat = _Beating(settings, ledger, stop)
    orders = Orders(settings, ledger)
    with InHand(settings, ledger) as in_hand:
        look_at = 0.0
        while heartbeat.go_on(busy=in_hand.worlds.running):
            try:
                if time.monotonic() >= look_at:
                    look_at = time.monotonic() + min(POLL_SECONDS, settings.heartbeat_seconds)
                    _take_what_is_due(settings, ledger, in_hand, orders)
                if in_hand.worlds.running:
                    if in_hand.turn():
                        heartbeat.last_work_at = datetime.now(UTC)
                        look_at = 0.0
                    continue
            except ConfigurationError as error:
                log.error("配置有误，暂停抓取：%s", error)
            except SQLAlchemyError as error:
                log.error("台账数据库暂时无法使用：%s", str(error).splitlines()[0])
            stop.wait(max(0.0, min(look_at - time.monotonic(), settings.heartbeat_seconds)))


def _take_what_is_due(settings: Settings, ledger: Ledger, in_hand: InHand, orders: Orders) -> None:
    """Begins what a person ordered, and rounds over portals that are due, as far as there is room; one whose host is
    being asked has to wait.
    """
    with ledger.read() as session:
        now = ledger_time(session, datetime.now(UTC))
    orders.begin(in_hand.worlds.hosts, now)
    room, busy = in_hand.worlds.room, in_hand.worlds.hosts | orders.hosts
    if not room:
        return
    files = load_register(settings.home).portals
    claims.keep_register(ledger, files, now)
    if too_much_is_unread(settings, ledger):
        return
    free = {name: portal for name, portal in files.items() if not hosts_of(portal) & busy}
    in_hand.begin_due(claims.claim_due(settings, ledger, free, in_hand.name, now, most=room), now)


class InHand:
    """What one crawler has in hand: its claims, and the rounds over them. What is left when it is closed is stopped."""

    def __init__(self, settings: Settings, ledger: Ledger) -> None:
        self.name = claims.crawler_name()
        self.worlds = Worlds(settings, ledger)
        self._settings = settings
        self._ledger = ledger
        self._begun: dict[str, tuple[datetime, float]] = {}
        self._renew_every = silent_after(settings).total_seconds() / 4
        self._renewed = time.monotonic()

    def __enter__(self) -> InHand:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        with self.worlds:
            # Whatever happened, nobody keeps a portal that is not being looked at.
            self._release(self.worlds.stop())
            left = [RoundResult(portal, RoundState.FAILED, None, "") for portal in self._begun]
            self._release(left)

    def begin(self, claimed: Sequence[str], now: datetime, *, whole: bool = False) -> None:
        """Begins a round over portals that were claimed; raises ConfigurationError where a file is wrong."""
        self._begun |= dict.fromkeys(claimed, (now, time.monotonic()))
        if claimed:
            self.worlds.begin(replace(make_order(self._settings, claimed, now), whole=whole))

    def begin_due(self, claimed: Sequence[str], now: datetime) -> None:
        """Begins rounds over portals that were due: whole looks where a person waits for one."""
        with self._ledger.read() as session:
            ordered = looks_ordered(session, claimed)
        self.begin([portal for portal in claimed if portal in ordered], now, whole=True)
        self.begin([portal for portal in claimed if portal not in ordered], now)

    def turn(self) -> list[RoundResult]:
        """Waits a moment for rounds to end and gives their claims back; renews the others' in time."""
        results = self.worlds.turn(_TURN_SECONDS)
        self._release(results)
        self._renew()
        return results

    def to_the_end(self, go_on: Callable[[], bool]) -> list[RoundResult]:
        """The results of all rounds in hand, sorted by portal; they are stopped when ``go_on`` says no."""
        results: list[RoundResult] = []
        while self.worlds.running:
            if go_on():
                results += self.turn()
            else:
                stopped = self.worlds.stop()
                self._release(stopped)
                results += stopped
        return sorted(results, key=lambda result: result.portal)

    def _release(self, results: Sequence[RoundResult]) -> None:
        by_time: dict[datetime, list[RoundResult]] = {}
        for result in results:
            begun, _ = self._begun.pop(result.portal)
            by_time.setdefault(begun, []).append(result)
            log.info("门户 %s：%s", result.portal, result.sentence)
        for begun, some in by_time.items():
            claims.release(self._settings, self._ledger, some, self.name, begun)

    def _renew(self) -> None:
        """Renews the claims when it is time to; a database that is away does not end a round."""
        moment = time.monotonic()
        if moment - self._renewed < self._renew_every:
            return
        self._renewed = moment
        try:
            for portal, (now, begun) in self._begun.items():
                claims.keep(self._settings, self._ledger, [portal], self.name, now + timedelta(seconds=moment - begun))
        except SQLAlchemyError as error:
            log.error("台账数据库暂时无法使用：%s", str(error).splitlines()[0])


class _Beating:
    """Notes now and then that this process is alive, a long round or not."""

    def __init__(self, settings: Settings, ledger: Ledger, stop: threading.Event) -> None:
        self._heartbeat = HeartbeatWriter(settings, ledger, CRAWLER)
        self._every = settings.heartbeat_seconds
        self._stop = stop
        self._beaten: float | None = None
        self.last_work_at: datetime | None = None

    def go_on(self, *, busy: bool = False) -> bool:
        """Whether the role goes on; beats when it is time to, and says goodbye when the role is stopped."""
        stopped = self._stop.is_set()
        if stopped or self._beaten is None or time.monotonic() - self._beaten >= self._every:
            self._beaten = time.monotonic()
            try:
                if stopped:
                    self._heartbeat.farewell(datetime.now(UTC))
                else:
                    self._heartbeat.beat(datetime.now(UTC), last_work_at=self.last_work_at, busy=busy)
            except SQLAlchemyError as error:
                log.error("台账数据库暂时无法使用：%s", str(error).splitlines()[0])
        return not stopped
