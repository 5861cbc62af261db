"""What operators are told besides: disks, clocks, portals nobody takes, monitors that were away, mail that fails."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import update

from cli.demo.inbox import Inbox
from config.in_force import load_register
from ledger.models import Notice, PortalRow
from ledger.states import NoticeKind, NoticePurpose, NoticeState, PortalState
from monitor.machinery.judge import note_absence
from tests.monitor.factory import OPERATORS, PORTAL, World, write_register
from tests.monitor.machinery.rows import MB, MINUTE, NOW, Machinery, subjects
from tests.monitor.reading_mail import text_of, told


def test_disks_and_clocks_are_told_after_several_looks_and_taken_back_after_as_many(
    machinery: Machinery, inbox: Inbox
) -> None:
    bad = {
        "disks": [{"what": "台账、存档", "folder": "/srv/nianbao", "free": 1000 * MB, "total": 100_000 * MB}],
        "skew": 3600.0,
        "file_clock": -5.0,
        "jump": 0.0,
    }
    full = bad | {"skew": 0.0, "disks": [{**bad["disks"][0], "free": 100 * MB}]}  # type: ignore[index]
    seen = []
    for host_checks in (bad, bad, bad, full, full, full, {}, {}, {}, {}):
        machinery.all_beat(host_checks=host_checks)
        machinery.turn(timedelta(seconds=20))
        machinery.turn()  # another monitor, at the same moment: no look of its own
        seen.append(sorted(machinery.open()))
    nearly, gone = "disk_full disk:w:/srv/nianbao", "disk_full disk:w:/srv/nianbao:full"
    clock = "clock_wrong skew:w"
    assert seen == [
        [], [], [clock, nearly], [clock, nearly], [clock, nearly], [gone], [gone], [gone], [], [],
    ]  # fmt: skip
    texts = [text_of(message) for message in told(inbox) if message["To"] == OPERATORS]
    assert len(texts) == 5
    assert any("机器 w 与台账数据库的时钟相差60 分钟（它快了）" in text for text in texts)
    assert any(
        "台账、存档所在的磁盘（/srv/nianbao）快满了：只剩 1000 MB（1%），下限是 2048 MB" in text for text in texts
    )
    assert any("（/srv/nianbao）已满：只剩 100 MB" in text for text in texts)
    assert "剩余空间已恢复到下限以上" in texts[-1]


def test_due_portals_that_nobody_takes_are_told_though_the_crawler_beats(machinery: Machinery, world: World) -> None:
    with machinery.ledger.write() as session:
        row = {"next_due_at": NOW - timedelta(hours=5), "state": PortalState.HEALTHY}
        session.execute(update(PortalRow).values(**row))
    machinery.all_beat()
    machinery.turn()
    assert machinery.open() == {}
    with machinery.ledger.write() as session:
        session.execute(update(PortalRow).values(next_due_at=NOW - timedelta(hours=7)))
    machinery.turn()
    assert machinery.open() == {
        "crawler_silent portals": "抓取进程有心跳，但有1个到期的门户没有人抓取，最早的自2020年6月1日5:00起到期："
        "云山区人民政府门户网站"
    }
    with machinery.ledger.write() as session:
        session.execute(update(PortalRow).where(PortalRow.portal == PORTAL).values(claimed_until=NOW + MINUTE))
    machinery.turn()
    assert machinery.open() == {}


def test_a_monitor_that_was_away_says_so_once_when_it_is_back(machinery: Machinery, inbox: Inbox) -> None:
    machinery.beat("monitor", "m:1", at=NOW - timedelta(hours=3))
    note_absence(machinery.settings, machinery.ledger, NOW)
    machinery.all_beat()
    machinery.turn()
    (sentence,) = machinery.open().values()
    assert sentence.startswith("监测自2020年6月1日9:00至2020年6月1日12:00没有运行（最后一个监测进程没有正常停止）")
    note_absence(machinery.settings, machinery.ledger, NOW)
    machinery.now += timedelta(hours=27)
    machinery.all_beat()
    machinery.turn()
    assert machinery.open() == {}
    assert subjects(inbox) == ["【年报·运行】监测中断"]


def test_work_on_the_machinery_is_announced(machinery: Machinery, inbox: Inbox) -> None:
    (machinery.settings.home / "config" / "maintenance.yaml").write_text(
        "machinery:\n  - {begin: 2020-06-01, end: 2020-06-01, reason: 更换服务器}\n", encoding="utf-8"
    )
    assert load_register(machinery.settings.home).maintenance.holds_machinery(NOW.date())
    machinery.beat("monitor", "m:1")
    machinery.turn()
    assert machinery.open() == {}
    machinery.now += timedelta(days=1)
    machinery.beat("monitor", "m:1")
    machinery.turn()
    assert sorted(machinery.open()) == ["crawler_silent crawler", "worker_gone worker"]


def test_reminders_come_until_it_is_over(machinery: Machinery, inbox: Inbox) -> None:
    for day in range(16):
        machinery.now = NOW + timedelta(days=day)
        machinery.beat("monitor", "m:1")
        machinery.beat("crawler", "c:1")
        machinery.turn()
    assert subjects(inbox) == ["【年报·运行】读取进程停了", "【年报·运行】仍未解决：1个事项"]


def test_mail_that_fails_is_told_by_mail_when_it_goes_again(machinery: Machinery, inbox: Inbox) -> None:
    machinery.all_beat()
    machinery.beat("worker", "v:7", at=NOW - 20 * MINUTE)
    inbox.stop()
    for minutes in (0, 1.1, 3.2, 8.3, 23.4):
        machinery.now = NOW + minutes * MINUTE
        machinery.all_beat()
        machinery.turn()
    assert "mail_failing mail" not in machinery.open()
    machinery.now = NOW + 31 * MINUTE
    machinery.all_beat()
    machinery.turn()
    sentence = machinery.open()["mail_failing mail"]
    assert sentence.startswith("邮件自2020年6月1日12:00起发不出去，已试5次，")
    assert "无法使用邮件服务器 127.0.0.1" in sentence
    inbox.start()
    for minutes in (60, 61):
        machinery.now = NOW + minutes * MINUTE
        machinery.all_beat()
        machinery.turn()
    assert "mail_failing mail" not in machinery.open()
    assert subjects(inbox)[:3] == [
        "【年报·运行】读取进程停了", "【年报·运行】邮件发不出去", "【年报·运行】已恢复正常",
    ]  # fmt: skip


def test_a_summary_that_does_not_go_out_is_told(machinery: Machinery, world: World, inbox: Inbox) -> None:
    row = {
        "identity": "weekly:云山区:2020-W23:office@yunshan.example",
        "kind": NoticeKind.WEEKLY,
        "purpose": NoticePurpose.WEEKLY,
        "recipient": "office@yunshan.example",
        "subject": "周报",
        "text": "",
        "html": "",
        "message_id": "<a@b>",
        "created_at": NOW - timedelta(hours=7),
        "state": NoticeState.WAITING,
        "next_attempt_at": NOW + timedelta(days=1),
    }
    with machinery.ledger.write() as session:
        session.add(Notice(**row))
    machinery.all_beat()
    with machinery.ledger.write() as session:
        session.execute(update(PortalRow).values(next_due_at=NOW))
    machinery.turn()
    assert machinery.open() == {
        f"summary_late summary:{row['identity']}": "2020年6月1日5:00写好的周报至今没有发出："
        "发给office@yunshan.example的“周报”"
    }
    with machinery.ledger.write() as session:
        session.execute(update(Notice).where(Notice.message_id == "<a@b>").values(state=NoticeState.SENT, sent_at=NOW))
    machinery.turn(MINUTE)
    assert machinery.open() == {}
    assert "周报已经发出" in text_of(told(inbox)[-1])


def test_without_operators_it_waits_and_reaches_them_later(machinery: Machinery, inbox: Inbox) -> None:
    write_register(machinery.settings.home, offices="operators: []\noffices: []\n")
    machinery.beat("monitor", "m:1")
    machinery.beat("crawler", "c:1")
    machinery.turn()
    assert list(machinery.open()) == ["worker_gone worker"]
    assert inbox.messages() == []
    write_register(machinery.settings.home)
    machinery.turn(MINUTE)
    assert subjects(inbox) == ["【年报·运行】读取进程停了"]
