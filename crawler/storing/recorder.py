"""Writes into the ledger beside the loop: while the database is slow, the portal is fetched from."""

from __future__ import annotations

import asyncio
import fcntl
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import TypeVar

from sqlalchemy.orm import Session

from ledger.database import Ledger

Result = TypeVar("Result")


class Recorder:
    """Who writes, as long as a round lasts: one transaction after the other, in a thread of its own."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self._writer = ThreadPoolExecutor(1, "nianbao-writer")
        url = ledger.engine.url
        self._turn = partial(_turns_at, url.database if url.get_backend_name() == "sqlite" else None)

    async def write(self, write: Callable[[Session], Result]) -> Result:
        """Calls ``write`` in a writing transaction; its result, once that is committed.

        Raises what it raises, and SQLAlchemy's errors.
        """
        return await asyncio.get_running_loop().run_in_executor(self._writer, self._commit, write)

    def close(self) -> None:
        """Waits until everything is written."""
        self._writer.shutdown()

    def _commit(self, write: Callable[[Session], Result]) -> Result:
        with self._turn(), self.ledger.write() as session:
            return write(session)


@contextmanager
def _turns_at(path: str | None) -> Iterator[None]:
    """Waits for the turn of this process among those that write into the same SQLite file.

    SQLite's own wait is a guess of when to try again: of many processes that write all the time one may never get its
    turn. They queue here, so that of all worlds one at a time is at SQLite's lock, beside workers and monitor.
    """
    if path is None:
        yield
        return
    with open(f"{path}-crawl.lock", "ab") as file:  # noqa: PTH123 - a name beside the ledger's
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
