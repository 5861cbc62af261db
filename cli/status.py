"""``nianbao status``: how every agency stands for a report year, how every portal is, and what is in trouble."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from typing import Annotated

import typer

from cli.options.filters import refuse_unknown_district
from cli.shown.output import CannotBeDone, Format, RowsFormat, console, plain, print_book, print_json, print_rows, say
from config.in_force import load_register
from config.register import Register
from config.settings import Settings, load_settings
from config.severity import Severity
from ledger.clock import ledger_time
from ledger.database import Ledger, open_ledger
from ledger.machinery.heartbeat import MONITOR, heartbeats, silent_after
from ledger.messages.notices import unnotified_incidents
from ledger.reading.states_of_reports import ReportReading
from ledger.standings.questions import (
    years_owed,
)
from ledger.states import Audience
from monitor.calendar import chinese_day, day_of, last_second_of
from monitor.outputs.standings import StandingShape, Status, status_of

app = typer.Typer(add_completion=False)

LEVELS: tuple[str, ...] = tuple(Severity)

AGENCY_HEADINGS = {
    "agency": "机关",
    "district": "区",
    "year": "年度",
    "due": "期限",
    "standing": "状况",
    "published": "公布日期",
    "findings": "",
    "sentence": "说明",
}
PORTAL_HEADINGS = {"portal": "门户", "state": "状态", "since": "自", "sentence": "说明"}
TROUBLE_HEADINGS = {"kind": "类型", "portal": "门户", "title": "标题", "address": "网址", "sentence": "说明"}
CSV_HEADINGS = (
    *("agency", "district", "year", "due", "standing", "published"),
    *("error", "warning", "human", "sentence", "reading"),
)


@app.command()
def status(
    district: Annotated[str | None, typer.Option(help="只看一个区 · one district only")] = None,
    year: Annotated[
        int | None,
        typer.Option(help="报告年度；不写则为各区最近的年度 · report year; each district's newest by default"),
    ] = None,
    as_of: Annotated[
        datetime | None,
        typer.Option("--as-of", formats=["%Y-%m-%d"], help="某一天结束时的状况 · as it was at the end of a day"),
    ] = None,
    machinery: Annotated[
        bool,
        typer.Option(
            "--machinery",
            help=(
                "改为列出系统自身的运行状况：队列、进程、各门户的巡查、隔离的文档"
                " · the machinery instead: queues, processes, rounds, quarantine"
            ),
        ),
    ] = False,
    form: Annotated[
        RowsFormat, typer.Option("--format", help="table、json、csv 或 xlsx · table, json, csv or xlsx")
    ] = RowsFormat.TABLE,
) -> None:
    """每个机关某一年度的公布状况，以及门户和疑难事项。有逾期、错误或未能读出的内容时，退出码为 1。
    How every agency stands for a year, and all portals. Exit status 1 where something is overdue, wrong or unread.

    xlsx 是台账：nianbao status --format xlsx > 台账.xlsx
    """
    settings = load_settings()
    register = load_register(settings.home)
    if machinery:
        if district or year or as_of or form not in (RowsFormat.TABLE, RowsFormat.JSON):
            raise CannotBeDone("--machinery 只能与 --format table 或 json 同用")
        _machinery(settings, register, Format(form.value))
        return
    refuse_unknown_district(register, district)
    ledger = open_ledger(settings)
    try:
        moment = None if as_of is None else last_second_of(as_of.date())
        if moment is None:
            bring_up_to_date(settings, ledger, register, datetime.now(UTC), district)
        found = status_of(ledger, register, district=district, year=year, moment=moment)
        if form is RowsFormat.XLSX:
            from monitor.weekly.workbook import ledger_book

            with ledger.read() as session:
                print_book(ledger_book(session, register, found.standings, moment or datetime.now(UTC)))
        untold = _untold(ledger, register)
        with ledger.read() as session:
            years = years_owed(session, district)
    finally:
        ledger.close()
    if form is not RowsFormat.XLSX:
        _print(found, register, form, _nobody(district, year, years))
    if untold:
        say(f"{'、'.join(untold)}没有配置收件人，有通知在等待；请填写 offices.yaml（见 docs/receive-mail.md）。")
    if found.wrong:
        raise typer.Exit(1)


def _nobody(district: str | None, year: int | None, years: list[int]) -> str:
    """Why no agency is listed: nobody is registered, or nobody owes a report for the year that was asked for."""
    if not years:
        return "台账中还没有应公布的年度报告：请先登记机关（config/agencies），再运行 nianbao up。"
    known = "、".join(str(one) for one in years)
    return f"台账中没有{district or ''}{year or ''}年度应公布的报告；台账中有的年度：{known}。"


def _machinery(settings: Settings, register: Register, form: Format) -> None:
    from cli.shown.status_machinery import print_machinery
    from monitor.machinery.listed import machinery_of

    ledger = open_ledger(settings)
    try:
        with ledger.read() as session:
            found = machinery_of(session, settings, register, ledger_time(session, datetime.now(UTC)))
    finally:
        ledger.close()
    print_machinery(found, register, form)
    if found.wrong:
        raise typer.Exit(1)


def bring_up_to_date(
    settings: Settings, ledger: Ledger, register: Register, now: datetime, district: str | None = None
) -> None:
    """On the embedded default the standings (of a district) are judged first, where no monitor runs that does so."""
    if settings.database_url is None and not _monitored(settings, ledger, now):
        from monitor.standings.judge import update_standings
        from monitor.standings.obligations import update_obligations

        update_obligations(ledger, register, now)
        update_standings(ledger, register, now, district, share=settings.common_cause_share, apart=settings.looks_apart)


def _monitored(settings: Settings, ledger: Ledger, now: datetime) -> bool:
    with ledger.read() as session:
        beats = heartbeats(session, MONITOR)
    return any(beat.stopped_at is None and abs(now - beat.at) < silent_after(settings) for beat in beats)


def _findings_words(register: Register, row: StandingShape) -> str:
    """The findings of a line for people: numbers only where the report was read."""
    if row["reading"] is None:
        return ""
    reading = ReportReading(row["reading"])
    if not reading.is_known:
        return register.wording.readings[reading.value]
    numbers = "/".join(str(count) for count in row["findings"].values())
    return numbers if reading is ReportReading.READ else f"{numbers}（{register.wording.readings[reading.value]}）"


def _untold(ledger: Ledger, register: Register) -> list[str]:
    """Whose messages wait because nobody is configured to get them."""
    with ledger.read() as session:
        waiting = unnotified_incidents(session)
    names = set()
    for incident in waiting:
        if incident.audience is Audience.OPERATORS and not register.offices.operators:
            names.add("运维人员")
        elif incident.audience is Audience.OFFICE and not _has_office(register, incident.district or ""):
            names.add(f"{incident.district}主管部门")
    return sorted(names)


def _has_office(register: Register, district: str) -> bool:
    return any(office.covers(district) for office in register.offices.offices)


def _print(found: Status, register: Register, form: RowsFormat, nobody: str) -> None:
    if form is RowsFormat.JSON:
        print_json(found.shape)
        return
    if form is RowsFormat.CSV:
        rows = [{**row, **row["findings"]} for row in found.agencies]
        print_rows(rows, {name: name for name in CSV_HEADINGS}, form)
        return
    print_tables(found, register, nobody)


def print_tables(found: Status, register: Register, nobody: str = "") -> None:
    """The three lists as tables for people; ``nobody`` is said where no agency is listed."""
    words = register.wording
    agencies = [
        row
        | {
            "standing": words.standings[row["standing"]],
            "findings": _findings_words(register, row),
        }
        for row in found.agencies
    ]
    print_rows(
        agencies,
        AGENCY_HEADINGS | {"findings": "/".join(words.levels[level] for level in LEVELS)},
        Format.TABLE,
        title="公布状况",
        empty=nobody,
    )
    portals = [
        row
        | {
            "portal": row["name"],
            "state": words.portals[row["state"]] if row["state"] else "未知",
            "since": chinese_day(_day(row["since"])) if row["since"] else "",
        }
        for row in found.portals
    ]
    print_rows(portals, PORTAL_HEADINGS, Format.TABLE, title="门户", empty="没有登记门户。")
    if found.troubles:
        troubles = [
            row | {"kind": words.troubles[row["kind"]], "portal": register.portal_name(row["portal"])}
            for row in found.troubles
        ]
        print_rows(troubles, TROUBLE_HEADINGS, Format.TABLE, title="疑难事项")
    totals = Counter(words.standings[row["standing"]] for row in found.agencies)
    if totals:
        console().print(plain("合计：" + "，".join(f"{name}{count}" for name, count in totals.items())))


def _day(moment: str) -> date:
    return day_of(datetime.fromisoformat(moment))
