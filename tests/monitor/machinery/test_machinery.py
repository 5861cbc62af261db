"""The machinery's incidents from its rows: roles, queue, broker, disks, clocks; and what is told of sending."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from cli.demo.inbox import Inbox
from config.in_force import load_register
from config.settings import Settings
from ledger.database import Ledger
from ledger.models import Canary, Heartbeat, Incident, Notice, PortalRow
from ledger.states import NoticeKind, NoticePurpose, NoticeState, PortalState
from monitor.loop import tick
from monitor.machinery.judge import note_absence
from tests.monitor.factory import OPERATORS, PORTAL, World, write_register
from tests.monitor.reading_mail import arrived, text_of, told

NOW = datetime(2020, 6, 1, 4, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
MB = 1024 * 1024


class Machinery:
    """Writes what roles and canaries would, around a moment that goes on."""

    def __init__(self, settings: Settings, ledger: Ledger) -> None:
        self.settings = settings
        self.ledger = ledger
        self.now = NOW

    def beat(self, role: str, name: str, *, started: timedelta = timedelta(hours=1), **values: Any) -> None:
        """A process that lives and was started so long before."""
        row = {
            "role": role,
            "name": name,
            "at": self.now,
            "host": name.partition(":")[0],
            "version": "1",
            "started_at": NOW - started,
            "stopped_at": None,
            "last_work_at": None,
            "busy": False,
            "host_checks": {},
        } | values
        with self.ledger.write() as session:
            session.merge(Heartbeat(**row))

    def all_beat(self, **of_worker: Any) -> None:
        """A monitor, a crawler and a worker that live."""
        self.beat("monitor", "m:1")
        self.beat("crawler", "c:1")
        self.beat("worker", "w:1", **of_worker)

    def canary(self, ago: timedelta, *, back: timedelta | None = None, published: bool = True) -> None:
        """A canary that was sent so long ago, and came back so long after."""
        sent = self.now - ago
        with self.ledger.write() as session:
            session.merge(
                Canary(
                    slot=int(sent.timestamp()),
                    sent_at=sent,
                    published=published,
                    back_at=None if back is None else sent + back,
                    worker=None if back is None else "w:1",
                )
            )

    def turn(self, after: timedelta = timedelta()) -> None:
        """The monitor's turn, so much later."""
        self.now += after
        tick(self.settings, self.ledger, self.now, machinery=True)

    def open(self) -> dict[str, str]:
        """The open incidents of the machinery: sentence by kind and subject."""
        with self.ledger.read() as session:
            rows = session.scalars(select(Incident).where(Incident.resolved_at.is_(None))).all()
        return {f"{row.kind.value} {row.subject}": row.sentence for row in rows if row.audience.value == "operators"}


@pytest.fixture
def machinery(mailing: Settings, ledger: Ledger) -> Machinery:
    """The machinery of an installation with operators and an inbox."""
    return Machinery(mailing, ledger)


def subjects(inbox: Inbox) -> list[str]:
    """What the operators got, the summaries left out."""
    return [subject for to, subject in arrived(inbox) if to == OPERATORS]


def test_all_is_well_and_nobody_is_told(machinery: Machinery, inbox: Inbox) -> None:
    machinery.all_beat()
    machinery.canary(MINUTE, back=timedelta(seconds=1))
    machinery.turn()
    assert machinery.open() == {}
    assert subjects(inbox) == []


def test_a_replay_knows_no_machinery(machinery: Machinery) -> None:
    machinery.canary(timedelta(hours=3))
    machinery.canary(timedelta(hours=2))
    machinery.beat("monitor", "m:1")
    tick(machinery.settings, machinery.ledger, NOW)
    assert machinery.open() == {}


def test_a_worker_that_died_is_told_once_and_its_return_too(machinery: Machinery, inbox: Inbox) -> None:
    machinery.all_beat()
    machinery.turn()
    for _ in range(8):
        machinery.now += MINUTE
        machinery.beat("monitor", "m:1")
        machinery.beat("crawler", "c:1")
        machinery.turn()
    (sentence,) = machinery.open().values()
    assert list(machinery.open()) == ["worker_gone worker"]
    assert sentence == "没有一个读取进程在运行：最后一个（w:1）自2020年6月1日12:00起没有心跳，也没有正常停止"
    (mail,) = [message for message in told(inbox) if message["To"] == OPERATORS]
    assert mail["Subject"] == "【年报·运行】读取进程停了"
    words = text_of(mail)
    assert sentence in words
    assert "怎么看：用 nianbao doctor 看心跳" in words
    assert "怎么办：重新启动 nianbao run worker" in words
    assert "docs/runbook/worker-gone.md" in words
    machinery.all_beat(started=timedelta(minutes=-8))
    machinery.turn()
    assert machinery.open() == {}
    assert subjects(inbox) == ["【年报·运行】读取进程停了", "【年报·运行】已恢复正常"]
    assert "读取进程已恢复心跳" in text_of(told(inbox)[-1])


def test_nobody_is_missed_before_a_monitor_has_watched_for_the_limit(machinery: Machinery) -> None:
    machinery.beat("monitor", "m:1", started=timedelta())
    machinery.beat("crawler", "c:1", started=timedelta())
    machinery.turn()
    machinery.now += 4 * MINUTE
    machinery.beat("monitor", "m:1", started=timedelta())
    machinery.beat("crawler", "c:1", started=timedelta())
    machinery.turn()
    assert machinery.open() == {}
    machinery.now += 2 * MINUTE
    machinery.beat("monitor", "m:1", started=timedelta())
    machinery.beat("crawler", "c:1", started=timedelta())
    machinery.turn()
    assert machinery.open() == {"worker_gone worker": "没有一个读取进程在运行：从来没有启动过"}
    # A restart of the monitor takes nothing back.
    machinery.beat("monitor", "m:1", started=-6 * MINUTE)
    machinery.turn()
    assert list(machinery.open()) == ["worker_gone worker"]


@pytest.mark.parametrize("role", ["worker", "crawler"])
def test_a_role_that_is_stopped_in_order_and_started_again_sends_no_mail(
    machinery: Machinery, inbox: Inbox, role: str
) -> None:
    machinery.all_beat()
    machinery.turn()
    machinery.turn(6 * MINUTE)
    machinery.all_beat()
    stopped = machinery.now
    machinery.beat(role, f"{role[0]}:1", stopped_at=stopped)
    for _ in range(4):
        machinery.turn(MINUTE)
        machinery.beat("monitor", "m:1")
        other = "crawler" if role == "worker" else "worker"
        machinery.beat(other, f"{other[0]}:1")
    assert machinery.open() == {}
    machinery.beat(role, f"{role[0]}:2", started=NOW - machinery.now)
    machinery.turn(MINUTE)
    assert machinery.open() == {} and subjects(inbox) == []


def test_a_role_that_is_stopped_in_order_and_stays_away_is_told_after_its_time(machinery: Machinery) -> None:
    machinery.all_beat()
    machinery.turn()
    machinery.turn(6 * MINUTE)
    machinery.all_beat()
    machinery.beat("worker", "w:1", stopped_at=machinery.now)
    opened = []
    for _ in range(7):
        machinery.turn(MINUTE)
        machinery.beat("monitor", "m:1")
        machinery.beat("crawler", "c:1")
        opened.append(list(machinery.open()))
    assert opened == [[]] * 5 + [["worker_gone worker"]] * 2
    (sentence,) = machinery.open().values()
    assert "正常停止" in sentence


def test_one_dead_machine_of_several_is_named_unless_its_process_was_replaced(machinery: Machinery) -> None:
    machinery.all_beat()
    machinery.beat("worker", "v:7", at=NOW - 20 * MINUTE)
    machinery.beat("worker", "w:0", at=NOW - 90 * MINUTE, started=timedelta(hours=2))
    machinery.beat("crawler", "d:2", at=NOW - 20 * MINUTE, stopped_at=NOW - 20 * MINUTE)
    machinery.turn()
    assert machinery.open() == {
        "worker_gone worker:v": "机器 v 上的读取进程（v:7）自2020年6月1日11:40起没有心跳，也没有正常停止；"
        "其他1个读取进程仍在运行"
    }


def test_deaf_workers_are_no_dead_ones_and_busy_ones_are_neither(machinery: Machinery, inbox: Inbox) -> None:
    for minutes in (11, 9, 3):
        machinery.canary(minutes * MINUTE)
    machinery.all_beat(last_work_at=NOW - 2 * MINUTE)
    machinery.turn()
    assert machinery.open() == {}  # behind documents that are being read
    patient = machinery.settings
    machinery.settings = patient.model_copy(update={"read_timeout_seconds": 1200.0})
    machinery.all_beat(last_work_at=NOW - 15 * MINUTE, busy=True)
    machinery.turn()
    assert machinery.open() == {}  # one long document
    machinery.settings = patient
    machinery.all_beat(last_work_at=NOW - 30 * MINUTE)
    machinery.turn()
    assert machinery.open() == {
        "worker_deaf queue": "1个读取进程有心跳（w:1），却取不到任务：自2020年6月1日11:49起发出的3个探测任务"
        "没有一个被领取，最后一次取到任务是2020年6月1日11:30"
    }
    assert subjects(inbox) == ["【年报·运行】读取进程取不到任务"]
    # The worker is started again: it beats, and is still deaf until something comes back.
    machinery.all_beat(started=timedelta(seconds=-1))
    machinery.turn(timedelta(seconds=20))
    assert list(machinery.open()) == ["worker_deaf queue"]
    machinery.canary(timedelta(seconds=10), back=timedelta(seconds=1))
    machinery.turn(timedelta(seconds=20))
    assert machinery.open() == {}
    assert subjects(inbox)[1:] == ["【年报·运行】已恢复正常"]


def test_deaf_workers_that_are_killed_are_gone_and_that_is_no_recovery(machinery: Machinery, inbox: Inbox) -> None:
    for minutes in (11, 9):
        machinery.canary(minutes * MINUTE)
    machinery.all_beat()
    machinery.turn()
    machinery.now += 6 * MINUTE
    machinery.beat("monitor", "m:1")
    machinery.beat("crawler", "c:1")
    machinery.turn()
    assert list(machinery.open()) == ["worker_gone worker"]
    assert subjects(inbox) == ["【年报·运行】读取进程取不到任务", "【年报·运行】读取进程停了"]


def test_one_lost_canary_is_no_deaf_worker(machinery: Machinery) -> None:
    machinery.all_beat(last_work_at=NOW - 30 * MINUTE)
    machinery.canary(15 * MINUTE)
    machinery.turn()
    assert machinery.open() == {}


def test_a_worker_that_is_passed_over_is_named(machinery: Machinery) -> None:
    for minutes in range(1, 60):
        machinery.canary(minutes * MINUTE, back=timedelta(seconds=1))
    machinery.all_beat(last_work_at=NOW - MINUTE)
    machinery.beat("worker", "v:1", last_work_at=NOW - timedelta(minutes=30), started=timedelta(hours=9))
    machinery.turn()
    assert machinery.open() == {}  # 30 tasks of others: may be chance
    machinery.beat("worker", "v:1", last_work_at=NOW - timedelta(minutes=50), started=timedelta(hours=9))
    machinery.turn()
    assert machinery.open() == {
        "worker_deaf worker:v:1": "读取进程 v:1 有心跳，但自2020年6月1日11:10起没有取到任务，其间其他读取进程一直在领取"
    }


def test_a_broker_that_takes_nothing_is_told_after_several_canaries(machinery: Machinery) -> None:
    machinery.all_beat()
    machinery.canary(2 * MINUTE, published=False)
    machinery.canary(MINUTE, published=False)
    machinery.turn()
    assert machinery.open() == {}
    machinery.canary(timedelta(), published=False)
    machinery.turn()
    assert machinery.open() == {"broker_away queue": "消息队列自2020年6月1日11:58起无法访问，任务发不出去"}
    machinery.canary(-MINUTE)
    machinery.turn(MINUTE)
    assert machinery.open() == {}


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
