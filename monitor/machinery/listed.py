"""The machinery one by one, beside its report: queues and how fast they are read, processes, portals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from config.register import Register
from config.settings import Settings
from ledger.standings.counts import known_portals, notices_by_state, read_since, work_by_queue
from ledger.states import NoticeState, Queue, WorkState
from monitor.machinery.reading_state import ReadingWord
from monitor.machinery.report import MachineryReport, machinery_report
from workers.dispatch import broker_trouble

HOUR = timedelta(hours=1)
QUEUE_WORDS = {Queue.READ: "文档", Queue.SCAN: "扫描件"}
READING_WORDS = {
    ReadingWord.OK: "正常",
    ReadingWord.BUSY: "忙",
    ReadingWord.UNKNOWN: "尚不清楚",
    ReadingWord.DEAF: "取不到任务",
    ReadingWord.GONE: "没有进程",
    ReadingWord.BROKER_AWAY: "队列无法访问",
}
PROCESS_WORDS = {"alive": "空闲", "busy": "忙", "missed": "心跳中断", "stopped": "已停止", "silent": "没有心跳"}


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
