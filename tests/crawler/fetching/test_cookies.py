"""A cookie goes back to the host that set it and to no other; a request takes none of its own along."""

from __future__ import annotations

from scrapy import Request
from scrapy.http import Response

from crawler.fetching.cookies import HostCookies


def test_a_cookie_goes_back_to_its_host_alone() -> None:
    cookies = HostCookies()
    first = Request("https://a.gov.cn/", headers={"Cookie": "of=another"})
    assert cookies.process_request(first) is None
    assert "Cookie" not in first.headers

    plain, setting = (
        Response("https://a.gov.cn/"),
        Response("https://a.gov.cn/", headers={"Set-Cookie": "id=7; Path=/"}),
    )
    assert cookies.process_response(first, plain) is plain
    assert cookies.process_response(first, setting) is setting

    sent = {}
    for address in ("https://a.gov.cn/b", "https://b.gov.cn/b"):
        request = Request(address)
        cookies.process_request(request)
        sent[address] = request.headers.get("Cookie")
    assert sent == {"https://a.gov.cn/b": b"id=7", "https://b.gov.cn/b": None}
