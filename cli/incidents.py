"""``nianbao incidents``: what somebody has to know."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any

import typer
from sqlalchemy import select

from cli.options.filters import District, Level, Year, refuse_unknown_district
from cli.options.person import By, Why
from cli.shown.output import CannotBeDone, RowsFormat, print_rows, say
from config.in_force import load_register
from config.settings import load_settings
from config.severity import Severity, gravity
from ledger.database import open_ledger
from ledger.messages.incident_notes import note_incident, notes_about
from ledger.messages.incidents import incidents_of_matter, list_incidents
from ledger.models import Agency, IncidentNote
from ledger.states import Audience, IncidentNoteKind
from monitor.calendar import chinese_day, chinese_moment, day_of, end_of
from monitor.incidents.whose import districts_of
from monitor.letters.alert import incident_word
from monitor.outputs.incidents import incident_shape

app = typer.Typer(add_completion=False)

Number = Annotated[
    str,
    typer.Argument(
        metavar="编号",
        help="nianbao incidents list 所列的编号或事项编号 · number in nianbao incidents list, or that of a matter",
    ),
]

HEADINGS = {
    "id": "编号",
    "level": "级别",
    "kind": "事项",
    "audience": "告知",
    "district": "区",
    "agency": "机关",
    "year": "年度",
    "matter": "事项编号",
    "opened_at": "发现",
    "resolved_at": "解决",
    "sentence": "说明",
    "resolution": "结果",
    "words": "登记",
}
# What a table shows only where it lists what is over.
_OVER = ("resolved_at", "resolution")
FOUND_ERRORS = 1
LONGEST_ID = 18
_NOTES = {
    IncidentNoteKind.ACKNOWLEDGE: "已知悉",
    IncidentNoteKind.SNOOZE: "暂缓",
    IncidentNoteKind.NOTE: "备注",
}
_AUDIENCES = {Audience.OFFICE: "主管部门", Audience.OPERATORS: "运维人员"}


class IncidentState(StrEnum):
    """``--state``: whether an incident goes on."""

    OPEN = "open"
    RESOLVED = "resolved"


@app.callback()
def incidents() -> None:
    """需要有人知道的事项：未公布、逾期、数据有误、门户不能查看等。
    What somebody has to know: reports missing or late, wrong figures, portals that cannot be looked at.
    """


@app.command("list")
def list_(
    district: District = None,
    year: Year = None,
    level: Level = None,
    state: Annotated[
        IncidentState, typer.Option(help="open 尚未解决（不写时即此）、resolved 已解决 · which state to list")
    ] = IncidentState.OPEN,
    all_: Annotated[bool, typer.Option("--all", help="未解决的和已解决的都列出 · both open and resolved ones")] = False,
    form: Annotated[
        RowsFormat, typer.Option("--format", help="table、json、csv 或 xlsx · table, json, csv or xlsx")
    ] = RowsFormat.TABLE,
) -> None:
    """列出尚未解决的事项，最严重的在前。退出码：0 其中没有未解决的错误；1 有。
    List open incidents, the worst first. Exit status: 0 no open error, 1 some.
    """
    settings = load_settings()
    register = load_register(settings.home)
    refuse_unknown_district(register, district)
    with closing(open_ledger(settings)) as ledger, ledger.read() as session:
        over = all_ or state is IncidentState.RESOLVED
        found = [
            one
            for one in list_incidents(session, resolved=over)
            if (all_ or (one.resolved_at is not None) == over)
            and (district is None or district in districts_of(register, one))
            and (year is None or one.year == year)
            and (level is None or one.level == level)
        ]
        words = notes_about(session, [incident.id for incident in found])
        names = {one.agency: one.short for one in session.scalars(select(Agency))}
    found.sort(key=lambda one: gravity(one.level))
    people = form in (RowsFormat.TABLE, RowsFormat.XLSX)
    rows = []
    for incident in found:
        said = words.get(incident.id, [])
        row: dict[str, Any] = {**incident_shape(incident, said)}
        if form is not RowsFormat.JSON:
            row["words"] = "；".join(map(_as_sentence, said))
        if people:
            row |= {
                "kind": incident_word(register.wording, incident.kind),
                "level": register.wording.levels[incident.level],
                "audience": _AUDIENCES[incident.audience],
                "agency": names.get(incident.agency or "", incident.agency),
            }
        rows.append(row)
    headings = {name: words for name, words in HEADINGS.items() if over or not people or name not in _OVER}
    print_rows(rows, headings, form, title="需要有人知道的事项", empty="没有符合条件的事项。")
    if any(one.resolved_at is None and one.level == Severity.ERROR for one in found):
        raise typer.Exit(FOUND_ERRORS)


@app.command()
def acknowledge(number: Number, by: By, why: Why) -> None:
    """登记已经知悉、正在处理：不再催办，直到事项自行解决。
    Known, being dealt with: no reminders until it ends by itself.
    """
    _say(number, IncidentNoteKind.ACKNOWLEDGE, by, why)


@app.command()
def snooze(
    number: Number,
    by: By,
    why: Why,
    until: Annotated[
        datetime,
        typer.Option(formats=["%Y-%m-%d"], help="到哪一天为止不再提醒（含当天） · the last day without reminders"),
    ],
) -> None:
    """登记暂缓：到某一天为止不通知也不催办。
    No messages and no reminders before a day.
    """
    moment = end_of(until.date())
    if moment <= datetime.now(UTC):
        raise CannotBeDone(f"{chinese_day(until.date())}已经过去；请给出今天或以后的日期")
    _say(number, IncidentNoteKind.SNOOZE, by, why, moment)


@app.command()
def note(number: Number, by: By, why: Why) -> None:
    """给事项加一条备注，不影响通知。
    Add a note; messages go on as before.
    """
    _say(number, IncidentNoteKind.NOTE, by, why)


def _say(number: str, kind: IncidentNoteKind, by: str, why: str, until: datetime | None = None) -> None:
    """Says it of an incident, or of every open incident of a matter."""
    now = datetime.now(UTC)
    with closing(open_ledger(load_settings())) as ledger, ledger.write() as session:
        ids = (
            [int(number)]
            if number.isdecimal() and len(number) <= LONGEST_ID
            else [one.id for one in incidents_of_matter(session, number)]
        )
        found = [note_incident(session, one, kind, by, why, now, until) for one in ids]
        noted = [one for one in found if one is not None]
        over = all(one.resolved_at is not None for one in noted)
    if not noted:
        raise CannotBeDone(f"没有编号为 {number} 的事项；请用 nianbao incidents list --all 查看编号")
    say(f"已登记（{_NOTES[kind]}）。{'该事项已经解决。' if over else '事项在情况本身解决之前仍为未解决。'}")


def _as_sentence(word: IncidentNote) -> str:
    until = f"至{chinese_day(day_of(word.until))}前" if word.until else ""
    return f"{_NOTES[word.kind]}{until}（{word.said_by}，{chinese_moment(word.said_at)}）：{word.why}"
