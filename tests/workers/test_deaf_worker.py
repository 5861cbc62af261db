"""A worker that lives and hears nothing, with everything real: broker, worker, monitor, mail server, endpoint.

The broker is restarted under the running worker, the worker is made deaf and then stopped: the operators are told which
of it happened, within the limit, and that it is over; the endpoint says the same.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import monitor.turns
from cli.broker import EmbeddedBroker
from cli.demo.inbox import Inbox
from config.settings import Settings, load_settings
from ledger.database import Ledger
from ledger.machinery.canaries import canary_state
from tests.monitor.factory import OPERATORS, write_register
from tests.monitor.reading_mail import text_of
from tests.waiting import wait_until
from tests.workers.conftest import Worker
from tests.workers.frozen_proxy import FrozenProxy

# Three seconds stand for the ten minutes and the five of the defaults.
LIMIT = 3.0
# A worker's start, a turn of the monitor and a mail, on a machine that has other things to do.
SLACK = 120.0
PROXY = "proxy.sock"


@pytest.fixture
def inbox(tmp_path: Path) -> Iterator[Inbox]:
    """A real mail server."""
    with Inbox(tmp_path / "inbox") as running:
        yield running


@pytest.fixture
def quick(settings: Settings, home: Path, inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Short limits, a mail server, operators, and an endpoint on a free port."""
    write_register(home)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    for name, value in {
        "HEARTBEAT_SECONDS": 0.5,
        "SILENT_AFTER_MINUTES": LIMIT / 60,
        "CANARY_SECONDS": 1,
        "DEAF_AFTER_MINUTES": LIMIT / 60,
        "SMTP_HOST": inbox.host,
        "SMTP_PORT": inbox.port,
        "HEALTH_ADDRESS": f"127.0.0.1:{port}",
    }.items():
        monkeypatch.setenv(f"NIANBAO_{name}", str(value))
    return load_settings()


@contextmanager
def running_monitor(settings: Settings) -> Iterator[None]:
    stop = threading.Event()
    role = threading.Thread(target=monitor.turns.run, args=(settings, stop))
    role.start()
    try:
        yield
    finally:
        stop.set()
        role.join(120)
    assert not role.is_alive()


def asked(settings: Settings, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://{settings.health_address}{path}", timeout=240) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def figures(settings: Settings) -> dict[str, float]:
    status, page = asked(settings, "/metrics")
    assert status == 200, page
    return {name: float(value) for name, value in re.findall(r"^(nianbao_\S+) (\S+)$", page, re.MULTILINE)}


def told(inbox: Inbox) -> list[str]:
    """The operators' mails about the workers, by what they are about."""
    mails = [message for message in inbox.messages() if message["To"] == OPERATORS]
    about = {"worker_deaf": "取不到任务", "worker_gone": "读取进程停了"}
    subjects = [str(message["Subject"]).partition("】")[2] for message in mails]
    recovered = [re.findall(r"读取进程已\S+", text_of(message)) for message in mails]
    return [
        "over" if again else subject
        for subject, again in zip(subjects, recovered, strict=True)
        if again or any(words in subject for words in about.values())
    ]


def test_a_deaf_worker_and_a_dead_one_are_told_apart_and_a_restarted_broker_is_neither(
    quick: Settings, ledger: Ledger, inbox: Inbox, tmp_path: Path
) -> None:
    def back_since(moment: float) -> bool:
        with ledger.read() as session:
            last = canary_state(session).last_back_at
        return last is not None and last.timestamp() > moment

    def last_told() -> str:
        """What the operators were told last since ``mails``; on a busy machine some seconds' silence came before it."""
        return next(reversed(told(inbox)[mails:]), "")

    def wait_for(happened: Callable[[], bool], what: str) -> None:
        try:
            wait_until(happened, what, LIMIT + SLACK)
        except AssertionError as error:
            said = worker.said()[-1500:]
            raise AssertionError(f"{error}; told: {told(inbox)}; {asked(quick, '/ready')}\n{said}") from error

    socket_path = tmp_path / PROXY
    environment = {"NIANBAO_BROKER_URL": f"redis+socket://{socket_path}"}
    with EmbeddedBroker(quick) as broker, FrozenProxy(socket_path, quick.embedded_broker_socket) as proxy:
        worker = Worker(tmp_path / "worker.log", environment)
        try:
            with running_monitor(quick):
                wait_for(lambda: back_since(0), "the first canary is back")
                wait_for(lambda: asked(quick, "/ready")[0] == 200, "all is well")
                wait_for(lambda: asked(quick, "/health")[0] == 200, "the monitor turns")
                assert figures(quick)['nianbao_reading_state{queue="read",state="ok"}'] == 1

                broker.restart()
                restarted = time.time()
                wait_for(lambda: back_since(restarted), "canaries come back after the restart")

                mails = len(told(inbox))
                proxy.freeze()
                wait_for(lambda: last_told() == "读取进程取不到任务", "the operators hear that it is deaf")
                status, ready = asked(quick, "/ready")
                assert (status, '"reading":"deaf"' in ready) == (503, True)
                found = figures(quick)
                assert found['nianbao_reading_state{queue="read",state="deaf"}'] == 1
                assert found['nianbao_incidents_open{kind="worker_deaf"}'] == 1
                assert found['nianbao_incidents_open{kind="worker_gone"}'] == 0
                assert [found[name] for name in found if name.startswith('nianbao_processes{role="worker"')] == [1]
                assert found['nianbao_canary_age_seconds{queue="read"}'] > LIMIT

                proxy.thaw()
                wait_for(lambda: last_told() == "over", "and that it hears again")
                wait_for(lambda: asked(quick, "/ready")[0] == 200, "all is well again")

                mails = len(told(inbox))
                os.killpg(worker.process.pid, signal.SIGSTOP)
                wait_for(lambda: last_told() == "读取进程停了", "the operators hear that it is gone")
                assert '"reading":"gone"' in asked(quick, "/ready")[1]
                os.killpg(worker.process.pid, signal.SIGCONT)
                wait_for(lambda: last_told() == "over", "and that it is back")
                assert figures(quick)['nianbao_incidents_open{kind="worker_gone"}'] == 0
        finally:
            worker.stop()
