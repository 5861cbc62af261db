"""A tree that moved is found again from its directory page, and nobody's report counts as withdrawn or late for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

import monitor.loop
from cli.demo.server import PortalServer
from config.settings import Settings
from crawler.rounds.loop import crawl_now
from ledger.database import Ledger, open_ledger
from ledger.models import Article, FindingRow, PortalRow, StandingRow
from ledger.states import PortalState
from tests.portals.season.folders import miyun
from tests.portals.season.office import write_office
from tests.portals.season.plan import YEAR, District
from tests.portals.season.world import FIRST

OLD, NEW = "/gknb2025/", "/n2025x07/"


@pytest.fixture
def ledger(sqlite_settings: Settings) -> Iterator[Ledger]:
    opened = open_ledger(sqlite_settings)
    yield opened
    opened.close()


def moved(made: District) -> District:
    """The same portal, with this year's reports in another folder."""
    pages = {
        path.replace(OLD, NEW): replace(answer, content=answer.content.replace(OLD.encode(), NEW.encode()))
        for path, answer in made.pages.items()
    }
    directory = made.pages["/zwgk/zfxxgk/zfxxgknb/"]
    pages["/zwgk/zfxxgk/zfxxgknb/"] = replace(
        directory, content=directory.content.replace(f".{OLD}".encode(), f".{NEW}".encode())
    )
    return replace(made, pages=pages)


def stands(ledger: Ledger) -> dict[str, str]:
    with ledger.read() as session:
        rows = session.scalars(select(StandingRow).where(StandingRow.year == YEAR))
        return {row.agency: row.standing.value for row in rows}


def test_a_tree_that_moved_is_found_again_and_counts_against_nobody(sqlite_settings: Settings, ledger: Ledger) -> None:
    made = miyun()
    with PortalServer({made.portal: made.site}, FIRST.date()) as server:
        write_office(sqlite_settings.home, [made], server.addresses)
        crawl_now(sqlite_settings, ledger, [made.portal], FIRST)
        server.replace(made.portal, moved(made).site)
        for days in (1, 2, 3):
            crawl_now(sqlite_settings, ledger, [made.portal], FIRST + timedelta(days=days))
            monitor.loop.tick(sqlite_settings, ledger, FIRST + timedelta(days=days))
            assert stands(ledger) == made.standings
    with ledger.read() as session:
        portal = session.get_one(PortalRow, made.portal)
        old = session.scalars(select(Article).where(Article.address.contains(OLD))).all()
        new = session.scalars(select(Article).where(Article.address.contains(NEW))).all()
        doubled = session.scalars(select(FindingRow).where(FindingRow.rule == "P06")).all()
    assert portal.state is PortalState.HEALTHY, portal.sentence
    assert {(one.agency, one.title) for one in new} == {(one.agency, one.title) for one in old}
    assert all(one.withdrawn_at is not None for one in old)
    assert all(one.withdrawn_at is None and one.gone_times == 0 for one in new)
    assert doubled == []
