"""``nianbao status --machinery``: queues and how fast they are read, processes, rounds, what does not go on."""

from __future__ import annotations

from datetime import datetime

from cli.shown.output import Format, print_json, print_rows, say
from config.register import Register
from ledger.states import Queue
from monitor.calendar import chinese_moment
from monitor.machinery.host_checks import duration
from monitor.machinery.judge import ROLE_NAMES
from monitor.machinery.listed import PROCESS_WORDS, QUEUE_WORDS, READING_WORDS, Machinery
from monitor.machinery.reading_state import ReadingWord
from monitor.machinery.report import Part

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
            "queue": QUEUE_WORDS[Queue(row["queue"])],
            "oldest_seconds": "" if row["oldest_seconds"] is None else duration(row["oldest_seconds"]),
            "state": READING_WORDS[ReadingWord(row["state"])],
        }
        for row in found.queues
    ]
    print_rows(queues, QUEUE_HEADINGS, form, title="读取队列")
    processes = [
        row
        | {"role": ROLE_NAMES[row["role"]], "state": PROCESS_WORDS[row["state"]]}
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
