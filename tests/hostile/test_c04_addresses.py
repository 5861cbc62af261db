"""c04 and c05: whatever a portal links to or redirects to, nothing inside the own network is asked."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from html import escape

import pytest
from scrapy import Request

from config.settings import Settings
from crawler.fetching import private_addresses
from crawler.fetching.private_addresses import PrivateAddressError, PrivateAddressMiddleware, is_private
from ledger.states import ArticleOutcome, RoundState
from tests.hostile.portals import FIRST, LIST, LUSHUI, Answer, Pages, article, crawl, listing, row, serve

# How a host may be written that is one inside, or that is of no one machine.
REFUSED = [
    "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0x7f.1", "1", "0", "0.0.0.0", "192.168.1",
    "3232235777", "localhost.", "LOCALHOST", "169.254.169.254", "100.64.0.1", "100.100.100.200", "192.0.0.192",
    "192.88.99.1", "198.18.0.1", "224.0.0.1", "239.255.255.250", "255.255.255.255", "127.0.0.1.", "127。0。0。1",
    "127．0．0．1", "①②⑦.⓪.⓪.①", "ⓛocalhost", "a@127.0.0.1", "a:b@localhost", "gov.cn@127.0.0.1", "[::1]", "[::]",
    "[::127.0.0.1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::ffff:0:127.0.0.1]",
    "[0:0:0:0:0:ffff:169.254.169.254]", "[64:ff9b::7f00:1]", "[64:ff9b::a00:1]", "[64:ff9b:1::7f00:1]",
    "[2002:7f00:1::]", "[2002:a00:1::]", "[2001:0:7f00:1::]", "[fec0::1]", "[fe80::1]", "[ff02::1]", "[ff0e::1]",
    "[100::1]", "[2001:db8::1]", "[3fff::1]", "[5f00::1]",
]  # fmt: skip


@pytest.fixture
def nothing_allowed() -> Iterator[None]:
    private_addresses.allow(())
    yield
    private_addresses.allow(())


@pytest.mark.parametrize("host", REFUSED)
@pytest.mark.usefixtures("nothing_allowed")
def test_an_address_inside_is_refused_however_it_is_written(host: str) -> None:
    with pytest.raises(PrivateAddressError, match="内部网络"):
        asyncio.run(PrivateAddressMiddleware().process_request(Request(f"http://{host}/")))


def test_public_addresses_are_none_of_them() -> None:
    assert not any(map(is_private, ("122.137.242.24", "::ffff:122.137.242.24", "2408:8000::1", "2400:da00::6666")))


def test_no_link_redirect_shell_frame_or_attachment_leads_inside(sqlite_settings: Settings) -> None:
    with serve({"/": (200, {}, "SECRET")}) as secret:
        port = secret.server_address[1]
        hosts = [*REFUSED, socket.gethostname(), "loc%61lhost", "127%2e0.0.1", "127.0.0.1%2f@gov.cn", "127.0.0.2"]
        links = [f"http://{host.split('@')[-1] if '%' in host else host}:{port}/x{n}" for n, host in enumerate(hosts)]
        links += [f"//127.0.0.1:{port}/t3", f"\\\\127.0.0.1:{port}/t4", f"http:/\\127.0.0.1:{port}/t5"]
        inside = f"http://127.0.0.1:{port}"
        own: dict[str, Answer] = {
            "r1": (302, {"Location": f"{inside}/r1"}, ""),
            "r2": (301, {"Location": f"//localhost:{port}/r2"}, ""),
            "r3": (302, {"Location": "file:///etc/passwd"}, ""),
            "r4": (307, {"Location": f"ftp://127.0.0.1:{port}/"}, ""),
            "m1": (200, {}, f'<meta http-equiv=refresh content="0;url={inside}/m1">'),
            "s1": (200, {}, f'<script>location.href="{inside}/s1"</script>'),
            "s2": (200, {}, '<script>location.href="file:///etc/passwd"</script>'),
            "f1": (200, {}, f'<html><body><iframe src="{inside}/f1"></iframe></body></html>'),
            "at1": (200, {}, article(f'<a href="{inside}/at.pdf">附件 年度报告.pdf</a>')),
            "at2": (200, {}, article(f'<a href="/viewer?file={inside}/at2.pdf">附件</a>')),
            "at3": (200, {}, article('<a href="file:///etc/passwd.pdf">附件</a><embed src="file:///etc/x.pdf">')),
            "at4": (
                200,
                {"Refresh": f"0;url={inside}/h", "Link": f"<{inside}/l>; rel=canonical"},
                article(f'<base href="{inside}/"><a href="base.pdf">附件</a>'),
            ),
        }
        # A sound one after every two: what is refused three times in a row keeps the others from being asked for.
        rows = "".join(
            row(escape(href)) + (row(f"ok{number}.html") if number % 2 else "")
            for number, href in enumerate([*links, *(f"{name}.html" for name in own)])
        )
        pages: Pages = {
            LIST: (200, {}, listing(rows + row("a1.html", LUSHUI))),
            FIRST: (200, {}, article(title=LUSHUI)),
            **{f"/gknb/{name}.html": answer for name, answer in own.items()},
            **{f"/gknb/ok{number}.html": (200, {}, article()) for number in range(len(links) + len(own))},
        }
        crawled = crawl(sqlite_settings, pages)
        assert secret.asked == []
    crawled.innocent_is_well()
    assert crawled.bad.state is RoundState.DONE, crawled.bad
    kept = {address: one.outcome for address, one in crawled.articles.items() if one.portal == "bad"}
    inner = [outcome for address, outcome in kept.items() if f":{port}/" in address]
    assert len(inner) > len(REFUSED) / 2
    assert set(inner) <= {ArticleOutcome.FETCH_FAILED, ArticleOutcome.NOT_FOUND}
    assert sum(outcome is ArticleOutcome.REPORT for outcome in kept.values()) >= len(links) / 2
