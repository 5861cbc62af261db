"""A server that does what a broken or hostile portal does: bodies without an end, a byte now and then, loops."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

THREE_GB = 3 * 1024**3
_BLOCK = b"<p>" + b"x" * 65533


class _Hostile(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        kind = self.path.strip("/").partition("/")[0]
        with suppress(ConnectionError):
            getattr(self, f"_{kind}", self._none)()

    def _none(self) -> None:
        self._head(404, ("Content-Length", "0"))

    def _head(self, status: int, *headers: tuple[str, str]) -> None:
        self.send_response(status)
        for name, value in (("Content-Type", "text/html; charset=utf-8"), *headers):
            self.send_header(name, value)
        self.end_headers()

    def _announced(self) -> None:
        """3 GB, as the header says."""
        self._head(200, ("Content-Length", str(THREE_GB)))
        self._pour(b"", b"")

    def _chunked(self) -> None:
        """3 GB, of which no header says anything."""
        self._head(200, ("Transfer-Encoding", "chunked"))
        self._pour(f"{len(_BLOCK):x}\r\n".encode(), b"\r\n")

    def _pour(self, before: bytes, after: bytes) -> None:
        for _ in range(THREE_GB // len(_BLOCK)):
            self.wfile.write(before + _BLOCK + after)

    def _drip(self) -> None:
        """A byte five times a second: no single read ever times out."""
        self._head(200, ("Content-Length", "100000"))
        for _ in range(200):
            self.wfile.write(b"x")
            self.wfile.flush()
            time.sleep(0.2)

    def _loop(self) -> None:
        """One address that sends on to another, and back."""
        there = "/loop/b" if self.path == "/loop/a" else "/loop/a"
        self._head(302, ("Location", there), ("Content-Length", "0"))

    def _busy(self) -> None:
        self._head(503, ("Retry-After", "7200"), ("Content-Length", "0"))

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@contextmanager
def hostile() -> Iterator[str]:
    """The server's address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Hostile)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
