"""The operators' weekly summary: what the machinery did, what it could not do, and what waits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy.orm import Session

from config.recipients import Recipient
from config.register import Register
from config.settings import Settings
from config.severity import Severity
from ledger.database import Ledger
from ledger.machinery import activity
from ledger.machinery.canaries import canary_state
from ledger.machinery.heartbeat import ROLES
from ledger.reading.handing_out import unread_in
from ledger.standings.questions import first_rounds
from ledger.standings.summary import written_identities
from ledger.states import NoticeKind, NoticePurpose, PortalState
from monitor.calendar import chinese_day, chinese_moment, day_of, start_of
from monitor.letters.english import ORIGINAL
from monitor.letters.letter import Item, Letter, Line
from monitor.machinery.judge import ROLE_NAMES
from monitor.machinery.level_changes import level_changes
from monitor.machinery.report import MachineryReport, Part, machinery_report
from monitor.notices.making import Making
from monitor.notices.pace import is_quiet
from monitor.notices.write import contact_of, write_letter
from monitor.season.report_year import WEEK

MOST_LINES = 20
# What was not understood on a list page: so many examples, each so long.
EXAMPLES, LONGEST_EXAMPLE = 3, 40
HOUR = 8


def update_operators_weekly(settings: Settings, ledger: Ledger, register: Register, now: datetime) -> int:
    """Writes the operators' summary on its weekday from 8:00, once in an ISO week, for each operator who wants it.

    ``now`` is by the ledger's clock. Nothing is written before the first round was begun. Returns how many
    were written.
    """
    offices = register.offices
    today = day_of(now)
    due = start_of(today + timedelta(days=offices.operators_weekday - today.isoweekday()), HOUR)
    if now < due or is_quiet(offices.operators_delivery, now):
        return 0
    week = today.isocalendar()
    readers = {
        f"weekly-operators:{week.year}-W{week.week:02}:{person.to}": person for person in offices.staff if person.weekly
    }
    making = Making("weekly-operators", "周报")
    written = making.one(None, partial(_write, settings, ledger, register, readers, now))
    making.settle(ledger, register, now)
    return written


def _write(
    settings: Settings, ledger: Ledger, register: Register, readers: Mapping[str, Recipient], now: datetime
) -> int:
    with ledger.read() as session:
        missing = set(readers) - written_identities(session, readers)
        if not missing or not first_rounds(session):
            return 0
        letter = operators_letter(session, settings, register, now)
    written = 0
    with ledger.write() as session:
        for identity in sorted(missing):
            reader = readers[identity]
            own = letter if reader.language == "zh" else _with_english(letter, now)
            kind, purpose = NoticeKind.OPERATORS, NoticePurpose.WEEKLY
            written += write_letter(session, settings, kind, purpose, identity, reader, own, (), now)
    return written


def _with_english(letter: Letter, now: datetime) -> Letter:
    """The letter with an English subject and the figures of each part, whose Chinese sentences follow."""
    names = (
        "Faults",
        "Rounds",
        "Lists",
        "Reading",
        "Documents that could not be read",
        "Mail",
        "Processes",
        "Levels of rules",
    )
    lines = [
        f"{name}: {'needs attention' if item.level != 'info' else 'nothing to do'}"
        for name, item in zip(names, letter.items, strict=True)
    ]
    return replace(letter, subject=f"[nianbao] Operations, week until {day_of(now)}", english=(*lines, ORIGINAL))


def operators_letter(session: Session, settings: Settings, register: Register, now: datetime) -> Letter:
    """What the machinery did in the week before ``now``, a moment by the ledger's clock."""
    after = now - WEEK
    report = machinery_report(session, settings, now)
    incidents = activity.operators_incidents(session, after, now)
    still = [one for one in incidents if one.resolved_at is None]
    state = f"，{len(still)}个事项未解决" if still else "，没有未解决的事项"
    words = register.wording.operators
    kinds = list(dict.fromkeys(one.kind for one in incidents))
    counts = "、".join(f"{words[kind.value]}{sum(one.kind is kind for one in incidents)}个" for kind in kinds)
    faults = Item(
        Severity.ERROR if still else "info",
        "故障",
        f"本周出现或仍存在{len(incidents)}个，未解决{len(still)}个" if incidents else "本周没有",
        counts,
        lines=tuple(
            Line(words[one.kind.value], f"{one.sentence}（{chinese_moment(one.opened_at)}起）")
            for one in still[:MOST_LINES]
        ),
    )
    return Letter(
        f"【年报·运行】每周运行情况：截至{chinese_day(day_of(now))}{state}",
        "系统运维人员：",
        f"{chinese_day(day_of(after))}以来系统运行情况如下。",
        (
            faults,
            _rounds(session, register, after, now),
            _columns(session, register, after, now),
            _reading(session, after, now),
            _quarantine(report, register, after, now),
            _mail(session, after, now),
            _processes(report),
            level_changes(session, register, after, now),
        ),
        ("当前状况：nianbao doctor；未解决的事项：nianbao incidents list；无法读取的文档：nianbao quarantine list。",),
        contact=contact_of(settings, register),
    )


def _rounds(session: Session, register: Register, after: datetime, now: datetime) -> Item:
    portals = activity.portal_rounds(session, after, now)
    rounds, healthy = sum(one.rounds for one in portals), sum(one.healthy for one in portals)
    failed = sum(one.failed for one in portals)
    lines = []
    for one in portals:
        if one.rounds == one.healthy and one.rounds and not one.failed:
            continue
        words = register.wording.portals[one.state.value] if one.state is not None else "尚未巡查"
        broken = f"，程序中断{one.failed}次" if one.failed else ""
        lines.append(
            Line(register.portal_name(one.portal), f"现为{words}；本周巡查{one.rounds}次，正常{one.healthy}次{broken}")
        )
    unseen = [one for one in portals if not one.rounds and one.state is not PortalState.PAUSED]
    return Item(
        Severity.WARNING if unseen or failed else "info",
        "巡查",
        f"{len(portals)}个门户，共{rounds}次，正常{healthy}次",
        f"发出请求{sum(one.requests for one in portals)}次，新发现条目{sum(one.new_articles for one in portals)}条"
        + (f"；程序中断{failed}次" if failed else "")
        + (f"；本周没有完成巡查的门户{len(unseen)}个" if unseen else "")
        + "。",
        lines=tuple(lines[:MOST_LINES]) + _more(len(lines), "nianbao portals list"),
    )


def _columns(session: Session, register: Register, after: datetime, now: datetime) -> Item:
    """What was left open on the list pages: while it is, nobody is called missing because of that column."""
    read, left = activity.columns_read(session, after, now)
    pieces = sum(one.unaccounted for one in left)
    unread = sum(bool(one.sentence) for one in left)
    return Item(
        Severity.WARNING if left else "info",
        "列表核对",
        f"{read}个栏目，其中{len(left)}个没有全部读懂" if left else f"{read}个栏目，内容都有着落",
        f"没有读懂的内容{pieces}处，没有读完的栏目{unread}个；在弄清之前，这些栏目不能证明任何机关未公布。"
        if left
        else "",
        lines=tuple(_open(register, one) for one in left[:MOST_LINES]) + _more(len(left), "nianbao looks list"),
    )


def _open(register: Register, one: activity.OpenColumn) -> Line:
    file = register.portals.get(one.portal)
    name = next((place.name for place in file.columns if place.id == one.column), one.column) if file else one.column
    examples = "、".join(f"“{text[:LONGEST_EXAMPLE]}”" for text in one.examples[:EXAMPLES] if text)
    said = f"没有读懂{one.unaccounted}处{f'，如{examples}' if examples else ''}" if one.unaccounted else ""
    if not one.sentence:
        return Line(register.portal_name(one.portal), f"栏目“{name}”：{said}")
    return Line(register.portal_name(one.portal), "；".join(part for part in (one.sentence, said) if part))


def _reading(session: Session, after: datetime, now: datetime) -> Item:
    done = activity.reading_in(session, after, now)
    unread, longest = unread_in(session), activity.longest_wait(session, after, now)
    speed = (
        f"平均每份{done.mean_seconds:.1f}秒，最长{done.longest_seconds:.1f}秒"
        if done.mean_seconds is not None and done.longest_seconds is not None
        else "没有读取文档"
    )
    waited = f"，从发现到开始读取最长等待{_duration(longest)}" if longest is not None else ""
    queue = (
        f"现有{unread.count}份等待读取，最早的自{chinese_moment(unread.oldest)}起"
        if unread.oldest is not None
        else "现在没有等待读取的文档"
    )
    canary = canary_state(session)
    trip = f"；最近一次试探任务往返{_duration(canary.last_trip.total_seconds())}" if canary.last_trip else ""
    found = activity.new_documents(session, after, now)
    return Item(
        "info",
        "读取",
        f"新文档{found}份，读完{done.read}份，未能读出{done.quarantined}份",
        f"{speed}{waited}。{queue}{trip}。",
    )


def _quarantine(report: MachineryReport, register: Register, after: datetime, now: datetime) -> Item:
    kept = [one for one in report.quarantined if one.since <= now]
    fresh = [one for one in kept if one.since > after]
    lines = tuple(
        Line(f"《{one.title}》", f"{register.portal_name(one.portal)}：{one.sentence}", one.address)
        for one in kept[:MOST_LINES]
    )
    return Item(
        Severity.WARNING if kept else "info",
        "无法读取的文档",
        f"{len(kept)}份，其中本周新增{len(fresh)}份",
        "需人工查看；换用新版读取程序后可以重试。" if kept else "",
        lines=lines + _more(len(kept), "nianbao quarantine list"),
    )


def _mail(session: Session, after: datetime, now: datetime) -> Item:
    sent = activity.sending_in(session, after, now)
    waiting = (
        f"现有{sent.waiting}封等待发送，最早的写于{chinese_moment(sent.waiting_since)}"
        if sent.waiting_since is not None
        else "现在没有等待发送的邮件"
    )
    return Item(
        Severity.WARNING if sent.refused or sent.waiting else "info",
        "邮件",
        f"发出{sent.sent}封，被拒收{sent.refused}封，发送失败{sent.failed_attempts}次，新增退订或停收{sent.stops}个",
        f"{waiting}。",
    )


def _processes(report: MachineryReport) -> Item:
    beats, alive = report.beats, report.alive
    counts = "，".join(f"{ROLE_NAMES[role]}{sum(beat.role == role for beat in alive)}个" for role in ROLES)
    lost = [beat for beat in beats if beat not in alive and beat.stopped_at is None]
    return Item(
        "info" if report.is_right(Part.PROCESSES) else Severity.WARNING,
        "进程",
        f"正在运行：{counts}",
        f"没有正常结束而失去联系的进程{len(lost)}个。" if lost else "",
        lines=tuple(
            Line(ROLE_NAMES.get(beat.role, beat.role), f"{beat.name}，最后一次心跳{chinese_moment(beat.at)}")
            for beat in lost[:MOST_LINES]
        ),
    )


def _more(count: int, command: str) -> tuple[Line, ...]:
    return (Line("另有", f"{count - MOST_LINES}项，见 {command}"),) if count > MOST_LINES else ()


def _duration(seconds: float) -> str:
    """Seconds in words: 40秒, 12分钟, 3小时."""
    if seconds < 60:
        return f"{seconds:.0f}秒"
    return f"{seconds / 60:.0f}分钟" if seconds < 3600 else f"{seconds / 3600:.1f}小时"
