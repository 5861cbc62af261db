"""``nianbao demo``: the whole story on one machine with nothing configured, computed as you watch."""

from __future__ import annotations

import os
import tempfile
import time
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from cli.demo.desk import keep_desk
from cli.demo.end_state import end_state
from cli.demo.seasons import SEASONS, differences
from cli.demo.stage import Stage
from cli.demo.story import happened_on
from cli.shown.output import CannotBeDone, Format, console, plain, print_json, print_rows, say
from cli.status import print_tables
from config.in_force import load_register
from config.settings import PREFIX
from ledger.states import NoticeKind
from monitor.outputs.standings import Status

app = typer.Typer(add_completion=False)

FINDING_HEADINGS = {"agency": "机关", "year": "年度", "rule": "规则", "severity": "级别", "message": "问题"}
MAIL_HEADINGS = {"date": "时间", "kind": "类别", "to": "收件人", "subject": "主题", "file": "网页文件"}


@app.command()
def demo(
    home: Annotated[
        Path | None,
        typer.Option(
            help="存放台账、存档和邮件的空目录；不写则新建一个临时目录"
            " · an empty folder for ledger, archive and mails; a temporary one by default"
        ),
    ] = None,
    workers: Annotated[int, typer.Option(min=1, help="同时读取几份文档 · documents read at once")] = 2,
    form: Annotated[Format, typer.Option("--format", help="table 或 json · table or json")] = Format.TABLE,
    keep: Annotated[
        bool,
        typer.Option("--keep", help="演示完后打开工作台，直到 Ctrl-C · then open the desk on it, until Ctrl-C"),
    ] = False,
) -> None:
    """在本机演示全过程：三个门户、真实的报告、抓取、读取、检查、台账、邮件，逐日重放两个季度。
    The whole story on one machine with nothing configured: two seasons replayed day by day.
    """
    folder = _folder(home)
    _forget_own_settings()
    started = time.monotonic()
    with Stage(folder, workers=workers) as stage:
        story = _replay(stage, told=form is Format.TABLE)
        state, status = end_state(stage)
        state["story"] = story
        state["seconds"] = round(time.monotonic() - started, 1)
        state["home"] = str(folder)
        wrong = differences(state)
        if form is Format.JSON:
            print_json(state)
        else:
            print_end(state, status, folder)
        if keep:
            keep_desk(stage)
    if wrong:
        raise CannotBeDone("演示的结果与预期不符：" + "；".join(wrong))


def _folder(home: Path | None) -> Path:
    if home is None:
        return Path(tempfile.mkdtemp(prefix="nianbao-demo-"))
    if home.exists() and (not home.is_dir() or any(home.iterdir())):
        raise CannotBeDone(f"{home} 不是空目录；演示不覆盖已有内容，请换一个目录")
    return home.absolute()


def _forget_own_settings() -> None:
    """The demo is the same everywhere: an office's own settings (its database, its mail server) stay out of it."""
    for variable in [name for name in os.environ if name.startswith(PREFIX)]:
        del os.environ[variable]


def _replay(stage: Stage, *, told: bool) -> list[str]:
    """Lives every day of the seasons; what happened is printed as it happens where it is to be ``told``."""
    days = [day for season in SEASONS for day in season.days()]
    register = load_register(stage.home)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    screen, story = console(), []
    shows_progress = told and screen.is_terminal
    with Progress(*columns, console=screen, disable=not shows_progress, transient=True) as progress:
        task = progress.add_task("", total=len(days))
        for day in days:
            progress.update(task, description=f"重放 {day}")
            stage.live(day)
            progress.advance(task)
            if line := happened_on(stage.ledger, register, day):
                story.append(line)
                if told:
                    screen.print(plain(line), soft_wrap=True)
    return story


def print_end(state: dict[str, Any], status: Status, folder: Path) -> None:
    """Prints how a replay ended, as tables: ``state`` is what ``--format json`` prints."""
    register = load_register(folder)
    words = register.wording
    print_tables(status, register)
    findings = [
        row | {"severity": words.levels[row["severity"]], "agency": register.agencies[row["agency_id"]].short}
        for row in state["findings"]
    ]
    print_rows(findings, FINDING_HEADINGS, Format.TABLE, title="发现的问题")
    inbox = folder / "inbox"
    weekly = [row for row in state["mails"] if row["kind"] == NoticeKind.WEEKLY]
    mails = [
        row
        | {
            "date": parsedate_to_datetime(row["date"]),
            "file": Path(row["file"]).name,
            "kind": words.notices[row["kind"]],
            "to": row["to"].partition("@")[0],
        }
        for row in state["mails"]
        if row not in weekly
    ]
    title = f"发出的邮件（另有{words.notices[NoticeKind.WEEKLY]}{len(weekly)}封，未逐封列出）"
    print_rows(mails, MAIL_HEADINGS, Format.TABLE, title=title)
    days = sum(1 for season in SEASONS for _ in season.days())
    console().print(
        plain(
            f"重放了{days}天，用时{state['seconds']}秒。邮件（原文 .eml 和网页 .html）在 {inbox}；"
            f"台账在 {folder / 'ledger.sqlite3'}，可用 NIANBAO_HOME={folder} nianbao status 等命令继续查看。"
        )
    )
    say("演示完毕：每个机关的状况、每处问题和每封邮件都由本次运行得出。")
    say("在网页上对照原件、登记意见：nianbao demo --keep")
