"""``nianbao status --machinery``: queues and how fast they are read, processes, rounds, what does not go on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from cli.shown.output import Format, print_json, print_rows, say
from config.register import Register
from config.settings import Settings
from ledger.standings.counts import known_portals, notices_by_state, read_since, work_by_queue
from ledger.states import NoticeState, Queue, WorkState
from monitor.calendar import chinese_moment
from monitor.machinery.host_checks import duration
from monitor.machinery.judge import ROLE_NAMES
from monitor.machinery.reading_state import ReadingWord
from monitor.machinery.report import MachineryReport, Part, machinery_report
from workers.dispatch import broker_trouble

HOUR = timedelta(hours=1)
QUEUE_HEADINGS = {
    "queue": "队列",
    "waiting": "等待",
    "running": "在读",
    "oldest_seconds": "最早的等了",
    "last_hour": "一小时内读完",
    "state": "状态",
    "sentence": "说明",
}
PROCESS_HEADINGS = {
    "role": "角色",
    "name": "进程",
    "state": "状态",
    "at": "最后心跳",
    "last_work_at": "最后取到任务",
    "version": "版本",
}
PORTAL_HEADINGS = {
    "portal": "门户",
    "state": "状态",
    "last_round_at": "上次巡查",
    "next_due_at": "下次应查",
    "claimed_by": "正在巡查",
    "sentence": "说明",
}
_QUEUES = {Queue.READ: "文档", Queue.SCAN: "扫描件"}
_READING = {
    ReadingWord.OK: "正常",
    ReadingWord.BUSY: "忙",
    ReadingWord.UNKNOWN: "尚不清楚",
    ReadingWord.DEAF: "取不到任务",
    ReadingWord.GONE: "没有进程",
    ReadingWord.BROKER_AWAY: "队列无法访问",
}
_ALIVE = {"alive": "空闲", "busy": "忙", "missed": "心跳中断", "stopped": "已停止", "silent": "没有心跳"}


@dataclass(frozen=True)
class Machinery:
    """What is shown of the machinery: the report, and beside it queues, processes and portals one by one."""

    report: MachineryReport
    queues: list[dict[str, Any]]
    processes: list[dict[str, Any]]
    portals: list[dict[str, Any]]
    unsent: int

    @property
    def wrong(self) -> bool:
        """Whether something of it does not go on by itself."""
        return bool(self.report.wrong)


def machinery_of(session: Session, settings: Settings, register: Register, now: datetime) -> Machinery:
    """The state of the machinery at ``now`` (by the ledger's clock)."""
    report = machinery_report(session, settings, now, broker_trouble=broker_trouble(settings))
    by_queue, last_hour = work_by_queue(session), read_since(session, now - HOUR)
    queues = []
    for queue, state in report.reading.items():
        oldest = report.unread[queue].oldest
        queues.append(
            {
                "queue": queue.value,
                "waiting": by_queue.get((queue, WorkState.WAITING), 0),
                "running": by_queue.get((queue, WorkState.RUNNING), 0),
                "oldest_seconds": round((now - oldest).total_seconds()) if oldest else None,
                "last_hour": last_hour.get(queue, 0),
                "state": state.word.value,
                "sentence": state.sentence,
            }
        )
    processes = []
    for beat in report.beats:
        alive = "missed" if beat in report.missed else "busy" if beat.busy else "alive"
        processes.append(
            {
                "role": beat.role,
                "name": beat.name,
                "state": alive if beat in report.alive else "stopped" if beat.stopped_at else "silent",
                "at": beat.at.isoformat(),
                "last_work_at": beat.last_work_at.isoformat() if beat.last_work_at else None,
                "version": beat.version,
            }
        )
    portals = [
        {
            "portal": row.portal,
            "name": register.portal_name(row.portal),
            "state": row.state.value if row.state else None,
            "last_round_at": row.last_round_at.isoformat() if row.last_round_at else None,
            "next_due_at": row.next_due_at.isoformat(),
            "claimed_by": row.claimed_by if row.claimed_until is not None and row.claimed_until > now else None,
            "sentence": row.paused_reason or row.sentence,
        }
        for row in known_portals(session)
        if register.is_taken_up(row.portal, row.state is not None)
    ]
    notices = notices_by_state(session)
    unsent = notices.get(NoticeState.WAITING, 0) + notices.get(NoticeState.SENDING, 0)
    return Machinery(report, queues, processes, portals, unsent)


def print_machinery(found: Machinery, register: Register, form: Format) -> None:
    """Prints it as tables for people, or as one JSON object."""
    if form is Format.JSON:
        print_json(
            {
                "queues": found.queues,
                "processes": found.processes,
                "portals": found.portals,
                "quarantined": len(found.report.quarantined),
                "unsent": found.unsent,
                "held_back": found.report.held_back,
                "files": [fault.sentence for fault in found.report.files],
                "wrong": sorted(found.report.wrong),
            }
        )
        return
    queues = [
        row
        | {
            "queue": _QUEUES[Queue(row["queue"])],
            "oldest_seconds": "" if row["oldest_seconds"] is None else duration(row["oldest_seconds"]),
            "state": _READING[ReadingWord(row["state"])],
        }
        for row in found.queues
    ]
    print_rows(queues, QUEUE_HEADINGS, form, title="读取队列")
    processes = [
        row
        | {"role": ROLE_NAMES[row["role"]], "state": _ALIVE[row["state"]]}
        | {name: _moment(row[name]) for name in ("at", "last_work_at")}
        for row in found.processes
    ]
    print_rows(processes, PROCESS_HEADINGS, form, title="进程", empty="没有进程在运行：请运行 nianbao up。")
    portals = [
        row
        | {"portal": row["name"], "state": register.wording.portals[row["state"]] if row["state"] else "尚未巡查"}
        | {name: _moment(row[name]) for name in ("last_round_at", "next_due_at")}
        for row in found.portals
    ]
    print_rows(portals, PORTAL_HEADINGS, form, title="门户", empty="没有登记门户。")
    held = "；待读文档过多，暂不开始新的巡查" if found.report.held_back else ""
    say(f"隔离的文档 {len(found.report.quarantined)} 份，待发的通知 {found.unsent} 封{held}。")
    for fault in found.report.files:
        say(f"配置文件有误：{fault.sentence}")
    for part in (Part.DISKS, Part.CLOCKS):
        for sentence in found.report.signs_of(part):
            say(sentence)
    if not found.report.is_right(Part.SENDING):
        say("通知发不出去；请用 nianbao mail test 试发。")


def _moment(written: str | None) -> str:
    return chinese_moment(datetime.fromisoformat(written)) if written else ""
