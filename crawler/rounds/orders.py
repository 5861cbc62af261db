"""What people asked to be fetched from addresses, one after the other, beside the rounds that go on."""

from __future__ import annotations

import logging
import threading
from collections.abc import Collection
from datetime import UTC, datetime

from sqlalchemy.exc import SQLAlchemyError

from config.in_force import load_register
from config.settings import Settings
from config.time_zone import SHANGHAI
from config.yaml_file import ConfigurationError
from crawler.fetching.pace import host_of
from crawler.rounds.entering_by_address import fetch_entry, keep_fetched
from crawler.survey.survey import addresses_of
from ledger.clock import ledger_time
from ledger.crawling.entry import CannotEnter, Entry
from ledger.crawling.fetch_orders import claim_order, end_order, give_back
from ledger.database import Ledger
from ledger.models import FetchOrder

log = logging.getLogger("nianbao.crawler")


class Orders:
    """One order at a time, in a thread of its own: a site that answers slowly holds up no round."""

    def __init__(self, settings: Settings, ledger: Ledger) -> None:
        self._settings = settings
        self._ledger = ledger
        self._thread: threading.Thread | None = None
        self._hosts: set[str] = set()

    @property
    def hosts(self) -> set[str]:
        """The host that is being asked: no round asks it at the same time."""
        return self._hosts if self.running else set()

    @property
    def running(self) -> bool:
        """Whether one goes on."""
        return self._thread is not None and self._thread.is_alive()

    def begin(self, busy: Collection[str], now: datetime) -> None:
        """Begins the order that waits longest, unless one goes on or its host is asked by a round."""
        if self.running:
            return
        with self._ledger.write() as session:
            order = claim_order(session, now)
            if order is None:
                return
            host = host_of_order(order)
            if host in busy:
                give_back(session, order.id)
                return
            session.expunge(order)
        self._hosts = {host}
        arguments = (self._settings, self._ledger, order, now)
        self._thread = threading.Thread(target=take_order, args=arguments, name="nianbao-order", daemon=True)
        self._thread.start()


def host_of_order(order: FetchOrder) -> str:
    """The host that is asked for it; "" where its address is none."""
    try:
        return host_of(addresses_of(order.address)[0])
    except ValueError:
        return ""


def take_order(settings: Settings, ledger: Ledger, order: FetchOrder, now: datetime) -> None:
    """Fetches and keeps what was ordered, and writes how that ended."""
    try:
        sentence = _taken(settings, ledger, order, now)
        with ledger.write() as session:
            end_order(session, order.id, sentence, ledger_time(session, datetime.now(UTC)))
    except (SQLAlchemyError, ConfigurationError, OSError) as error:
        # It stays claimed, and is given out again.
        log.error("代录 %s 没有完成：%s", order.address, str(error).splitlines()[0])


def _taken(settings: Settings, ledger: Ledger, order: FetchOrder, now: datetime) -> str:
    """Fetches and keeps it; one sentence why nothing was kept."""
    register = load_register(settings.home)
    district = register.districts.get(order.district)
    agency = register.agencies.get(order.agency)
    if district is None or agency is None:
        return "这个机关已不在名册中；没有登记"
    entered = Entry(district, agency, order.year, order.published, order.ordered_by, order.why)
    try:
        article = fetch_entry(settings, order.address, entered, now, now.astimezone(SHANGHAI).date())
    except CannotEnter as error:
        return str(error)
    keep_fetched(settings, ledger, article, entered, now)
    return ""
