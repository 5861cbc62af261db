"""The crawler as a model: rounds over its portals, one connection a host, a pause between two requests.

A crawler process claims what is due, and runs one round over all of it; every portal is due again an interval after its
round began, but not before the round has ended. What is published between two looks at a list is found by the next.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bench.season.costs import Costs
from crawler.rounds.loop import POLL_SECONDS


@dataclass(frozen=True, slots=True)
class Crawling:
    """How the portals are asked: so many processes, an interval and a pause in seconds."""

    processes: int
    interval: float
    pause: float


@dataclass(frozen=True, slots=True)
class Found:
    """Published in a portal at a moment; fetched and handed over at another. ``longest_round`` is in seconds."""

    portals: list[int]
    published: list[float]
    fetched: list[float]
    longest_round: float


def crawl(
    published: Sequence[Sequence[float]],
    crawling: Crawling,
    costs: Costs,
    away: Mapping[int, tuple[float, float]] | None = None,
) -> Found:
    """When each report is fetched; ``published`` is by portal, sorted. Who is ``away`` does not answer for a while."""
    found = Found([], [], [], 0.0)
    longest = 0.0
    for process in range(crawling.processes):
        mine = range(process, len(published), crawling.processes)
        # The processes do not begin at the same moment.
        begin = crawling.interval * process / crawling.processes
        longest = max(longest, _rounds(published, mine, begin, crawling, costs, away or {}, found))
    return Found(found.portals, found.published, found.fetched, longest)


def _rounds(
    published: Sequence[Sequence[float]],
    mine: Sequence[int],
    begin: float,
    crawling: Crawling,
    costs: Costs,
    away: Mapping[int, tuple[float, float]],
    found: Found,
) -> float:
    """Runs the rounds of one process until everything is found; the longest of them, in seconds."""
    coming = sorted((moment, portal) for portal in mine for moment in published[portal])
    missed: list[tuple[float, int]] = []
    place, now, longest = 0, begin, 0.0
    quiet = len(mine) * costs.quiet_core
    quiet_round = max(costs.list_requests * crawling.pause, quiet)
    while place < len(coming) or missed:
        if not missed and coming[place][0] > now:
            # Rounds in which nothing is new are all alike: over them to the first that begins after the next report.
            step = max(crawling.interval, quiet_round + POLL_SECONDS)
            now += max(0.0, -(-(coming[place][0] - now) // step)) * step
        seen, missed = missed, []
        while place < len(coming) and coming[place][0] <= now:
            seen.append(coming[place])
            place += 1
        answering: list[tuple[float, int]] = []
        for moment, portal in seen:
            out = away.get(portal)
            (missed if out is not None and out[0] <= now < out[1] else answering).append((moment, portal))
        length = max(quiet_round, _fetch(answering, now, quiet, crawling, costs, found))
        longest = max(longest, length)
        now = max(now + crawling.interval, now + length + POLL_SECONDS)
    return longest


def _fetch(
    seen: Sequence[tuple[float, int]], now: float, quiet: float, crawling: Crawling, costs: Costs, found: Found
) -> float:
    """Fetches what a round has seen, portal beside portal; how long that takes."""
    asked: dict[int, int] = {}
    polite = []
    for moment, portal in seen:
        asked[portal] = asked.get(portal, 0) + 1
        requests = costs.list_requests + asked[portal] * costs.new_requests
        polite.append((now + requests * crawling.pause, moment, portal))
    core = now + quiet
    for earliest, moment, portal in sorted(polite):
        core = max(core, earliest) + costs.new_core
        found.portals.append(portal)
        found.published.append(moment)
        found.fetched.append(core)
    return core - now if seen else 0.0
