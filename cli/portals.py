"""``nianbao portals list / probe / pause / resume``: the portal register."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from typing import Annotated

import typer

from cli.output import CannotBeDone, Format, RowsFormat, console, plain, print_json, print_rows, say
from cli.portal_words import state_word
from config.portals import PortalFile, load_portals
from config.settings import Settings, load_settings
from crawler.claims import keep_register
from crawler.probe import Probe, ProbedColumn
from crawler.round import RoundError, UnknownPortalError, run_probe
from ledger import portals as register
from ledger.database import Ledger, LedgerError, open_ledger
from ledger.models import PortalRow
from ledger.states import PortalState

HEADINGS = {
    "portal": "门户",
    "name": "名称",
    "district": "区",
    "state": "状态",
    "since": "自",
    "last_round": "上次抓取",
    "sentence": "说明",
}

app = typer.Typer(add_completion=False, help="门户名册：列出、试探、暂停、恢复。", no_args_is_help=True)


@app.command("list")
def list_portals(
    form: Annotated[RowsFormat, typer.Option("--format", help="输出格式")] = RowsFormat.TABLE,
) -> None:
    """列出全部门户及其状态。"""
    settings = load_settings()
    files = load_portals(settings.home)
    rows = []
    with _ledger(settings) as ledger, ledger.read() as session:
        for name, portal in sorted(files.items()):
            rows.append(_row(portal, session.get(PortalRow, name), form))
    print_rows(rows, HEADINGS, form, empty="没有门户文件（docs/add-a-portal.md）。")


@app.command()
def probe(
    portal: Annotated[str, typer.Argument(metavar="PORTAL", help="门户名称")],
    form: Annotated[Format, typer.Option("--format", help="输出格式")] = Format.TABLE,
) -> None:
    """试探一个门户：会取什么，会弃什么，为什么；什么也不存。

    退出码：0 各栏目正常；1 有栏目为空、被拦截或与所写不符；2 无法执行。
    """
    try:
        probed = run_probe(load_settings(), portal, datetime.now(UTC))
    except (UnknownPortalError, RoundError) as error:
        raise CannotBeDone(str(error)) from error
    if form is Format.JSON:
        print_json(_probe_json(probed))
    else:
        for column in probed.columns:
            _print_column(column)
    if any(column.found is not PortalState.HEALTHY or not column.taken for column in probed.columns):
        raise typer.Exit(1)


@app.command()
def pause(
    portal: Annotated[str, typer.Argument(metavar="PORTAL", help="门户名称")],
    reason: Annotated[str, typer.Option(help="为什么暂停")] = "由操作员暂停",
) -> None:
    """暂停抓取一个门户，直到恢复。"""
    settings = load_settings()
    file = _file(settings, portal)
    if file.paused:
        say(f"门户“{portal}”的文件已写明 paused: true，本来就不抓取。")
        return
    now = datetime.now(UTC)
    with _ledger(settings) as ledger:
        keep_register(ledger, {portal: file}, now)
        with ledger.write() as session:
            register.pause(session, portal, reason, now)
    say(f"门户“{portal}”已暂停：{reason}。恢复：nianbao portals resume {portal}")


@app.command()
def resume(portal: Annotated[str, typer.Argument(metavar="PORTAL", help="门户名称")]) -> None:
    """恢复抓取一个已暂停的门户。"""
    settings = load_settings()
    if _file(settings, portal).paused:
        raise CannotBeDone(
            f"门户“{portal}”的文件写明 paused: true；"
            f"请把它放到 {settings.home / 'config' / 'portals'} 下，改为 paused: false"
        )
    with _ledger(settings) as ledger, ledger.write() as session:
        resumed = register.resume(session, portal, datetime.now(UTC))
    say(f"门户“{portal}”已恢复，下一轮即抓取。" if resumed else f"门户“{portal}”没有暂停，不需要恢复。")


def _ledger(settings: Settings) -> closing[Ledger]:
    try:
        return closing(open_ledger(settings))
    except LedgerError as error:
        raise CannotBeDone(str(error)) from error


def _file(settings: Settings, portal: str) -> PortalFile:
    files = load_portals(settings.home)
    if portal not in files:
        raise CannotBeDone(f"没有门户“{portal}”；现有：{'、'.join(sorted(files))}（nianbao portals list）")
    return files[portal]


def _row(portal: PortalFile, row: PortalRow | None, form: RowsFormat) -> dict[str, object]:
    state = row.state if row is not None else None
    sentence = row.sentence if row is not None else ""
    if portal.paused:
        state, sentence = PortalState.PAUSED, "门户文件写明 paused: true"
    return {
        "portal": portal.portal,
        "name": portal.name,
        "district": portal.district,
        "state": state_word(state) if form is RowsFormat.TABLE else state,
        "since": _shown(row.since if row is not None else None, form),
        "last_round": _shown(row.last_round_at if row is not None else None, form),
        "sentence": sentence,
    }


def _shown(moment: datetime | None, form: RowsFormat) -> str | None:
    from crawler.evidence import SHANGHAI

    if moment is None:
        return None
    local = moment.astimezone(SHANGHAI)
    return f"{local:%Y-%m-%d %H:%M}" if form is RowsFormat.TABLE else local.isoformat()


def _print_column(column: ProbedColumn) -> None:
    out = console()
    entries = len(column.taken) + len(column.dropped)
    out.print(f"栏目“{plain(column.name)}”（{column.column}）：{state_word(column.found)}", style="bold")
    if column.sentence:
        out.print(f"  {plain(column.sentence)}")
    out.print(f"  共 {entries} 条，会取 {len(column.taken)} 条，弃用 {len(column.dropped)} 条。")
    for entry, judged in column.taken:
        known = f"{judged.agency or '未识别机关'}，{judged.year or '年度不明'}"
        why = f"（{plain(judged.reason)}）" if judged.reason else ""
        out.print(f"  取  {plain(entry.title)}  → {known}{why}")
    for entry, reason in column.dropped:
        out.print(f"  弃  {plain(entry.title)}  因为：{plain(reason)}")


def _probe_json(probed: Probe) -> dict[str, object]:
    return {
        "portal": probed.portal,
        "state": probed.found,
        "columns": [
            {
                "column": column.column,
                "name": column.name,
                "state": column.found,
                "sentence": column.sentence,
                "taken": [
                    {
                        "title": entry.title,
                        "address": entry.link,
                        "listed": entry.listed,
                        "agency": judged.agency,
                        "year": judged.year,
                        "reason": judged.reason,
                    }
                    for entry, judged in column.taken
                ],
                "dropped": [
                    {"title": entry.title, "address": entry.link, "reason": reason} for entry, reason in column.dropped
                ],
            }
            for column in probed.columns
        ],
    }
