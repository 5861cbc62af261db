"""Disks that are nearly full and clocks that do not agree, from what every process saw of its machine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from config.settings import Settings
from config.severity import Severity
from ledger.models import Heartbeat
from ledger.states import IncidentKind
from monitor.incidents.draft import Draft, to_operators

MEGABYTE = 1024 * 1024
# So much of the limit is left when a disk is called full.
FULL = 1 / 8


def failed_host_checks(settings: Settings, alive: Iterable[Heartbeat]) -> Iterator[Draft]:
    """What looks wrong at this moment on the machines of these processes, one for each machine and thing."""
    for beat in alive:
        yield from _disks(settings, beat)
        yield from _clocks(settings, beat)


def _disks(settings: Settings, beat: Heartbeat) -> Iterator[Draft]:
    limit = settings.disk_free_megabytes * MEGABYTE
    for disk in beat.host_checks.get("disks", ()):
        if "error" in disk:
            yield to_operators(
                IncidentKind.DISK_FULL,
                f"disk:{beat.host}:{disk['folder']}",
                Severity.ERROR,
                f"机器 {beat.host} 上{disk['what']}的目录（{disk['folder']}）无法查看：{disk['error']}",
            )
            continue
        free, total = disk["free"], disk["total"]
        if free >= limit:
            continue
        full = free < limit * FULL
        subject = f"disk:{beat.host}:{disk['folder']}" + (":full" if full else "")
        share = f"{100 * free / total:.0f}%" if total else "0%"
        yield to_operators(
            IncidentKind.DISK_FULL,
            subject,
            Severity.ERROR if full else Severity.WARNING,
            f"机器 {beat.host} 上{disk['what']}所在的磁盘（{disk['folder']}）{'已满' if full else '快满了'}："
            f"只剩 {free // MEGABYTE} MB（{share}），下限是 {settings.disk_free_megabytes} MB",
        )


def _clocks(settings: Settings, beat: Heartbeat) -> Iterator[Draft]:
    limit = settings.clock_may_differ_seconds
    for sign, words in (
        ("skew", "与台账数据库的时钟相差"),
        ("file_clock", "与存放文件的服务器的时钟相差"),
        ("jump", "的时钟在运行中被拨动了"),
    ):
        seconds = beat.host_checks.get(sign) or 0.0
        if abs(seconds) <= limit:
            continue
        subject = f"{sign}:{beat.host}"
        way = "快" if seconds > 0 else "慢"
        moved = f"机器 {beat.host} {words}{duration(abs(seconds))}（{'向前' if seconds > 0 else '向后'}）"
        differs = f"机器 {beat.host} {words}{duration(abs(seconds))}（它{way}了）"
        yield to_operators(IncidentKind.CLOCK_WRONG, subject, Severity.ERROR, moved if sign == "jump" else differs)


def duration(seconds: float) -> str:
    """A length of time in words."""
    if seconds < 120:
        return f"{seconds:.0f} 秒"
    return f"{seconds / 60:.0f} 分钟" if seconds < 7200 else f"{seconds / 3600:.1f} 小时"
