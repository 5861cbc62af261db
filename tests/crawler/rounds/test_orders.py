"""What a person orders from an address is fetched by a crawler as on its rounds, once, and how it ended is said."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from cli.demo.server import PortalServer
from config.settings import Settings, load_settings
from crawler.rounds.orders import Orders, host_of_order, take_order
from ledger.crawling import fetch_orders
from ledger.crawling.fetch_orders import TooManyWait, claim_order, order_fetch
from ledger.database import Ledger
from ledger.models import Article, Evidence, FetchOrder
from ledger.states import EvidenceSource, FetchOrderState
from tests.monitor.factory import PORTAL_FILE, write_register
from tests.portals.sites import one_article, report, troubled
from tests.waiting import wait_until

NOW = datetime(2024, 3, 1, 2, 0, tzinfo=UTC)


def order(ledger: Ledger, address: str, agency: str = "yunshan-dongjie", year: int = 2019) -> bool:
    with ledger.write() as session:
        return order_fetch(
            session,
            district="云山区",
            agency=agency,
            year=year,
            published=date(2020, 1, 20),
            address=address,
            by="张三",
            why="列表里没有",
            now=NOW,
        )


def orders(ledger: Ledger) -> list[tuple[FetchOrderState, str]]:
    with ledger.read() as session:
        return [(one.state, one.sentence) for one in session.scalars(select(FetchOrder).order_by(FetchOrder.id))]


def at_server(home: Path, server: PortalServer, portal: str) -> str:
    own = PORTAL_FILE.replace("http://www.yunshan.example", server.addresses[portal])
    write_register(home, portals=f"{own}\npace: {{delay_seconds: 0}}\n")
    return f"{server.addresses[portal]}/gknb/a1.html"


def test_it_is_fetched_politely_and_kept_with_the_persons_word(settings: Settings, ledger: Ledger) -> None:
    with PortalServer({"own": one_article(report())}) as server:
        assert order(ledger, at_server(settings.home, server, "own"))
        running = Orders(settings, ledger)
        running.begin((), NOW)
        wait_until(lambda: orders(ledger) == [(FetchOrderState.DONE, "")], "the order is done", 120)
        assert [one.path for one in server.asked][:2] == ["/robots.txt", "/gknb/a1.html"]
    with ledger.read() as session:
        article = session.scalars(select(Article)).one()
        word = session.scalars(select(Evidence).where(Evidence.source == EvidenceSource.ENTERED)).one()
    assert (article.agency, article.year, article.reason) == ("yunshan-dongjie", 2019, "张三登记：列表里没有")
    assert word.value == "2020-01-20，张三登记，列表里没有"


def test_what_robots_or_the_own_network_forbid_is_not_fetched_and_says_so(
    settings: Settings, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    with PortalServer({"robots": troubled()["robots"]}) as server:
        address = at_server(settings.home, server, "robots")
        order(ledger, address)
        take(settings, ledger)
        monkeypatch.setenv("NIANBAO_ALLOW_PRIVATE_ADDRESSES", "false")
        order(ledger, address)
        take(load_settings(), ledger)
        order(ledger, "http://a/{b}")
        take(settings, ledger)
        assert [one.path for one in server.asked] == ["/robots.txt"]
    said = orders(ledger)
    assert [state for state, _ in said] == [FetchOrderState.FAILED] * 3
    assert "robots.txt 不允许抓取" in said[0][1] and "内部网络" in said[1][1] and "不是网址" in said[2][1]
    with ledger.read() as session:
        assert session.scalars(select(Article)).all() == []


def take(settings: Settings, ledger: Ledger) -> None:
    with ledger.write() as session:
        one = claim_order(session, NOW)
        assert one is not None
        session.expunge(one)
    take_order(settings, ledger, one, NOW)


def test_a_host_that_a_round_asks_is_not_asked_beside_it(settings: Settings, ledger: Ledger) -> None:
    write_register(settings.home)
    order(ledger, "http://www.yunshan.example/a.html")
    with ledger.read() as session:
        host = host_of_order(session.scalars(select(FetchOrder)).one())
    running = Orders(settings, ledger)
    running.begin({host}, NOW)
    assert not running.running and running.hosts == set()
    with ledger.read() as session:
        one = session.scalars(select(FetchOrder)).one()
    assert (one.state, one.attempts) == (FetchOrderState.WAITING, 0)


@pytest.mark.both_databases
def test_an_order_is_claimed_once_and_given_out_again_where_its_crawler_died(
    settings: Settings, ledger: Ledger
) -> None:
    assert order(ledger, "http://a.example/1") and not order(ledger, "http://a.example/1")
    now = NOW
    for attempt in range(1, fetch_orders.MOST_ATTEMPTS + 1):
        with ledger.write() as session:
            one = claim_order(session, now)
            assert one is not None and one.attempts == attempt
            assert claim_order(session, now + fetch_orders.LOST_AFTER) is None
        now += fetch_orders.LOST_AFTER + timedelta(seconds=1)
    with ledger.write() as session:
        assert claim_order(session, now) is None
    assert orders(ledger) == [(FetchOrderState.FAILED, fetch_orders.STOPPED_OFTEN)]


@pytest.mark.both_databases
def test_no_more_wait_than_a_district_may_have(settings: Settings, ledger: Ledger) -> None:
    for number in range(fetch_orders.MOST_WAITING):
        assert order(ledger, f"http://a.example/{number}")
    with pytest.raises(TooManyWait):
        order(ledger, "http://a.example/one-more")
