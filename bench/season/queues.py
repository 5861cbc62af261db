"""Waiting lines, and nothing else: who comes first is served first by whichever server is free.

Times are seconds. Given the same arrivals the answer is exact and always the same; what a queue of chance arrivals does
is known in closed form, and tests/bench compares.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Outage:
    """Servers ``first`` up to (not including) ``end_server`` take nothing from ``begin`` to ``end``.

    ``loses``: what they have in hand is lost, and comes again; otherwise they finish it.
    """

    begin: float
    end: float
    first: int = 0
    end_server: int = 1 << 30
    loses: bool = False

    def hits(self, server: int) -> bool:
        """Whether a server is among them."""
        return self.first <= server < self.end_server


def serve(
    ready: Sequence[float],
    needed: Sequence[float],
    servers: int,
    outages: Sequence[Outage] = (),
    again_after: float = 0.0,
) -> list[float]:
    """When each job is done. It is ready at ``ready`` and takes ``needed`` seconds of one of ``servers``.

    A job that a server loses is ready again ``again_after`` seconds later, and starts from the beginning.
    Raises ValueError where there is no server.
    """
    if servers < 1:
        raise ValueError("there is no server")
    waiting = [(moment, number) for number, moment in enumerate(ready)]
    heapq.heapify(waiting)
    free = [(0.0, server) for server in range(servers)]
    done = [0.0] * len(waiting)
    while waiting:
        moment, job = heapq.heappop(waiting)
        start, server = _next_server(free, moment, outages)
        end = start + needed[job]
        lost = min(
            (one.begin for one in outages if one.loses and one.hits(server) and start < one.begin < end), default=None
        )
        if lost is None:
            done[job] = end
            heapq.heappush(free, (end, server))
        else:
            heapq.heappush(free, (lost, server))
            heapq.heappush(waiting, (lost + again_after, job))
    return done


def serve_by_turns(
    ready: Sequence[float], needed: Sequence[float], servers: int, groups: Sequence[Hashable]
) -> list[float]:
    """As :func:`serve`, but who waits has a turn: one after the last of its group that waits, else the first.

    The lowest turn is next, and among equals who came first (ledger/reading/handing_out.py; the groups there are
    portals).
    Raises ValueError where there is no server.
    """
    if servers < 1:
        raise ValueError("there is no server")
    coming = sorted(range(len(ready)), key=lambda job: ready[job])
    waiting: list[tuple[int, int]] = []
    taken: defaultdict[Hashable, set[int]] = defaultdict(set)
    free = [0.0] * servers
    done = [0.0] * len(coming)
    place, served = 0, 0
    while served < len(coming):
        now = heapq.heappop(free)
        if not waiting:
            now = max(now, ready[coming[place]])
        while place < len(coming) and ready[coming[place]] <= now:
            job = coming[place]
            turn = max(taken[groups[job]], default=-1) + 1
            taken[groups[job]].add(turn)
            heapq.heappush(waiting, (turn, place))
            place += 1
        turn, number = heapq.heappop(waiting)
        job = coming[number]
        taken[groups[job]].discard(turn)
        done[job] = now + needed[job]
        heapq.heappush(free, done[job])
        served += 1
    return done


def turns(ready: Sequence[float], every: float, outages: Sequence[Outage] = ()) -> list[float]:
    """For each moment the beginning of the first turn at or after it, where one begins every so many seconds.

    No turn begins in an outage; the first one after it begins as it ends.
    """
    found = []
    for moment in ready:
        begin = -(-moment // every) * every
        for one in sorted(outages, key=lambda outage: outage.begin):
            if one.begin <= begin < one.end:
                begin = one.end
        found.append(begin)
    return found


def next_try(moment: float, begin: float, end: float, pauses: Sequence[float]) -> float:
    """When something succeeds that fails between ``begin`` and ``end`` and is tried again after growing pauses."""
    tries = 0
    while begin <= moment < end:
        moment += pauses[min(tries, len(pauses) - 1)]
        tries += 1
    return moment


def share_below(values: Sequence[float], share: float) -> float:
    """The value that ``share`` (0 to 1) of the values do not exceed. Raises ValueError where there are none."""
    if not values:
        raise ValueError("there are no values")
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, int(share * len(ordered) + 0.999999) - 1))]


def _next_server(free: list[tuple[float, int]], moment: float, outages: Sequence[Outage]) -> tuple[float, int]:
    """Takes the server that can begin first out of ``free``; when it begins."""
    while True:
        since, server = heapq.heappop(free)
        start = max(moment, since)
        until = max((one.end for one in outages if one.hits(server) and one.begin <= start < one.end), default=None)
        if until is None:
            return start, server
        heapq.heappush(free, (until, server))
