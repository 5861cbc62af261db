"""Portals share a process; whatever one does to it, the rounds of the others go on, and nothing stands twice."""

from __future__ import annotations

import multiprocessing
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from config.settings import Settings, load_settings
from crawler.rounds import worlds
from crawler.rounds.child import Child
from crawler.rounds.hosts import hosts_of, worlds_of
from crawler.rounds.round import make_order, run_round
from crawler.storing.result import RoundResult
from ledger.crawling.portals import broken_off
from ledger.database import open_ledger
from ledger.models import Article, Look, PortalRow, Round, Version, Work
from ledger.states import PortalState, RoundFailure, RoundState
from tests.hostile.portals import (
    FIRST,
    LIST,
    LUSHUI,
    NOW,
    ROBOTS,
    Answer,
    Pages,
    article,
    crawl,
    listing,
    row,
    serve,
    with_time_enough,
    write_home,
)

INNOCENT = ("good", "well", "sound")


@dataclass(frozen=True)
class Shared:
    """What came of a round over a hostile portal and three innocent ones."""

    results: Mapping[str, RoundResult]
    rounds: Mapping[str, list[Round]]
    looks: Counter[str]
    reports: Counter[str]
    versions: int
    work: int

    def innocents_are_well(self) -> None:
        """Asserts that every innocent portal is done and healthy, and that nothing of it stands twice."""
        for name in INNOCENT:
            result = self.results[name]
            assert (result.state, result.found) == (RoundState.DONE, PortalState.HEALTHY), result
            (one,) = self.rounds[name]
            assert (one.state, one.found, one.failure) == (RoundState.DONE, PortalState.HEALTHY, None)
            assert (self.looks[name], self.reports[name]) == (1, 1)


class Gate:
    """Innocent portals answer their article only when the hostile one has been asked for what breaks the process."""

    def __init__(self) -> None:
        self.hostile = threading.Event()

    def opens(self, answer: Answer) -> Callable[[BaseHTTPRequestHandler], Answer]:
        """A page that is the hostile one's."""

        def write(_: BaseHTTPRequestHandler) -> Answer:
            self.hostile.set()
            return answer

        return write

    def waits(self, answer: Answer) -> Callable[[BaseHTTPRequestHandler], Answer]:
        """A page that has to wait for it."""

        def write(_: BaseHTTPRequestHandler) -> Answer:
            self.hostile.wait(120)
            time.sleep(0.2)
            return answer

        return write


def innocent(gate: Gate) -> Pages:
    return {
        "/robots.txt": ROBOTS,
        LIST: (200, {}, listing(row("a1.html", LUSHUI))),
        FIRST: gate.waits((200, {}, article(title=LUSHUI))),
    }


@contextmanager
def office(home: Path, gate: Gate, hostile: Pages) -> Iterator[None]:
    """The hostile portal and the innocent ones, each a host of its own."""
    with ExitStack() as stack:
        bad = stack.enter_context(serve({"/robots.txt": ROBOTS, **hostile}))
        others = {name: stack.enter_context(serve(innocent(gate))).base for name in INNOCENT}
        write_home(home, {"bad": bad.base, **others}, "static-list", "", LIST)
        yield


def kept(settings: Settings, results: list[RoundResult]) -> Shared:
    with closing(open_ledger(settings)) as ledger, ledger.read() as session:
        rounds: dict[str, list[Round]] = {}
        for one in session.scalars(select(Round)):
            rounds.setdefault(one.portal, []).append(one)
        return Shared(
            {result.portal: result for result in results},
            rounds,
            Counter(session.scalars(select(Look.portal))),
            Counter(session.scalars(select(Article.portal))),
            len(session.scalars(select(Version.id)).all()),
            len(session.scalars(select(Work.id)).all()),
        )


def round_over(settings: Settings, gate: Gate, hostile: Pages, limit_seconds: float | None = None) -> Shared:
    with office(settings.home, gate, hostile):
        results = run_round(load_settings(), ["bad", *INNOCENT], NOW, limit_seconds=limit_seconds)
    return kept(settings, results)


@pytest.fixture
def gate() -> Gate:
    return Gate()


@pytest.fixture
def ended(monkeypatch: pytest.MonkeyPatch) -> list[RoundFailure | None]:
    """How the processes ended that several portals shared."""
    endings: list[RoundFailure | None] = []

    class Watched(Child):
        def take(self) -> list[Any]:
            came = super().take()
            if self.ended and self.order.shared and self.unfinished:
                endings.append(self.failure)
            return came

    monkeypatch.setattr(worlds, "Child", Watched)
    return endings


# Which allocation is the first that fails is chance: Python survives it, libxml2 does not always.
NO_MEMORY = {RoundFailure.MEMORY_LIMIT, RoundFailure.DIED}
BREAK = {
    "a page that takes long": ("CRAWL_STALL_SECONDS", "1", 900_000, {RoundFailure.STALLED}),
    "a page that fills the memory": ("CRAWL_MEMORY_MEGABYTES", "300", 500_000, NO_MEMORY),
}


@pytest.mark.parametrize("name", BREAK)
def test_who_breaks_a_limit_fails_alone(
    sqlite_settings: Settings,
    gate: Gate,
    ended: list[RoundFailure | None],
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    setting, value, tags, failures = BREAK[name]
    monkeypatch.setenv(f"NIANBAO_{setting}", value)
    page: Answer = (200, {}, "<html><body>" + "<b>1</b>" * tags)
    shared = round_over(sqlite_settings, gate, {LIST: (200, {}, listing(row("a1.html"))), FIRST: gate.opens(page)})
    shared.innocents_are_well()
    assert len(ended) == 1 and ended[0] in failures
    bad = shared.results["bad"]
    assert bad.state is RoundState.FAILED and bad.failure in failures
    (stored,) = shared.rounds["bad"]
    assert (stored.state, stored.failure) == (RoundState.FAILED, bad.failure)
    assert (shared.versions, shared.work) == (3, 3)


def test_a_killed_process_costs_no_round(sqlite_settings: Settings, gate: Gate) -> None:
    """SIGKILL to the process that all four share, when their rounds have begun."""
    killed: list[int] = []

    def kill() -> None:
        assert gate.hostile.wait(120)
        (child,) = [one for one in multiprocessing.active_children() if one.name == "nianbao-round"]
        assert child.pid is not None
        killed.append(child.pid)
        child.kill()

    killer = threading.Thread(target=kill)
    killer.start()
    hostile: Pages = {LIST: gate.opens((200, {}, listing(row("a1.html")))), FIRST: (200, {}, article())}
    shared = round_over(sqlite_settings, gate, hostile)
    killer.join()
    assert len(killed) == 1
    shared.innocents_are_well()
    assert shared.results["bad"].found is PortalState.HEALTHY
    assert (shared.versions, shared.work) == (4, 4)
    assert {len(rounds) for rounds in shared.rounds.values()} == {1}


def test_a_time_limit_is_a_portals_own(sqlite_settings: Settings, sqlite_template: Path) -> None:
    """A portal that never answers ends when its time is over; the others, in its process, are done."""

    over = threading.Event()

    def run(limit: float) -> Shared:
        gate = Gate()

        def hang(_: BaseHTTPRequestHandler) -> Answer:
            gate.hostile.set()
            over.wait(200)
            return 200, {}, ""

        return round_over(sqlite_settings, gate, {LIST: hang}, limit_seconds=limit)

    def enough(shared: Shared) -> bool:
        return all(shared.results[name].failure is None for name in INNOCENT)

    limit, shared = with_time_enough(sqlite_settings, sqlite_template, run, enough)
    over.set()
    shared.innocents_are_well()
    bad = shared.results["bad"]
    assert (bad.state, bad.failure, bad.sentence) == (
        RoundState.FAILED,
        RoundFailure.TIME_LIMIT,
        f"这一轮超过 {limit:g} 秒仍未结束，已中止",
    )
    assert shared.rounds["bad"][0].failure is RoundFailure.TIME_LIMIT
    with closing(open_ledger(sqlite_settings)) as ledger, ledger.read() as session:
        assert session.get_one(PortalRow, "bad").state is PortalState.UNREACHABLE
        assert broken_off(session, ["bad", *INNOCENT]) == {"bad"}


def test_who_broke_a_process_has_its_own_from_then_on(sqlite_settings: Settings) -> None:
    """Begins alone the next time, and shares again when its last round did not end so."""
    pages: Pages = {LIST: (200, {}, listing(row("a1.html"))), FIRST: (200, {}, article())}
    crawl(sqlite_settings, pages)
    with closing(open_ledger(sqlite_settings)) as ledger:
        with ledger.write() as session:
            session.get_one(PortalRow, "bad").failures = 1
            session.add(
                Round(
                    portal="bad",
                    begun_at=NOW,
                    ended_at=NOW,
                    state=RoundState.FAILED,
                    failure=RoundFailure.STALLED,
                    figures={},
                )
            )
        with ledger.read() as session:
            assert broken_off(session, ["bad", "good"]) == {"bad"}
            assert broken_off(session, ["good"]) == set()
        order = make_order(sqlite_settings, ["bad", "good"], NOW + timedelta(days=1))
        with worlds.Worlds(sqlite_settings, ledger) as running:
            running.begin(order)
            together = [[portal.portal for portal in child.order.portals] for child in running._alive]
            assert sorted(together) == [["bad"], ["good"]]
            running.stop()


def test_portals_of_one_host_are_one_world(sqlite_settings: Settings) -> None:
    addresses = {"good": "http://a.cn", "well": "http://b.cn:81", "sound": "http://A.cn"}
    write_home(sqlite_settings.home, addresses, "static-list", "", LIST)
    portals = make_order(sqlite_settings, ["good", "well", "sound"], NOW).portals
    names = [sorted(portal.portal for portal in world) for world in worlds_of(portals)]
    assert sorted(names) == [["good", "sound"], ["well"]]
    assert hosts_of(portals[1]) == {"b.cn:81"}
