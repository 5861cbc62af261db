"""A local web server that plays portals: one port a portal, and pages that depend on the day.

The demo's portals (``cli/demo/portals``) and the troubled ones of the tests are the same thing to it: a ``Site``
(cli/demo/site.py) that says which pages there are on a given day. It counts what it was asked, and answers
conditional requests.
"""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

from cli.demo.home import write_demo_home
from cli.demo.portals import demo_sites
from cli.demo.site import Answer, Site

__all__ = ["Asked", "PortalServer", "write_demo_home"]


SEASON_BEGINS = date(2020, 1, 1)


@dataclass(frozen=True)
class Asked:
    """One request that came in, and the status it was answered with."""

    portal: str
    path: str
    status: int
    conditional: bool
    user_agent: str


class PortalServer:
    """Serves ``sites`` (by portal id; none given: the demo's) on free ports of 127.0.0.1, as a context manager.

    ``addresses`` gives the address of each portal (without a slash at the end). ``today`` can be set at any time; the
    pages are then those of that day. ``asked`` lists every request since the start or the last :meth:`forget`. ``tls``
    encrypts all of them.
    """

    def __init__(
        self,
        sites: Mapping[str, Site] | None = None,
        today: date = SEASON_BEGINS,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._sites = dict(demo_sites() if sites is None else sites)
        self._today = today
        self._pages: dict[str, Mapping[str, Answer]] = {}
        self._lock = threading.Lock()
        self.asked: list[Asked] = []
        self._servers = {portal: _Server(self, portal) for portal in self._sites}
        scheme = "http" if tls is None else "https"
        self.addresses = {
            portal: f"{scheme}://127.0.0.1:{server.server_address[1]}" for portal, server in self._servers.items()
        }
        if tls is not None:
            for server in self._servers.values():
                # The handshake is the handler's: a client that is slow with it keeps nobody else waiting.
                server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)

    @property
    def today(self) -> date:
        """The day whose pages are served."""
        return self._today

    @today.setter
    def today(self, day: date) -> None:
        with self._lock:
            self._today = day
            self._pages = {}

    @property
    def address(self) -> str:
        """The address of the first portal, where a person may begin to look around."""
        return next(iter(self.addresses.values()))

    def count(self, portal: str | None = None, *, status: int | None = None) -> int:
        """How many requests came in, of one portal or all, with one status or any."""
        return sum(
            (portal is None or one.portal == portal) and (status is None or one.status == status) for one in self.asked
        )

    def forget(self) -> None:
        """Starts counting anew."""
        with self._lock:
            self.asked = []

    def replace(self, portal: str, site: Site) -> None:
        """Puts another site in a portal's place, at the same address (a portal that changes or breaks)."""
        with self._lock:
            self._sites[portal] = site
            self._pages = {}

    def answer(self, portal: str, path: str) -> Answer:
        """What stands at ``path`` (with or without its query) of a portal today."""
        with self._lock:
            pages = self._pages.get(portal)
            if pages is None:
                pages = self._pages[portal] = self._sites[portal].pages(self._today)
        found = pages.get(path) or pages.get(path.partition("?")[0])
        return found or self._sites[portal].otherwise

    def note(self, asked: Asked) -> None:
        """Counts one request."""
        with self._lock:
            self.asked.append(asked)

    def __enter__(self) -> Self:
        for server in self._servers.values():
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for server in self._servers.values():
            server.shutdown()
            server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, portals: PortalServer, portal: str) -> None:
        self.portals = portals
        self.portal = portal
        super().__init__(("127.0.0.1", 0), _Handler)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        """Answers one request, with 304 where the asker has it already."""
        answer = self.server.portals.answer(self.server.portal, self.path)
        status = 304 if self._has_it(answer) else answer.status
        body = b"" if status == 304 else answer.content
        # Noted before it is answered: whoever has the answer finds the request counted.
        conditional = "If-None-Match" in self.headers or "If-Modified-Since" in self.headers
        agent = self.headers.get("User-Agent", "")
        self.server.portals.note(Asked(self.server.portal, self.path, status, conditional, agent))
        if answer.seconds:
            time.sleep(answer.seconds)
        self.send_response(status)
        if status != 304:
            self.send_header("Content-Type", answer.media_type)
            self.send_header("Content-Length", str(len(body)))
        if answer.tagged and answer.status == 200:
            self.send_header("ETag", answer.etag)
        if answer.modified is not None:
            self.send_header("Last-Modified", format_datetime(answer.modified, usegmt=True))
        for name, value in answer.headers:
            self.send_header(name, value)
        with suppress(ConnectionError):  # whoever asked did not wait for the answer
            self.end_headers()
            self.wfile.write(body)

    def _has_it(self, answer: Answer) -> bool:
        if answer.status != 200:
            return False
        if (tag := self.headers.get("If-None-Match")) is not None:
            return answer.tagged and tag == answer.etag
        since = self.headers.get("If-Modified-Since")
        if since is None or answer.modified is None:
            return False
        try:
            return answer.modified <= parsedate_to_datetime(since)
        except ValueError:
            return False

    def handle_one_request(self) -> None:
        """One request; a client that does not like the certificate or the version of TLS is simply gone."""
        try:
            super().handle_one_request()
        except ssl.SSLError:
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing: what was asked is counted, not printed."""
