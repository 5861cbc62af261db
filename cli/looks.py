"""``nianbao looks``: the looks at a column with their accounts, and a person's word on it."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from cli.options.person import By, Why
from cli.shown.output import CannotBeDone, RowsFormat, print_rows, say
from cli.shown.portal_words import state_word
from config.in_force import load_register
from config.register import Register
from config.settings import load_settings
from config.wording import Wording
from ledger.database import open_ledger
from ledger.models import ColumnConfirmation, Look
from ledger.standings.confirmations import confirm_column, confirmations, last_looks
from monitor.calendar import chinese_moment

HEADINGS = {
    "portal": "门户",
    "column": "栏目",
    "begun": "开始查看",
    "state": "状态",
    "complete": "完整",
    "rows": "条目",
    "dropped": "未采用",
    "pieces": "内容",
    "unaccounted": "未能辨认",
    "why_not": "说明",
    "confirmed": "人工确认",
}

app = typer.Typer(add_completion=False, no_args_is_help=True)
Column = Annotated[
    str,
    typer.Argument(
        metavar="栏目",
        help="门户/栏目，例如 yunshan/departments；只有一个时可只写栏目 · PORTAL/COLUMN, e.g. yunshan/departments",
    ),
]


@app.callback()
def looks() -> None:
    """对各栏目的查看，以及对没有认出报告的栏目的人工确认。
    Looks at columns, and a person's word on columns without any report.
    """


@app.command("list")
def list_(
    called: Annotated[
        str | None,
        typer.Argument(
            metavar="[栏目]",
            help="门户/栏目；不写则列出所有栏目的最近一次 · PORTAL/COLUMN; the last look at each by default",
        ),
    ] = None,
    last: Annotated[int, typer.Option(min=1, max=1000, help="最近几次 · how many of the last ones")] = 20,
    form: Annotated[RowsFormat, typer.Option("--format", help="输出格式 · output format")] = RowsFormat.TABLE,
) -> None:
    """列出对栏目的查看：看到多少条，逐项核对的结果，以及谁确认过。
    List looks at columns: how many entries, what was accounted for, who confirmed.
    """
    settings = load_settings()
    register = load_register(settings.home)
    wanted = _columns(register) if called is None else [_column_called(register, called)]
    rows: list[dict[str, Any]] = []
    with closing(open_ledger(settings)) as ledger, ledger.read() as session:
        for portal, column in wanted:
            said = [one for (of, _), words in confirmations(session, portal).items() if of == column for one in words]
            found = last_looks(session, portal, column, 1 if called is None else last)
            rows += [_row(look, said, form is RowsFormat.JSON, register.wording) for look in found]
    print_rows(rows, HEADINGS, form, empty="还没有查看过。")


@app.command()
def confirm(
    called: Column,
    year: Annotated[int, typer.Argument(metavar="年度", help="报告年度 · report year")],
    by: By,
    why: Why,
) -> None:
    """登记人工确认：打开栏目核对过，该年度没有查到的报告确实不在其中（没有认出任何报告，或许多机关同时没有查到）。
    A person's word: what was not found in the column is not there.
    """
    settings = load_settings()
    portal, column = _column_called(load_register(settings.home), called)
    with closing(open_ledger(settings)) as ledger, ledger.write() as session:
        try:
            row = confirm_column(session, portal, column, year, by=by, why=why, now=datetime.now(UTC))
        except LookupError as error:
            raise CannotBeDone(
                f"{year}年度的期限之后还没有完整查看过 {portal}/{column}，没有可以确认的内容；"
                f"请先运行 nianbao crawl {portal}，再用 nianbao looks list {portal}/{column} 查看"
            ) from error
        about = session.get_one(Look, row.look_id).begun_at
    say(
        f"已登记：{portal}/{column} {year}年度，依据{chinese_moment(about)}的查看。有关机关的状况由监测下一轮重新认定。"
    )


def _columns(register: Register) -> list[tuple[str, str]]:
    return [(portal, column.id) for portal, file in register.portals.items() for column in file.columns]


def _column_called(register: Register, called: str) -> tuple[str, str]:
    found = [
        (portal, column.id)
        for portal, file in register.portals.items()
        for column in file.columns
        if called in (column.id, column.name, f"{portal}/{column.id}", f"{portal}/{column.name}")
    ]
    if len(found) == 1:
        return found[0]
    if not found:
        raise CannotBeDone(f"门户名册中没有栏目“{called}”；请写 门户/栏目，见 nianbao looks list")
    raise CannotBeDone(f"不止一个门户有栏目“{called}”；请写明是哪个门户，例如 {found[0][0]}/{found[0][1]}")


def _row(look: Look, said: list[ColumnConfirmation], as_data: bool, wording: Wording) -> dict[str, Any]:
    accounted = look.accounted or {}
    about = [one for one in said if one.look_id == look.id]
    return {
        "portal": look.portal,
        "column": look.column,
        "begun": look.begun_at.isoformat() if as_data else chinese_moment(look.begun_at),
        "state": look.found.value if as_data else state_word(look.found, wording),
        "complete": look.complete if as_data else ("是" if look.complete else "否"),
        "rows": look.rows,
        "dropped": look.dropped,
        "pieces": accounted.get("pieces"),
        "unaccounted": accounted.get("unaccounted"),
        "why_not": look.sentence,
        "confirmed": [_as_data(one) for one in about] if as_data else "；".join(map(_as_sentence, about)),
    }


def _as_data(one: ColumnConfirmation) -> dict[str, Any]:
    return {"year": one.year, "by": one.said_by, "at": one.said_at.isoformat(), "why": one.why}


def _as_sentence(one: ColumnConfirmation) -> str:
    return f"{one.year}年度（{one.said_by}，{chinese_moment(one.said_at)}）：{one.why}"
