"""Keeps the queues filled from the ledger, beside the monitor's turns: a turn over a country takes minutes.

The crawler sends what it has just stored, and this sends all the rest: what had no room in the queue, what waits for
another attempt, what was left to those who read scans, what a person takes out of quarantine, what a worker had in hand
that was killed. Nobody else sends.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime

from sqlalchemy.exc import SQLAlchemyError

from config.settings import Settings
from ledger.clock import ledger_time
from ledger.database import Ledger
from monitor.dead_workers import DeadWorkers
from workers.dispatch import Sender, fill_queues

log = logging.getLogger("nianbao.monitor")

# A full queue (``queued_most``) is read within this time by no fewer workers than read so many documents in it.
SECONDS_BETWEEN = 1.0
AWAY_SECONDS = 5.0


@contextmanager
def handing_out(settings: Settings, ledger: Ledger) -> Iterator[None]:
    """Hands out what waits, again and again, in a thread of its own while the context lasts."""
    stop = threading.Event()
    thread = threading.Thread(target=_hand_out, args=(settings, ledger, stop), name="nianbao-handing-out", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _hand_out(settings: Settings, ledger: Ledger, stop: threading.Event) -> None:
    away = False
    dead = DeadWorkers(settings)
    with closing(Sender(settings)) as sender:
        while not stop.wait(AWAY_SECONDS if away else SECONDS_BETWEEN):
            try:
                dead.take_back(ledger)
                with ledger.read() as session:
                    now = ledger_time(session, datetime.now(UTC))
                away = fill_queues(sender, ledger, now) is None
            except SQLAlchemyError as error:
                if not away:
                    log.error("台账数据库暂时无法使用：%s", str(error).splitlines()[0])
                away = True
