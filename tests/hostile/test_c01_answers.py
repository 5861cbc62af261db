"""c01: a small answer that broke something ended its portal's whole round. Now it ends as the outcome of its article.

All of them are articles of one portal, so that a test pays for one round.
"""

from __future__ import annotations

import pytest

from config.settings import Settings
from ledger.states import ArticleOutcome, PortalState, RoundState
from tests.hostile.portals import LIST, Answer, Pages, article, crawl, listing, row

PAGE = article()
ARTICLES: dict[str, Answer] = {
    "attachment-brackets": (200, {}, article('<a href="/x?f=http://[a.pdf">附件</a>')),
    "link-text-brackets": (200, {}, article('<a href="/x/y">http://[2025年报].pdf</a>')),
    "last-modified-huge-year": (200, {"Last-Modified": "Mon, 01 Jan 99999999999 00:00:00 GMT"}, PAGE),
    "last-modified-year-1": (200, {"Last-Modified": "Mon, 01 Jan 0001 00:00:00 +1400"}, PAGE),
    "redirect-brackets": (302, {"Location": "http://[x/"}, ""),
    "redirect-dots": (302, {"Location": "http://a..b/"}, ""),
    "redirect-script": (302, {"Location": "javascript:alert(1)"}, ""),
    "redirect-file": (302, {"Location": "file:///etc/passwd"}, ""),
    "redirect-port": (302, {"Location": "http://127.0.0.1:99999/"}, ""),
    "redirect-latin": (302, {"Location": "http://\xff\xfe\x80/"}, ""),
    "gzip-junk": (200, {"Content-Encoding": "gzip"}, b"\x1f\x8b\x08junk"),
    "br-junk": (200, {"Content-Encoding": "br"}, b"junkjunk" * 10),
    "zstd-junk": (200, {"Content-Encoding": "zstd"}, b"\x28\xb5\x2f\xfdjunkjunk"),
    "deflate-junk": (200, {"Content-Encoding": "deflate"}, b"junkjunkjunk"),
    "status-999": (999, {}, "x"),
    "status-099": (99, {}, "x"),
    "charset-idna": (200, {"Content-Type": "text/html; charset=idna"}, PAGE),
    "charset-base64": (200, {"Content-Type": "text/html; charset=base64"}, PAGE),
    "charset-punycode": (200, {"Content-Type": "text/html; charset=punycode"}, PAGE),
    "charset-zlib": (200, {"Content-Type": "text/html"}, '<meta charset="zlib">' + PAGE),
    "charset-escape": (200, {"Content-Type": "text/html; charset=unicode_escape"}, PAGE + "\\N{x \\ud800 \\x"),
    "charset-utf7": (200, {"Content-Type": "text/html; charset=utf-7"}, PAGE + "+2AA-"),
    "charset-undefined": (200, {"Content-Type": "text/html; charset=undefined"}, PAGE),
    "etag-nul": (200, {"ETag": '"a\x00b"', "X-A": "a\x00b"}, PAGE),
    "header-8kb": (200, {"Last-Modified": "Mon, 05 Jan 2026 00:00:00 GMT " + "x" * 8000}, PAGE),
}
LINKS = {
    "label of 70 letters": "http://" + "a" * 70 + ".cn/a1.html",
    "empty label": "http://a..b/a1.html",
    "percent": "http://%zz/a1.html",
    "blank": "http://a b/a1.html",
    "letters that are none": "http://\u0378\u2488x/a1.html",
    "port 99999": "http://a.cn:99999/a1.html",
    "port 0": "http://127.0.0.1:0/a1.html",
    "no host": "http://u:p@/a1.html",
    "1900 Chinese letters": "/" + "年" * 1900,
}


@pytest.mark.both_databases
def test_an_answer_that_breaks_something_is_the_end_of_its_article_alone(settings: Settings) -> None:
    rows = "".join(row(f"{name}.html") for name in ARTICLES) + "".join(row(href) for href in LINKS.values())
    pages: Pages = {f"/gknb/{name}.html": answer for name, answer in ARTICLES.items()}
    crawled = crawl(
        settings, {LIST: (200, {}, listing(rows + row("sound.html"))), "/gknb/sound.html": (200, {}, PAGE), **pages}
    )
    crawled.innocent_is_well()
    assert crawled.bad.state is RoundState.DONE, crawled.bad
    outcomes = {
        address.rpartition("/")[2].removesuffix(".html"): one.outcome for address, one in crawled.articles.items()
    }
    assert set(ARTICLES) <= set(outcomes)
    assert outcomes["sound"] is ArticleOutcome.REPORT
    for name in ("gzip-junk", "redirect-brackets", "redirect-file", "status-999"):
        assert outcomes[name] in (ArticleOutcome.FETCH_FAILED, ArticleOutcome.NOT_FOUND), name
    for name in ("etag-nul", "last-modified-huge-year", "header-8kb"):
        assert outcomes[name] is ArticleOutcome.REPORT, name


LISTS: dict[str, tuple[Pages, str, str, str]] = {
    "Retry-After: superscript": ({LIST: (503, {"Retry-After": "\u00b2"}, "busy")}, "static-list", "", LIST),
    "Retry-After: no zone": (
        {LIST: (503, {"Retry-After": "Fri, 01 Jan 2027 00:00:00", "Date": "Thu, 01 Jan 2026 00:00:00 GMT"}, "busy")},
        "static-list",
        "",
        LIST,
    ),
    "Retry-After: huge year": (
        {LIST: (503, {"Retry-After": "Mon, 01 Jan 99999999999 00:00:00 GMT"}, "busy")},
        "static-list",
        "",
        LIST,
    ),
    "createPageHTML with 5000 digits": (
        {
            LIST: (
                200,
                {},
                listing(row("a1.html"), f'<script>createPageHTML({"9" * 5000}, 0, "index", "html");</script>'),
            )
        },
        "trs",
        "",
        LIST,
    ),
    "a feed with an address that is none": (
        {LIST: (200, {"Content-Type": "text/xml"}, "<urlset><url><loc>http://[/gknb/x.html</loc></url></urlset>")},
        "feed",
        "",
        LIST,
    ),
    "JSON that counts with a superscript": (
        {"/list": (200, {"Content-Type": "application/json"}, '{"d": [{"t": "x", "u": "/a.html"}], "n": "²"}')},
        "json-list",
        "json_rows: {rows: d, title: t, link: u, pages: n}\n",
        "/list?p={page}",
    ),
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_that_breaks_something_is_never_a_good_look(sqlite_settings: Settings, name: str) -> None:
    pages, family, more, path = LISTS[name]
    crawled = crawl(sqlite_settings, pages, family=family, more=more, path=path)
    crawled.innocent_is_well()
    assert crawled.bad.state is RoundState.DONE, crawled.bad
    good = crawled.bad.found is PortalState.HEALTHY and all(look.complete for look in crawled.bad.looks)
    assert not good, crawled.bad
