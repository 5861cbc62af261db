"""A cookie that a site sets at its first answer is sent back to it as long as the round of its portal lasts.

The process of a world ends with its round, and its cookies with it. A cookie is for the host that set it and for no
other, so that no list of public suffixes is needed (Scrapy's would be fetched from the internet).
"""

from __future__ import annotations

from collections.abc import Iterable
from http.cookiejar import Cookie
from typing import Any

from scrapy import Request, Spider
from scrapy.downloadermiddlewares.cookies import CookiesMiddleware
from scrapy.http import Response
from scrapy.utils.httpobj import urlparse_cached

MOST_COOKIES = 50
LONGEST_COOKIE = 4096


class HostCookies(CookiesMiddleware):
    """Scrapy's cookies, only those of the very host, so many and so long.

    Hardly a portal sets any, and to look for those that are to be sent takes as long as all other middlewares together.
    """

    def process_request(self, request: Request, spider: Spider | None = None) -> Request | Response | None:
        """Sends back what the host has set."""
        if request.cookies or self.jars[request.meta.get("cookiejar")]._cookies:
            return super().process_request(request)
        request.headers.pop("Cookie", None)
        return None

    def process_response(
        self, request: Request, response: Response, spider: Spider | None = None
    ) -> Request | Response:
        """Keeps what the host sets."""
        return super().process_response(request, response) if "Set-Cookie" in response.headers else response

    def _process_cookies(self, cookies: Iterable[Cookie], *, jar: Any, request: Request) -> None:
        host = (urlparse_cached(request).hostname or "").lower()
        for cookie in cookies:
            own = cookie.domain.removeprefix(".") in (host, f"{host}.local")
            if own and len(jar) < MOST_COOKIES and len(cookie.name) + len(cookie.value or "") <= LONGEST_COOKIE:
                jar.set_cookie_if_ok(cookie, request)
