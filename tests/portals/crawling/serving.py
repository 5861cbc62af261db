"""Serves the cases byte by byte, header by header, as odd servers do; and writes the files of the offices that watch them."""

# ruff: noqa: E501
from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

UNITS = ("东街街道", "西街街道", "南街街道", "北街街道")
Answer = tuple[int, Mapping[str, str | bytes], bytes]
Asked = BaseHTTPRequestHandler
SUBDISTRICTS: tuple[Mapping[str, Any], ...] = tuple({"name": f"人民政府{unit}办事处", "short": unit} for unit in UNITS)
Page = str | bytes | Answer | Callable[[Asked], Answer | None]


@dataclass(frozen=True)
class Case:
    """A portal of some agencies. ``truth`` is what a careful person says of each, in order (``a|b``: either will do).

    ``agencies`` are their full names without the district's, and their short names; four subdistricts without it.
    """

    note: str
    pages: Mapping[str, Page]
    truth: tuple[str, ...] = ("on_time",) * 4
    family: str = "static-list"
    column: str = "/gknb/index.html"
    facts: Mapping[str, Any] = field(default_factory=dict)
    agencies: Sequence[Mapping[str, Any]] = SUBDISTRICTS


class CaseServer(ThreadingHTTPServer):
    """One case on a port of its own."""

    daemon_threads = True

    def __init__(self, case: Case) -> None:
        self.case = case
        super().__init__(("127.0.0.1", 0), _Handler)
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.2}, daemon=True).start()

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Says nothing."""

    def do_POST(self) -> None:
        """As a GET, with the body behind the address as its query."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode("utf-8", "replace")
        self.path = f"{self.path}{'&' if '?' in self.path else '?'}{body}"
        self.do_GET()

    def do_GET(self) -> None:
        """Answers as the case says."""
        assert isinstance(self.server, CaseServer)
        pages = self.server.case.pages
        page = pages.get(self.path, pages.get(urlsplit(self.path).path))
        answer = page(self) if callable(page) else page
        if callable(page) and answer is None:
            return
        status, headers, body = (
            (404, {}, b"<title>404</title>Not Found") if answer is None
            else answer if isinstance(answer, tuple)
            else (200, {}, answer.encode() if isinstance(answer, str) else answer)
        )  # fmt: skip
        self.send_response(status)
        lines = {"Content-Type": "text/html", "Content-Length": str(len(body))} | dict(headers)
        for name, value in lines.items():
            written = value if isinstance(value, bytes) else value.encode("latin-1")
            self.send_header(name, written.decode("latin-1"))
        self.end_headers()
        self.wfile.write(body)


def write_offices(home: Path, servers: Mapping[str, CaseServer]) -> None:
    """A portal file, a register of four subdistricts and an office for each case."""
    for folder in ("portals", "agencies"):
        (home / "config" / folder).mkdir(parents=True, exist_ok=True)
    offices = []
    for name, server in servers.items():
        district = f"{name}区"
        portal = {
            "portal": name,
            "name": f"{district}人民政府",
            "district": district,
            "start": f"{server.address}/",
            "family": server.case.family,
            "observed": "2026-01-01",
            "pace": {"delay_seconds": 0, "at_once": 1},
            "columns": [{"id": "gknb", "name": "政府信息公开年报", "address": server.case.column}],
            **server.case.facts,
        }
        register = {
            "district": district,
            "portal": name,
            "watched": {"first": 2025},
            "agencies": [
                {"kind": "subdistrict", **agency, "id": f"{name}-{n}", "name": f"{district}{agency['name']}"}
                for n, agency in enumerate(server.case.agencies)
            ],
        }
        for folder, content in (("portals", portal), ("agencies", register)):
            path = home / "config" / folder / f"{name}.yaml"
            path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
        offices.append(
            {
                "district": district,
                "name": f"{district}政务公开办",
                "recipients": [f"{name}@example.gov.cn"],
                "weekday": 1,
            }
        )
    text = yaml.safe_dump({"operators": ["ops@example.gov.cn"], "offices": offices}, allow_unicode=True)
    (home / "config" / "offices.yaml").write_text(text, encoding="utf-8")
