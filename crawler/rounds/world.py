"""One process that runs a spider over a world, or over several, seen from outside. A world are portals of one host."""

from __future__ import annotations

import multiprocessing
import signal
import time
from collections.abc import Sequence
from multiprocessing.process import BaseProcess
from typing import Any

from config.portals import PortalFile
from config.settings import Settings
from crawler.fetching.pace import host_of
from crawler.rounds.process import STALL_EXIT, run_in_child
from crawler.spider import MEMORY_EXIT, RoundOrder, RoundSpider
from crawler.storing.result import RoundResult
from ledger.states import RoundFailure

_EXIT_SECONDS = 10
# Loaded once by the server that the processes are forked from.
PRELOADED = ["__main__", "crawler.rounds.process"]


class WorldProcess:
    """A process that is alive, or was; ``results`` are those that it has given so far."""

    def __init__(self, spider: type[RoundSpider], order: RoundOrder, limit_seconds: float) -> None:
        self.order = order
        self.results: list[Any] = []
        self.failure: RoundFailure | None = None
        self._limit_seconds = limit_seconds
        self._deadline = time.monotonic() + limit_seconds
        self._process: BaseProcess | None = None
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(PRELOADED)
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

    @property
    def unfinished(self) -> list[PortalFile]:
        """The portals whose rounds have given no result yet."""
        ended = {one.portal for one in self.results if isinstance(one, RoundResult)}
        return [portal for portal in self.order.portals if portal.portal not in ended]

    def take(self) -> list[Any]:
        """The results that have come since the last time; ends the world where its process or its time is over."""
        came: list[Any] = []
        while not self.ended and self.connection.poll():
            try:
                came.append(self.connection.recv())
            except (EOFError, OSError):
                self._process_ended()
        self.results += came
        if not self.ended and time.monotonic() >= self._deadline:
            self.end(RoundFailure.TIME_LIMIT)
        return came

    def end(self, failure: RoundFailure) -> None:
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
        if self._process.exitcode in (-signal.SIGPROF, STALL_EXIT):
            self.failure = RoundFailure.STALLED
        elif self._process.exitcode == MEMORY_EXIT:
            self.failure = RoundFailure.MEMORY_LIMIT
        elif self._process.exitcode != 0:
            self.failure = RoundFailure.DIED

    def sentence(self) -> str:
        """What people read of a portal without a result."""
        return failure_sentence(
            self.failure, self.order.settings, self._limit_seconds, self._process.exitcode if self._process else None
        )


def failure_sentence(
    failure: RoundFailure | None, settings: Settings, limit_seconds: float, exit_code: int | None
) -> str:
    """What people read of a round that did not end by itself."""
    match failure:
        case RoundFailure.STOPPED:
            return "服务正在停止，这一轮没有做完"
        case RoundFailure.TIME_LIMIT:
            return f"这一轮超过 {limit_seconds:g} 秒仍未结束，已中止"
        case RoundFailure.STALLED:
            return f"门户的某个页面让程序停在一处超过 {settings.crawl_stall_seconds:g} 秒（处理器时间），这一轮已中止"
        case RoundFailure.MEMORY_LIMIT:
            return f"门户的页面用尽了 {settings.crawl_memory_megabytes} MB 内存，这一轮已中止"
        case RoundFailure.BEGUN_ANEW:
            return "同一进程中另一门户的页面使进程中止，这一轮已在单独的进程中重新开始"
        case RoundFailure.NOT_STARTED:
            return "抓取进程无法启动"
        case RoundFailure.DIED:
            return f"抓取进程意外终止（退出码 {exit_code}）"
        case _:
            return "抓取进程没有给出这个门户的结果"


def worlds_of(portals: Sequence[PortalFile]) -> list[tuple[PortalFile, ...]]:
    """Portals that share a host, their own or that of a column, belong together: manners are kept in one process."""
    groups: list[tuple[set[str], list[PortalFile]]] = []
    for portal in portals:
        hosts, members = hosts_of(portal), [portal]
        for group in [one for one in groups if one[0] & hosts]:
            groups.remove(group)
            hosts |= group[0]
            members = [*group[1], *members]
        groups.append((hosts, members))
    return [tuple(members) for _, members in groups]


def hosts_of(portal: PortalFile) -> set[str]:
    """The hosts that a portal's lists stand on, with their ports."""
    addresses = [portal.start, *(column.address for column in portal.columns)]
    return {host_of(address) for address in addresses} - {""}
