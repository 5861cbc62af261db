"""The server that plays the portals: pages by day, a port each, conditional answers, and what it counts."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import date

import pytest

from cli.demo.portals import CHAOYANG, HONGZE, SHIFAN
from cli.demo.portals.sound_report import sound_body
from cli.demo.server import PortalServer


@pytest.fixture
def server() -> Iterator[PortalServer]:
    with PortalServer() as running:
        yield running


def ask(address: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    request = urllib.request.Request(address, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=120) as response:
            return response.status, dict(response.headers), response.read()
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers), error.read()


def test_an_article_appears_on_its_day_and_the_list_goes_on_at_index_1(server: PortalServer) -> None:
    column = f"{server.addresses[CHAOYANG]}/zfxxgk/gknb"
    server.today = date(2020, 1, 15)
    assert "左家庄街道2019年".encode("gb18030") not in ask(f"{column}/index.html")[2]
    server.today = date(2020, 1, 16)
    status, headers, body = ask(f"{column}/index.html")
    assert (status, headers["Content-Type"]) == (200, "text/html")
    assert "左家庄街道2019年".encode("gb18030") in body
    assert b'createPageHTML(2, 0, "index", "html")' in body
    assert ask(f"{column}/index_1.html")[0] == 200
    assert ask(f"{column}/index_2.html")[0] == 404


def test_a_page_that_is_known_is_answered_with_304(server: PortalServer) -> None:
    server.today = date(2024, 3, 20)
    pdf = f"{server.addresses[HONGZE]}/zfxxgk/zfxxgknb/202403/P020240320310842119065.pdf"
    _, headers, body = ask(pdf)
    assert body.startswith(b"%PDF-")
    assert ask(pdf, **{"If-None-Match": headers["ETag"]})[0] == 304
    assert ask(pdf, **{"If-Modified-Since": headers["Last-Modified"]})[0] == 304
    assert ask(pdf, **{"If-None-Match": '"other"'})[0] == 200
    assert (server.count(HONGZE), server.count(HONGZE, status=304), server.count(SHIFAN)) == (4, 2, 0)
    server.forget()
    assert server.count() == 0


def test_the_firewall_answers_every_address_alike_but_robots(server: PortalServer) -> None:
    address = server.addresses[SHIFAN]
    assert ask(f"{address}/robots.txt")[0] == 404
    for path in ("/", "/zwgk/gknb/index.html"):
        status, _, body = ask(address + path)
        assert (status, b"$_ts" in body) == (412, True)


@pytest.mark.parametrize("year", [2019, 2025])
def test_the_made_up_report_has_every_row_of_its_form(year: int) -> None:
    body = sound_body("示例街道办事处", year)
    assert body.count("<tr>") > 30
    assert "四、结转下年度继续办理" in body
    assert f"自{year}年1月1日起至12月31日止" in body
