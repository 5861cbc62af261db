"""Writes into the ledger for all portals of a round, in a thread of its own; what comes while it writes is next.

A portal's coroutine goes on when what it gave is committed; while the database is slow, the other portals are fetched
from. That many writes share a transaction is what makes it cheap to record everything: a transaction costs as much as
two articles in it. So there is one after the other only as long as every portal at work waits for it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session

from config.settings import Settings
from ledger.database import Ledger
from ledger.reading.handing_out import HandedOut, claim_next, take_back
from ledger.states import Queue
from workers.dispatch import Sender

log = logging.getLogger("nianbao.crawler")
Result = TypeVar("Result")
_Write = Callable[[Session], Any]
# From one transaction to the next, where not every portal at work waits for it already.
GATHER_SECONDS = 0.025
# From one lot of messages to the next: who reads is in no such hurry, and each lot asks broker and ledger anew.
HAND_OUT_SECONDS = 0.2
# What PostgreSQL calls it.
DEADLOCK = "40P01"


@dataclass(frozen=True, slots=True)
class _Outcome:
    result: Any = None
    error: Exception | None = None


class Recorder:
    """Who writes, and hands work over to the workers, as long as a round lasts."""

    def __init__(self, settings: Settings, ledger: Ledger) -> None:
        self.ledger = ledger
        self._sender = Sender(settings)
        self._writer = ThreadPoolExecutor(1, "nianbao-writer")
        self._messenger = ThreadPoolExecutor(1, "nianbao-messenger")
        self._waiting: list[tuple[_Write, asyncio.Future[Any]]] = []
        self._begun = 0.0
        self._at_work = 0
        self._all_wait = asyncio.Event()
        self._closing = asyncio.Event()
        self._unsent = False
        self._writing: asyncio.Task[None] | None = None
        self._sending: asyncio.Task[None] | None = None
        self._broker_away = False

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """A portal is at work, and may soon give something: a transaction is worth waiting for it."""
        self._at_work += 1
        try:
            yield
        finally:
            self._at_work -= 1
            self._see_who_waits()

    async def write(self, write: Callable[[Session], Result]) -> Result:
        """Calls ``write`` in a writing transaction, perhaps with others; its result, once that is committed.

        ``write`` may be called twice, the first time in vain. Raises what it raises, and SQLAlchemy's errors.
        """
        done: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((write, done))
        self._see_who_waits()
        if self._writing is None:
            self._writing = asyncio.create_task(self._write_all())
        return await done

    def hand_over(self, work_ids: Sequence[int], at: datetime) -> None:
        """Soon hands out what waits to be read, of which ``work_ids`` is a new part, while the queue has room.

        What has none stays in the ledger, and the workers fetch it; a broker that is away is asked once.
        """
        self._unsent |= bool(work_ids)
        if self._unsent and self._sending is None and not self._broker_away:
            self._sending = asyncio.create_task(self._hand_out(at))

    async def close(self) -> None:
        """Waits until everything is written and sent."""
        self._closing.set()
        while tasks := [task for task in (self._sending, self._writing) if task is not None]:
            await asyncio.wait(tasks)
        await asyncio.get_running_loop().run_in_executor(self._messenger, self._sender.close)
        self._messenger.shutdown()
        self._writer.shutdown()

    async def _write_all(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            await _wait(self._all_wait, self._begun + GATHER_SECONDS - loop.time())
            self._begun = loop.time()
            together, self._waiting = self._waiting, []
            self._see_who_waits()
            writes = [write for write, _ in together]
            outcomes = await loop.run_in_executor(self._writer, self._commit, writes)
            for (_, done), outcome in zip(together, outcomes, strict=True):
                if done.cancelled():
                    continue
                if outcome.error is not None:
                    done.set_exception(outcome.error)
                else:
                    done.set_result(outcome.result)
        self._writing = None

    def _commit(self, writes: Sequence[_Write]) -> list[_Outcome]:
        try:
            with self.ledger.write() as session:
                return [_Outcome(write(session)) for write in writes]
        except Exception as error:  # noqa: BLE001 - it is raised again where the write was asked for
            # A database that is away is away for all of them; else one is wrong, and it alone is to fail. A deadlock
            # is neither: where a claim has lapsed two rounds write about the same portals, each in its own order.
            away = isinstance(error, OperationalError) and getattr(error.orig, "sqlstate", None) != DEADLOCK
            if len(writes) == 1 or away:
                return [_Outcome(error=error)] * len(writes)
        return [self._commit([write])[0] for write in writes]

    def _see_who_waits(self) -> None:
        if len(self._waiting) >= self._at_work:
            self._all_wait.set()
        else:
            self._all_wait.clear()

    async def _hand_out(self, at: datetime) -> None:
        """Hands out what waits in the ledger, ours or another's, as far as the queue has room."""
        while self._unsent and not self._broker_away:
            await _wait(self._closing, HAND_OUT_SECONDS)
            self._unsent = False
            try:
                await self._fill(at)
            except SQLAlchemyError as error:
                log.warning("未能交付等待读取的文档（%s），稍后由巡检交付", str(error).splitlines()[0])
        self._sending = None

    async def _fill(self, at: datetime) -> None:
        loop, sender, queue = asyncio.get_running_loop(), self._sender, Queue.READ
        room = await loop.run_in_executor(self._messenger, sender.room, queue)
        claimed: list[HandedOut] = []
        if room:
            claimed = await self.write(lambda session: claim_next(session, queue, at, sender.lost_after, room))
        sent = not claimed or await loop.run_in_executor(self._messenger, sender.send, queue, claimed)
        if not sent:
            await self.write(lambda session: take_back(session, claimed))
        self._broker_away = room is None or not sent


async def _wait(event: asyncio.Event, seconds: float) -> None:
    """Waits for an event, and no longer than so many seconds."""
    if seconds > 0 and not event.is_set():
        with suppress(TimeoutError):
            await asyncio.wait_for(event.wait(), seconds)
