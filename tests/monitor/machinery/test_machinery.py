"""The machinery's incidents from its rows: roles, workers that are gone or deaf, the broker."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cli.demo.inbox import Inbox
from monitor.loop import tick
from tests.monitor.factory import OPERATORS
from tests.monitor.machinery.rows import MINUTE, NOW, Machinery, subjects
from tests.monitor.reading_mail import text_of, told


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
