"""``make bench``: what a round costs, beside a bare Scrapy spider, and a round over 500 portals.

What is fair. The bare spider (bench/crawling/bare.py) follows the same links of the same pages of the same server by
Scrapy's selectors, with Scrapy's own settings, one connection a host, robots.txt obeyed, yields each report as an item
and keeps the files, by Scrapy's own feed and pipeline. That is the one that the goal is of; the light one, which keeps
nothing, is told beside it. Nobody waits: the pace is none and AutoThrottle is off, so that what counts is work. Ours
records everything: bytes in an archive on disk, rows in the ledger (SQLite, made before: whoever starts a round has
claimed its portals there), the account of every list page, messages to a real broker. Ours has processes for some
portals each, forked from a server that stands before the round, as in the service, and all of them have one core
together; the web server has the other. They take turns, in one order and then in the other.
Compared are the rounds of a turn, and what is told is the median of the turns, by the clock and by processor seconds:
on a busy machine only the latter mean anything, and little where others share the core's caches. The pages are a
published report of 20 KB in gb18030, or a short one beside a PDF of 290 KB (every fourth), and lists of twenty rows.

Every portal has an address of its own in 127.0.0.0/8, which Linux answers without further ado.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from bench.crawling.server import Asked, Server
from bench.crawling.world import CHECKOUT, Portal, write_office
from cli.broker import EmbeddedBroker
from config.settings import load_settings
from crawler.fetching.pace import DEFAULT_DELAY_SECONDS
from ledger.database import open_ledger

PORTALS, AGENCIES = 20, 50
MANY, FEW = 500, 4
FIRST, HOUR_LATER, DAY_LATER = (f"2020-02-0{day}T0{hour}:00:00+00:00" for day, hour in ((3, 1), (3, 2), (4, 2)))
CRAWLER_CORE, SERVER_CORE = (0, 1) if (os.cpu_count() or 1) > 1 else (None, None)
GOAL = 0.8
MOST_MEGABYTES = 600
TIMEOUT_SECONDS = 5
say = Console(highlight=False, width=None if sys.stdout.isatty() else 120).print


@dataclass(frozen=True)
class Measured:
    """One round: what it says of itself, and what the server was asked."""

    seconds: float
    computing: float
    memory: float
    rounds: list[dict[str, Any]]
    asked: Asked

    @property
    def pages_a_second(self) -> float:
        """By the clock."""
        return self.asked.requests / self.seconds

    @property
    def core_ms(self) -> float:
        """Milliseconds of a core that a page took."""
        return self.computing / self.asked.requests * 1000


@contextmanager
def office(folder: Path, portals: list[Portal], server: Server) -> Iterator[Path]:
    """A home in ``folder`` with the files for ``portals``, an empty ledger, and a broker.

    It is left to the end of the bench: ext4 passes over what was deleted in the last seconds with every file that it
    makes, which costs whoever makes most files. An archive, from which hardly anything is ever deleted, never pays it.
    """
    home = Path(tempfile.mkdtemp(dir=folder))
    write_office(home, portals, server.port)
    settings = load_settings(home=home)
    # Whoever starts a round has claimed its portals in the ledger: that it is made is no part of the round.
    open_ledger(settings).close()
    with EmbeddedBroker(settings):
        yield home


def measure(way: str, home: Path, server: Server, at: str, *, timeout_seconds: int = 60) -> Measured:
    """One round in a process of its own. Raises RuntimeError where it does not end well."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(CHECKOUT),
        "NIANBAO_HOME": str(home),
        "NIANBAO_ALLOW_PRIVATE_ADDRESSES": "true",
        "NIANBAO_FETCH_TIMEOUT_SECONDS": str(timeout_seconds),
    }
    core = "" if CRAWLER_CORE is None else str(CRAWLER_CORE)
    command = [sys.executable, str(CHECKOUT / "bench/crawling/run.py"), way, at, core]
    server.asked()
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if ended.returncode != 0:
        raise RuntimeError(ended.stderr[-2000:])
    return Measured(**json.loads(ended.stdout.splitlines()[-1]), asked=server.asked())


def beside_bare(folder: Path, turns: int) -> None:
    """Requests, bytes and processor seconds of three rounds; pages a second beside the bare spider."""
    portals = [Portal(number, AGENCIES) for number in range(PORTALS)]
    rounds: dict[str, list[Measured]] = {"bare": [], "light": [], "ours": []}
    with Server(portals, core=SERVER_CORE) as server:
        for turn in range(turns):
            with office(folder, portals, server) as home:
                for way in rounds if turn % 2 == 0 else reversed(rounds):
                    rounds[way].append(measure(way, home, server, FIRST))
                if turn == 0:
                    later = [measure("ours", home, server, at) for at in (HOUR_LATER, DAY_LATER)]
    ours = rounds["ours"]
    agencies = PORTALS * AGENCIES / 1000
    say("a round, by 1,000 agencies")
    say(f"{'':34}{'requests':>9}{'304':>7}{'MB':>8}{'core s':>8}")
    for name, one in (
        ("first", ours[0]),
        ("an hour later, nothing new", later[0]),
        ("a day later, nothing new", later[1]),
    ):
        say(
            f"{name:34}{one.asked.requests / agencies:9.0f}{one.asked.unchanged / agencies:7.0f}"
            f"{one.asked.sent / agencies / 1e6:8.1f}{one.computing / agencies:8.2f}"
        )
    _say_beside("a bare Scrapy spider", ours, rounds["bare"], f" (goal {GOAL})")
    _say_beside("one that keeps nothing", ours, rounds["light"], "")


def _say_beside(name: str, ours: list[Measured], others: list[Measured], goal: str) -> None:
    pairs = list(zip(ours, others, strict=True))
    speed, other_speed, ratio = _compared([(one.pages_a_second, other.pages_a_second) for one, other in pairs])
    cost, other_cost, cost_ratio = _compared([(one.core_ms, other.core_ms) for one, other in pairs])
    say(f"pages a second: {speed:.0f}, {name} {other_speed:.0f}: {ratio:.2f} of it{goal}")
    say(f"core ms a page: {cost:.2f}, {name} {other_cost:.2f}: {1 / cost_ratio:.2f} of its pages in the same core time")


def _compared(turns: list[tuple[float, float]]) -> tuple[float, float, float]:
    """The medians of ours, of the other's, and of what ours is of the other's in the same turn."""
    ours, others = zip(*turns, strict=True)
    return statistics.median(ours), statistics.median(others), statistics.median(one / other for one, other in turns)


def many(folder: Path) -> None:
    """A round over many portals: memory, and what a slow and a dead one mean for the others."""
    portals = [Portal(number, FEW) for number in range(MANY)]
    slow, dead = portals[0], portals[1]
    with Server(portals, core=SERVER_CORE) as server, office(folder, portals, server) as home:
        calm = measure("ours", home, server, FIRST)
    with (
        Server(portals, core=SERVER_CORE, slow=slow.host, dead=dead.host) as server,
        office(folder, portals, server) as home,
    ):
        troubled = measure("ours", home, server, FIRST, timeout_seconds=TIMEOUT_SECONDS)
    healthy = sum(one["found"] == "healthy" for one in troubled.rounds)
    say(f"\n{MANY} portals: {calm.asked.requests} requests in {calm.seconds:.1f} s")
    say(f"memory at most {max(calm.memory, troubled.memory):.0f} MB (limit {MOST_MEGABYTES})")
    for name, one in (("all well", calm), (f"{slow.name} slow, {dead.name} dead", troubled)):
        others = sorted(ended for host, ended in one.asked.ended.items() if host not in (slow.host, dead.host))
        say(
            f"{name:24} the others' last request after {statistics.median(others):.1f} s (median), "
            f"{others[-1]:.1f} s (last); the round {one.seconds:.1f} s"
        )
    say(f"healthy then: {healthy} of {MANY}")
    each = max(one["requests"] for one in calm.rounds) + 1
    polite, work = each * DEFAULT_DELAY_SECONDS, calm.computing
    say(
        f"at {DEFAULT_DELAY_SECONDS:g} s between two requests to a host: {max(polite, work):.0f} s "
        f"({each} requests a host, {work:.0f} core seconds for all)"
    )


def main() -> None:
    """Measures and prints."""
    arguments = argparse.ArgumentParser(description="What a round of the crawler costs.")
    arguments.add_argument("--turns", type=int, default=5, help="turns of ours and the bare spiders (default 5)")
    turns = max(1, arguments.parse_args().turns)
    with tempfile.TemporaryDirectory() as folder:
        beside_bare(Path(folder), turns)
        many(Path(folder))


if __name__ == "__main__":
    main()
