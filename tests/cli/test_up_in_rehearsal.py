"""``nianbao up`` on a new home writes to no office: not at once, not outside of the season, until ``mail start``."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from cli.demo.inbox import Inbox
from config.settings import load_settings
from ledger.database import open_ledger
from ledger.models import Notice, PortalRow
from ledger.states import NoticeState
from tests.cli.test_status import run
from tests.cli.test_up import Up, broker_process, processes_of
from tests.monitor.factory import OFFICE, World, write_register
from tests.waiting import wait_until

# The year of the last report that is overdue on any day, and a moment at which nobody crawls any more.
YEAR = (datetime.now(UTC) - timedelta(days=60)).year - 1
NEVER = datetime(2099, 1, 1, tzinfo=UTC)


@pytest.fixture
def home(home: Path) -> Path:
    """A new home that has found out, within its first half minute, that two agencies published nothing last winter."""
    write_register(home)
    ledger = open_ledger(load_settings())
    world = World(ledger)
    for day in ("02-03", "02-05"):
        world.look(f"{YEAR + 1}-{day}")
    with ledger.write() as session:
        session.execute(update(PortalRow).values(next_due_at=NEVER))
    ledger.close()
    return home


@pytest.fixture
def inbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Inbox]:
    """The mail server of the settings."""
    with Inbox(tmp_path / "inbox") as running:
        monkeypatch.setenv("NIANBAO_SMTP_HOST", running.host)
        monkeypatch.setenv("NIANBAO_SMTP_PORT", str(running.port))
        monkeypatch.setenv("NIANBAO_HEARTBEAT_SECONDS", "1")
        yield running


@pytest.fixture
def up(home: Path, inbox: Inbox, tmp_path: Path) -> Iterator[Up]:
    started = Up(home, tmp_path / "up.log")
    yield started
    if load_settings().embedded_broker_socket.exists():
        os.kill(broker_process(), signal.SIGKILL)
    for process in processes_of(home):
        os.kill(process, signal.SIGKILL)
    started.process.wait()


def to_the_office(inbox: Inbox) -> list[str]:
    return [str(mail["Subject"]) for mail in inbox.messages() if str(mail["To"]) == OFFICE]


def states() -> list[NoticeState]:
    ledger = open_ledger(load_settings())
    try:
        with ledger.read() as session:
            return list(session.scalars(select(Notice.state).where(Notice.recipient == OFFICE)))
    finally:
        ledger.close()


@pytest.mark.long
def test_no_mail_to_the_office_until_mail_is_started(up: Up, inbox: Inbox, capsys: pytest.CaptureFixture[str]) -> None:
    up.wait_for("服务已启动")
    wait_until(lambda: bool(states()) and set(states()) == {NoticeState.REHEARSED}, "the letter is made and kept")
    assert to_the_office(inbox) == []
    assert run("notices", "list", "--format", "json") == 0
    assert "未公布" in capsys.readouterr().out
    assert run("mail", "start", "--by", "李强") == 0
    wait_until(lambda: bool(to_the_office(inbox)), "the first letter")
    assert ["年报监测开始" in subject for subject in to_the_office(inbox)] == [True]
    assert up.interrupt() == 0
    assert len(to_the_office(inbox)) == 1
