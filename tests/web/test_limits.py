"""What a stranger can make the desk spend: connections that say nothing, long headers, large bodies, storms of both."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from config.settings import Settings
from ledger.states import DeskRole
from tests.monitor.factory import World
from tests.web.conftest import Enter
from tests.web.forms import send
from tests.web.prepared import served
from web.serving import server


@pytest.fixture
def address(world: World, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, int]]:
    """A desk that is served, with little patience."""
    monkeypatch.setattr(server.Protocol, "head_seconds", 0.5)
    monkeypatch.setattr(server.Protocol, "whole_seconds", 1.5)
    with served(settings, world.ledger) as where:
        host, _, port = where.removeprefix("http://").rpartition(":")
        yield host, int(port)


def says(where: tuple[str, int], words: bytes) -> bytes:
    """What is answered until the desk closes the connection."""
    answer = b""
    # The desk may hang up while it is still spoken to.
    with contextlib.suppress(ConnectionError), socket.create_connection(where, timeout=120) as connection:
        connection.sendall(words)
        while more := connection.recv(65536):
            answer += more
    return answer


def test_who_says_nothing_or_half_a_line_is_let_go(address: tuple[str, int]) -> None:
    assert says(address, b"") == b""
    assert says(address, b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ") == b""
    # A second request on the same connection has no more time than the first.
    answer = says(address, b"GET /health HTTP/1.1\r\nHost: x\r\n\r\nGET /hea")
    assert answer.count(b"HTTP/1.1 200") == 1 and b'{"alive":true}' in answer


def test_a_header_without_an_end_is_refused(address: tuple[str, int]) -> None:
    words = b"GET / HTTP/1.1\r\nHost: x\r\nCookie: " + b"a" * (server.HEADER_BYTES * 20)
    assert says(address, words + b"\r\n\r\n")[:12] in (b"", b"HTTP/1.1 400")


def test_a_stranger_sends_a_form_and_no_more(stranger: TestClient, wangmin: str) -> None:
    large = {"account": "x", "password": "y", "form_token": "z" * 20_000}
    assert stranger.post("/login", data=large).status_code == 413
    files = {"file": ("a.pdf", b"%PDF" + bytes(100_000))}
    assert stranger.post("/add", files=files).status_code == 413

    def without_length() -> Iterator[bytes]:
        yield from (b"x" * 4096 for _ in range(20))

    answer = stranger.post("/login", content=without_length(), headers={"Content-Type": "text/plain"})
    assert answer.status_code in (400, 413, 403)


def test_an_officer_sends_a_report_and_no_more(enter: Enter, settings: Settings) -> None:
    client = enter("officer", DeskRole.OFFICER)
    long: Any = send(client, "/add", "/incidents/1", kind="note", why="x" * 1_200_000)
    assert long.status_code == 413 and "没有登记任何内容" in long.text


def test_every_answer_carries_the_policy(stranger: TestClient, wangmin: str) -> None:
    for where in ("/login", "/static/desk.css", "/no-such-page", "/health"):
        headers = stranger.get(where).headers
        assert headers["content-security-policy"].startswith("default-src 'none'"), where
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
