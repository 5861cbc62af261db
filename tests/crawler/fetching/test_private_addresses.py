"""Nothing inside the own network is ever asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import date

import pytest
from scrapy import Request
from sqlalchemy import select
from twisted.internet.error import DNSLookupError

from cli.demo.server import PortalServer
from config.settings import load_settings
from crawler.fetching import private_addresses
from crawler.fetching.private_addresses import (
    REFUSED,
    PrivateAddressError,
    PrivateAddressMiddleware,
    PublicResolver,
    refused_name,
)
from crawler.rounds.loop import tick
from ledger.database import Ledger
from ledger.models import PortalRow
from ledger.states import PortalState
from tests.crawler.times import shanghai
from tests.portals.sites import one_article, report, write_office


@pytest.fixture(autouse=True)
def forbidden() -> Iterator[None]:
    private_addresses.allow(())
    yield
    private_addresses.allow(())


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "localhost", "10.1.2.3", "192.168.1.1", "172.16.0.9", "169.254.169.254", "0.0.0.0", "[::1]",
        "[::ffff:127.0.0.1]", "[fe80::1]", "127.1", "2130706433", "0x7f000001", "100.64.0.1",
    ],
)  # fmt: skip
def test_a_private_address_is_refused_however_it_is_written(host: str) -> None:
    with pytest.raises(PrivateAddressError, match="内部网络"):
        asyncio.run(PrivateAddressMiddleware().process_request(Request(f"http://{host}/")))


@pytest.mark.parametrize("host", ["www.bjchy.gov.cn", "122.137.242.24", "163.com", "12345.example.cn"])
def test_a_public_address_is_not(host: str) -> None:
    asyncio.run(PrivateAddressMiddleware().process_request(Request(f"http://{host}/")))


def test_a_name_that_leads_inside_is_refused_after_it_is_resolved() -> None:
    with pytest.raises(DNSLookupError):
        PublicResolver._public(PublicResolver.__new__(PublicResolver), "10.0.0.7", "inside.example")
    assert refused_name("http://inside.example/x") == f"域名 inside.example 指向内部网络地址，{REFUSED}"
    assert refused_name("http://outside.example/x") is None


def test_a_portal_at_a_private_address_is_not_asked(ledger: Ledger) -> None:
    settings = load_settings(allow_private_addresses=False)
    with PortalServer({"alpha": one_article(report())}, date(2020, 2, 3)) as server:
        write_office(settings.home, server.addresses)
        tick(settings, ledger, shanghai(2020, 2, 3, 9))
        assert server.count() == 0
    with ledger.read() as session:
        row = session.execute(select(PortalRow)).scalar_one()
    assert row.state is PortalState.UNREACHABLE
    assert "属于内部网络，已拒绝访问" in row.sentence
