"""What ``nianbao check`` shows a person: of each report what is wrong, and what could not be told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from cli.shown.output import console, plain
from config.rules import RulesFile
from config.severity import Severity
from config.wording import Wording
from report.figure import Place, State
from report.findings.finding import Check, Outcome
from report.findings.in_words import Names, advice
from report.form import Form
from report.report import Report

# The gravest first.
STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.HUMAN: "cyan"}


def print_check(report: Report, check: Check, forms: Mapping[str, Form], rules: RulesFile, words: Wording) -> None:
    """Prints one checked report to standard output."""
    out = console()
    form = forms.get(report.form) if report.form is not None else None
    out.print(Text(plain(report.title or report.agency or report.source), style="bold"))
    _facts(out, report, form)
    _counts(out, check, words.levels)
    if check.findings:
        out.print(_findings(report, check, form, rules, words))
    if any(result.outcome is Outcome.NOT_ASSESSABLE for result in check.results.values()):
        out.print(_not_assessable(check, rules))
    out.print()


def _facts(out: Console, report: Report, form: Form | None) -> None:
    numbers = sum(figure.state is State.NUMBER and figure.certain for figure in report.figures.values())
    facts = {
        "文件": report.source,
        "机关": report.agency or "未认出",
        "年度": str(report.year) if report.year is not None else "未认出",
        "表式": form.file.instrument if form is not None else report.form or "未认出",
        "数字": f"{len(report.figures)}格中读出{numbers}个",
    }
    out.print(Padding(Text(" · ".join(f"{name}：{plain(value)}" for name, value in facts.items())), (0, 0, 0, 2)))


def _counts(out: Console, check: Check, levels: Mapping[str, str]) -> None:
    found = Counter(finding.severity for finding in check.findings)
    outcomes = Counter(result.outcome for result in check.results.values())
    words = [Text(f"{levels[level]}{found[level]}项", style=style) for level, style in STYLES.items() if found[level]]
    words.append(Text(f"通过{outcomes[Outcome.PASS]}条规则", style="green"))
    if outcomes[Outcome.NOT_ASSESSABLE]:
        words.append(Text(f"无法判定{outcomes[Outcome.NOT_ASSESSABLE]}条"))
    out.print(Padding(Text(" · ").join(words), (0, 0, 0, 2)))


def _findings(report: Report, check: Check, form: Form | None, rules: RulesFile, words: Wording) -> Padding:
    table = _columns()
    levels = words.levels
    for finding in sorted(check.findings, key=lambda one: list(STYLES).index(one.severity)):
        text = Text(plain(finding.message) + _where(finding.place) + "。")
        if finding.suggestion is not None and form is not None:
            names = Names(form.label, words.figures)
            text.append(f"\n{advice(names, report, finding.suggestion)}")
        text.append(f"\n规则：{rules.rules[finding.rule].title}。依据：{finding.basis}。", style="dim")
        table.add_row(Text(levels[finding.severity], style=STYLES[finding.severity]), finding.rule, text)
    return Padding(table, (1, 0, 0, 2))


def _not_assessable(check: Check, rules: RulesFile) -> Padding:
    table = _columns()
    for result in check.results.values():
        if result.outcome is Outcome.NOT_ASSESSABLE:
            text = Text(rules.rules[result.rule].title)
            text.append(f"\n{plain(result.reason)}。", style="dim")
            table.add_row("无法判定", result.rule, text)
    return Padding(table, (1, 0, 0, 2))


def _columns() -> Table:
    """Level, rule and what is to be said, without lines: letters are copied from here."""
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    return table


def _where(place: Place) -> str:
    return f"（第{place.page}页）" if place.page is not None else ""
