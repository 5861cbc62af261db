"""``nianbao quarantine list / retry``: documents that could not be read."""

from __future__ import annotations

from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime
from getpass import getuser
from typing import Annotated

import typer
from sqlalchemy import select

from cli.shown.output import CannotBeDone, RowsFormat, print_rows, say
from config.settings import load_settings
from ledger.database import Ledger, LedgerError, open_ledger
from ledger.messages.quarantine_decisions import retry_documents
from ledger.models import Agency
from ledger.people.record import Who
from ledger.reading.quarantine import quarantined

HEADINGS = {
    "work": "编号",
    "agency": "机关",
    "year": "年度",
    "title": "标题",
    "error": "原因",
    "sentence": "说明",
    "attempts": "次数",
    "since": "隔离时间",
    "address": "地址",
    "sha256": "sha256",
}
SOMETHING_THERE = 1

app = typer.Typer(add_completion=False, no_args_is_help=True)


@app.callback()
def quarantine() -> None:
    """无法读取而被隔离的文档。
    Documents that could not be read.
    """


@app.command("list")
def list_(
    form: Annotated[RowsFormat, typer.Option("--format", help="输出格式 · output format")] = RowsFormat.TABLE,
) -> None:
    """列出被隔离的文档。退出码：0 没有；1 有。
    List documents in quarantine. Exit status: 0 none, 1 some.
    """
    with closing(_ledger()) as ledger, ledger.read() as session:
        rows = [{"work": document.work_id} | asdict(document) for document in quarantined(session)]
        names = {agency.agency: agency.short for agency in session.scalars(select(Agency))}
    shown = HEADINGS
    if form is RowsFormat.TABLE:
        rows = [row | {"agency": names.get(row["agency"], "未能归属"), "sha256": row["sha256"][:12]} for row in rows]
        shown = {name: words for name, words in HEADINGS.items() if name != "error"}  # the sentence says it
    print_rows(rows, shown, form, title="无法读取的文档", empty="没有被隔离的文档。")
    if rows:
        raise typer.Exit(SOMETHING_THERE)


@app.command()
def retry(
    numbers: Annotated[
        list[int] | None,
        typer.Argument(metavar="[编号…]", help="quarantine list 所列的编号 · numbers in nianbao quarantine list"),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="全部被隔离的文档 · all documents in quarantine")] = False,
) -> None:
    """把被隔离的文档交给读取程序重新读取（例如程序更新之后）。
    Read documents in quarantine again, for example after an upgrade.
    """
    if bool(numbers) == every:
        raise CannotBeDone("请给出要重试的编号（见 nianbao quarantine list），或用 --all 重试全部")
    now = datetime.now(UTC)
    with closing(_ledger()) as ledger, ledger.write() as session:
        wanted = [document.work_id for document in quarantined(session)] if every else numbers or []
        taken = retry_documents(session, wanted, Who(getuser()), now)
    unknown = sorted(set(wanted) - set(taken))
    if unknown:
        say(f"编号 {'、'.join(map(str, unknown))} 不在隔离区，未作处理。")
    if not taken and unknown:
        raise CannotBeDone("没有可以重试的文档；请用 nianbao quarantine list 查看编号")
    say(f"{len(taken)} 份文档已移出隔离区，由监测角色交付读取。")


def _ledger() -> Ledger:
    try:
        return open_ledger(load_settings())
    except LedgerError as error:
        raise CannotBeDone(str(error)) from error
