"""The crawler's role: claims the portals that are due, and runs a round of them; again and again."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial

from sqlalchemy.exc import SQLAlchemyError

from config.in_force import load_register
from config.portals import PortalFile
from config.settings import Settings
from config.yaml_file import ConfigurationError
from crawler.rounds import claims
from crawler.rounds.round import always, make_order, run_round
from crawler.storing.result import RoundResult
from ledger.clock import ledger_time
from ledger.database import Ledger
from ledger.machinery.pulse import CRAWLER, Pulse, silent_after
from ledger.reading.work import unfinished
from ledger.states import RoundState

POLL_SECONDS = 20.0
log = logging.getLogger("nianbao.crawler")


def tick(settings: Settings, ledger: Ledger, now: datetime, *, go_on: Callable[[], bool] = always) -> list[RoundResult]:
    """One turn of the loop at the season's time ``now``: a round over every portal that is due, if any is.

    1. The portal files are brought into the ledger. Where more is unread than ``crawl_waits_above``, that is all: looks
    that are not taken count for nobody and against nobody. 2. What is due is claimed (one conditional UPDATE a portal).
    3. One round runs over all of it, in a process of its own. 4. The claims are given back, with the next due time.
    ``go_on`` is asked while the round runs; when it says no, the round is ended and its portals are due at once.
    Returns a result for each portal of the round. Raises ConfigurationError where a file is wrong.
    """
    files = load_register(settings.home).portals
    if too_much_is_unread(settings, ledger):
        claims.keep_register(ledger, files, now)
        return []
    return _claimed_round(settings, ledger, files, now, even_if_not_due=False, go_on=go_on)


def too_much_is_unread(settings: Settings, ledger: Ledger) -> bool:
    """Whether so many documents wait for the workers that no round is to bring more; a warning in the log says so."""
    most = settings.crawl_waits_above
    with ledger.read() as session:
        unread = unfinished(session, most + 1)
    if unread > most:
        log.warning("待读文档超过 %d 份（NIANBAO_CRAWL_WAITS_ABOVE），暂不开始新的巡查；请增加读取进程", most)
    return unread > most


def crawl_now(settings: Settings, ledger: Ledger, portal_ids: Sequence[str], at: datetime) -> list[RoundResult]:
    """One round over the portals named (none named: all that are switched on), whether they are due or not.

    Portals that are switched off or in another crawler's hands are left out of the results.
    Raises ConfigurationError where a file is wrong, UnknownPortalError where a portal has none.
    """
    switched_on = [name for name, portal in load_register(settings.home).portals.items() if not portal.paused]
    order = make_order(settings, portal_ids or switched_on, at)
    files = {portal.portal: portal for portal in order.portals}
    return _claimed_round(settings, ledger, files, at, even_if_not_due=True, go_on=always)


def _claimed_round(
    settings: Settings,
    ledger: Ledger,
    files: Mapping[str, PortalFile],
    now: datetime,
    *,
    even_if_not_due: bool,
    go_on: Callable[[], bool],
) -> list[RoundResult]:
    claims.keep_register(ledger, files, now)
    name = claims.crawler_name()
    due = claims.claim_due(settings, ledger, files, name, now, even_if_not_due=even_if_not_due)
    if not due:
        return []
    claim = _Claim(settings, ledger, due, name, now)
    results: list[RoundResult] = []
    try:
        results = run_round(settings, due, now, go_on=lambda: go_on() and claim.keep())
    finally:
        # Whatever happened, nobody keeps a portal that is not being looked at.
        ended = {result.portal for result in results}
        lost = [RoundResult(portal, RoundState.FAILED, None, "") for portal in due if portal not in ended]
        claims.release(settings, ledger, [*results, *lost], name, now)
    for result in results:
        log.info("门户 %s：%s", result.portal, result.sentence)
    return results


def run(settings: Settings, ledger: Ledger, stop: threading.Event) -> None:
    """The endless loop in real time, until ``stop`` is set, which ends a round that is running.

    The time is the ledger's: what a machine whose clock is wrong finds is not found too late, or before its day.
    A data file that is wrong at the start ends it (ConfigurationError); later what it last said stays in force, and a
    new one is set aside (config/in_force.py). A database that is away for a while is said in the log, and the loop goes
    on.
    """
    load_register(settings.home)
    pulse = _Beating(settings, ledger, stop)
    while pulse.go_on():
        try:
            with ledger.read() as session:
                now = ledger_time(session, datetime.now(UTC))
            if tick(settings, ledger, now, go_on=pulse.in_round):
                pulse.last_work_at = datetime.now(UTC)
        except ConfigurationError as error:
            log.error("配置有误，暂停抓取：%s", error)
        except SQLAlchemyError as error:
            log.error("台账数据库暂时无法使用：%s", str(error).splitlines()[0])
        stop.wait(min(POLL_SECONDS, settings.heartbeat_seconds))


class _Claim:
    """The claim of a round on its portals, renewed now and then while it runs."""

    def __init__(self, settings: Settings, ledger: Ledger, portals: Sequence[str], name: str, now: datetime) -> None:
        self._keep = partial(claims.keep, settings, ledger, portals, name)
        self._every = silent_after(settings).total_seconds() / 4
        self._begun = self._kept = time.monotonic()
        self._now = now

    def keep(self) -> bool:
        """Renews the claim when it is time to. True: a database that is away does not end a round."""
        moment = time.monotonic()
        if moment - self._kept >= self._every:
            self._kept = moment
            try:
                self._keep(self._now + timedelta(seconds=moment - self._begun))
            except SQLAlchemyError as error:
                log.error("台账数据库暂时无法使用：%s", str(error).splitlines()[0])
        return True


class _Beating:
    """Notes now and then that this process is alive, a long round or not."""

    def __init__(self, settings: Settings, ledger: Ledger, stop: threading.Event) -> None:
        self._pulse = Pulse(settings, ledger, CRAWLER)
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
                    self._pulse.farewell(datetime.now(UTC))
                else:
                    self._pulse.beat(datetime.now(UTC), last_work_at=self.last_work_at, busy=busy)
            except SQLAlchemyError as error:
                log.error("台账数据库暂时无法使用：%s", str(error).splitlines()[0])
        return not stopped

    def in_round(self) -> bool:
        """:meth:`go_on`, asked while a round runs."""
        return self.go_on(busy=True)
