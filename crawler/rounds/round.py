"""One round over some portals, from outside: starts its process, waits for it, and says how it ended."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from datetime import datetime
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

from config.agencies import DistrictFile
from config.in_force import load_register
from config.portals import PortalFile
from config.settings import Settings
from config.yaml_file import ConfigurationError
from crawler.rounds.process import run_in_child
from crawler.spider import RoundOrder, RoundSpider
from crawler.storing.result import RoundResult
from crawler.survey.probe import Probe, ProbeSpider
from ledger.crawling import portals
from ledger.database import Ledger, open_ledger
from ledger.states import RoundState

LIMIT_SECONDS = 4 * 3600.0
STOPPED = "服务正在停止，这一轮没有做完"
_POLL_SECONDS = 0.5
_STOP_SECONDS = 10
# Loaded once by the server that the rounds are forked from; the last two are what handing over work needs.
PRELOADED = ["__main__", "crawler.rounds.process", "workers.reading.read", "workers.queue"]


class UnknownPortalError(Exception):
    """A portal was asked for that has no file; ``str()`` is one sentence."""


class RoundError(Exception):
    """The process of a round or a probe did not end well; ``str()`` is one sentence."""


def always() -> bool:
    """Goes on whatever happens."""
    return True


def run_round(
    settings: Settings,
    portal_ids: Sequence[str],
    at: datetime,
    *,
    limit_seconds: float = LIMIT_SECONDS,
    go_on: Callable[[], bool] = always,
) -> list[RoundResult]:
    """One round over the portals named, in one process of its own; returns a result for each, in this order.

    ``at`` is the time of the season that everything found is recorded with. A process that dies, or is still running
    after ``limit_seconds``, or is ended because ``go_on`` (asked all the while) says no, ends every round of it that
    had not ended as FAILED.
    Raises ConfigurationError where a file is wrong, UnknownPortalError where a portal has none.
    """
    order = make_order(settings, portal_ids, at)
    if not order.portals:
        return []
    results, trouble = run_spider(RoundSpider, order, limit_seconds, go_on)
    by_portal = {result.portal: result for result in results}
    missing = [portal.portal for portal in order.portals if portal.portal not in by_portal]
    if missing:
        with closing(open_ledger(settings)) as ledger:
            by_portal |= _fail(ledger, missing, trouble, at)
    return [by_portal[portal.portal] for portal in order.portals]


def run_probe(settings: Settings, portal_id: str, at: datetime, *, limit_seconds: float = LIMIT_SECONDS) -> Probe:
    """Reads the lists of one portal and judges their entries, without keeping anything.

    Raises as :func:`run_round` does, and RoundError where the process did not end well.
    """
    order = make_order(settings, [portal_id], at)
    results, trouble = run_spider(ProbeSpider, order, limit_seconds, always)
    if not results:
        raise RoundError(trouble)
    probe: Probe = results[0]
    return probe


def make_order(settings: Settings, portal_ids: Sequence[str], at: datetime) -> RoundOrder:
    """What a round needs, read from the files of the office and checked before anything is asked of a portal."""
    register = load_register(settings.home)
    files, districts = register.portals, register.districts
    unknown = [name for name in portal_ids if name not in files]
    if unknown:
        raise UnknownPortalError(
            f"没有门户“{'、'.join(unknown)}”；现有：{'、'.join(sorted(files))}（nianbao portals list）"
        )
    chosen = tuple(files[name] for name in dict.fromkeys(portal_ids))
    for portal in chosen:
        check_portal(portal, districts)
    return RoundOrder(settings, chosen, districts, at)


def check_portal(portal: PortalFile, districts: Mapping[str, DistrictFile]) -> None:
    """Raises ConfigurationError where the district of a portal does not exist: one that is paused may have none."""
    if portal.district not in districts:
        raise ConfigurationError(
            f"门户文件 {portal.portal}", f"没有“{portal.district}”的机关名录", "请在 config/agencies 中补上该区的文件"
        )


def run_spider(
    spider: type[RoundSpider],
    order: RoundOrder,
    limit_seconds: float = LIMIT_SECONDS,
    go_on: Callable[[], bool] = always,
) -> tuple[list[Any], str]:
    """Runs a spider in a process of its own; its results, or none and a sentence why."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=run_in_child, args=(sender, spider, order), name="nianbao-round")
    try:
        process.start()
    except (EOFError, OSError) as error:
        receiver.close()
        return [], f"抓取进程无法启动（{type(error).__name__}）"
    finally:
        sender.close()
    return _wait(receiver, process, limit_seconds, go_on)


def _wait(
    receiver: Connection, process: BaseProcess, limit_seconds: float, go_on: Callable[[], bool]
) -> tuple[list[Any], str]:
    """The results, or none and a sentence why."""
    deadline = time.monotonic() + limit_seconds
    with closing(receiver):
        while not receiver.poll(min(_POLL_SECONDS, max(0.0, deadline - time.monotonic()))):
            if not go_on():
                _end(process)
                return [], STOPPED
            if time.monotonic() >= deadline:
                _end(process)
                return [], f"这一轮超过 {limit_seconds:g} 秒仍未结束，已中止"
        try:
            results: list[Any] = receiver.recv()
        except EOFError:
            process.join(_STOP_SECONDS)
            return [], f"抓取进程意外终止（退出码 {process.exitcode}）"
    process.join(_STOP_SECONDS)
    if process.is_alive():
        _end(process)
    return results, "抓取进程没有给出这个门户的结果"


def _end(process: BaseProcess) -> None:
    process.terminate()
    process.join(_STOP_SECONDS)
    if process.is_alive():
        process.kill()
        process.join()


def _fail(ledger: Ledger, portal_ids: Sequence[str], sentence: str, at: datetime) -> dict[str, RoundResult]:
    with ledger.write() as session:
        for portal in portal_ids:
            portals.fail_running_rounds(session, portal, sentence, at)
    return {portal: RoundResult(portal, RoundState.FAILED, None, sentence) for portal in portal_ids}
