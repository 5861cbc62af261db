"""The monitor's endpoint, its metrics, the ping to an external watchdog, and turns that break off."""

from __future__ import annotations

import json
import re
import socket
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from sqlalchemy import select

import monitor.turns
from cli.broker import EmbeddedBroker
from cli.demo.inbox import Inbox
from config.settings import Settings, load_settings
from config.yaml_file import ConfigurationError
from ledger.database import Ledger
from ledger.models import Canary, Heartbeat, Incident, Notice, Suppression
from ledger.states import NoticeKind, NoticeState, Topic
from monitor.loop import tick
from monitor.machinery.endpoint import open_endpoint
from monitor.machinery.metrics import render
from monitor.machinery.vital import Vital
from monitor.machinery.watchdog import Watchdog
from monitor.notices.unsubscribe import Subscription, make_token, secret_of
from monitor.turns import Turns
from tests.monitor.factory import OFFICE, OPERATORS, World, at
from tests.monitor.reading_mail import text_of, told

NOW = datetime(2020, 6, 1, 4, 0, tzinfo=UTC)


@pytest.fixture
def opened(mailing: Settings) -> Settings:
    """Settings with an endpoint on a free port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    return mailing.model_copy(update={"health_address": f"127.0.0.1:{port}"})


def ask(settings: Settings, path: str, method: str = "GET") -> tuple[int, str, dict[str, str]]:
    request = urllib.request.Request(f"http://{settings.health_address}{path}", method=method)
    try:
        with urllib.request.urlopen(request, timeout=900) as answer:
            return answer.status, answer.read().decode(), dict(answer.headers)
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode(), dict(error.headers)


def beat(ledger: Ledger, role: str, at: datetime, **values: Any) -> None:
    row = {"version": "1", "host": "h", "started_at": at, "host_checks": {"skew": 0.25}, "busy": False} | values
    with ledger.write() as session:
        session.add(Heartbeat(role=role, name=f"h:{role}", at=at, **row))


def test_it_is_closed_unless_it_is_opened(mailing: Settings, ledger: Ledger) -> None:
    with open_endpoint(mailing, Vital()) as port:
        assert port is None


def test_health_is_the_loop_and_readiness_is_everything(opened: Settings, ledger: Ledger) -> None:
    vital = Vital()
    with open_endpoint(opened, vital) as port:
        assert port is not None
        assert ask(opened, "/health")[0] == 200
        status, page, _ = ask(opened, "/ready")
        assert (status, json.loads(page)["monitor"], json.loads(page)["reading"]) == (503, False, "broker_away")
        now = datetime.now(UTC)
        vital.was_good(now)
        beat(ledger, "worker", now, last_work_at=now)
        with EmbeddedBroker(opened):
            status, page, _ = ask(opened, "/ready")
            assert (status, json.loads(page)["ready"], json.loads(page)["reading"]) == (200, True, "ok")
        status, page, _ = ask(opened, "/ready")
        assert (status, json.loads(page)["ready"], json.loads(page)["reading"]) == (503, False, "broker_away")
        vital.last_turn -= 301
        assert ask(opened, "/health")[0] == 503
        assert ask(opened, "/docs")[0] == ask(opened, "/openapi.json")[0] == ask(opened, "/")[0] == 404
    with pytest.raises(OSError, match="refused"):
        ask(opened, "/health")


def test_an_address_that_is_taken_is_one_sentence(mailing: Settings, ledger: Ledger) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        settings = mailing.model_copy(update={"health_address": f"127.0.0.1:{taken.getsockname()[1]}"})
        with pytest.raises(ConfigurationError, match=r"NIANBAO_HEALTH_ADDRESS：不能在 .* 上监听"):
            monitor.turns.run(settings, threading.Event())


@pytest.mark.parametrize("value", ["9187", "localhost", "localhost:0", "localhost:http", ":9187"])
def test_an_address_that_is_none_is_refused(home: object, value: str) -> None:
    with pytest.raises(ConfigurationError, match="health_address"):
        load_settings(health_address=value)


def test_the_metrics_are_what_the_ledger_says(mailing: Settings, ledger: Ledger, world: World) -> None:
    article = world.article("yunshan-dongjie", 2019, "2020-06-01 09:00", column="streets")
    world.version(article, "2020-06-01 09:00")
    beat(ledger, "worker", NOW, last_work_at=NOW - timedelta(seconds=30), busy=True)
    beat(ledger, "crawler", NOW - timedelta(hours=1))
    with ledger.write() as session:
        session.add(
            Canary(slot=1, sent_at=NOW - timedelta(seconds=45), published=True, back_at=NOW - timedelta(seconds=44))
        )
        session.add(Canary(slot=2, sent_at=NOW - timedelta(seconds=5), published=True))
        session.add(
            Notice(
                identity="a", kind=NoticeKind.ALERT, recipient=OFFICE, subject="", text="", html="", message_id="<a@b>",
                created_at=NOW, state=NoticeState.WAITING, next_attempt_at=NOW,
            )
        )  # fmt: skip
    with ledger.read() as session:
        page = render(session, mailing, NOW).decode()
    found = dict(re.findall(r"^(nianbao_\S+) (\S+)$", page, re.MULTILINE))
    expected = {
        'nianbao_documents{state="done"}': 1,
        'nianbao_documents{state="quarantined"}': 0,
        "nianbao_oldest_document_seconds": 0,
        'nianbao_reading_state{queue="read",state="ok"}': 1,
        'nianbao_reading_state{queue="read",state="deaf"}': 0,
        'nianbao_canaries_waiting{queue="read"}': 1,
        'nianbao_canary_age_seconds{queue="read"}': 44,
        'nianbao_canary_trip_seconds{queue="read"}': 1,
        'nianbao_last_task_age_seconds{queue="read"}': 30,
        'nianbao_processes{role="worker",version="1"}': 1,
        'nianbao_processes_busy{role="worker"}': 1,
        'nianbao_heartbeat_age_seconds{role="crawler"}': 3600,
        'nianbao_clock_skew_seconds{host="h"}': 0.25,
        'nianbao_portals{state="unknown"}': 1,
        'nianbao_notices{state="waiting"}': 1,
        'nianbao_notices_waiting{way="mail"}': 1,
        'nianbao_send_failures{way="mail"}': 0,
        'nianbao_incidents_open{kind="worker_deaf"}': 0,
    }
    assert {name: float(found[name]) for name in expected} == expected
    assert 'nianbao_processes{role="crawler"' not in page
    assert "nianbao_last_summary_age_seconds" not in found
    for family in set(re.findall(r"^# TYPE (\S+)", page, re.MULTILINE)):
        assert re.search(rf"^# HELP {family} \S", page, re.MULTILINE), family


def test_standings_are_measured_by_year(mailing: Settings, ledger: Ledger, world: World) -> None:
    tick(mailing, ledger, at("2020-01-20"))
    with ledger.read() as session:
        page = render(session, mailing, NOW).decode()
    assert 'nianbao_obligations{standing="pending",year="2019"} 3.0' in page


def test_a_link_that_is_followed_changes_nothing_and_one_click_does(opened: Settings, ledger: Ledger) -> None:
    token = make_token(secret_of(opened), Subscription(OFFICE, Topic.WEEKLY))
    with open_endpoint(opened, Vital()):
        status, page, headers = ask(opened, f"/unsubscribe/{token}")
        assert (status, '<form method="post">' in page, f"发给 {OFFICE} 的“每周汇总”" in page) == (200, True, True)
        assert headers["cache-control"] == "no-store"
        with ledger.read() as session:
            assert session.scalars(select(Suppression)).all() == []
        for _ in range(2):
            status, page, _ = ask(opened, f"/unsubscribe/{token}", "POST")
            assert (status, "已停止" in page) == (200, True)
        for method in ("GET", "POST"):
            assert ask(opened, f"/unsubscribe/{token[:-2]}xx", method)[0] == 404
            assert ask(opened, "/unsubscribe/%3Cscript%3E", method)[0] == 404
    with ledger.read() as session:
        (stop,) = session.scalars(select(Suppression)).all()
    assert (stop.recipient, stop.topic) == (OFFICE, Topic.WEEKLY)


class Asked(BaseHTTPRequestHandler):
    """Answers everything, and remembers what was asked."""

    paths: list[str]

    def do_GET(self) -> None:
        self.paths.append(self.path)
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Silence."""


@pytest.fixture
def watching() -> Iterator[tuple[str, list[str]]]:
    """The address of a watchdog, and what it was asked."""
    paths: list[str] = []
    handler = type("Handler", (Asked,), {"paths": paths})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/ping/secret", paths
        server.shutdown()
        thread.join()


def test_the_watchdog_is_asked_once_a_minute_after_good_turns(
    home: object, watching: tuple[str, list[str]], caplog: pytest.LogCaptureFixture
) -> None:
    address, paths = watching
    watchdog = Watchdog(load_settings(watchdog_url=address))
    assert watchdog.tell()
    assert not watchdog.tell()
    assert paths == ["/ping/secret"]
    assert not Watchdog(load_settings()).tell()
    assert not Watchdog(load_settings(watchdog_url="http://127.0.0.1:1/ping/secret")).tell()
    assert "外部看门狗 127.0.0.1 没有应答" in caplog.text
    assert "secret" not in caplog.text
    with pytest.raises(ConfigurationError, match="watchdog_url"):
        load_settings(watchdog_url="file:///etc/passwd")


def test_a_turn_that_breaks_off_is_told_and_the_outside_hears_nothing(
    mailing: Settings,
    ledger: Ledger,
    inbox: Inbox,
    watching: tuple[str, list[str]],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    address, paths = watching
    settings = load_settings(watchdog_url=address, smtp_host=inbox.host, smtp_port=inbox.port)
    vital = Vital()
    turns = Turns(settings, ledger, vital)

    def broken(*_: object, **__: object) -> int:
        raise ZeroDivisionError("division by zero")

    with monkeypatch.context() as broke:
        broke.setattr("monitor.loop.update_standings", broken)
        for _ in range(2):
            assert turns.take(datetime.now(UTC)) == ""
    assert (paths, vital.last_good, "Traceback" in caplog.text) == ([], None, True)
    (mail,) = [message for message in told(inbox) if message["To"] == OPERATORS and "监测中断" in message["Subject"]]
    assert "监测在中途出错（ZeroDivisionError：division by zero）" in text_of(mail)
    turns.take(datetime.now(UTC))
    assert (paths, vital.is_good(settings)) == (["/ping/secret"], True)
    with ledger.read() as session:
        row = session.scalars(select(Incident).where(Incident.subject == "monitor:turn")).one()
        (beat,) = session.scalars(select(Heartbeat)).all()
    assert row.resolution == "监测已恢复"
    assert (beat.role, beat.stopped_at) == ("monitor", None)
    turns.end(datetime.now(UTC))
    with ledger.read() as session:
        assert session.scalars(select(Heartbeat)).one().stopped_at is not None
