"""A small, fast web server for many portals, in a process of its own: every address of 127.0.0.0/8 is one host.

It answers HTTP/1.1 with validators from memory, so that what is measured is the crawler; it counts what it was asked.
"""

from __future__ import annotations

import asyncio
import hashlib
import multiprocessing
import os
import socket
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Self

from bench.crawling.world import Portal

SLOW_SECONDS = 2.0


@dataclass
class Asked:
    """What the server was asked since the last question; ``ended``: seconds from the first request to a host's last."""

    requests: int = 0
    conditional: int = 0
    unchanged: int = 0
    sent: int = 0
    begun: float = 0.0
    ended: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class _Page:
    head: bytes
    body: bytes
    etag: str


class _Talk(asyncio.Protocol):
    """One connection to one host."""

    def __init__(self, portals: Mapping[str, Mapping[str, _Page]], asked: Asked, slow: str, dead: str) -> None:
        self._portals, self._asked, self._slow, self._dead = portals, asked, slow, dead
        self._waiting = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - narrows the type
        self._transport = transport
        self._host = transport.get_extra_info("sockname")[0]

    def data_received(self, data: bytes) -> None:
        self._waiting += data
        while b"\r\n\r\n" in self._waiting:
            request, _, self._waiting = self._waiting.partition(b"\r\n\r\n")
            answer = self._answer(request.decode("latin-1"))
            if self._host == self._dead:
                continue
            if self._host == self._slow:
                asyncio.get_running_loop().call_later(SLOW_SECONDS, self._transport.write, answer)
            else:
                self._transport.write(answer)

    def _answer(self, request: str) -> bytes:
        first, *lines = request.split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        page = self._portals[self._host].get(first.split(" ")[1])
        now = time.monotonic()
        self._asked.begun = self._asked.begun or now
        self._asked.ended[self._host] = now - self._asked.begun
        self._asked.requests += 1
        tag = headers.get("if-none-match")
        self._asked.conditional += tag is not None
        if page is None:
            return b"HTTP/1.1 404 Not Found\r\nContent-Length: 9\r\nContent-Type: text/plain\r\n\r\nNot Found"
        if tag == page.etag:
            self._asked.unchanged += 1
            return f"HTTP/1.1 304 Not Modified\r\nETag: {page.etag}\r\n\r\n".encode()
        self._asked.sent += len(page.body)
        return page.head + page.body


class Server:
    """Serves ``portals`` as a context manager; ``slow`` and ``dead`` are hosts that answer late, or never."""

    def __init__(self, portals: list[Portal], *, core: int | None, slow: str = "", dead: str = "") -> None:
        self._connection, theirs = multiprocessing.Pipe()
        arguments = (theirs, portals, core, slow, dead)
        self._process = multiprocessing.get_context("fork").Process(target=_serve, args=arguments, daemon=True)
        self._theirs = theirs
        self.port = 0

    def __enter__(self) -> Self:
        self._process.start()
        self._theirs.close()
        self.port = self._connection.recv()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        self._process.join()

    def asked(self) -> Asked:
        """What was asked since the last question."""
        self._connection.send("asked")
        return Asked(**self._connection.recv())


def _serve(connection: Connection, portals: list[Portal], core: int | None, slow: str, dead: str) -> None:
    if core is not None:
        os.sched_setaffinity(0, {core})
    asyncio.run(_serve_all(connection, portals, slow, dead))


async def _serve_all(connection: Connection, portals: list[Portal], slow: str, dead: str) -> None:
    pages = {portal.host: _pages(portal) for portal in portals}
    asked = Asked()
    loop = asyncio.get_running_loop()
    port = 0
    for host in pages:
        listener = socket.create_server((host, port), backlog=64)
        port = listener.getsockname()[1]
        await loop.create_server(lambda: _Talk(pages, asked, slow, dead), sock=listener)
    connection.send(port)

    def answer() -> None:
        try:
            connection.recv()
        except EOFError:
            loop.stop()
            return
        connection.send(asdict(asked))
        asked.__init__()  # type: ignore[misc]

    loop.add_reader(connection.fileno(), answer)
    await loop.create_future()


def _pages(portal: Portal) -> dict[str, _Page]:
    made = {}
    for path, media_type, body in portal.pages():
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        head = (
            f"HTTP/1.1 200 OK\r\nContent-Type: {media_type}\r\nContent-Length: {len(body)}\r\n"
            f"ETag: {etag}\r\nLast-Modified: Thu, 16 Jan 2020 02:20:00 GMT\r\n\r\n"
        )
        made[path] = _Page(head.encode(), body, etag)
    return made
