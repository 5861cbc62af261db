"""``nianbao incidents``: what somebody has to know."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from cli.output import CannotBeDone, RowsFormat, print_rows, say
from cli.person import By, Why
from config.settings import load_settings
from ledger.database import open_ledger
from ledger.messages.incident_notes import note_incident, notes_about
from ledger.messages.incidents import list_incidents
from ledger.models import IncidentNote
from ledger.states import IncidentNoteKind
from monitor.calendar import chinese_day, chinese_moment, day_of, end_of

app = typer.Typer(add_completion=False)

Number = Annotated[int, typer.Argument(metavar="编号", help="nianbao incidents list 所列的编号")]

HEADINGS = {
    "id": "编号",
    "kind": "类型",
    "level": "级别",
    "audience": "告知",
    "district": "区",
    "agency": "机关",
    "year": "年度",
    "opened_at": "发现",
    "resolved_at": "解决",
    "sentence": "说明",
    "resolution": "结果",
    "words": "登记",
}
_KINDS = {IncidentNoteKind.ACKNOWLEDGE: "已知悉", IncidentNoteKind.SNOOZE: "暂缓", IncidentNoteKind.NOTE: "备注"}


@app.callback()
def incidents() -> None:
    """需要有人知道的事项：未公布、逾期、数据有误、门户不能查看等。"""


@app.command("list")
def list_(
    all_: Annotated[bool, typer.Option("--all", help="也列出已解决的")] = False,
    form: Annotated[RowsFormat, typer.Option("--format", help="table、json、csv 或 xlsx")] = RowsFormat.TABLE,
) -> None:
    """列出尚未解决的事项。"""
    with closing(open_ledger(load_settings())) as ledger, ledger.read() as session:
        found = list_incidents(session, resolved=all_)
        words = notes_about(session, [incident.id for incident in found])
    rows = []
    for incident in found:
        row: dict[str, Any] = {name: getattr(incident, name, None) for name in HEADINGS}
        for name in ("opened_at", "resolved_at"):
            moment = row[name]
            if moment is not None:
                row[name] = chinese_moment(moment) if form is RowsFormat.TABLE else moment.isoformat()
        said = words.get(incident.id, [])
        row["words"] = _as_data(said) if form is RowsFormat.JSON else "；".join(map(_as_sentence, said))
        rows.append(row)
    print_rows(rows, HEADINGS, form, empty="没有尚未解决的事项。")


@app.command()
def acknowledge(number: Number, by: By, why: Why) -> None:
    """登记已经知悉、正在处理：不再催办，直到事项自行解决。"""
    _say(number, IncidentNoteKind.ACKNOWLEDGE, by, why)


@app.command()
def snooze(
    number: Number,
    by: By,
    why: Why,
    until: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="到哪一天为止不再提醒（含当天）")],
) -> None:
    """登记暂缓：到某一天为止不通知也不催办。"""
    moment = end_of(until.date())
    if moment <= datetime.now(UTC):
        raise CannotBeDone(f"{chinese_day(until.date())}已经过去；请给出今天或以后的日期")
    _say(number, IncidentNoteKind.SNOOZE, by, why, moment)


@app.command()
def note(number: Number, by: By, why: Why) -> None:
    """给事项加一条备注，不影响通知。"""
    _say(number, IncidentNoteKind.NOTE, by, why)


def _say(number: int, kind: IncidentNoteKind, by: str, why: str, until: datetime | None = None) -> None:
    with closing(open_ledger(load_settings())) as ledger, ledger.write() as session:
        incident = note_incident(session, number, kind, by, why, datetime.now(UTC), until)
        over = incident is not None and incident.resolved_at is not None
    if incident is None:
        raise CannotBeDone(f"没有编号为 {number} 的事项；请用 nianbao incidents list --all 查看编号")
    say(f"已登记（{_KINDS[kind]}）。{'该事项已经解决。' if over else '事项在情况本身解决之前仍为未解决。'}")


def _as_sentence(word: IncidentNote) -> str:
    until = f"至{chinese_day(day_of(word.until))}前" if word.until else ""
    return f"{_KINDS[word.kind]}{until}（{word.said_by}，{chinese_moment(word.said_at)}）：{word.why}"


def _as_data(words: list[IncidentNote]) -> list[dict[str, Any]]:
    return [
        {
            "kind": word.kind.value,
            "by": word.said_by,
            "why": word.why,
            "at": word.said_at.isoformat(),
            "until": word.until.isoformat() if word.until else None,
        }
        for word in words
    ]
