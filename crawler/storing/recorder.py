"""Writes into the ledger beside the loop: while the database is slow, portals are fetched from.

What the portals of a process give while a transaction is written shares the next one: a transaction costs as much as
two articles in it. So the next one waits a moment for those that are about to give something. A portal goes on when
what it gave is committed.
"""

from __future__ import annotations

import asyncio
import fcntl
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from config.private_files import make_private_file
from ledger.database import Ledger, is_away

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class _Write:
    """What is written in a transaction, and what has to be done before it begins."""

    write: Callable[[Session], Any]
    first: Callable[[], object] | None


# A transaction holds the lock for a moment, whoever waits.
MOST_TOGETHER = 32
# So long a transaction waits for others to share it, unless everybody is there; a portal is asked far less often.
GATHER_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class _Outcome:
    result: Any = None
    error: Exception | None = None


class Recorder:
    """Who writes, as long as a round lasts: one transaction after the other, in a thread of its own."""

    def __init__(self, ledger: Ledger, portals: int = 1) -> None:
        """``portals``: how many give something again and again, each when what it gave before is committed."""
        self.ledger = ledger
        self._portals = portals
        self._enough = asyncio.Event()
        self._writer = ThreadPoolExecutor(1, "nianbao-writer")
        self._waiting: list[tuple[_Write, asyncio.Future[Any]]] = []
        self._writing: asyncio.Task[None] | None = None
        url = ledger.engine.url
        self._turn = partial(_turns_at, url.database if url.get_backend_name() == "sqlite" else None)

    async def write(self, write: Callable[[Session], Result], first: Callable[[], object] | None = None) -> Result:
        """Calls ``write`` in a writing transaction, perhaps with others; its result, once that is committed.

        ``first`` is called before, while nobody waits for the transaction. Both may be called twice, the first time in
        vain. Raises what they raise, and SQLAlchemy's errors.
        """
        done: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((_Write(write, first), done))
        self._count()
        if self._writing is None:
            self._writing = asyncio.create_task(self._write_all())
        return await done

    def leave(self) -> None:
        """A portal has nothing more to give: nobody waits for it any longer."""
        self._portals -= 1
        self._count()

    def close(self) -> None:
        """Waits until what is being written is; whoever waits for more has given up."""
        self._writer.shutdown()
        self._waiting.clear()

    def _count(self) -> None:
        if len(self._waiting) >= min(self._portals, MOST_TOGETHER):
            self._enough.set()

    async def _gather(self) -> None:
        """Waits until everybody is there who may share the next transaction, at most for a moment."""
        later = asyncio.get_running_loop().call_later(GATHER_SECONDS, self._enough.set)
        await self._enough.wait()
        later.cancel()
        self._enough.clear()

    async def _write_all(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            while self._waiting:
                await self._gather()
                if not self._waiting:
                    break  # closed meanwhile: whoever waited has given up, and nobody is there to write
                together, self._waiting = self._waiting[:MOST_TOGETHER], self._waiting[MOST_TOGETHER:]
                writes = [write for write, _ in together]
                outcomes = await loop.run_in_executor(self._writer, self._commit, writes)
                for (_, done), outcome in zip(together, outcomes, strict=True):
                    if done.cancelled():
                        continue
                    if outcome.error is not None:
                        done.set_exception(outcome.error)
                    else:
                        done.set_result(outcome.result)
        finally:
            self._writing = None

    def _commit(self, writes: Sequence[_Write]) -> list[_Outcome]:
        """Writes all in one transaction; where that fails, each by itself, so that only what is wrong fails."""
        try:
            for one in writes:
                if one.first is not None:
                    one.first()
            with self._turn(), self.ledger.write() as session:
                return [_Outcome(one.write(session)) for one in writes]
        except Exception as error:  # noqa: BLE001 - it is raised again where the write was asked for
            if len(writes) == 1 or is_away(error):
                return [_Outcome(error=error)] * len(writes)
        return [self._commit([write])[0] for write in writes]


@contextmanager
def _turns_at(path: str | None) -> Iterator[None]:
    """Waits for the turn of this process among those that write into the same SQLite file.

    SQLite's own wait is a guess of when to try again: of many processes that write all the time one may never get its
    turn. They queue here, so that of all of them one at a time is at SQLite's lock, beside workers and monitor.
    """
    if path is None:
        yield
        return
    queue = Path(f"{path}-crawl.lock")
    make_private_file(queue)
    with queue.open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
