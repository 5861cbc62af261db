"""Takes back what a killed worker had in hand: after three missed heartbeats another reads it.

Its message comes back by itself, but only after the visibility timeout, which has to be longer than the longest read. A
worker counts as killed by this monitor's own steady clock alone: a beat that stands still for so long while we looked.
No clock that is set, and no database that was away for everybody, kills one.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from datetime import datetime

from config.settings import Settings
from ledger.database import Ledger
from ledger.machinery.heartbeat import WORKER, heartbeats, missed_after
from ledger.reading.handing_out import take_back_from, workers_at_work

log = logging.getLogger("nianbao.monitor")

SECONDS_BETWEEN = 5.0


class DeadWorkers:
    """What one monitor saw of the workers' heartbeats, from look to look."""

    def __init__(self, settings: Settings) -> None:
        self._limit = missed_after(settings).total_seconds()
        self._seen: dict[str, tuple[datetime, float]] = {}
        self._looked: float | None = None

    def take_back(self, ledger: Ledger) -> int:
        """Looks, where it is time to; how many documents were taken back. Raises SQLAlchemy's errors."""
        moment = time.monotonic()
        if self._looked is not None and moment - self._looked < min(SECONDS_BETWEEN, self._limit / 4):
            return 0
        if self._looked is not None and moment - self._looked > max(self._limit / 3, 3 * SECONDS_BETWEEN):
            self._seen.clear()  # nobody could beat while nobody could look
        self._looked = moment
        with ledger.read() as session:
            beats = {beat.name: (beat.at, beat.stopped_at) for beat in heartbeats(session, WORKER)}
            at_work = workers_at_work(session)
        for name, (at, _) in beats.items():
            if name not in self._seen or self._seen[name][0] != at:
                self._seen[name] = (at, moment)
        dead = {name for name, (_, stopped) in beats.items() if stopped or moment - self._seen[name][1] > self._limit}
        return self._take_back_from(ledger, (worker for worker in at_work if worker.rpartition("/")[0] in dead))

    def _take_back_from(self, ledger: Ledger, workers: Iterable[str]) -> int:
        named = sorted(workers)
        if not named:
            return 0
        with ledger.write() as session:
            taken = take_back_from(session, named)
        for work in taken:
            log.warning("任务 %d：读取它的进程（%s）已不在，重新交付", work, "、".join(named), extra={"work": work})
        return len(taken)
