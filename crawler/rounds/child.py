"""A process that runs a spider, seen from outside."""

from __future__ import annotations

import multiprocessing
import signal
import sys
import time
from multiprocessing.process import BaseProcess
from typing import Any

from config.portals import PortalFile
from crawler.rounds.process import run_in_child
from crawler.rounds.shared_process import STALL_EXIT
from crawler.spider import MEMORY_EXIT, RoundOrder, RoundSpider
from crawler.storing.result import RoundResult, failure_sentence
from ledger.states import RoundFailure

_EXIT_SECONDS = 10
# A round ends itself when its time is over; its process is ended where that did not help.
GRACE_SECONDS = 30
_FAILURES = {
    -signal.SIGPROF: RoundFailure.STALLED,
    STALL_EXIT: RoundFailure.STALLED,
    MEMORY_EXIT: RoundFailure.MEMORY_LIMIT,
}


def preloaded() -> list[str]:
    """The modules that are loaded once, by the server that the processes are forked from.

    Each process loads this program again, because the server does not (before Python 3.13.2 it is not told where it
    is). That costs little where what the program imports is there already.
    """
    imported = (getattr(one, "__module__", None) for one in vars(sys.modules["__main__"]).values())
    modules = {one for one in imported if isinstance(one, str)} - {"__main__", "builtins"}
    # The last one keeps what it finds in memory as it is.
    return [*sorted(modules), "crawler.rounds.process"]


class Child:
    """A process that is alive, or was.

    ``results`` are those that it has given so far, ``unfinished`` the portals whose rounds have given none.
    """

    def __init__(self, spider: type[RoundSpider], order: RoundOrder) -> None:
        self.order = order
        self.results: list[Any] = []
        self.failure: RoundFailure | None = None
        self.unfinished: list[PortalFile] = list(order.portals)
        self._deadline = time.monotonic() + order.limit + GRACE_SECONDS
        self._process: BaseProcess | None = None
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(preloaded())
        self.connection, sender = context.Pipe(duplex=False)
        process = context.Process(target=run_in_child, args=(sender, spider, order), name="nianbao-round")
        try:
            process.start()
            self._process = process
        except (EOFError, OSError):
            self.failure = RoundFailure.NOT_STARTED
            self.connection.close()
        finally:
            sender.close()

    @property
    def ended(self) -> bool:
        """Whether nothing more comes of it."""
        return self.connection.closed

    def take(self) -> list[Any]:
        """The results that have come since the last time; ends the process where it or its time is over.

        It is over with the last round: what a round found is in the ledger before its result comes.
        """
        came: list[Any] = []
        while not self.ended and self.connection.poll():
            try:
                came.append(self.connection.recv())
            except (EOFError, OSError):
                self._process_ended()
        self.results += came
        ended = {one.portal for one in came if isinstance(one, RoundResult)}
        if ended:
            self.unfinished = [portal for portal in self.unfinished if portal.portal not in ended]
        if not self.ended and not self.unfinished:
            self.end(None)
        elif not self.ended and time.monotonic() >= self._deadline:
            self.end(RoundFailure.TIME_LIMIT)
        return came

    def end(self, failure: RoundFailure | None) -> None:
        """Kills the process: what a page made of it does not listen any more."""
        self.failure = failure
        self.connection.close()
        if self._process is not None:
            self._process.kill()
            self._process.join()

    def _process_ended(self) -> None:
        self.connection.close()
        assert self._process is not None  # noqa: S101 - narrows the type: only a process that began can end
        self._process.join(_EXIT_SECONDS)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        code = self._process.exitcode
        if code != 0 and code is not None:
            self.failure = _FAILURES.get(code, RoundFailure.DIED)

    def sentence(self) -> str:
        """What people read of a portal without a result."""
        code = self._process.exitcode if self._process is not None else None
        return failure_sentence(self.failure, self.order.settings, self.order.limit, code)
