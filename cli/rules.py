"""``nianbao rules``: the catalogue, and one rule with its basis and what it does not look at."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

import typer
from rich.text import Text

from cli.options.filters import Level
from cli.shown.output import CannotBeDone, Format, RowsFormat, console, plain, print_json, print_rows
from config.rules import RuleEntry, load_rules
from config.settings import load_settings
from config.time_zone import SHANGHAI
from config.wording import Wording, load_wording
from report.findings.catalogue import Rule
from workers.rules.described import described, known_rules

HEADINGS = {
    "code": "规则",
    "title": "名称",
    "severity": "级别",
    "change": "级别变动",
    "enabled": "启用",
    "applies_to": "适用于",
}
app = typer.Typer(add_completion=False, no_args_is_help=True)


@app.callback()
def rules() -> None:
    """检查规则：列出全部，或说明一条规则的依据和它不看什么。
    The rules: all of them, or one with its basis and what it does not look at.
    """


@app.command("list")
def list_(
    level: Level = None,
    form: Annotated[
        RowsFormat, typer.Option("--format", help="table、json、csv 或 xlsx · table, json, csv or xlsx")
    ] = RowsFormat.TABLE,
) -> None:
    """列出全部规则，按目录的次序；级别和启用与否以本单位的 rules.yaml 为准。
    List all rules in the order of the catalogue, with this office's severities.
    """
    settings = load_settings()
    words, known = load_wording(settings.home), known_rules()
    entries = load_rules(settings.home).rules
    rows = [
        _row(code, entry, known[code], words, for_people=form in (RowsFormat.TABLE, RowsFormat.XLSX))
        for code, entry in entries.items()
        if code in known and level in (None, entry.severity_on(_today()))
    ]
    print_rows(rows, HEADINGS, form, title="检查规则", empty="没有这一级别的规则。")


@app.command()
def show(
    code: Annotated[str, typer.Argument(metavar="规则", help="规则编号，例如 T05 · code of the rule, e.g. T05")],
    form: Annotated[Format, typer.Option("--format", help="table 或 json · table or json")] = Format.TABLE,
) -> None:
    """一条规则：说什么、依据什么、不看什么。
    One rule: what it says, what it rests on, what it does not look at.
    """
    settings = load_settings()
    words, entries, known = load_wording(settings.home), load_rules(settings.home).rules, known_rules()
    wanted = code.upper()
    if wanted not in known:
        raise CannotBeDone(f"没有规则“{plain(code)}”；请用 nianbao rules list 查看全部规则")
    entry, one = entries[wanted], known[wanted]
    row = _row(wanted, entry, one, words, for_people=form is Format.TABLE)
    if form is Format.JSON:
        print_json(row)
        return
    out = console()
    state = "" if entry.enabled else "（本单位已停用）"
    out.print(Text(f"{wanted} {entry.title} · {row['severity']}{state}", style="bold"), soft_wrap=True)
    lines = (
        ("级别变动", row["change"]),
        ("适用于", row["applies_to"]),
        ("依据", row["basis"]),
        ("不看什么", row["limits"]),
        ("英文说明 In English", " ".join(row["clause"].split())),
        ("在何处判定", row["decided_in"]),
    )
    for name, value in ((name, value) for name, value in lines if value):
        out.print(Text(f"{name}：", style="bold") + Text(value), soft_wrap=True)


def _today() -> date:
    return datetime.now(SHANGHAI).date()


def _change(entry: RuleEntry) -> dict[str, str] | None:
    """The announced change of a level, also one that has begun; None where there is none."""
    if entry.since is None or entry.formerly is None:
        return None
    return {"from": entry.since.isoformat(), "before": entry.formerly.value, "after": entry.severity.value}


def _row(code: str, entry: RuleEntry, one: Rule, words: Wording, *, for_people: bool) -> dict[str, Any]:
    rule = described(code, entry, one, words, _today())
    return {
        "code": code,
        "title": rule.title,
        "severity": words.levels[rule.level] if for_people else rule.level.value,
        "change": rule.change if for_people else _change(entry),
        "enabled": ("是" if rule.enabled else "否") if for_people else rule.enabled,
        "applies_to": rule.applies_to,
        "basis": rule.basis,
        "limits": rule.limits,
        "clause": rule.clause,
        "decided_in": rule.decided_in,
    }
