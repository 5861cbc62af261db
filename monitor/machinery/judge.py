"""The monitor of the machinery: roles that are silent, workers that are deaf, a broker that is away, disks and clocks.

All of it is judged from rows (heartbeats, canaries), in real time and by the ledger's clock, so that any monitor says
the same and a restart forgets nothing. A replayed season has no machinery and leaves it alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from config.register import Register
from config.season_pace import usual_pause
from config.settings import Settings
from config.severity import Severity
from ledger.database import Ledger
from ledger.machinery.canaries import forget_canaries
from ledger.machinery.heartbeat import (
    CRAWLER,
    MONITOR,
    WORKER,
    broken_files,
    forget_heartbeats,
    heartbeats,
    is_alive,
    is_replaced,
    queues_taken,
    silent_after,
    takes_from,
)
from ledger.machinery.suspicions import Key, suspected, update_suspicions
from ledger.messages import incidents
from ledger.models import Heartbeat, Incident, PortalRow
from ledger.reading.handing_out import unread_in
from ledger.reading.work import unfinished
from ledger.standings.counts import overdue_portals
from ledger.states import MACHINERY, IncidentKind, IncidentOutcome, Queue
from monitor.calendar import chinese_moment, day_of
from monitor.incidents.draft import Draft, carried_on, to_operators
from monitor.incidents.reconcile import open_incident, reconcile
from monitor.machinery.host_checks import failed_host_checks
from monitor.machinery.reading_state import ReadingState, ReadingWord, reading_state

SILENT = {
    WORKER: IncidentKind.WORKER_GONE,
    CRAWLER: IncidentKind.CRAWLER_SILENT,
    MONITOR: IncidentKind.MONITOR_SILENT,
}
ROLE_NAMES = {WORKER: "读取", CRAWLER: "抓取", MONITOR: "监测"}
QUEUE = "queue"
QUEUES = {Queue.READ: QUEUE, Queue.SCAN: "queue:scan"}
SCANS = "scans"
OVERDUE = "portals"
BROKEN_TURN = "monitor:turn"
# Long enough that a daily digest tells of it.
AWAY_IS_TOLD_FOR = timedelta(hours=26)
REMEMBERED = timedelta(days=7)


def update_machinery(
    settings: Settings, ledger: Ledger, register: Register, now: datetime, trouble: str = ""
) -> tuple[int, int]:
    """Opens and resolves the machinery's incidents; returns how many of each.

    ``now`` is by the ledger's clock; ``trouble`` is a sentence where the monitor
    cannot do the rest of its turn.
    """
    with ledger.read() as session:
        beats = heartbeats(session)
        alive = [beat for beat in beats if is_alive(beat, settings, now)]
        host_checks = {(draft.kind, draft.subject): draft for draft in failed_host_checks(settings, alive)}
        counted = suspected(session)
    if host_checks or counted:
        spacing = timedelta(seconds=settings.heartbeat_seconds / 2)
        with ledger.write() as session:
            enough = settings.bad_looks_before_alert
            update_suspicions(session, host_checks.keys(), now, enough=enough, spacing=spacing)
            counted = suspected(session)
    with ledger.read() as session:
        taken = queues_taken(session, settings, now)
        reading = {queue: reading_state(session, settings, now, queue) for queue in taken}
        look = Look(settings, register, now, beats, alive, reading)
        known = incidents.open_incidents(session, MACHINERY)
        wanted = {(draft.kind, draft.subject): draft for draft in _wanted(session, look, known)}
        for key, draft in _lasting(host_checks, counted, known, settings).items():
            wanted[key] = draft
    if trouble:
        draft = to_operators(IncidentKind.MONITOR_SILENT, BROKEN_TURN, Severity.ERROR, trouble)
        wanted[draft.kind, draft.subject] = draft
    if register.maintenance.holds_machinery(day_of(now)):
        wanted = {key: draft for key, draft in wanted.items() if key in known}

    def ending(session: Session, incident: Incident, register: Register) -> tuple[IncidentOutcome, str]:
        return _ending(incident, register, wanted, alive)

    return reconcile(ledger, register, wanted.values(), MACHINERY, ending, now)


def note_absence(settings: Settings, ledger: Ledger, moment: datetime) -> None:
    """Opens an incident where no monitor lived for a while before ``moment``: who was away says so when it is back.

    Called once when a monitor starts, before its first beat counts.
    """
    with ledger.read() as session:
        last = next(iter(heartbeats(session, MONITOR)), None)
    if last is None or moment - last.at <= silent_after(settings):
        return
    how = "最后一个监测进程是正常停止的" if last.stopped_at else "最后一个监测进程没有正常停止"
    sentence = (
        f"监测自{chinese_moment(last.at)}至{chinese_moment(moment)}没有运行（{how}）；"
        "这段时间到期的通知和周报现在补发，抓取和读取不受影响"
    )
    since = last.at.isoformat()
    draft = to_operators(
        IncidentKind.MONITOR_SILENT, f"monitor:away:{since}", Severity.WARNING, sentence, absent_since=since
    )
    open_incident(ledger, draft, moment)


def forget_old(ledger: Ledger, moment: datetime) -> None:
    """Forgets processes and canaries of more than a week ago."""
    with ledger.write() as session:
        forget_heartbeats(session, moment - REMEMBERED)
        forget_canaries(session, moment - REMEMBERED)


@dataclass(frozen=True)
class Look:
    """What a judgement of the machinery rests on; ``reading`` of every queue that somebody takes work from."""

    settings: Settings
    register: Register
    moment: datetime
    beats: Sequence[Heartbeat]
    alive: Sequence[Heartbeat]
    reading: dict[Queue, ReadingState]

    @property
    def long_enough(self) -> bool:
        """Whether some monitor has watched for as long as a role may be silent: all roles start together."""
        starts = [beat.started_at for beat in self.alive if beat.role == MONITOR and beat.started_at is not None]
        return bool(starts) and self.moment - min(starts) > silent_after(self.settings)


def _wanted(session: Session, look: Look, known: dict[Key, Incident]) -> Iterator[Draft]:
    silent = {(draft.kind, draft.subject): draft for draft in _silent_roles(look)}
    for key, draft in silent.items():
        if look.long_enough or key in known:
            yield draft
    for queue, reading in look.reading.items():
        yield from _queue(look, queue, reading, known)
    yield from _scans_of_nobody(session, look)
    yield from _broken_files(look)
    crawls = any(beat.role == CRAWLER for beat in look.alive)
    if crawls and (look.long_enough or (IncidentKind.CRAWLER_SILENT, OVERDUE) in known):
        yield from _overdue_portals(session, look)
    for incident in known.values():
        told = look.moment - incident.opened_at > AWAY_IS_TOLD_FOR
        if "absent_since" in incident.detail and not told:
            yield carried_on(incident)


def _silent_roles(look: Look) -> Iterator[Draft]:
    """A role of which nobody lives; else every machine whose process ended without a word and was not replaced.

    One that was stopped in order is missed when it does not come back in the time that one that dies is given.
    """
    for role, kind in SILENT.items():
        name = ROLE_NAMES[role]
        of_role = [beat for beat in look.beats if beat.role == role]
        alive = [beat for beat in look.alive if beat.role == role]
        if not alive:
            last = of_role[0] if of_role else None
            if last is not None and look.moment - last.at <= silent_after(look.settings):
                continue
            if last is None:
                how = "从来没有启动过"
            elif last.stopped_at is not None:
                how = f"最后一个（{last.name}）在{chinese_moment(last.stopped_at)}正常停止"
            else:
                how = f"最后一个（{last.name}）自{chinese_moment(last.at)}起没有心跳，也没有正常停止"
            yield to_operators(kind, role, Severity.ERROR, f"没有一个{name}进程在运行：{how}")
            continue
        for beat in of_role:
            if beat.stopped_at is None and beat not in alive and not is_replaced(beat, of_role):
                yield to_operators(
                    kind,
                    f"{role}:{beat.host}",
                    Severity.WARNING,
                    f"机器 {beat.host} 上的{name}进程（{beat.name}）自{chinese_moment(beat.at)}起没有心跳，"
                    f"也没有正常停止；其他{len(alive)}个{name}进程仍在运行",
                    role=role,
                    host=beat.host,
                )


def _scans_of_nobody(session: Session, look: Look) -> Iterator[Draft]:
    """Scans wait, and of the workers that live nobody reads any."""
    waiting = unread_in(session, Queue.SCAN)
    alive = [beat for beat in look.alive if beat.role == WORKER]
    lately = any(
        takes_from(beat, Queue.SCAN) and look.moment - beat.at <= silent_after(look.settings) for beat in look.beats
    )
    if not alive or lately or Queue.SCAN in look.reading or waiting.oldest is None:
        return
    if look.moment - waiting.oldest > silent_after(look.settings):
        yield to_operators(
            IncidentKind.WORKER_GONE,
            SCANS,
            Severity.ERROR,
            f"有{waiting.count}份扫描件等待识别（最早的自{chinese_moment(waiting.oldest)}起），"
            "但没有一个读取进程领取扫描件；请运行 nianbao run worker --queues scan（需要 ocr 组件）",
        )


def _queue(look: Look, queue: Queue, reading: ReadingState, known: dict[Key, Incident]) -> Iterator[Draft]:
    subject = QUEUES[queue]
    if queue is Queue.READ and reading.word is ReadingWord.BROKER_AWAY:
        yield to_operators(IncidentKind.BROKER_AWAY, QUEUE, Severity.ERROR, reading.sentence)
    deaf = known.get((IncidentKind.WORKER_DEAF, subject))
    if reading.word is ReadingWord.DEAF:
        yield to_operators(IncidentKind.WORKER_DEAF, subject, Severity.ERROR, reading.sentence)
    elif deaf is not None and reading.word not in (ReadingWord.OK, ReadingWord.BUSY):
        # Nothing came back yet: they are still deaf, unless by now they are told to be gone.
        told = look.long_enough or (IncidentKind.WORKER_GONE, WORKER) in known
        if not (reading.word is ReadingWord.GONE and told):
            yield carried_on(deaf)
    for beat in reading.passed_over:
        since = beat.last_work_at or beat.started_at or beat.at
        yield to_operators(
            IncidentKind.WORKER_DEAF,
            f"worker:{beat.name}",
            Severity.WARNING,
            f"读取进程 {beat.name} 有心跳，但自{chinese_moment(since)}起没有取到任务，其间其他读取进程一直在领取",
            process=beat.name,
        )


def _broken_files(look: Look) -> Iterator[Draft]:
    """One for each file that some process does not take as it stands; another fault of it is another incident."""
    machines = {beat.host for beat in look.alive}
    for fault, hosts in broken_files(look.alive).items():
        where = f"机器 {'、'.join(hosts)} 上：" if len(machines) > 1 else ""
        subject = f"file:{fault.file}:{fault.line}"
        yield to_operators(IncidentKind.FILE_BROKEN, subject, "error", where + fault.sentence, file=fault.file)


def _overdue_portals(session: Session, look: Look) -> Iterator[Draft]:
    overdue: list[PortalRow] = []
    for patience, watched in _by_patience(look).items():
        overdue += overdue_portals(session, watched, look.moment - patience, look.moment)
    overdue.sort(key=lambda row: (row.next_due_at, row.portal))
    if overdue:
        names = "、".join(look.register.portal_name(row.portal) for row in overdue[:5]) + (
            " 等" if len(overdue) > 5 else ""
        )
        most = look.settings.crawl_waits_above
        held_back = unfinished(session, most + 1) > most
        why = f"待读文档超过{most}份，抓取进程暂不开始新的巡查" if held_back else "抓取进程有心跳"
        yield to_operators(
            IncidentKind.CRAWLER_SILENT,
            OVERDUE,
            Severity.ERROR,
            f"{why}，但有{len(overdue)}个到期的门户没有人抓取，"
            f"最早的自{chinese_moment(overdue[0].next_due_at)}起到期：{names}",
        )


def _by_patience(look: Look) -> dict[timedelta, list[str]]:
    """The portals that are watched, by how long one may be due: no longer than until the round after would be."""
    found: dict[timedelta, list[str]] = {}
    most, least = timedelta(hours=look.settings.crawl_overdue_hours), silent_after(look.settings)
    for name, file in look.register.portals.items():
        if not file.paused:
            patience = min(most, max(least, usual_pause(look.settings, look.register, name, look.moment)))
            found.setdefault(patience, []).append(name)
    return found


def _lasting(
    host_checks: dict[Key, Draft], counted: dict[Key, int], known: dict[Key, Incident], settings: Settings
) -> dict[Key, Draft]:
    """Of what looks bad, what did so long enough; and what is open until it has looked good for as long."""
    found = {key: draft for key, draft in host_checks.items() if counted.get(key, 0) >= settings.bad_looks_before_alert}
    for key in counted.keys() & known.keys():
        found.setdefault(key, host_checks.get(key) or carried_on(known[key]))
    return found


def _ending(
    incident: Incident, register: Register, wanted: Mapping[Key, Draft], alive: Sequence[Heartbeat]
) -> tuple[IncidentOutcome, str]:
    kind, about = incident.kind, incident.detail
    recovered = IncidentOutcome.REMEDIED, register.wording.recovered[kind.value]
    if "absent_since" in about:
        return IncidentOutcome.QUIET, "已经告知"
    if kind is IncidentKind.WORKER_DEAF:
        if (IncidentKind.WORKER_GONE, WORKER) in wanted:
            return IncidentOutcome.FOLLOWED, "读取进程已经不在运行，另行告知"
        if "process" in about and all(beat.name != about["process"] for beat in alive):
            return IncidentOutcome.QUIET, "该进程已经停止"
    if "host" in about and all((beat.role, beat.host) != (about["role"], about["host"]) for beat in alive):
        return IncidentOutcome.QUIET, "这台机器上已没有该进程；若该角色无一运行，另行告知"
    if incident.subject == OVERDUE and (IncidentKind.CRAWLER_SILENT, CRAWLER) in wanted:
        return IncidentOutcome.FOLLOWED, "已没有抓取进程在运行，另行告知"
    if kind is IncidentKind.FILE_BROKEN and any(draft.detail.get("file") == about["file"] for draft in wanted.values()):
        return IncidentOutcome.FOLLOWED, "这个文件还有别处有误，另行告知"
    if kind is IncidentKind.DISK_FULL and (kind, f"{incident.subject}:full") in wanted:
        return IncidentOutcome.FOLLOWED, "磁盘已经写满，另行告知"
    return recovered
