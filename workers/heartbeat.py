"""The worker's heartbeat: it is written from a thread of the worker's own process, beside what its pool reads.

It goes on while a long document is read, and it goes on when the worker is deaf: that it lives is one thing, that it
gets work is another, and both stand in its beat.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

from celery import signals
from celery.worker import state
from sqlalchemy.exc import SQLAlchemyError

from config.settings import Settings
from ledger.database import LedgerError, open_ledger
from ledger.machinery.heartbeat import WORKER, HeartbeatWriter

log = logging.getLogger("nianbao.workers")


def beat_in_worker(settings: Settings) -> None:
    """Lets every worker of this application beat, from its start to its end."""
    beating: list[_Beating] = []

    @signals.worker_init.connect(weak=False)  # type: ignore[untyped-decorator]
    def _begins(sender: Any, **_: Any) -> None:
        beating.append(_Beating(settings, str(sender.hostname), sorted(sender.app.amqp.queues.consume_from)))
        beating[-1].start()

    @signals.task_received.connect(weak=False)  # type: ignore[untyped-decorator]
    def _takes(**_: Any) -> None:
        for one in beating:
            one.last_work_at = datetime.now(UTC)

    @signals.worker_shutdown.connect(weak=False)  # type: ignore[untyped-decorator]
    def _ends(**_: Any) -> None:
        for one in beating:
            one.end()


class _Beating(threading.Thread):
    """Beats until it is told to end."""

    def __init__(self, settings: Settings, name: str, queues: Sequence[str]) -> None:
        super().__init__(name="nianbao-heartbeat", daemon=True)
        self.last_work_at: datetime | None = None
        self._settings = settings
        self._hostname = name
        self._queues = queues
        self._asked_to_end = threading.Event()
        # The worker forks. What another thread holds at that moment (a lock of the database's library, a connection)
        # would be held in the child for ever, so that a fork waits until a beat is over, and between beats nothing is
        # open.
        self._beats = threading.Lock()
        os.register_at_fork(
            before=self._beats.acquire, after_in_parent=self._beats.release, after_in_child=self._beats.release
        )

    def run(self) -> None:
        heartbeat: HeartbeatWriter | None = None
        while True:
            ends = self._asked_to_end.is_set()
            try:
                with self._beats:
                    heartbeat = self._beat(heartbeat, ends)
            except (SQLAlchemyError, LedgerError, OSError) as error:
                log.warning("心跳未能写入台账：%s", str(error).splitlines()[0])
            if ends:
                return
            self._asked_to_end.wait(self._settings.heartbeat_seconds)

    def end(self) -> None:
        """Says goodbye, and returns when that is written."""
        self._asked_to_end.set()
        self.join(self._settings.heartbeat_seconds)

    def _beat(self, heartbeat: HeartbeatWriter | None, ends: bool) -> HeartbeatWriter:
        if heartbeat is None:
            heartbeat = HeartbeatWriter(
                self._settings, open_ledger(self._settings), WORKER, self._hostname, self._queues
            )
        with closing(heartbeat):
            if ends:
                heartbeat.farewell(datetime.now(UTC))
            else:
                busy = bool(state.active_requests)
                heartbeat.beat(datetime.now(UTC), last_work_at=self.last_work_at, busy=busy)
        return heartbeat
