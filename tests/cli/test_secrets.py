"""No password is ever shown: not in a log, even in full detail, nor by a command or the ledger, whatever fails."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from sqlalchemy.engine import make_url

from cli.main import main
from config.settings import SECRETS
from ledger.database import make_engine
from ledger.keeping import copying
from tests.monitor.factory import PORTAL_FILE, write_register
from tests.monitor.mail_server import mail_server
from tests.waiting import wait_until

MARK = "Zq7never-shown"
COMMAND = [sys.executable, "-P", "-c", "from cli.main import main; main()"]


class Marked:
    """Programs whose every secret holds the mark, and all that they said."""

    def __init__(self, folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
        self._folder = folder
        self._capfd = capfd
        self._number = 0

    def starts(self, *arguments: str, until: str, then: Callable[[], None] = lambda: None, **changed: str) -> str:
        """What a role says until some words stand in it, something was done then, and it is asked to stop."""
        path = self._next(arguments)
        with path.open("wb") as out:
            process = subprocess.Popen([*COMMAND, *arguments], stdout=out, stderr=out, env=os.environ | changed)
        try:
            wait_until(lambda: until in path.read_text(), f"{until!r} in what {arguments} says")
            then()
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(120)
        return path.read_text()

    def says(self, *arguments: str, **changed: str) -> str:
        """What a command says."""
        with pytest.MonkeyPatch.context() as patched:
            for name, value in changed.items():
                patched.setenv(name, value)
            with pytest.raises(SystemExit):
                main(arguments)
        said = "".join(self._capfd.readouterr())
        self._next(arguments).write_text(said)
        return said

    def everything(self) -> str:
        """All that was said."""
        return "\n".join(path.read_text() for path in sorted(self._folder.glob("*.said")))

    def _next(self, arguments: tuple[str, ...]) -> Path:
        self._number += 1
        return self._folder / f"{self._number:02}-{'-'.join(arguments).replace('/', '')}.said"


@pytest.fixture
def marked(
    home: Path,
    tmp_path: Path,
    postgres_address: str,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> Iterator[Marked]:
    write_register(home, portals=PORTAL_FILE.replace("http://www.yunshan.example/", "http://127.0.0.1:1/"))
    password = make_url(postgres_address).set(password=f"{MARK}-database")
    settings: dict[str, Any] = {
        "DATABASE_URL": password.render_as_string(hide_password=False),
        "BROKER_URL": f"redis://:{MARK}-broker@127.0.0.1:1/0",
        "SMTP_USERNAME": f"{MARK}-user",
        "SMTP_PASSWORD": f"{MARK}-password",
        "UNSUBSCRIBE_SECRET": f"{MARK}-unsubscribe",
        "OIDC_CLIENT_ID": "desk",
        "OIDC_CLIENT_SECRET": f"{MARK}-provider",
        "WATCHDOG_URL": f"http://127.0.0.1:1/ping/{MARK}-watchdog",
        "PUBLIC_ADDRESS": "https://nianbao.example",
        "LOG_LEVEL": "DEBUG",
        "ALLOW_PRIVATE_ADDRESSES": "true",
        "HEARTBEAT_SECONDS": "1",
    }
    assert {name.upper() for name in SECRETS} <= set(settings)
    with mail_server(tmp_path, "starttls", login=True) as server:
        settings |= {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": server.port, "SMTP_SECURITY": "starttls"}
        settings |= {"SMTP_CA_FILE": server.ca_file}
        for name, value in settings.items():
            monkeypatch.setenv(f"NIANBAO_{name}", str(value))
        (tmp_path / "said").mkdir()
        yield Marked(tmp_path / "said", capfd)
        assert server.troubles.logins > 0


def assert_unseen(said: str) -> None:
    lines = [line for line in said.splitlines() if MARK in line]
    assert lines == []


def free_address() -> str:
    """Where nobody listens now; the desk has to know its address before it starts, since the way back leads there."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return f"127.0.0.1:{taken.getsockname()[1]}"


def log_in_by_the_provider(desk: str) -> None:
    """Goes the whole way to the provider and back, as somebody who has no account at the desk."""
    browser = requests.Session()
    there = browser.get(f"http://{desk}/login/provider", allow_redirects=False, timeout=60)
    back = requests.post(there.headers["location"], data={"sub": "stranger"}, allow_redirects=False, timeout=60)
    assert browser.get(back.headers["location"], timeout=60).status_code == 403


def test_no_secret_is_in_what_the_roles_and_commands_say(marked: Marked, postgres_address: str, tmp_path: Path) -> None:
    from oidc_provider_mock import User, run_server_in_thread  # here: it makes a key where it is loaded

    marked.starts("run", "monitor", until="外部看门狗 127.0.0.1 没有应答")
    marked.starts("run", "crawler", until="门户 yunshan")
    marked.starts("run", "worker", until="127.0.0.1:1")
    with run_server_in_thread(user_claims=[User(sub="stranger", claims={"preferred_username": "stranger"})]) as issuer:
        desk = free_address()
        people: dict[str, str] = {
            "NIANBAO_WEB_LISTEN": desk,
            "NIANBAO_WEB_ADDRESS": f"http://{desk}",
            "NIANBAO_OIDC_ISSUER": f"http://localhost:{issuer.server_port}",
        }
        marked.starts("run", "web", until=desk, then=lambda: log_in_by_the_provider(desk), **people)
    refused = marked.says("doctor", "--format", "json")
    assert {row["what"] for row in json.loads(refused[refused.index("[") : refused.rindex("]") + 1])} >= {"消息队列"}
    marked.says("mail", "test", "somebody@nianbao.example")
    marked.says("status")
    nobody = make_url(postgres_address).set(username="nobody_of_that_name", password=f"{MARK}-x")
    for address in (
        nobody.render_as_string(hide_password=False),
        f"postgresql+psycopg://u:{MARK}@127.0.0.1:1/none",
        f"postgres://u:{MARK}@127.0.0.1/none",
        f"nonsense:{MARK}",
    ):
        for command in (("doctor",), ("db", "migrate"), ("status",), ("db", "move", address)):
            marked.says(*command, NIANBAO_DATABASE_URL=address)
    for broker in (f"redis://:{MARK}@127.0.0.1:notaport/0", f"amqp://u:{MARK}@127.0.0.1:1//", f"nonsense:{MARK}"):
        marked.says("doctor", NIANBAO_BROKER_URL=broker)
    archive = f"ftp://u:{MARK}@127.0.0.1:1/archive"
    marked.says("doctor", NIANBAO_ARCHIVE_URL=archive)
    marked.says("archive", NIANBAO_ARCHIVE_URL=archive)
    marked.says("doctor", NIANBAO_WATCHDOG_URL=f"ftp://{MARK}")
    assert_unseen(marked.everything())
    engine = make_engine(postgres_address)
    with copying.snapshot(engine) as connection:
        rows = [str(row) for table in copying.tables() for row in copying.rows(connection, table)]
    engine.dispose()
    assert len(rows) > 5
    assert_unseen("\n".join(rows))


LOGS_AN_ERROR = f"""
import logging, sys
from config.logs import configure_logging
from config.settings import load_settings
configure_logging(load_settings(log_format=sys.argv[1]))
address = "{MARK}"
try:
    1 / 0
except ZeroDivisionError:
    logging.getLogger("nianbao").exception("broken")
"""


@pytest.mark.parametrize("form", ["console", "json"])
def test_a_traceback_shows_no_variable(home: Path, form: str) -> None:
    done = subprocess.run([sys.executable, "-c", LOGS_AN_ERROR, form], capture_output=True, text=True, check=True)
    assert "ZeroDivisionError" in done.stderr
    # The line of the traceback is not the one that holds it.
    assert MARK not in done.stderr
