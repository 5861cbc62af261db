"""``nianbao incidents``: what somebody has to know."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.output import RowsFormat, print_rows
from config.settings import load_settings
from ledger.database import open_ledger
from ledger.notices import list_incidents
from monitor.calendar import chinese_moment

app = typer.Typer(add_completion=False)

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
}


@app.callback()
def incidents() -> None:
    """需要有人知道的事项：未公布、逾期、数据有误、门户不能查看等。"""


@app.command("list")
def list_(
    all_: Annotated[bool, typer.Option("--all", help="也列出已解决的")] = False,
    form: Annotated[RowsFormat, typer.Option("--format", help="table、json 或 csv")] = RowsFormat.TABLE,
) -> None:
    """列出尚未解决的事项。"""
    ledger = open_ledger(load_settings())
    try:
        with ledger.read() as session:
            found = list_incidents(session, resolved=all_)
    finally:
        ledger.close()
    rows = []
    for incident in found:
        row = {name: getattr(incident, name) for name in HEADINGS}
        for name in ("opened_at", "resolved_at"):
            moment = row[name]
            if moment is not None:
                row[name] = chinese_moment(moment) if form is RowsFormat.TABLE else moment.isoformat()
        rows.append(row)
    print_rows(rows, HEADINGS, form, empty="没有尚未解决的事项。")
