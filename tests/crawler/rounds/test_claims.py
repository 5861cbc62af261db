"""Portals are claimed by one crawler at a time, left in peace after failures, and given back whatever happens."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from cli.demo.server import PortalServer
from cli.demo.site import NOT_FOUND
from config.portals import load_portals
from config.settings import Settings, load_settings
from config.yaml_file import ConfigurationError
from crawler.rounds import claims
from crawler.rounds.loop import crawl_now, tick
from crawler.rounds.round import UnknownPortalError, run_round
from crawler.storing.result import RoundResult
from ledger.crawling import portals
from ledger.database import Ledger, open_ledger
from ledger.models import PortalRow, Round
from ledger.states import PortalState, RoundState
from tests.crawler.times import shanghai
from tests.portals.sites import SERVER_ERROR, one_article, report, site, write_office
from tests.waiting import wait_until

NOW = shanghai(2020, 2, 3, 9)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def server(settings: Settings) -> Iterator[PortalServer]:
    sites = {"alpha": one_article(report()), "beta": site({}, SERVER_ERROR)}
    with PortalServer(sites, date(2020, 2, 3)) as running:
        write_office(settings.home, running.addresses)
        yield running


def due(ledger: Ledger, portal: str) -> timedelta:
    with ledger.read() as session:
        return session.get_one(PortalRow, portal).next_due_at - NOW


@pytest.mark.both_databases
def test_of_many_crawlers_each_portal_goes_to_one(settings: Settings, ledger: Ledger, server: PortalServer) -> None:
    files = {name: file for name, file in load_portals(settings.home).items() if not file.paused}
    claims.keep_register(ledger, files, NOW)
    with ThreadPoolExecutor(8) as threads:
        names = [f"crawler-{number}" for number in range(8)]
        got = list(threads.map(lambda name: claims.claim_due(settings, ledger, files, name, NOW), names))
    assert sorted(name for names in got for name in names) == ["alpha", "beta"]


@pytest.mark.both_databases
def test_a_claim_that_outlived_its_crawler_is_taken_over(
    settings: Settings, ledger: Ledger, server: PortalServer
) -> None:
    files = {"alpha": load_portals(settings.home)["alpha"]}
    claims.keep_register(ledger, files, NOW)
    assert claims.claim_due(settings, ledger, files, "dead", NOW) == ["alpha"]
    assert claims.claim_due(settings, ledger, files, "next", NOW + 4 * MINUTE) == []
    # As soon as a crawler without a heartbeat is called silent.
    assert claims.claim_due(settings, ledger, files, "next", NOW + 5 * MINUTE) == ["alpha"]


@pytest.mark.both_databases
def test_a_claim_is_renewed_by_whoever_holds_it(settings: Settings, ledger: Ledger, server: PortalServer) -> None:
    files = {name: load_portals(settings.home)[name] for name in ("alpha", "beta")}
    claims.keep_register(ledger, files, NOW)
    both = claims.claim_due(settings, ledger, files, "slow", NOW)
    claims.keep(settings, ledger, ["alpha"], "slow", NOW + 4 * MINUTE)
    claims.keep(settings, ledger, both, "somebody else", NOW + 4 * MINUTE)
    assert claims.claim_due(settings, ledger, files, "next", NOW + 8 * MINUTE) == ["beta"]


def test_a_claim_is_renewed_beside_whatever_the_round_writes(home: Path, postgres_address: str) -> None:
    """The round writes about beta, then about alpha, in one transaction: renewing both in one would be a deadlock."""
    settings = load_settings(database_url=postgres_address)
    with closing(open_ledger(settings)) as ledger, ThreadPoolExecutor(1) as thread:
        with ledger.write() as session:
            for name in ("alpha", "beta"):
                portals.keep_portal(session, name, NOW)
                portals.claim(session, name, "slow", NOW, NOW + MINUTE, even_if_not_due=False)
        with ledger.write() as session:
            portals.set_state(session, "beta", PortalState.HEALTHY, "", NOW)
            kept = thread.submit(claims.keep, settings, ledger, ["alpha", "beta"], "slow", NOW)
            wait_until(lambda: _somebody_waits(ledger), "the renewal waits for the round")
            portals.set_state(session, "alpha", PortalState.HEALTHY, "", NOW)
        kept.result()
        with ledger.read() as session:
            until = {session.get_one(PortalRow, name).claimed_until for name in ("alpha", "beta")}
    assert until == {NOW + 5 * MINUTE}


def _somebody_waits(ledger: Ledger) -> bool:
    with ledger.read() as session:
        return bool(session.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")))


def test_a_long_round_keeps_its_claim(settings: Settings, ledger: Ledger, server: PortalServer) -> None:
    server.replace("alpha", site({}, replace(NOT_FOUND, seconds=2)))
    hasty = settings.model_copy(update={"silent_after_minutes": 0.01, "heartbeat_seconds": 0.2})
    holds_until: list[datetime] = []

    def look() -> bool:
        with ledger.read() as session:
            row = session.get_one(PortalRow, "alpha")
        if row.claimed_until is not None:  # else its round has ended, and beta's goes on
            holds_until.append(row.claimed_until)
        return True

    tick(hasty, ledger, NOW, go_on=look)
    assert holds_until[0] == NOW + timedelta(seconds=0.6)
    assert holds_until == sorted(holds_until)
    assert holds_until[-1] > NOW + timedelta(seconds=1)


def test_a_portal_is_due_again_after_its_interval_and_a_failing_one_sooner_then_rarer(
    settings: Settings, ledger: Ledger, server: PortalServer
) -> None:
    settings = settings.model_copy(update={"crawl_season_interval_hours": 24.0})
    tick(settings, ledger, NOW)
    assert (due(ledger, "alpha"), due(ledger, "beta")) == (24 * HOUR, HOUR)
    assert [result.portal for result in tick(settings, ledger, NOW + HOUR)] == ["beta"]
    assert due(ledger, "beta") == HOUR + 2 * HOUR
    assert tick(settings, ledger, NOW + HOUR) == []
    with ledger.read() as session:
        row = session.get_one(PortalRow, "beta")
    assert (row.failures, row.since, row.last_round_at) == (2, NOW, NOW + HOUR)
    result = RoundResult("beta", RoundState.DONE, PortalState.UNREACHABLE, "")
    assert claims.pause_after(settings, result, failures=40, usual=HOUR) == 24 * HOUR


def test_a_portal_that_recovers_has_no_failures(settings: Settings, ledger: Ledger, server: PortalServer) -> None:
    tick(settings, ledger, NOW)
    server.replace("beta", one_article(report()))
    tick(settings, ledger, NOW + HOUR)
    with ledger.read() as session:
        row = session.get_one(PortalRow, "beta")
    assert (row.state, row.failures, row.since) == (PortalState.HEALTHY, 0, NOW + HOUR)


def test_a_round_over_its_limit_has_failed_and_its_portals_are_free(
    settings: Settings, ledger: Ledger, server: PortalServer
) -> None:
    with ledger.write() as session:
        portals.keep_portal(session, "alpha", NOW)
    (result,) = run_round(settings, ["alpha"], NOW, limit_seconds=0)
    assert (result.state, result.found) == (RoundState.FAILED, None)
    assert result.sentence == "这一轮超过 0 秒仍未结束，已中止"
    with ledger.read() as session:
        assert session.execute(select(Round).where(Round.state == RoundState.RUNNING)).first() is None


@pytest.mark.both_databases
def test_a_paused_portal_is_left_alone_until_it_is_resumed(
    settings: Settings, ledger: Ledger, server: PortalServer
) -> None:
    tick(settings, ledger, NOW)
    with ledger.write() as session:
        portals.pause(session, "alpha", "维护", NOW + HOUR)
    server.forget()
    assert [one.portal for one in tick(settings, ledger, NOW + 48 * HOUR)] == ["beta"]
    assert crawl_now(settings, ledger, ["alpha"], NOW + 48 * HOUR) == []
    assert server.count("alpha") == 0
    with ledger.read() as session:
        row = session.get_one(PortalRow, "alpha")
    assert (row.state, row.sentence) == (PortalState.PAUSED, "已暂停：维护")
    with ledger.write() as session:
        assert portals.resume(session, "alpha", NOW + 49 * HOUR)
    assert [one.portal for one in tick(settings, ledger, NOW + 49 * HOUR)] == ["alpha"]


def test_a_portal_that_its_file_switches_off_is_paused_and_one_never_on_is_not_mentioned(
    settings: Settings, ledger: Ledger, server: PortalServer
) -> None:
    tick(settings, ledger, NOW)
    path = settings.home / "config" / "portals" / "alpha.yaml"
    before = path.read_text(encoding="utf-8")
    path.write_text(before + "paused: true\n", encoding="utf-8")
    tick(settings, ledger, NOW + 24 * HOUR)
    with ledger.read() as session:
        states = {row.portal: row.state for row in session.execute(select(PortalRow)).scalars()}
    assert states == {"alpha": PortalState.PAUSED, "beta": PortalState.UNREACHABLE}
    path.write_text(before, encoding="utf-8")
    assert "alpha" in [one.portal for one in tick(settings, ledger, NOW + 25 * HOUR)]


def test_a_crawl_now_asks_whether_due_or_not(settings: Settings, ledger: Ledger, server: PortalServer) -> None:
    tick(settings, ledger, NOW)
    assert [one.portal for one in crawl_now(settings, ledger, ["alpha"], NOW + HOUR)] == ["alpha"]
    with pytest.raises(UnknownPortalError, match=r"没有门户“gamma”；现有：alpha、beta"):
        crawl_now(settings, ledger, ["gamma"], NOW)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            "family: static-list",
            "family: nonsense",
            "没有名为“nonsense”的门户类型；可用的类型：auto、column-of-columns",
        ),
        ("district: 云山区-alpha", "district: 无名区", "没有“无名区”的机关名录"),
    ],
)
def test_a_portal_file_that_names_what_does_not_exist_is_said_before_anything_is_asked(
    settings: Settings, ledger: Ledger, server: PortalServer, old: str, new: str, says: str
) -> None:
    path = settings.home / "config" / "portals" / "alpha.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(ConfigurationError, match=says):
        tick(settings, ledger, NOW)
    assert server.count() == 0
    with ledger.read() as session:
        assert session.execute(select(PortalRow).where(PortalRow.claimed_by.is_not(None))).first() is None
