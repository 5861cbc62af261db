"""``nianbao rectifications``: 整改, what was asked of an agency, by when, and how it ended."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from cli.options.person import By, Why
from cli.shown.output import CannotBeDone, RowsFormat, print_rows, say
from config.settings import load_settings
from config.wording import Wording, load_wording
from ledger.database import open_ledger
from ledger.messages.rectifications import (
    Asked,
    agencies_called,
    close_rectification,
    list_rectifications,
    open_rectification,
)
from ledger.states import RectificationResult
from monitor.calendar import chinese_day, day_of
from monitor.outputs.rectifications import rectification_shape

app = typer.Typer(add_completion=False, no_args_is_help=True)

HEADINGS = {
    "id": "编号",
    "agency": "机关",
    "year": "年度",
    "asked_on": "通知日期",
    "asked_by": "通知人",
    "asked_for": "整改要求",
    "due_on": "整改期限",
    "answered_on": "新版本",
    "result": "整改结果",
    "reviewed_by": "复核人",
    "reviewed_on": "复核日期",
    "remark": "备注",
}


@app.callback()
def rectifications() -> None:
    """整改：向机关提出的要求、期限和结果。
    Rectifications: what was asked of agencies, until when, and how it ended.
    """


@app.command("open")
def open_(
    agency: Annotated[str, typer.Option(help="机关的名称、简称或 id · name, short name or id of the agency")],
    year: Annotated[int, typer.Option(help="报告年度 · report year")],
    due: Annotated[
        datetime, typer.Option(formats=["%Y-%m-%d"], help="整改期限（含当天） · due date, this day included")
    ],
    by: By,
    what: Annotated[str, typer.Option(help="要求整改的内容 · what is asked for")],
    asked: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="通知日期；不写则为今天 · day of asking; today by default"),
    ] = None,
) -> None:
    """登记一项整改要求。期限已过而没有新版本时，主管部门会收到提醒。
    Enter what was asked; the office is told when its date has passed without a new version.
    """
    now = datetime.now(UTC)
    asked_on = asked.date() if asked is not None else day_of(now)
    if due.date() < asked_on:
        raise CannotBeDone(
            f"整改期限{chinese_day(due.date())}早于通知日期{chinese_day(asked_on)}；请改正 --due 或 --asked"
        )
    if not what.strip():
        raise CannotBeDone("--what 不能为空；请写明要求整改的内容")
    with closing(open_ledger(load_settings())) as ledger, ledger.write() as session:
        found = agencies_called(session, agency)
        if len(found) != 1:
            how_many = "没有" if not found else "不止一个"
            ids = "（" + "、".join(one.agency for one in found) + "）" if found else ""
            raise CannotBeDone(f"台账中{how_many}叫“{agency}”的机关{ids}；请写 nianbao status 中的全称或 id")
        number = open_rectification(
            session,
            found[0].agency,
            year,
            asked_on=asked_on,
            due_on=due.date(),
            asked_by=by,
            asked_for=" ".join(what.split()),
            now=now,
        )
        name = found[0].name
    say(f"已登记整改要求 {number}：{name}{year}年度报告，期限{chinese_day(due.date())}。")


@app.command("list")
def list_(
    all_: Annotated[bool, typer.Option("--all", help="也列出已办结的 · also those closed")] = False,
    form: Annotated[
        RowsFormat, typer.Option("--format", help="table、json、csv 或 xlsx · table, json, csv or xlsx")
    ] = RowsFormat.TABLE,
) -> None:
    """列出整改要求。退出码：0 没有逾期的；1 有。
    List rectifications. Exit status: 0 none overdue, 1 some.
    """
    settings = load_settings()
    with closing(open_ledger(settings)) as ledger, ledger.read() as session:
        found = list_rectifications(session, closed=all_)
        words = load_wording(settings.home)
        rows = [_row(asked, form, words) for asked in found]
    print_rows(rows, HEADINGS, form, empty="没有未办结的整改要求。")
    today = day_of(datetime.now(UTC))
    if any(one.row.closed_at is None and one.answer is None and one.row.due_on < today for one in found):
        raise typer.Exit(1)


@app.command()
def close(
    number: Annotated[
        int,
        typer.Argument(metavar="编号", help="rectifications list 所列的编号 · number in nianbao rectifications list"),
    ],
    result: Annotated[
        RectificationResult, typer.Option(help="done 已整改、not_done 未整改、dropped 撤回要求 · how it ended")
    ],
    by: By,
    why: Why,
) -> None:
    """登记复核结果和复核人。
    Enter the result of the review, and who reviewed.
    """
    now, settings = datetime.now(UTC), load_settings()
    words = load_wording(settings.home)
    with closing(open_ledger(settings)) as ledger, ledger.write() as session:
        try:
            answer = close_rectification(session, number, result, reviewed_by=by, remark=why, on=day_of(now), now=now)
        except LookupError as error:
            raise CannotBeDone(
                f"没有编号为 {number} 的未办结整改要求；请用 nianbao rectifications list 查看编号"
            ) from error
        seen = f"复核的是{chinese_day(day_of(answer.first_seen_at))}发现的新版本。" if answer is not None else ""
    unseen = "" if seen or result is not RectificationResult.DONE else "注意：没有发现新版本。"
    say(f"已办结：{words.results[result]}。{seen}{unseen}")


def _row(asked: Asked, form: RowsFormat, words: Wording) -> dict[str, Any]:
    row: dict[str, Any] = {**rectification_shape(asked)}
    if asked.row.result is not None and form is RowsFormat.TABLE:
        row["result"] = words.results[asked.row.result]
    return row
