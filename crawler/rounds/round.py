"""One round over some portals, from outside: starts its processes, waits for them, and says how it ended."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from multiprocessing.connection import wait
from typing import Any

from config.agencies import DistrictFile
from config.in_force import load_register
from config.portals import PortalFile
from config.settings import Settings
from config.yaml_file import ConfigurationError
from crawler.rounds.child import Child
from crawler.rounds.worlds import Worlds
from crawler.spider import RoundOrder, RoundSpider
from crawler.storing.result import RoundResult
from crawler.survey.probe import Probe, ProbeSpider
from ledger.database import open_ledger
from ledger.states import RoundFailure

_POLL_SECONDS = 0.5


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
    limit_seconds: float | None = None,
    go_on: Callable[[], bool] = always,
) -> list[RoundResult]:
    """One round over the portals named; returns a result for each, in this order.

    ``at`` is the time of the season that everything found is recorded with. A portal's round that lasts longer than
    ``limit_seconds`` (by default the settings'), whose process dies, or that is ended because ``go_on`` (asked all the
    while) says no, has FAILED.
    Raises ConfigurationError where a file is wrong, UnknownPortalError where a portal has none.
    """
    order = replace(make_order(settings, portal_ids, at), limit_seconds=limit_seconds)
    if not order.portals:
        return []
    by_portal: dict[str, RoundResult] = {}
    with closing(open_ledger(settings)) as ledger, Worlds(settings, ledger) as worlds:
        worlds.begin(order)
        while worlds.running:
            results = worlds.turn(_POLL_SECONDS) if go_on() else worlds.stop()
            by_portal |= {result.portal: result for result in results}
    return [by_portal[portal.portal] for portal in order.portals]


def run_probe(settings: Settings, portal_id: str, at: datetime) -> Probe:
    """Reads the lists of one portal and judges their entries, without keeping anything.

    Raises as :func:`run_round` does, and RoundError where the process did not end well.
    """
    order = make_order(settings, [portal_id], at)
    results, trouble = run_spider(ProbeSpider, order)
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


def run_spider(spider: type[RoundSpider], order: RoundOrder) -> tuple[list[Any], str]:
    """Runs a spider in a process of its own; its results, and a sentence why there is none."""
    child = Child(spider, order)
    try:
        while not child.ended:
            wait([child.connection], _POLL_SECONDS)
            child.take()
    finally:
        if not child.ended:
            child.end(RoundFailure.STOPPED)
    return child.results, child.sentence()
