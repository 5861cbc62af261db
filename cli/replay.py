"""``nianbao replay``: stored documents read and checked again with today's reader and rules."""

from __future__ import annotations

import os
import socket
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from cli.shown.output import CannotBeDone, Format, print_json, print_rows, say
from cli.shown.what_if import show_what_if
from config.settings import load_settings
from config.severity import Severity
from ledger.models import FindingRow
from ledger.reading.stored import Stored, standings_of, stored_versions
from report.findings.finding import Outcome
from workers.replay import Changes, Ended, changes, replay
from workers.worker_context import WorkerContext, open_worker_context

SHORTEST = 8
SOMETHING_WRONG = 1
HEADINGS = {"document": "文件", "what": "变化", "key": "项目", "before": "原来", "after": "现在"}
_ENDED = {
    Ended.READ: "重新读取",
    Ended.CHECKED: "重新检查",
    Ended.UNREADABLE: "读不出",
    Ended.WAITING: "未处理",
}
_OUTCOMES = {
    Outcome.PASS.value: "通过",
    Outcome.FAIL.value: "有问题",
    Outcome.NOT_ASSESSABLE.value: "无法判断",
    Outcome.NOT_APPLICABLE.value: "不适用",
}

app = typer.Typer(add_completion=False)


@app.command("replay")
def replay_(
    documents: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[SHA256…]", help=f"文件的 sha256，至少前 {SHORTEST} 位 · sha256, {SHORTEST} digits at least"
        ),
    ] = None,
    every: Annotated[
        bool,
        typer.Option(
            "--all", help="全部存下的文件，按报告年度从早到晚 · all stored documents, the earliest report year first"
        ),
    ] = False,
    tried: Annotated[
        list[str] | None,
        typer.Option(
            "--what-if",
            metavar="规则=级别",
            help="只试算：如果规则是这一级别（可多次），或按一个 rules.yaml · what a level or a rules file would do",
        ),
    ] = None,
    year: Annotated[
        int | None,
        typer.Option("--year", help="试算哪一报告年度，默认最近一个 · report year tried, by default the newest"),
    ] = None,
    form: Annotated[Format, typer.Option("--format", help="输出格式 · output format")] = Format.TABLE,
) -> None:
    """用现在的读取程序和规则重新处理存下的文件，并列出有哪些变化。
    Read and check stored documents again with today's reader and rules, and list what changed.

    程序更新、规则或表式修改之后使用；已经发出的通知若因此不再成立，由监测角色更正。
    --what-if 只试算级别变动会使已存报告的哪些问题变成另一级别，什么也不写入（规则=级别，例如 D04=error）。

    退出码：0 没有新的错误；1 出现了新的错误级问题，或有文件读不出。
    """
    if tried:
        if documents or every:
            raise CannotBeDone("--what-if 试算一个报告年度的全部报告；请不要同时给出 sha256 或 --all")
        with open_worker_context(load_settings()) as worker_context:
            if show_what_if(worker_context, tried, year, form, datetime.now(UTC)):
                raise typer.Exit(SOMETHING_WRONG)
        return
    if year is not None:
        raise CannotBeDone("--year 只与 --what-if 同用")
    if bool(documents) == every:
        raise CannotBeDone("请给出文件的 sha256（见 nianbao findings show），或用 --all 处理全部文件")
    at = datetime.now(UTC)
    with open_worker_context(load_settings()) as worker_context:
        chosen = _chosen(worker_context, documents)
        with worker_context.ledger.read() as session:
            before = standings_of(session, [one.version for one in chosen])
        ended = list(_with_progress(worker_context, chosen, at))
        with worker_context.ledger.read() as session:
            after = standings_of(session, [one.version for one in chosen])
            found = [changes(session, one, before[one.version.id], after[one.version.id]) for one in chosen]
        readers = [(before[one.version.id].reader, after[one.version.id].reader) for one in chosen]
    whole = list(zip(chosen, ended, found, readers, strict=True))
    if form is Format.JSON:
        print_json([_json(*each) for each in whole])
    else:
        print_rows(
            [row for one, (how, sentence), changed, _ in whole for row in _rows(one, how, sentence, changed)],
            HEADINGS,
            form,
            empty="没有变化。",
        )
    counts = Counter(how for how, _ in ended)
    parts = [f"{words} {counts[how]}" for how, words in _ENDED.items() if counts[how]]
    say(f"{len(chosen)} 份文件：{'，'.join(parts)}；{sum(map(bool, found))} 份有变化。")
    new_errors = any(row.severity == Severity.ERROR for changed in found for row in changed.opened)
    if new_errors or counts[Ended.UNREADABLE]:
        raise typer.Exit(SOMETHING_WRONG)


def _chosen(worker_context: WorkerContext, documents: list[str] | None) -> list[Stored]:
    beginnings = None if documents is None else [one.strip().lower() for one in documents]
    for one in beginnings or ():
        if len(one) < SHORTEST or set(one) - set("0123456789abcdef"):
            raise CannotBeDone(f"“{one[:80]}”不是 sha256；请给出至少前 {SHORTEST} 位（0–9、a–f）")
    with worker_context.ledger.read() as session:
        chosen = stored_versions(session, beginnings)
    for one in beginnings or ():
        matching = {each.version.sha256 for each in chosen if each.version.sha256.startswith(one)}
        if len(matching) != 1:
            wrong = f"有 {len(matching)} 份文件的 sha256 以“{one}”开头" if matching else f"台账中没有文件“{one}”"
            raise CannotBeDone(f"{wrong}；请用 nianbao findings show 或 quarantine list 查看完整的 sha256")
    return chosen


def _with_progress(worker_context: WorkerContext, chosen: list[Stored], at: datetime) -> Iterator[tuple[Ended, str]]:
    terminal = Console(stderr=True)
    columns = (TextColumn("重新处理"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    worker = f"replay@{socket.gethostname()}/{os.getpid()}"
    with Progress(*columns, console=terminal, disable=not terminal.is_terminal, transient=True) as progress:
        yield from progress.track(replay(worker_context, chosen, at, worker), total=len(chosen))


def _name(one: Stored) -> str:
    year = f"{one.article.year}年度" if one.article.year is not None else ""
    return f"{one.article.title}（{year}{one.version.sha256[:12]}）"


def _rows(one: Stored, how: Ended, sentence: str, changed: Changes) -> Iterator[dict[str, str]]:
    name = _name(one)
    if how in (Ended.UNREADABLE, Ended.WAITING):
        yield {"document": name, "what": _ENDED[how], "key": "", "before": "", "after": sentence}
    for figure in changed.figures:
        values = (_figure(figure.before), _figure(figure.after))
        yield {"document": name, "what": "数字", "key": figure.key, "before": values[0], "after": values[1]}
    for rule in changed.rules:
        words = [_OUTCOMES.get(str(said), "") for said in (rule.before, rule.after)]
        yield {"document": name, "what": "规则", "key": rule.key, "before": words[0], "after": words[1]}
    for finding in changed.opened:
        yield {"document": name, "what": "新问题", "key": finding.rule, "before": "", "after": finding.message}
    for finding in changed.resolved:
        yield {"document": name, "what": "不再有", "key": finding.rule, "before": finding.message, "after": ""}


def _figure(said: Any) -> str:
    if said is None:
        return ""
    shown = str(said["value"]) if said["value"] is not None else f"{said['state']} {said['text']}".strip()
    return shown if said["certain"] else f"{shown}（不能确定）"


def _json(one: Stored, ended: tuple[Ended, str], changed: Changes, readers: tuple[str | None, str | None]) -> Any:
    return {
        "sha256": one.version.sha256,
        "address": one.version.address,
        "title": one.article.title,
        "agency": one.article.agency,
        "year": one.article.year,
        "ended": ended[0].value,
        "sentence": ended[1],
        "reader": {"before": readers[0], "after": readers[1]},
        "figures": [{"key": each.key, "before": each.before, "after": each.after} for each in changed.figures],
        "rules": [{"rule": each.key, "before": each.before, "after": each.after} for each in changed.rules],
        "findings": {
            "opened": [_finding(row) for row in changed.opened],
            "resolved": [_finding(row) for row in changed.resolved],
        },
    }


def _finding(row: FindingRow) -> dict[str, Any]:
    return {
        "fingerprint": row.fingerprint,
        "rule": row.rule,
        "severity": row.severity,
        "state": row.state.value,
        "message": row.message,
    }
