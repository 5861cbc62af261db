"""``nianbao replay --what-if``: what another level of a rule would have made of the stored reports."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from cli.shown.output import CannotBeDone, Format, plain, print_json, print_rows, say
from config.rules import RulesFile, read_rules
from config.severity import Severity
from config.wording import Wording
from config.yaml_file import ConfigurationError
from ledger.reading.stored import newest_reported_year
from report.findings.catalogue import Input
from report.findings.publication_rules import publication_rules
from workers.what_if import Regraded, what_if
from workers.worker_context import WorkerContext

HEADINGS = {"agency": "机关", "rule": "规则", "before": "现在", "after": "试算", "message": "问题", "reason": "原因"}
NONE = "（没有）"


def show_what_if(
    worker_context: WorkerContext, tried: list[str], year: int | None, form: Format, now: datetime
) -> bool:
    """Prints what would be otherwise in the reports of a year; whether anything would become an error.

    ``tried`` are CODE=LEVEL, or one rules file. Raises CannotBeDone where they say nothing that can be tried.
    """
    today = worker_context.rules_at(now)
    then = _tried(tried, today)
    with worker_context.ledger.read() as session:
        of = year if year is not None else newest_reported_year(session)
    if of is None:
        raise CannotBeDone("台账中还没有读过的报告，无从试算")
    terminal = Console(stderr=True)
    with terminal.status(f"正在试算{of}年度的报告 …"):
        judged = list(what_if(worker_context, of, today, then))
    found = [one for _, ones in judged for one in ones]
    words = worker_context.register.wording
    if form is Format.JSON:
        print_json([_json(one) for one in found])
    else:
        rows = [_row(one, worker_context.register.agencies[one.agency].name, words) for one in found]
        print_rows(rows, HEADINGS, form, empty="没有变化。")
    levels = Counter((one.before, one.after) for one in found)
    parts = [f"{_level(words, before)}→{_level(words, after)} {count}处" for (before, after), count in levels.items()]
    reports = len({one.agency for one in found})
    shown = f"：{'，'.join(parts)}" if parts else ""
    say(f"{of}年度的{len(judged)}份报告中，{reports}份会有变化{shown}。没有写入任何内容。")
    return any(one.after is Severity.ERROR for one in found)


def _tried(tried: list[str], today: RulesFile) -> RulesFile:
    if len(tried) == 1 and "=" not in tried[0]:
        path = Path(tried[0])
        if not path.is_file():
            raise CannotBeDone(f"“{plain(tried[0])}”不是“规则=级别”（例如 D04=error），也不是文件")
        try:
            return read_rules(path)
        except ConfigurationError as error:
            raise CannotBeDone(str(error)) from error
    rules = dict(today.rules)
    for one in tried:
        code, _, level = one.partition("=")
        code = code.strip().upper()
        if code not in rules:
            raise CannotBeDone(f"没有规则“{plain(code)}”；请用 nianbao rules list 查看全部规则")
        if code in publication_rules() and publication_rules()[code].input is Input.STANDING:
            raise CannotBeDone(f"{code} 由公布情况认定，不是报告中的问题，无从试算")
        if level.strip() not in tuple(Severity):
            raise CannotBeDone(f"级别“{plain(level)}”不认识；请写 error、warning 或 human，例如 {code}=error")
        rules[code] = rules[code].model_copy(update={"severity": Severity(level.strip())})
    return RulesFile.model_construct(rules=rules)


def _level(words: Wording, level: Severity | None) -> str:
    return NONE if level is None else words.levels[level]


def _row(one: Regraded, agency: str, words: Wording) -> dict[str, str]:
    return {
        "agency": agency,
        "rule": one.rule,
        "before": _level(words, one.before),
        "after": _level(words, one.after),
        "message": one.message,
        "reason": one.reason,
    }


def _json(one: Regraded) -> dict[str, Any]:
    return {
        "agency": one.agency,
        "year": one.year,
        "rule": one.rule,
        "before": one.before,
        "after": one.after,
        "message": one.message,
        "reason": one.reason,
    }
