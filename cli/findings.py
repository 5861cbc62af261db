"""``nianbao findings``: what was found in the reports, and what a person says of it."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from sqlalchemy.orm import Session

from cli.output import CannotBeDone, Format, RowsFormat, print_json, print_rows, say
from cli.person import By, Why
from config.settings import load_settings
from config.severity import Severity
from ledger.database import open_ledger
from ledger.messages.findings import findings_like, list_findings, say_of_finding
from ledger.models import Agency, FindingRow
from ledger.reading.copies import copy_of
from ledger.states import STANDING_FINDINGS, FindingState
from monitor.calendar import chinese_moment

app = typer.Typer(add_completion=False, no_args_is_help=True)

SHORTEST = 6
HEADINGS = {
    "id": "编号",
    "agency": "机关",
    "year": "年度",
    "rule": "规则",
    "severity": "级别",
    "state": "状态",
    "message": "说明",
    "said": "登记",
}
DETAILS = {
    "fingerprint": "编号",
    "agency": "机关",
    "year": "年度",
    "rule": "规则",
    "severity": "级别",
    "state": "状态",
    "message": "说明",
    "cells": "单元格",
    "expected": "应为",
    "found": "报告中",
    "basis": "依据",
    "suggestion": "建议",
    "opened_at": "发现",
    "resolved_at": "解决",
    "article": "原文",
    "sha256": "sha256",
    "said_by": "登记人",
    "said_at": "登记时间",
    "said_why": "登记原因",
}
_STATES = {
    FindingState.OPEN: "未解决",
    FindingState.ACKNOWLEDGED: "已知悉",
    FindingState.DISMISSED: "不是问题",
    FindingState.RESOLVED: "已解决",
}

Number = Annotated[str, typer.Argument(metavar="编号", help=f"findings list 所列的编号，至少前 {SHORTEST} 位")]


@app.callback()
def findings() -> None:
    """报告中发现的问题，以及人工核对的结果。"""


@app.command("list")
def list_(
    district: Annotated[str | None, typer.Option(help="只看一个区")] = None,
    agency: Annotated[str | None, typer.Option(help="只看一个机关（名称、简称或 id）")] = None,
    year: Annotated[int | None, typer.Option(help="只看一个报告年度")] = None,
    rule: Annotated[str | None, typer.Option(help="只看一条规则，例如 T05")] = None,
    all_: Annotated[bool, typer.Option("--all", help="也列出不是问题的和已解决的")] = False,
    form: Annotated[RowsFormat, typer.Option("--format", help="table、json、csv 或 xlsx")] = RowsFormat.TABLE,
) -> None:
    """列出问题。退出码：0 没有未解决的错误；1 有。"""
    with closing(open_ledger(load_settings())) as ledger, ledger.read() as session:
        states = tuple(FindingState) if all_ else STANDING_FINDINGS
        found = list_findings(session, states, district=district, agency=agency, year=year, rule=rule)
        rows = [_row(finding, owner, form) for finding, owner in found]
        wrong = any(finding.state in STANDING_FINDINGS and finding.severity == Severity.ERROR for finding, _ in found)
    print_rows(rows, HEADINGS, form, empty="没有问题。")
    if wrong:
        raise typer.Exit(1)


@app.command()
def show(
    number: Number, form: Annotated[Format, typer.Option("--format", help="table 或 json")] = Format.TABLE
) -> None:
    """一个问题的全部内容。"""
    with closing(open_ledger(load_settings())) as ledger, ledger.read() as session:
        finding = _find(session, number)
        owner = session.get(Agency, finding.agency) if finding.agency is not None else None
        copy = copy_of(session, finding.version_id)
        values: dict[str, Any] = {name: getattr(finding, name, None) for name in DETAILS}
        values["agency"] = owner.name if owner is not None else finding.agency
        values |= {"article": copy.article, "sha256": copy.sha256} if copy is not None else {}
    if form is Format.JSON:
        print_json(values)
        return
    values["state"] = _STATES[finding.state]
    values["cells"] = "、".join(finding.cells)
    for name in ("opened_at", "resolved_at", "said_at"):
        values[name] = chinese_moment(values[name]) if values[name] else None
    lines = [{"name": words, "value": values[name]} for name, words in DETAILS.items() if values[name]]
    print_rows(lines, {"name": "项目", "value": "内容"}, form)


@app.command()
def acknowledge(number: Number, by: By, why: Why) -> None:
    """登记已经知悉、正在处理：问题仍然算数，不再催办。"""
    _say(number, FindingState.ACKNOWLEDGED, by, why)


@app.command()
def dismiss(number: Number, by: By, why: Why) -> None:
    """认定不是问题：收到过通知的人会收到更正，以后重新核读也不再提出。"""
    _say(number, FindingState.DISMISSED, by, why)


@app.command()
def reopen(number: Number, by: By, why: Why) -> None:
    """撤销已知悉或不是问题的认定。"""
    _say(number, FindingState.OPEN, by, why)


def _say(number: str, state: FindingState, by: str, why: str) -> None:
    with closing(open_ledger(load_settings())) as ledger, ledger.write() as session:
        finding = _find(session, number)
        before = _STATES[finding.state]
        done = say_of_finding(session, finding.fingerprint, state, by, why, datetime.now(UTC))
    if not done:
        raise CannotBeDone(f"该问题的状态是“{before}”，不能改为“{_STATES[state]}”；请用 nianbao findings show 查看")
    say(f"已登记：{finding.rule}由“{before}”改为“{_STATES[state]}”。")


def _find(session: Session, number: str) -> FindingRow:
    if len(number) < SHORTEST:
        raise CannotBeDone(f"编号“{number}”太短；请至少给出前 {SHORTEST} 位（见 nianbao findings list）")
    found = findings_like(session, number)
    if not found:
        raise CannotBeDone(f"没有编号以“{number}”开头的问题；请用 nianbao findings list --all 查看编号")
    if len(found) > 1:
        raise CannotBeDone(f"有多个编号以“{number}”开头的问题；请多给几位")
    return found[0]


def _row(finding: FindingRow, owner: Agency | None, form: RowsFormat) -> dict[str, Any]:
    table = form is RowsFormat.TABLE
    said = f"{finding.said_by}：{finding.said_why}" if finding.said_by else ""
    return {
        "id": finding.fingerprint[:12] if table else finding.fingerprint,
        "agency": owner.name if owner is not None else finding.agency,
        "year": finding.year,
        "rule": finding.rule,
        "severity": finding.severity,
        "state": _STATES[finding.state] if table else finding.state.value,
        "message": finding.message,
        "said": said,
    }
