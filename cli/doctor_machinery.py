"""What ``nianbao doctor`` says of the machinery that runs: heartbeats, canary, waiting work, sending, disks, clocks."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from config.in_force import load_register
from config.recipients import CHANNEL
from config.settings import Settings
from config.yaml_file import ConfigurationError
from ledger.machinery.pulse import (
    CRAWLER,
    MONITOR,
    ROLES,
    WORKER,
    heartbeats,
    is_alive,
    queues_taken,
    silent_after,
    takes_from,
)
from ledger.machinery.signs import disks, file_clock
from ledger.messages.deliveries import MAIL, delivery_channels, last_summary_at
from ledger.models import Heartbeat
from ledger.reading.handing_out import unread_in
from ledger.standings.counts import overdue_portals
from ledger.states import IncidentKind, Queue
from monitor.calendar import chinese_moment
from monitor.incidents.mail_trouble import is_failing
from monitor.incidents.wanted import READING_LATE_FACTOR
from monitor.machinery.judge import ROLE_NAMES
from monitor.machinery.reading_state import ReadingWord, reading_state
from monitor.machinery.signs import MEGABYTE, bad_signs, duration


@dataclass(frozen=True, slots=True)
class Examined:
    """One thing that was looked at: whether it is as it should be, in one sentence."""

    what: str
    right: bool
    sentence: str


def pulse(session: Session, settings: Settings, now: datetime) -> Examined:
    """Which roles live, and which do not; ``now`` is by the ledger's clock, here and below."""
    beats = heartbeats(session)
    alive = [beat for beat in beats if is_alive(beat, settings, now)]
    said, right = [], True
    for role in ROLES:
        count = sum(beat.role == role for beat in alive)
        if count:
            said.append(f"{ROLE_NAMES[role]} {count} 个")
            continue
        right = False
        last = next((beat for beat in beats if beat.role == role), None)
        since = f"最后一次心跳 {chinese_moment(last.at)}" if last is not None else "从未启动"
        said.append(f"{ROLE_NAMES[role]}没有在运行（{since}）")
    versions = {beat.version for beat in alive}
    if len(versions) > 1:
        said.append(f"版本不一：{'、'.join(sorted(versions))}")
    return Examined("心跳", right, "，".join(said) + ("" if right else "；请启动 nianbao up 或 nianbao run"))


def canary(session: Session, settings: Settings, now: datetime) -> Examined:
    """Whether the queues are being emptied."""
    looks = [_canary(session, settings, now, queue) for queue in queues_taken(session, settings, now)]
    return Examined("探测任务", all(right for right, _ in looks), "；".join(sentence for _, sentence in looks))


def _canary(session: Session, settings: Settings, now: datetime, queue: Queue) -> tuple[bool, str]:
    state = reading_state(session, settings, now, queue)
    right = state.word in (ReadingWord.OK, ReadingWord.BUSY, ReadingWord.UNKNOWN) and not state.passed_over
    trip = state.canary.last_trip
    took = f"；最近一次往返 {trip.total_seconds():.1f} 秒" if trip is not None else ""
    over = "、".join(beat.name for beat in state.passed_over)
    passed = f"；其中 {over} 一直取不到任务" if over else ""
    return right, state.sentence + took + passed + ("" if right else "；请重新启动读取进程")


def waiting(session: Session, settings: Settings, now: datetime) -> Examined:
    """How long the oldest document waits."""
    found = unread_in(session)
    if found.oldest is None:
        return Examined("待读文档", True, "没有")
    age = now - found.oldest
    unread = unread_in(session, Queue.SCAN).count
    scans = f"（扫描件 {unread} 份）" if unread else ""
    idle = unread > 0 and Queue.SCAN not in queues_taken(session, settings, now)
    right = not idle and age < timedelta(minutes=settings.lost_after_minutes) * READING_LATE_FACTOR
    remedy = "" if right else "；请增加或检查读取进程"
    if idle:
        remedy = "；没有进程识别扫描件，请运行 nianbao run worker --queues scan（需要 ocr 组件）"
    if found.count > settings.crawl_waits_above:
        remedy += "；待读文档过多，暂不开始新的巡查"
    return Examined("待读文档", right, f"{found.count} 份{scans}，最早的等了 {duration(age.total_seconds())}{remedy}")


def sending(session: Session, settings: Settings, now: datetime) -> Examined:
    """What went out last, and what does not."""
    said, right = [], True
    for way in delivery_channels(session):
        name = "邮件" if way.way == MAIL else f"聊天群“{way.way.removeprefix(CHANNEL)}”"
        last = f"上次发出 {chinese_moment(way.last_delivered_at)}" if way.last_delivered_at else "还没有发出过"
        said.append(f"{name}{last}，{way.waiting} 封在等待")
        if way.failed:
            said[-1] += f"，连续失败 {way.failed} 次（{way.answer}）"
        right = right and not is_failing(way, settings, now)
    summary = last_summary_at(session)
    said.append(f"周报上次发出 {chinese_moment(summary)}" if summary else "还没有发出过周报")
    return Examined("发信", right, "；".join(said) + ("" if right else "；请用 nianbao mail test 试发"))


def room(session: Session, settings: Settings, now: datetime) -> Examined:
    """Room on the disks of this machine, and of the others that run something."""
    here = disks(settings)
    own = Heartbeat(role="", name="", host=socket.gethostname(), at=now, signs={"disks": here})
    others = [beat for beat in _alive(session, settings, now) if beat.host != socket.gethostname()]
    signs = bad_signs(settings, [own, *others])
    bad = [draft.sentence for draft in signs if draft.kind is IncidentKind.DISK_FULL]
    if bad:
        return Examined("磁盘", False, "；".join(dict.fromkeys(bad)) + "；请清理或扩容")
    return Examined("磁盘", True, "，".join(f"{disk['what']} 剩 {disk['free'] // MEGABYTE} MB" for disk in here))


def clocks(session: Session, settings: Settings, now: datetime, own: datetime) -> Examined:
    """This machine's clock (``own``) beside the ledger's and the file server's, and the other machines' clocks."""
    skew = (own - now).total_seconds()
    here = Heartbeat(
        role="", name="", host=socket.gethostname(), at=now, signs={"skew": skew, "file_clock": file_clock(settings)}
    )
    signs = bad_signs(settings, [here, *_alive(session, settings, now)])
    wrong = [draft.sentence for draft in signs if draft.kind is IncidentKind.CLOCK_WRONG]
    if wrong:
        return Examined("时钟", False, "；".join(dict.fromkeys(wrong)) + "；请启用 NTP 对时")
    if settings.database_url is None:
        return Examined("时钟", True, f"{own.astimezone():%Y-%m-%d %H:%M:%S %Z}；单机运行，无需与其他机器对照")
    return Examined("时钟", True, f"与数据库相差 {abs(skew):.1f} 秒")


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


def _alive(session: Session, settings: Settings, now: datetime) -> list[Heartbeat]:
    return [beat for beat in heartbeats(session) if is_alive(beat, settings, now)]
