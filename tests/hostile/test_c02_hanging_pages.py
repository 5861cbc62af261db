"""c02, c06, c10, c16: a page that would keep the process busy or fill its memory costs its own portal's round alone."""

from __future__ import annotations

import gzip
from http.server import BaseHTTPRequestHandler

import pytest

from config.settings import Settings
from ledger.states import PortalState, RoundFailure, RoundState
from tests.hostile.portals import FIRST, LIST, ONE_ROW, ROBOTS, Answer, Crawled, Pages, article, crawl, listing, row

ENDED = (RoundFailure.STALLED, RoundFailure.MEMORY_LIMIT, RoundFailure.TIME_LIMIT, RoundFailure.DIED)
LONG = "/" + "a" * 1500 + ".html"
SPACES = '<html><head><meta http-equiv="refresh" content="' + " " * 19000 + '"></head><body></body></html>'
ONE_MEGABYTE = article("<a onclick='f(\"" + ".doc?" * 200_000 + "'>x</a>")
TITLE = (
    f"<html><head><meta charset=utf-8><title>-{'网' * 100_000}-</title></head>"
    f"<body><p>{'政府信息公开申请' * 40}</p></body></html>"
)
WILD: Answer = (200, {"Content-Type": "text/plain"}, "User-agent: *\nDisallow: /*" + "a*" * 12 + "b$\n")


def bomb(asked: BaseHTTPRequestHandler) -> Answer:
    return 200, {"Content-Encoding": "gzip"}, gzip.compress(b"<html><body>" + b"<b>1</b>" * 6_000_000)


PAGES: dict[str, tuple[Pages, str]] = {
    "a pager of 30 million pages": (
        {
            LIST: (200, {}, listing(row("a1.html"), '<script>createPageHTML(30000000, 0, "index", "html");</script>')),
            FIRST: (200, {}, article()),
        },
        "trs",
    ),
    "a title of 300 kB": (
        {LIST: (200, {}, listing(row("a1.html", "云山区政府信息公开…"))), FIRST: (200, {}, TITLE)},
        "static-list",
    ),
    "an attribute of 1 MB": ({LIST: ONE_ROW, FIRST: (200, {}, ONE_MEGABYTE)}, "static-list"),
    "200,000 nested elements": ({LIST: ONE_ROW, FIRST: (200, {}, "<html><body>" + "<div>" * 200_000)}, "static-list"),
    "a redirect of blanks (c06)": ({LIST: ONE_ROW, FIRST: (200, {}, SPACES)}, "static-list"),
    "48 MB of small tags (c10)": ({LIST: ONE_ROW, FIRST: bomb}, "static-list"),
    "robots.txt with twelve wildcards (c16)": (
        {"/robots.txt": WILD, LIST: (200, {}, listing(row(LONG))), LONG: (200, {}, article())},
        "static-list",
    ),
}


def ends_typed(crawled: Crawled) -> None:
    """The round is done, or it failed for one of the limits and the portal is not called healthy."""
    crawled.innocent_is_well()
    if crawled.bad.state is not RoundState.DONE:
        assert crawled.bad.failure in ENDED
        assert crawled.rounds["bad"].failure is crawled.bad.failure
        assert crawled.portals["bad"].state not in (None, PortalState.HEALTHY)


@pytest.mark.parametrize("name", PAGES)
def test_the_innocent_portal_is_done_and_the_other_ends_within_its_limits(
    sqlite_settings: Settings, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("NIANBAO_CRAWL_STALL_SECONDS", "6")
    pages, family = PAGES[name]
    ends_typed(crawl(sqlite_settings, {"/robots.txt": ROBOTS, **pages}, family=family))
