"""Hands work over to the workers: a row in the ledger first, then one message; the sweep finds what got lost."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack, closing
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from config.settings import Settings
from ledger import canaries, work
from ledger.clock import ledger_time
from ledger.database import Ledger, open_ledger
from workers.reading.version import READER_VERSION

log = logging.getLogger("nianbao.workers")

# The broker is asked once and briefly: whoever sends has other things to do, and the ledger remembers.
BROKER_SECONDS = 3
MOST_AT_ONCE = 500


def register(session: Session, version_id: int, at: datetime) -> int:
    """The id of the work of reading a version with today's reader; a new row waits from ``at``."""
    return work.register(session, version_id, READER_VERSION, at)


def send(settings: Settings, work_ids: Sequence[int], at: datetime) -> bool:
    """Sends one message about each piece of work, after the rows are committed; ``at`` is the moment of sending.

    False (and one sentence in the log) where the broker is away: the rows wait, and the sweep sends them.
    """
    if not work_ids:
        return True
    if not _sent(settings, work_ids, at):
        return False
    with closing(open_ledger(settings)) as ledger, ledger.write() as session:
        work.mark_dispatched(session, work_ids, at)
    return True


def send_overdue(settings: Settings, ledger: Ledger, now: datetime) -> int:
    """The sweep: sends what was never sent, what failed and is due again, and what got lost. Returns how many.

    Several monitors may call it at once: each piece of work is claimed by one of them.
    """
    with ledger.write() as session:
        claimed = work.claim_overdue(session, now, timedelta(minutes=settings.lost_after_minutes), MOST_AT_ONCE)
    if not claimed:
        return 0
    if not _sent(settings, claimed, now):
        with ledger.write() as session:
            work.mark_not_dispatched(session, claimed, now)
        return 0
    return len(claimed)


def send_canary(settings: Settings, ledger: Ledger, now: datetime) -> bool:
    """Sends a canary through the queue where one is due; ``now`` is by this machine's clock. False: none was sent.

    Several monitors may call it at once: one of them sends.
    """
    with ledger.write() as session:
        slot = canaries.claim_canary(session, settings, ledger_time(session, now))
    if slot is None:
        return False
    from workers.queue import CANARY

    with closing(Sender(settings)) as sender:
        error = sender.publish(CANARY, [[slot]])
    if error is not None:
        log.warning("消息队列无法访问（%s），探测任务未能发出", error)
        with ledger.write() as session:
            canaries.mark_unpublished(session, slot)
    return error is None


def _sent(settings: Settings, work_ids: Sequence[int], at: datetime) -> bool:
    with closing(Sender(settings)) as sender:
        return sender.send(work_ids, at)


class Sender:
    """Sends messages over one connection, for whoever sends often; for one thread at a time."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._open = ExitStack()
        self._publish: Callable[[str, list[object]], None] | None = None

    def send(self, work_ids: Sequence[int], at: datetime) -> bool:
        """Sends one message about each piece of work, ``at`` the moment of sending, after the rows are committed.

        False (and one sentence in the log) where the broker is away: the rows wait, and the sweep sends them.
        """
        from workers.queue import TASK

        error = self.publish(TASK, ([work_id, at.isoformat()] for work_id in work_ids))
        if error is not None:
            log.warning("消息队列无法访问（%s），%d 份文档稍后由巡检重新交付", error, len(work_ids))
        return error is None

    def publish(self, task: str, arguments: Iterable[list[object]]) -> Exception | None:
        """Sends one message for each list of arguments; returns why that was not possible."""
        # Imported here so that whoever only registers work does not load Celery.
        from kombu.exceptions import OperationalError
        from redis.exceptions import RedisError

        try:
            publish = self._publish or self._connect()
            for args in arguments:
                publish(task, args)
        except (OperationalError, RedisError, OSError) as error:
            self.close()
            return error
        return None

    def close(self) -> None:
        """Gives the connection back; another message opens a new one."""
        self._publish = None
        self._open.close()

    def _connect(self) -> Callable[[str, list[object]], None]:
        from workers.queue import QUEUE, make_celery

        app = make_celery(self._settings)
        app.conf.broker_transport_options |= {
            "socket_timeout": BROKER_SECONDS,
            "socket_connect_timeout": BROKER_SECONDS,
            "max_retries": 0,
        }
        connection = self._open.enter_context(app.connection_for_write(connect_timeout=BROKER_SECONDS))
        producer = self._open.enter_context(app.amqp.Producer(connection))

        def publish(task: str, args: list[object]) -> None:
            app.send_task(task, args=args, queue=QUEUE, producer=producer, retry=False, ignore_result=True)

        self._publish = publish
        return publish
