"""Serves made-up portals, each on its own port, to GET and to POST; and writes the files of an office for them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import yaml

from tests.portals.lists.plan import YEAR, District

ROBOTS = "User-agent: *\nAllow: /\n"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: method, path with its query, and body."""

    method: str
    path: str
    body: str = ""

    @property
    def place(self) -> str:
        """The path without its query."""
        return self.path.partition("?")[0]


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer."""

    body: bytes
    media_type: str = "text/html; charset=utf-8"
    status: int = 200


NOT_FOUND = Reply(b"<html><title>404</title><body><h1>404 Not Found</h1></body></html>", status=404)


@dataclass(frozen=True)
class ListPortal:
    """A portal: the district whose reports it lists, what its file says, and what it answers (None: 404).

    ``breaks`` says what is sent instead of an answer, byte by byte, where it says anything.
    """

    district: District
    answer: Callable[[Asked], Reply | None]
    column: Mapping[str, Any]
    facts: Mapping[str, Any] = field(default_factory=dict)
    says: str = ""
    breaks: Callable[[Asked, Reply], Iterable[bytes] | None] | None = None


def html(text: str, encoding: str = "utf-8", media_type: str | None = None) -> Reply:
    """A page; ``media_type`` is what its header says."""
    return Reply(text.encode(encoding, "replace"), media_type or f"text/html; charset={encoding}")


class ListServer:
    """Serves portals on 127.0.0.1, as a context manager; ``addresses`` by portal."""

    def __init__(self, portals: Mapping[str, ListPortal]) -> None:
        self.asked: list[tuple[str, Asked]] = []
        self._servers = {name: _Server(self, name, portal) for name, portal in portals.items()}
        self.addresses = {name: f"http://127.0.0.1:{one.server_address[1]}" for name, one in self._servers.items()}

    def __enter__(self) -> Self:
        for server in self._servers.values():
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.2}, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for server in self._servers.values():
            server.shutdown()
            server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 16

    def __init__(self, all_of_them: ListServer, name: str, portal: ListPortal) -> None:
        self.all = all_of_them
        self.name = name
        self.portal = portal
        super().__init__(("127.0.0.1", 0), _Handler)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        """Answers a GET."""
        self._answer(Asked("GET", self.path))

    def do_POST(self) -> None:
        """Answers a POST."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self._answer(Asked("POST", self.path, body.decode("utf-8", "replace")))

    def _answer(self, asked: Asked) -> None:
        self.server.all.asked.append((self.server.name, asked))
        robots = Reply(ROBOTS.encode(), "text/plain") if asked.place == "/robots.txt" else None
        reply = robots or self.server.portal.answer(asked) or NOT_FOUND
        broken = self.server.portal.breaks(asked, reply) if self.server.portal.breaks is not None else None
        if broken is not None:
            self.close_connection = True
            with suppress(OSError):  # the other side has had enough
                for part in broken:
                    self.wfile.write(part)
            return
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.media_type)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        self.wfile.write(reply.body)

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing: what was asked is kept."""


def write_office(home: Path, portals: Mapping[str, ListPortal], addresses: Mapping[str, str]) -> None:
    """The portal files, the registers and the offices for these portals."""
    for folder in ("portals", "agencies"):
        (home / "config" / folder).mkdir(parents=True, exist_ok=True)
    for name, portal in portals.items():
        district = portal.district
        file = {
            "portal": name,
            "name": f"{district.name}人民政府",
            "district": district.name,
            "start": f"{addresses[name]}/",
            "observed": date(2026, 1, 1),
            "pace": {"delay_seconds": 0},
            "columns": [{"id": "gknb", "name": "政府信息公开年报", **portal.column}],
            **portal.facts,
        }
        agencies = [
            {"id": agency, "name": f"{district.name}人民政府{short}办事处", "short": short, "kind": "subdistrict"}
            for agency, short in district.units.items()
        ]
        register = {"district": district.name, "portal": name, "watched": {"first": YEAR}, "agencies": agencies}
        for folder, content in (("portals", file), ("agencies", register)):
            path = home / "config" / folder / f"{name}.yaml"
            path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
