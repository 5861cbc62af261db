"""c03 and c23: a slow portal keeps nobody waiting, and dead links to other hosts are not the portal's own trouble."""

from __future__ import annotations

import time
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from config.settings import Settings
from ledger.states import ArticleOutcome, PortalState, RoundFailure, RoundState
from tests.hostile.portals import (
    FIRST,
    LIST,
    LUSHUI,
    Answer,
    Crawled,
    Pages,
    article,
    crawl,
    listing,
    row,
    with_time_enough,
)


def test_three_dead_links_to_other_hosts_switch_nothing_off(sqlite_settings: Settings) -> None:
    rows = "".join(row(f"http://127.9.9.{number}:1/x{number}.html") for number in range(4))
    pages: Pages = {LIST: (200, {}, listing(rows + row("a1.html", LUSHUI))), FIRST: (200, {}, article(title=LUSHUI))}
    crawled = crawl(sqlite_settings, pages)
    crawled.innocent_is_well()
    assert (crawled.bad.state, crawled.bad.found) == (RoundState.DONE, PortalState.HEALTHY)
    kept = [one for one in crawled.articles.values() if one.portal == "bad" and one.agency == "ys-ls"]
    assert [one.outcome for one in kept] == [ArticleOutcome.REPORT]


def test_a_portal_over_its_time_limit_ends_alone(sqlite_settings: Settings, sqlite_template: Path) -> None:
    def slow(_: BaseHTTPRequestHandler) -> Answer:
        time.sleep(1)
        return 200, {}, article()

    rows = "".join(row(f"b{number}.html") for number in range(2000))
    pages: Pages = {LIST: (200, {}, listing(rows))} | {f"/gknb/b{number}.html": slow for number in range(2000)}

    def run(limit: float) -> Crawled:
        return crawl(sqlite_settings, pages, limit_seconds=limit)

    def enough(crawled: Crawled) -> bool:
        return {one.portal for one in crawled.articles.values()} == {"bad", "good"} and crawled.good.failure is None

    _, crawled = with_time_enough(sqlite_settings, sqlite_template, run, enough)
    crawled.innocent_is_well()
    assert (crawled.bad.state, crawled.bad.failure) == (RoundState.FAILED, RoundFailure.TIME_LIMIT)
    assert crawled.portals["bad"].state is PortalState.UNREACHABLE
    assert any(one.portal == "bad" for one in crawled.articles.values())
