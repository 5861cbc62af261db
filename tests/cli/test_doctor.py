"""What ``nianbao doctor`` says of the machinery that runs, from the ledger's rows."""

from __future__ import annotations

import json
import socket
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from config.settings import Settings
from ledger.database import Ledger
from ledger.models import Canary, Heartbeat, PortalRow
from monitor.machinery import examined as machinery
from monitor.machinery.report import machinery_report
from tests.cli.test_status import run
from tests.monitor.factory import write_register

NOW = datetime(2026, 3, 1, 4, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HERE = socket.gethostname()


def beat(ledger: Ledger, role: str, *, host: str = HERE, ago: timedelta = timedelta(), **values: Any) -> None:
    row = {"version": "1", "started_at": NOW - timedelta(hours=1), "host_checks": {}, "busy": False} | values
    with ledger.write() as session:
        session.add(Heartbeat(role=role, name=f"{host}:{role}", host=host, at=NOW - ago, **row))


def canaries(ledger: Ledger, *minutes: int) -> None:
    """Canaries that were sent so long ago and did not come back."""
    with ledger.write() as session:
        session.add_all(Canary(slot=ago, sent_at=NOW - ago * MINUTE, published=True) for ago in minutes)


def examined(ledger: Ledger, settings: Settings, look: Any, *more: Any) -> machinery.Examined:
    with ledger.read() as session:
        here = machinery.this_machine(settings, NOW, NOW)
        found: machinery.Examined = look(machinery_report(session, settings, NOW, here), *more)
    return found


def here_examined(ledger: Ledger, settings: Settings, role: str) -> machinery.Examined:
    with ledger.read() as session:
        return machinery.role_here(session, settings, role, NOW)


def test_roles_that_do_not_run_are_named_and_mixed_versions_too(settings: Settings, ledger: Ledger) -> None:
    beat(ledger, "crawler", ago=20 * MINUTE)
    beat(ledger, "worker")
    beat(ledger, "worker", host="other", version="2")
    assert examined(ledger, settings, machinery.heartbeat) == machinery.Examined(
        "心跳",
        False,
        "抓取没有在运行（最后一次心跳 2026年3月1日11:40），读取 2 个，监测没有在运行（从未启动），版本不一：1、2；"
        "请启动 nianbao up 或 nianbao run",
    )


@pytest.mark.parametrize(
    ("worker", "well"),
    [
        ({"last_work_at": NOW - MINUTE}, True),
        ({"last_work_at": NOW - 20 * MINUTE}, False),
        ({"last_work_at": NOW - 3 * MINUTE, "busy": True}, True),
        ({"ago": 20 * MINUTE}, False),
        ({"stopped_at": NOW}, False),
        ({"host": "other", "last_work_at": NOW}, False),
    ],
)
def test_a_worker_is_well_here_unless_it_is_gone_or_deaf(
    settings: Settings, ledger: Ledger, worker: dict[str, Any], well: bool
) -> None:
    canaries(ledger, 12, 11, 10)
    beat(ledger, "worker", **worker)
    assert here_examined(ledger, settings, "worker").right is well


def test_a_monitor_that_beats_but_ends_no_turn_is_not_well(settings: Settings, ledger: Ledger) -> None:
    beat(ledger, "monitor", last_work_at=NOW - 20 * MINUTE)
    found = here_examined(ledger, settings, "monitor")
    assert (found.right, found.sentence) == (False, "监测有心跳，但最近没有完整地做完一轮；请看日志")


def test_disks_and_clocks_of_other_machines_are_seen(settings: Settings, ledger: Ledger) -> None:
    disk = {"what": "存档", "folder": "/archive", "free": 5 * 1024 * 1024, "total": 10**9}
    beat(ledger, "worker", host="other", host_checks={"disks": [disk], "skew": -3600.0})
    room = examined(ledger, settings, machinery.room, settings)
    assert (room.right, "机器 other 上存档所在的磁盘（/archive）已满：只剩 5 MB" in room.sentence) == (False, True)
    hour_ahead = NOW + timedelta(hours=1)
    with ledger.read() as session:
        here = machinery.this_machine(settings, NOW, hour_ahead)
        clock = machinery.clocks(machinery_report(session, settings, NOW, here), settings, hour_ahead)
    assert clock.sentence == (
        f"机器 {HERE} 与台账数据库的时钟相差60 分钟（它快了）；"
        "机器 other 与台账数据库的时钟相差60 分钟（它慢了）；请启用 NTP 对时"
    )
    assert not examined(ledger, settings, machinery.clocks, settings, NOW).right


def test_nothing_that_waits_and_nothing_that_was_sent_is_said_so(settings: Settings, ledger: Ledger) -> None:
    assert examined(ledger, settings, machinery.waiting).sentence == "没有"
    assert examined(ledger, settings, machinery.sending).sentence == ("邮件还没有发出过，0 封在等待；还没有发出过周报")


@pytest.mark.parametrize(
    ("crawler", "due", "says"),
    [
        ({}, 4 * MINUTE, None),
        ({}, 6 * MINUTE, "没有在抓取，而有 1 个门户到期"),
        ({"busy": True}, 6 * MINUTE, None),
        ({"started_at": NOW - MINUTE}, 6 * MINUTE, None),
        ({"ago": 20 * MINUTE}, 4 * MINUTE, "本机没有抓取进程在运行"),
    ],
    ids=["idle", "deaf", "busy", "starting", "gone"],
)
def test_a_crawler_that_takes_nothing_is_not_well_and_one_that_is_busy_is(
    settings: Settings, ledger: Ledger, crawler: dict[str, Any], due: timedelta, says: str | None
) -> None:
    write_register(settings.home)
    beat(ledger, "crawler", **crawler)
    with ledger.write() as session:
        session.add(PortalRow(portal="yunshan", next_due_at=NOW - due))
    found = here_examined(ledger, settings, "crawler")
    assert (found.right, (says or "最后一次心跳") in found.sentence) == (says is None, True), found


def test_a_broker_that_goes_away_between_two_questions_is_told(
    sqlite_settings: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write_register(sqlite_settings.home)
    # Nobody listens; that it answered a moment before cannot be had otherwise.
    monkeypatch.setenv("NIANBAO_BROKER_URL", "redis://:secret@127.0.0.1:1/0")
    monkeypatch.setattr("cli.doctor.broker_trouble", lambda settings: "")
    assert run("doctor", "--format", "json") == 1
    (said,) = (row for row in json.loads(capsys.readouterr().out) if row["what"] == "读取进程")
    assert not said["right"] and said["sentence"].startswith("不能得知（消息队列刚才中断：")
    assert "secret" not in said["sentence"]
