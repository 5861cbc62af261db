"""The operators are told once of a file that is broken, with file, line and remedy, and of its mending."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from cli.demo.inbox import Inbox
from config.settings import Settings
from ledger.database import Ledger
from ledger.machinery.heartbeat import CRAWLER, MONITOR, HeartbeatWriter
from monitor.loop import tick
from tests.monitor.factory import OPERATORS
from tests.monitor.reading_mail import arrived, text_of, told

NOW = datetime(2020, 6, 1, 4, 0, tzinfo=UTC)
SUBJECT = "【年报·运行】配置文件有误"


class Service:
    """A monitor and a crawler that beat on the files of one home."""

    def __init__(self, settings: Settings, ledger: Ledger) -> None:
        self.settings, self.ledger = settings, ledger
        self.now = NOW
        self.heartbeat = [HeartbeatWriter(settings, ledger, role, f"here:{role}") for role in (MONITOR, CRAWLER)]

    def turn(self) -> None:
        """Everybody beats, and the monitor takes its turn, half a minute later."""
        self.now += timedelta(seconds=30)
        for heartbeat in self.heartbeat:
            heartbeat.beat(self.now)
        tick(self.settings, self.ledger, self.now, machinery=True)

    def write(self, name: str, content: str) -> Path:
        path = self.settings.home / "config" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
        return path


def subjects(inbox: Inbox) -> list[str]:
    return [
        subject for to, subject in arrived(inbox) if (to == OPERATORS and "配置文件" in subject) or "恢复" in subject
    ]


def test_a_broken_portal_file_is_told_once_with_line_and_remedy(
    mailing: Settings, ledger: Ledger, inbox: Inbox
) -> None:
    service = Service(mailing, ledger)
    service.turn()
    path = service.write("portals/new.yaml", "portal: new\nname: 新门户\nfamly: trs\n")
    for _ in range(3):
        service.turn()
    assert subjects(inbox) == [SUBJECT]
    words = text_of(next(mail for mail in told(inbox) if mail["Subject"] == SUBJECT))
    assert f"{path}:" in words and "缺少必填项" in words and "这个文件暂不使用" in words
    assert "docs/runbook/file-broken.md" in words
    path.unlink()
    service.turn()
    assert subjects(inbox) == [SUBJECT, "【年报·运行】已恢复正常"]


def test_another_fault_of_the_same_file_is_told_instead_of_the_first(
    mailing: Settings, ledger: Ledger, inbox: Inbox
) -> None:
    service = Service(mailing, ledger)
    service.turn()
    content = (mailing.home / "config" / "offices.yaml").read_text(encoding="utf-8")
    service.write("offices.yaml", content + "weekday: 1\n")
    service.turn()
    service.write("offices.yaml", "ofices: 1\n" + content)
    service.turn()
    # To the operators of the file as it was when it was good.
    assert subjects(inbox) == [SUBJECT, SUBJECT]
    service.write("offices.yaml", content)
    service.turn()
    assert subjects(inbox) == [SUBJECT, SUBJECT, "【年报·运行】已恢复正常"]
