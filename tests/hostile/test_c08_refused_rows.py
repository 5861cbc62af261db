"""c08 and c11: a row that a database refuses is the end of that row; nobody takes it for a database that is away."""

from __future__ import annotations

import json
import random
from urllib.parse import quote

import pytest
from sqlalchemy import select

from config.settings import Settings
from crawler.pages.canonical import LONGEST_ADDRESS, resolve
from ledger.crawling import portals
from ledger.database import Ledger
from ledger.models import DroppedLink, PortalRow
from ledger.states import ArticleOutcome, PortalState, RoundState
from tests.hostile.portals import FIRST, LIST, NOW, QINGSHAN, Answer, Crawled, article, crawl, listing, row

RANDOM = random.Random(1)
# Letters by chance: an index compresses what repeats.
CHINESE = "".join(chr(RANDOM.randint(0x4E00, 0x9FA5)) for _ in range(1900))
LETTERS = "".join(RANDOM.choice("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") for _ in range(8000))
NOTICE = "关于某事的通知"
SOUND = row("a1.html")
ARTICLES: dict[str, Answer] = {
    "modified": (200, {"Last-Modified": "Mon, 05 Jan 2026 00:00:00 GMT " + LETTERS}, article()),
    "etag": (200, {"ETag": '"a\x00b"', "X-A": "a\x00b"}, article()),
    "attached": (200, {}, article('<a href="/a%00b\x00.pdf">a&#0;b.pdf</a>' + f'<a href="/{CHINESE}.pdf">附件</a>')),
    "title": (200, {}, f"<html><title>{'云' * 1_500_000}</title><body><p>{'政府信息公开申请' * 40}"),
    "utf7": (
        200,
        {"Content-Type": "text/html; charset=utf-7"},
        b"<html><title>abc+2AA-def</title><body><p>" + b"x" * 400,
    ),
    "escape": (
        200,
        {"Content-Type": "text/html; charset=unicode_escape"},
        b"<html><title>abc\\ud800def</title><body><p>" + b"x" * 400,
    ),
}
LINKS = [f"/{CHINESE}.html", f"/x?q={CHINESE}", f"/{CHINESE[:400]}.html", f"/{LETTERS[:1990]}", f"/{' ' * 1900}x"]


def portal_is_read(crawled: Crawled) -> None:
    """The round is done and the sound report beside the others is kept."""
    crawled.innocent_is_well()
    assert (crawled.bad.state, crawled.bad.found) == (RoundState.DONE, PortalState.HEALTHY), crawled.bad
    assert all(look.complete for look in crawled.bad.looks)
    sound = [one for address, one in crawled.articles.items() if one.portal == "bad" and address.endswith("a1.html")]
    assert [one.outcome for one in sound] == [ArticleOutcome.REPORT]


@pytest.mark.both_databases
def test_links_and_answers_that_no_index_takes_cost_nobody_a_round(settings: Settings) -> None:
    rows = "".join(row(href, NOTICE) + row(href + "?") for href in LINKS) + row("/2099nb/a1x.html")
    # Each of a kind of its own, so that it is fetched; and a sound one between, so that the portal is not left.
    rows += "".join(row(f"{name}.html", "云山区政府信息公开…") for name in ARTICLES)
    pages = {f"/gknb/{name}.html": answer for name, answer in ARTICLES.items()}
    portal_is_read(crawl(settings, {LIST: (200, {}, listing(rows + SOUND)), FIRST: (200, {}, article()), **pages}))


@pytest.mark.both_databases
def test_what_no_text_can_hold_stands_in_a_list_of_json(settings: Settings) -> None:
    titles = [NOTICE + "\ud800", "\0" + NOTICE, NOTICE]
    found = [{"t": title, "u": f"/n{n}{bad}.html"} for n, title in enumerate(titles) for bad in ("", "\udfff", "\0")]
    rows = [*found, {"t": NOTICE, "u": "/" + "\ud800" * 3000}, {"t": QINGSHAN, "u": FIRST}]
    json_list = (200, {"Content-Type": "application/json"}, json.dumps({"d": rows}))
    crawled = crawl(
        settings,
        {"/list": json_list, FIRST: (200, {}, article())},
        family="json-list",
        more="json_rows: {rows: d, title: t, link: u}\n",
        path="/list",
    )
    portal_is_read(crawled)
    assert crawled.bad.looks[0].dropped >= len(titles)


@pytest.mark.both_databases
def test_a_dropped_link_that_is_refused_takes_no_other_with_it(settings: Settings, ledger: Ledger) -> None:
    def link(address: str) -> dict[str, object]:
        return {"portal": "p", "column": "c", "address": address, "title": "t", "reason": "r", "first_seen_at": NOW}

    with ledger.write() as session:
        portals.keep_portal(session, "p", NOW)
    refused = ["/\ud800", *([f"/{CHINESE}", "/\0"] if settings.database_url else [])]
    with ledger.write() as session:
        portals.add_dropped(session, map(link, ["/1", *refused, "/2"]))
        session.get_one(PortalRow, "p").sentence = "kept in the same transaction"
    with ledger.read() as session:
        assert set(session.execute(select(DroppedLink.address)).scalars()) == {"/1", "/2"}
        assert session.get_one(PortalRow, "p").sentence


def test_an_address_is_bounded_by_what_is_sent() -> None:
    base = "http://a.cn/"
    short = resolve(base, "/" + "年" * 200)
    assert short is not None
    assert len(quote(short)) <= LONGEST_ADDRESS
    assert resolve(base, "/" + "年" * 230) is None
    assert resolve(base, "/" + "a" * (LONGEST_ADDRESS - len(base))) is not None
    assert resolve(base, "/" + "a" * (LONGEST_ADDRESS - len(base) + 1)) is None
    assert resolve(base, "/a\0b\ud800") == "http://a.cn/a%00b\ufffd"
