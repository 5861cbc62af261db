"""Hands work over to the workers: a row in the ledger first, then one message; the sweep finds what got lost.

Crawlers send what they have just stored, monitors all that waits, both in the order of the ledger
(ledger/reading/handing_out.py): a queue of the broker is filled up to ``queued_most`` messages and no further. The
monitor looks every second (monitor/handing_out.py), so that no queue runs dry while something waits.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime, timedelta
from itertools import groupby
from types import MappingProxyType
from typing import NamedTuple

from sqlalchemy.orm import Session

from config.secret_addresses import without_secrets
from config.settings import Settings
from ledger.clock import ledger_time
from ledger.database import Ledger
from ledger.machinery import canaries
from ledger.reading import work
from ledger.reading.handing_out import HandedOut, claim_next, is_due, take_back, take_back_lost
from ledger.states import Queue
from workers.reading.version import READER_VERSION

log = logging.getLogger("nianbao.workers")

# From so many documents on, several share a message.
MANY = 64
# The broker is asked once and briefly: whoever sends has other things to do, and the ledger remembers.
BROKER_SECONDS = 3
# How long workers are waited for that are asked whether they are there.
ANSWER_SECONDS = 2


# The brokers that are away, as the log of this process has said.
_said_away: set[str] = set()


class BrokerAway(Exception):
    """The broker cannot be reached; ``str()`` says why."""


def register(session: Session, version_id: int, at: datetime) -> int:
    """The id of the work of reading a version with today's reader; a new row waits from ``at``."""
    return work.register(session, version_id, READER_VERSION, at)


def send_overdue(settings: Settings, ledger: Ledger, now: datetime) -> int:
    """The sweep: hands out what was never sent, what failed and is due again, and what got lost. Returns how many.

    Several monitors may call it at once: each piece of work is claimed by one of them.
    """
    with ledger.write() as session:
        take_back_lost(session, now, lost_after(settings))
    return hand_out(settings, ledger, now) or 0


def hand_out(settings: Settings, ledger: Ledger, now: datetime) -> int | None:
    """Hands out what waits, as far as the queues have room; returns how many, None where the broker is away."""
    with closing(Sender(settings)) as sender:
        return fill_queues(sender, ledger, now)


def fill_queues(sender: Sender, ledger: Ledger, now: datetime) -> int | None:
    """Fills every queue from the ledger; returns how many were handed out, None where the broker is away."""
    with ledger.read() as session:
        waiting = [queue for queue in Queue if is_due(session, queue, now, sender.lost_after)]
    handed = [fill(sender, ledger, queue, now) for queue in waiting]
    return None if None in handed else sum(filter(None, handed))


def fill(sender: Sender, ledger: Ledger, queue: Queue, now: datetime) -> int | None:
    """Fills one queue from the ledger; returns how many were handed out, None where the broker is away."""
    room = sender.room(queue)
    if not room:
        return room
    with ledger.write() as session:
        claimed = claim_next(session, queue, now, sender.lost_after, room)
        sent = ledger_time(session, datetime.now(UTC)) if claimed else now
    if not claimed or sender.send(queue, claimed, sent, backlog=len(claimed) == room):
        return len(claimed)
    with ledger.write() as session:
        take_back(session, claimed)
    return None


def lost_after(settings: Settings) -> timedelta:
    """How long a message may be on its way before it counts as lost."""
    return timedelta(minutes=settings.lost_after_minutes)


def send_canary(settings: Settings, ledger: Ledger, now: datetime, queue: Queue = Queue.READ) -> bool:
    """Sends a canary through a queue where one is due; ``now`` is by this machine's clock. False: none was sent.

    Several monitors may call it at once: one of them sends.
    """
    with ledger.write() as session:
        slot = canaries.claim_canary(session, settings, ledger_time(session, now), queue)
    if slot is None:
        return False
    from workers.queue import CANARY

    with closing(Sender(settings)) as sender:
        try:
            sender.publish(CANARY, queue, [Message([slot])])
        except BrokerAway as error:
            sender.say_that_it_is_away(error)
            with ledger.write() as session:
                canaries.mark_unpublished(session, slot)
            return False
    return True


def broker_trouble(settings: Settings) -> str:
    """Why the broker does not answer at this moment, without its password; empty where it does."""
    with closing(Sender(settings)) as sender:
        try:
            sender.waiting(Queue.READ)
        except BrokerAway as error:
            return without_secrets(error, settings.broker_address)
    return ""


def answering_workers(settings: Settings) -> list[str]:
    """The names of the workers that answer when they are asked. Raises BrokerAway."""
    with closing(Sender(settings)) as sender:
        return sender.answering()


class Message(NamedTuple):
    """What a message carries: the arguments of its task, and headers."""

    arguments: list[object]
    headers: Mapping[str, object] = MappingProxyType({})


class Sender:
    """Sends messages over one connection, for whoever sends often; for one thread at a time."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._open = ExitStack()
        self._publish: Callable[[str, Queue, Iterable[Message]], None] | None = None
        self._count: Callable[[Queue], int] | None = None
        self._ask: Callable[[], list[str]] | None = None
        self.most = settings.queued_most
        self.lost_after = lost_after(settings)

    def room(self, queue: Queue) -> int | None:
        """How many more documents may wait in a queue; None where the broker is away."""
        try:
            return max(self.most - self.waiting(queue) * self._together(queue), 0)
        except BrokerAway as error:
            self.say_that_it_is_away(error)
            return None

    def waiting(self, queue: Queue) -> int:
        """How many messages wait in a queue. Raises BrokerAway."""
        with self._connected():
            assert self._count is not None  # noqa: S101 - narrows the type; it is set with the connection
            return self._count(queue)

    def answering(self) -> list[str]:
        """The names of the workers that answer. Raises BrokerAway."""
        with self._connected():
            assert self._ask is not None  # noqa: S101 - narrows the type; it is set with the connection
            return self._ask()

    def send(self, queue: Queue, handed_out: Sequence[HandedOut], sent: datetime, *, backlog: bool = False) -> bool:
        """Sends messages about the work that was claimed, after that is committed: about each piece, or about several
        together where there are many, or more wait (``backlog``).

        ``sent`` is the moment by the ledger's clock. False where the broker is away.
        """
        from workers.queue import TASK

        together = self._together(queue) if backlog or len(handed_out) >= MANY else 1
        try:
            self.publish(TASK, queue, _messages(handed_out, sent, together))
        except BrokerAway as error:
            self.say_that_it_is_away(error)
            return False
        return True

    def publish(self, task: str, queue: Queue, messages: Iterable[Message]) -> None:
        """Sends messages. Raises BrokerAway."""
        with self._connected():
            assert self._publish is not None  # noqa: S101 - narrows the type; it is set with the connection
            self._publish(task, queue, messages)

    def _together(self, queue: Queue) -> int:
        """About how many pieces of work a message may be: one where few may wait, or each takes long."""
        from workers.queue import TOGETHER

        return TOGETHER if queue is Queue.READ and self.most >= MANY else 1

    def say_that_it_is_away(self, error: BrokerAway) -> None:
        """One sentence in the log of a process until the broker is back, whoever asked it."""
        address = self._settings.broker_address
        if address not in _said_away:
            said = without_secrets(error, address)
            log.warning("消息队列无法访问（%s），等待读取的文档和探测任务稍后由监测交付", said)
        _said_away.add(address)

    def close(self) -> None:
        """Gives the connection back; another message opens a new one."""
        self._publish = self._count = self._ask = None
        self._open.close()

    @contextmanager
    def _connected(self) -> Iterator[None]:
        # Imported here so that whoever only registers work does not load Celery.
        from kombu.exceptions import BatchPublishError, OperationalError
        from redis.exceptions import RedisError

        try:
            if self._publish is None:
                self._connect()
            yield
            if self._settings.broker_address in _said_away:
                _said_away.discard(self._settings.broker_address)
                log.info("消息队列恢复访问")
        except (OperationalError, BatchPublishError, RedisError, OSError) as error:
            # Of a batch nobody knows what arrived: what is sent again does nothing.
            self.close()
            raise BrokerAway(str(error)) from error

    def _connect(self) -> None:
        from workers.queue import make_celery

        app = make_celery(self._settings)
        app.conf.broker_transport_options |= {
            "socket_timeout": BROKER_SECONDS,
            "socket_connect_timeout": BROKER_SECONDS,
            "max_retries": 0,
        }
        connection = self._open.enter_context(app.connection_for_write(connect_timeout=BROKER_SECONDS))
        producer = self._open.enter_context(app.amqp.Producer(connection))

        def publish(task: str, queue: Queue, messages: Iterable[Message]) -> None:
            options = {"queue": queue.value, "producer": producer, "retry": False, "ignore_result": True}
            # To the broker and back once for all of them.
            with producer.batch():
                for message in messages:
                    app.send_task(task, args=message.arguments, headers=dict(message.headers), **options)

        def count(queue: Queue) -> int:
            return int(connection.default_channel.queue_declare(queue=queue.value).message_count)

        def ask() -> list[str]:
            answers = app.control.ping(timeout=ANSWER_SECONDS, connection=connection) or []
            return sorted(name for answer in answers for name in answer)

        self._publish, self._count, self._ask = publish, count, ask


def _messages(handed_out: Sequence[HandedOut], sent: datetime, together: int) -> Iterator[Message]:
    from workers.queue import OTHERS, SENT

    for at, alike in groupby(handed_out, key=lambda one: one.at):
        pieces = [one.work_id for one in alike]
        for start in range(0, len(pieces), together):
            first, *others = pieces[start : start + together]
            headers: dict[str, object] = {SENT: sent.isoformat()}
            yield Message([first, at.isoformat()], headers | ({OTHERS: others} if others else {}))
