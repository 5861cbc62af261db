"""Before ``nianbao mail start`` letters to offices are written and shown, none leaves; then the state is told once."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from cli.demo.inbox import Inbox
from config.settings import Settings
from ledger.database import Ledger, open_ledger
from ledger.messages.sending import mail_has_started
from monitor.loop import tick
from tests.cli.test_status import run
from tests.monitor.factory import OFFICE, OPERATORS, World, at
from tests.monitor.notices.test_recipients import two_agencies
from tests.monitor.reading_mail import text_of


@pytest.fixture
def ledger(settings: Settings) -> Iterator[Ledger]:
    """A new ledger, in which nobody has started the mail."""
    opened = open_ledger(settings)
    yield opened
    opened.close()


def recipients(inbox: Inbox) -> list[str]:
    return [str(mail["To"]) for mail in inbox.messages()]


def test_nothing_leaves_to_an_office_until_mail_is_started_and_then_the_state_is_told_once(
    mailing: Settings, ledger: Ledger, world: World, inbox: Inbox, capsys: pytest.CaptureFixture[str]
) -> None:
    two_agencies(world)
    for hour in range(8, 12):
        tick(mailing, ledger, at(f"2020-02-03 {hour:02}:30"))
    assert OFFICE not in recipients(inbox)
    assert run("notices", "list", "--format", "json") == 0
    rehearsed = json.loads(capsys.readouterr().out)
    assert {(row["recipient"], row["state"]) for row in rehearsed if row["recipient"] != OPERATORS} == {
        (OFFICE, "rehearsed")
    }
    assert run("mail", "start", "--by", "李强", "--why", "试运行结束") == 0
    capsys.readouterr()
    for hour in range(12, 16):
        tick(mailing, ledger, at(f"2020-02-03 {hour:02}:30"))
    letters = [mail for mail in inbox.messages() if str(mail["To"]) == OFFICE]
    assert len(letters) == 1, "what was there before is told once, in one letter"
    assert "年报监测开始" in str(letters[0]["Subject"]) and "今后只通知新的变化" in text_of(letters[0])


def test_mail_can_be_stopped_again(ledger: Ledger) -> None:
    for command, started in (("start", True), ("start", True), ("stop", False), ("start", True)):
        assert run("mail", command) == 0
        with ledger.read() as session:
            assert mail_has_started(session) is started
