"""A list is read until what is known begins, and wholly once a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import pytest
from sqlalchemy import select

from cli.demo.server import PortalServer
from cli.demo.site import Answer, Site
from config.settings import Settings
from crawler.rounds.loop import crawl_now
from ledger.database import Ledger, open_ledger
from ledger.models import Article, Look
from ledger.states import PortalState
from tests.crawler.times import shanghai
from tests.portals.sites import COLUMN, LUSHUI, QINGSHAN, Row, listing, report, site, write_office


@pytest.fixture
def ledger(sqlite_settings: Settings) -> Iterator[Ledger]:
    opened = open_ledger(sqlite_settings)
    yield opened
    opened.close()


def long_list(*new: Row) -> Site:
    """Three pages; what is new stands at the top of the first."""
    first = [*new, ("a1.html", QINGSHAN, "2020-01-16"), ("n1.html", "第1次会议", "2020-01-15")]
    pages: dict[str, Answer] = {COLUMN: listing(first, '<a href="index_2.html">2</a><a href="index_3.html">3</a>')}
    for number in (2, 3):
        pages[f"/gknb/index_{number}.html"] = listing([(f"n{number}.html", f"第{number}次会议", "2020-01-10")])
    return site({**pages, "/gknb/a1.html": report(), "/gknb/a2.html": report(LUSHUI, "绿水街道办事处")})


def test_a_list_is_read_until_what_is_known_begins_and_wholly_once_a_day(
    sqlite_settings: Settings, ledger: Ledger
) -> None:
    def lists(at: datetime, *, whole: bool = False) -> list[str]:
        server.forget()
        (result,) = crawl_now(sqlite_settings, ledger, ["long"], at, whole=whole)
        assert result.found is PortalState.HEALTHY, result.sentence
        return [one.path.removeprefix("/gknb/") for one in server.asked if "index" in one.path]

    with PortalServer({"long": long_list()}, date(2020, 2, 3)) as server:
        write_office(sqlite_settings.home, server.addresses)
        assert lists(shanghai(2020, 2, 3, 9)) == ["index.html", "index_2.html", "index_3.html"]
        assert lists(shanghai(2020, 2, 3, 15)) == ["index.html"]
        server.replace("long", long_list(("a2.html", LUSHUI, "2020-02-03")))
        assert lists(shanghai(2020, 2, 3, 18)) == ["index.html", "index_2.html"]
        assert lists(shanghai(2020, 2, 3, 21)) == ["index.html"]
        # A whole look is to be had at any hour (nianbao crawl --full).
        assert lists(shanghai(2020, 2, 3, 22), whole=True) == ["index.html", "index_2.html", "index_3.html"]
        assert lists(shanghai(2020, 2, 4, 19)) == ["index.html", "index_2.html", "index_3.html"]
    with ledger.read() as session:
        complete = session.execute(select(Look.complete).order_by(Look.id)).scalars().all()
        articles = session.execute(
            select(Article.agency, Article.gone_times).order_by(Article.first_seen_at, Article.id)
        ).all()
    assert complete == [True, False, False, False, True, True]
    assert [tuple(row) for row in articles] == [("long-qingshan", 0), ("long-lushui", 0)]
