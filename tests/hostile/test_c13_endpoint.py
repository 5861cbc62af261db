"""c13, c17 and c18: who holds the endpoint's connections, drips or forges harms no turn of the monitor."""

from __future__ import annotations

import http.client
import os
import resource
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

import monitor.machinery.shared_answer
import monitor.machinery.watchdog
from config.settings import Settings, load_settings
from ledger.crawling import portals
from ledger.database import Ledger, open_ledger
from ledger.states import Topic
from monitor.channels.mail.transport import MailServerAway, conversation
from monitor.machinery.endpoint import open_endpoint
from monitor.machinery.shared_answer import Shared
from monitor.machinery.vital import Vital
from monitor.machinery.watchdog import Watchdog
from monitor.notices.unsubscribe import SECRET_FILE, Subscription, make_token, secret_of
from tests.waiting import wait_until

NOW = datetime(2026, 1, 20, 1, tzinfo=UTC)
HOST = "127.0.0.1"
# Connections that somebody opens and says nothing on.
IDLE = 500


@dataclass
class Endpoint:
    """A monitor's endpoint, open."""

    settings: Settings
    port: int

    def ask(self, method: str, path: str) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection(HOST, self.port, timeout=240)
        try:
            connection.request(method, path)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()


@pytest.fixture
def endpoint(sqlite_settings: Settings, ledger: Ledger) -> Iterator[Endpoint]:
    settings = sqlite_settings.model_copy(update={"health_address": f"{HOST}:0", "public_address": "https://x.example"})
    with open_endpoint(settings, Vital()) as port:
        assert port is not None
        opened = Endpoint(settings, port)
        wait_until(lambda: opened.ask("GET", "/health")[0] == 200, "the endpoint answers")
        yield opened


def test_there_is_nothing_but_what_is_meant(endpoint: Endpoint) -> None:
    for method, path in (
        ("GET", "/"), ("GET", "/docs"), ("GET", "/openapi.json"), ("POST", "/health"), ("DELETE", "/metrics"),
        ("TRACE", "/health"), ("GET", "/unsubscribe/../../etc/passwd"), ("GET", "/unsubscribe/%2e%2e%2f"),
        ("GET", "/unsubscribe/" + "A" * 900), ("GET", "/unsubscribe/<script>alert(1)</script>".replace("<", "%3c")),
    ):  # fmt: skip
        status, said = endpoint.ask(method, path)
        assert 300 <= status < 500, (method, path)
        assert b"<script>" not in said


def test_a_token_is_shown_escaped_and_none_that_is_changed_is_taken(endpoint: Endpoint) -> None:
    secret = secret_of(endpoint.settings)
    _, said = endpoint.ask(
        "GET", "/unsubscribe/" + make_token(secret, Subscription("<script>alert(1)</script>@example.org", Topic.WEEKLY))
    )
    assert b"<script>" not in said
    token = make_token(secret, Subscription("a@example.org", Topic.WEEKLY))
    for changed in (token + "%00", token[:-2], token.swapcase(), "A" + token):
        assert 400 <= endpoint.ask("POST", "/unsubscribe/" + changed)[0] < 500, changed
    assert endpoint.ask("POST", "/unsubscribe/" + token)[0] == 200


def test_an_empty_secret_signs_nothing(endpoint: Endpoint) -> None:
    (endpoint.settings.home / SECRET_FILE).write_bytes(b"")
    forged = make_token(b"", Subscription("victim@example.org", Topic.WEEKLY))
    assert endpoint.ask("POST", "/unsubscribe/" + forged)[0] != 200


def test_a_header_without_an_end_and_half_requests_keep_nobody_from_being_answered(endpoint: Endpoint) -> None:
    with ExitStack() as held:
        flood = held.enter_context(socket.create_connection((HOST, endpoint.port), timeout=240))
        with suppress(OSError):
            flood.sendall(b"GET /health HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 5_000_000)
            assert b"200" not in flood.recv(60)
        for _ in range(100):
            half = held.enter_context(socket.create_connection((HOST, endpoint.port), timeout=240))
            half.sendall(b"GET /health HT")
        assert endpoint.ask("GET", "/health")[0] == 200


def test_connections_that_are_held_take_no_descriptor_from_the_ledger(endpoint: Endpoint, ledger: Ledger) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with ExitStack() as held:
        held.callback(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        # Made before the limit: they are the other side's, and in this process only for the test.
        idle = [held.enter_context(socket.socket()) for _ in range(IDLE)]
        highest = max(one.fileno() for one in idle)
        resource.setrlimit(resource.RLIMIT_NOFILE, (highest + 30, hard))
        for one in idle:
            # Not waited for: once the endpoint takes no more, each would wait in vain.
            one.setblocking(False)
            one.connect_ex((HOST, endpoint.port))
        _until_nothing_can_be_opened()
        own = open_ledger(endpoint.settings)
        held.callback(own.close)
        with own.write() as session:
            portals.keep_portal(session, "x", NOW)


def _until_nothing_can_be_opened() -> None:
    """Gives the endpoint a while to take all descriptors that it can get."""
    for _ in range(50):
        try:
            os.close(os.open(os.devnull, os.O_RDONLY))
        except OSError:
            return
        time.sleep(0.1)


@dataclass
class Dripping:
    """A server that says a byte now and then; ``whole`` once it has said all of them to somebody."""

    port: int
    whole: threading.Event = field(default_factory=threading.Event)


@contextmanager
def dripping(begin: bytes, times: int = 20) -> Iterator[Dripping]:
    """Drips for five seconds."""
    with socket.create_server((HOST, 0)) as listening:
        server = Dripping(listening.getsockname()[1])

        def drip() -> None:
            with suppress(OSError):
                connection, _ = listening.accept()
                with connection:
                    connection.sendall(begin)
                    for _ in range(times):
                        connection.sendall(b"x")
                        time.sleep(0.25)
                    server.whole.set()

        thread = threading.Thread(target=drip, daemon=True)
        thread.start()
        yield server


def test_a_watchdog_that_drips_holds_no_turn(home: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(monitor.machinery.watchdog, "LIMIT_SECONDS", 1.0)
    with dripping(b"HTTP/1.1 200 OK\r\nX-A: ") as server:
        assert not Watchdog(load_settings(watchdog_url=f"http://{HOST}:{server.port}/")).tell()
        assert not server.whole.is_set()


def test_a_mail_server_that_drips_holds_no_turn(home: object) -> None:
    with dripping(b"220 ") as server:
        settings = load_settings(smtp_host=HOST, smtp_port=server.port, smtp_timeout_seconds=1)
        with pytest.raises(MailServerAway), conversation(settings):
            pass
        assert not server.whole.is_set()


def test_who_asks_much_is_answered_once_and_nobody_with_what_is_old(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[float] = []

    def clock() -> float:
        now = time.monotonic()
        looked.append(now)
        return now

    monkeypatch.setattr(monitor.machinery.shared_answer, "time", SimpleNamespace(monotonic=clock))
    made: list[int] = []
    lock, go = threading.Lock(), threading.Event()

    def compute() -> int:
        with lock:
            made.append(len(made))
        go.wait(60)
        return made[-1]

    shared = Shared(compute)
    answers: list[int] = []
    asking = [threading.Thread(target=lambda: answers.append(shared.get())) for _ in range(8)]
    for one in asking:
        one.start()
    # Each looks when it asks, the first once more when it begins.
    wait_until(lambda: len(made) == 1 and len(looked) == len(asking) + 1, "all have asked")
    go.set()
    for one in asking:
        one.join(60)
    # Who asked after the first was begun has the second.
    assert len(made) <= 2 and len(answers) == 8
    assert shared.get() == len(made) - 1 > max(answers)
