"""What is said of the machinery that runs, at the desk as by ``nianbao doctor``: one sentence a part of the report."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from config.in_force import load_register
from config.recipients import CHANNEL
from config.settings import Settings
from config.yaml_file import ConfigurationError
from ledger.machinery.heartbeat import (
    CRAWLER,
    MONITOR,
    ROLES,
    WORKER,
    heartbeats,
    is_alive,
    silent_after,
    takes_from,
)
from ledger.machinery.host_checks import disks, file_clock
from ledger.messages.deliveries import MAIL
from ledger.models import Heartbeat
from ledger.standings.counts import overdue_portals
from ledger.states import Queue
from monitor.calendar import chinese_moment
from monitor.machinery.host_checks import MEGABYTE, duration
from monitor.machinery.judge import ROLE_NAMES
from monitor.machinery.reading_state import ReadingState, ReadingWord, reading_state
from monitor.machinery.report import MachineryReport, Part


@dataclass(frozen=True, slots=True)
class Examined:
    """One thing that was looked at: whether it is as it should be, in one sentence."""

    what: str
    right: bool
    sentence: str


def heartbeat(report: MachineryReport) -> Examined:
    """Which roles live, and which do not."""
    said = []
    for role in ROLES:
        count = sum(beat.role == role for beat in report.alive)
        if count:
            said.append(f"{ROLE_NAMES[role]} {count} 个")
            continue
        last = next((beat for beat in report.beats if beat.role == role), None)
        since = f"最后一次心跳 {chinese_moment(last.at)}" if last is not None else "从未启动"
        said.append(f"{ROLE_NAMES[role]}没有在运行（{since}）")
    for one in report.missed:
        if one.role not in report.missing_roles:
            said.append(f"{ROLE_NAMES[one.role]}进程 {one.name} 自{chinese_moment(one.at)}起没有心跳")
    versions = {beat.version for beat in report.alive}
    if len(versions) > 1:
        said.append(f"版本不一：{'、'.join(sorted(versions))}")
    right = report.is_right(Part.PROCESSES)
    return Examined("心跳", right, "，".join(said) + ("" if right else "；请启动 nianbao up 或 nianbao run"))


def canary(report: MachineryReport) -> Examined | None:
    """Whether the queues are being emptied; None where there is no broker, which has a line of its own."""
    if all(report.reading[queue].word is ReadingWord.BROKER_AWAY for queue in report.taken):
        return None
    right = report.is_right(Part.READING)
    said = "；".join(_canary(report.reading[queue]) for queue in report.taken)
    return Examined("探测任务", right, said + ("" if right else "；请重新启动读取进程"))


def _canary(state: ReadingState) -> str:
    trip = state.canary.last_trip
    took = f"；最近一次往返 {trip.total_seconds():.1f} 秒" if trip is not None else ""
    over = "、".join(beat.name for beat in state.passed_over)
    return state.sentence + took + (f"；其中 {over} 一直取不到任务" if over else "")


def waiting(report: MachineryReport) -> Examined:
    """How long the oldest document waits."""
    right, since = report.is_right(Part.WAITING), report.waits_since
    if since is None:
        return Examined("待读文档", right, "没有")
    unread = report.unread[Queue.SCAN].count
    scans = f"（扫描件 {unread} 份）" if unread else ""
    remedy = "" if right else "；请增加或检查读取进程"
    if report.scans_of_nobody:
        remedy = "；没有进程识别扫描件，请运行 nianbao run worker --queues scan（需要 ocr 组件）"
    if report.held_back:
        remedy += "；待读文档过多，暂不开始新的巡查"
    age = duration((report.now - since).total_seconds())
    return Examined("待读文档", right, f"{report.unread_count} 份{scans}，最早的等了 {age}{remedy}")


def sending(report: MachineryReport) -> Examined:
    """What went out last, and what does not."""
    said = []
    for way in report.ways:
        name = "邮件" if way.way == MAIL else f"聊天群“{way.way.removeprefix(CHANNEL)}”"
        last = f"上次发出 {chinese_moment(way.last_delivered_at)}" if way.last_delivered_at else "还没有发出过"
        said.append(f"{name}{last}，{way.waiting} 封在等待")
        if way.failed:
            said[-1] += f"，连续失败 {way.failed} 次（{way.answer}）"
    summary, right = report.last_summary_at, report.is_right(Part.SENDING)
    said.append(f"周报上次发出 {chinese_moment(summary)}" if summary else "还没有发出过周报")
    return Examined("发信", right, "；".join(said) + ("" if right else "；请用 nianbao mail test 试发"))


def quarantine(report: MachineryReport) -> Examined:
    """The documents that nobody could read."""
    count, right = len(report.quarantined), report.is_right(Part.QUARANTINE)
    return Examined("隔离文档", right, "没有" if right else f"{count} 份；请人工查看（nianbao quarantine list）")


def files(report: MachineryReport) -> Examined:
    """The data files that the running processes do not take as they stand."""
    right = report.is_right(Part.FILES)
    said = "；".join(fault.sentence for fault in report.files)
    return Examined("运行中的配置", right, "全部文件都已生效" if right else said)


def room(report: MachineryReport, settings: Settings) -> Examined:
    """Room on the disks of this machine, and of the others that run something."""
    if not report.is_right(Part.DISKS):
        return Examined("磁盘", False, "；".join(report.signs_of(Part.DISKS)) + "；请清理或扩容")
    free = (f"{disk['what']} 剩 {disk['free'] // MEGABYTE} MB" for disk in disks(settings))
    return Examined("磁盘", True, "，".join(free))


def clocks(report: MachineryReport, settings: Settings, own: datetime) -> Examined:
    """This machine's clock (``own``) beside the ledger's and the file server's, and the other machines' clocks."""
    if not report.is_right(Part.CLOCKS):
        return Examined("时钟", False, "；".join(report.signs_of(Part.CLOCKS)) + "；请启用 NTP 对时")
    if settings.database_url is None:
        return Examined("时钟", True, f"现在是 {chinese_moment(own)}；单机运行，无需与其他机器对照")
    return Examined("时钟", True, f"与数据库相差 {abs((own - report.now).total_seconds()):.1f} 秒")


def this_machine(settings: Settings, now: datetime, own: datetime) -> Heartbeat:
    """What is seen of this machine at a moment: ``now`` by the ledger's clock, ``own`` by its own."""
    seen = {"disks": disks(settings), "file_clock": file_clock(settings), "skew": (own - now).total_seconds()}
    return Heartbeat(role="", name="", host=socket.gethostname(), at=now, host_checks=seen)


def role_here(session: Session, settings: Settings, role: str, now: datetime) -> Examined:
    """Whether a process of a role is well on this machine: a reason to start it again where it is not."""
    host, name = socket.gethostname(), ROLE_NAMES[role]
    here = [beat for beat in heartbeats(session, role) if beat.host == host]
    alive = [beat for beat in here if is_alive(beat, settings, now)]
    if not alive:
        since = f"最后一次心跳 {chinese_moment(here[0].at)}" if here else "从未启动"
        return Examined(name, False, f"本机没有{name}进程在运行（{since}）")
    if role == WORKER:
        taken = [queue for queue in Queue if any(takes_from(beat, queue) for beat in alive)]
        states = [reading_state(session, settings, now, queue) for queue in taken]
        over = {beat.name for state in states for beat in state.passed_over}
        deaf = any(state.word is ReadingWord.DEAF for state in states) or over >= {beat.name for beat in alive}
        return Examined(name, not deaf, "；".join(state.sentence for state in states))
    if role == CRAWLER:
        waits = _taken_by_nobody(session, settings, alive, now)
        if waits:
            return Examined(name, False, waits)
    if role == MONITOR:
        good = [beat for beat in alive if now - (beat.last_work_at or beat.started_at or now) <= silent_after(settings)]
        if not good:
            return Examined(name, False, "监测有心跳，但最近没有完整地做完一轮；请看日志")
    return Examined(name, True, f"最后一次心跳 {chinese_moment(alive[0].at)}")


def _taken_by_nobody(session: Session, settings: Settings, alive: Sequence[Heartbeat], now: datetime) -> str:
    """The sentence where these crawlers have a heartbeat and no round, and portals are due all the same; else empty."""
    long_ago = now - silent_after(settings)
    if any(beat.busy or (beat.started_at or now) > long_ago for beat in alive):
        return ""
    try:
        watched = [portal for portal, file in load_register(settings.home).portals.items() if not file.paused]
    except ConfigurationError as error:
        return f"抓取有心跳，但配置有误，没有在抓取（{error}）"
    overdue = overdue_portals(session, watched, long_ago, now)
    if not overdue:
        return ""
    since = chinese_moment(overdue[0].next_due_at)
    return f"抓取有心跳，但没有在抓取，而有 {len(overdue)} 个门户到期，最早的自{since}起；请看日志"
