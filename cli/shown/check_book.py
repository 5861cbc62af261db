"""What ``nianbao check`` says of many files at once: a summary at the end, and a workbook."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from rich.table import Table
from rich.text import Text

from cli.shown.output import console, plain
from config.rules import RulesFile
from config.severity import Severity
from config.spreadsheet import Cell, Heading, Sheet
from config.wording import Wording
from report.as_json import suggestion_json
from report.findings.finding import Check, Finding, Outcome
from report.findings.in_words import Names, advice, cells_in_words, kept, place_in_words
from report.form import Form
from report.report import Report

MOST_CELLS = 12
PROBLEMS = {
    "source": "文件",
    "agency": "机关",
    "year": "年度",
    "severity": "级别",
    "rule": "规则",
    "title": "规则名称",
    "message": "问题",
    "place": "位置",
    "filled": "填报",
    "probable": "似应为",
    "advice": "建议",
    "basis": "依据",
    "confirmed": "核实",
}
_WIDTHS = {"source": 30, "agency": 34, "title": 30, "message": 60, "filled": 40, "probable": 24, "advice": 40}


class Summary:
    """What was checked: reports with what the rules say of them, and which of them could be read at all."""

    def __init__(
        self,
        checked: Sequence[tuple[Report, Check, bool]],
        forms: Mapping[str, Form],
        rules: RulesFile,
        words: Wording,
    ) -> None:
        self._checked = checked
        self._forms = forms
        self._rules = rules
        self._words = words

    def print(self) -> None:
        """Prints one line a file and one for all, to standard output."""
        table = Table(title=f"共检查{len(self._checked)}份", title_justify="left")
        for heading in ("文件", "机关", "年度", "结论", *(self._words.levels[level] for level in Severity), "无法判定"):
            table.add_column(heading, overflow="fold")
        for report, check, readable in self._checked:
            counts = _counts(check)
            cells = (report.source, report.agency, report.year, self._verdict(check, readable), *counts.values())
            table.add_row(*(Text(plain(cell)) for cell in cells))
        out = console()
        out.print(table)
        verdicts = Counter(self._verdict(check, readable) for _, check, readable in self._checked)
        out.print("合计：" + "，".join(f"{words}{count}份" for words, count in verdicts.most_common()))

    def sheets(self) -> Iterator[Sheet]:
        """The sheets of the workbook: the files, what was found in them, and what could not be judged."""
        levels = [Heading(self._words.levels[level], 11) for level in Severity]
        files = (
            Heading("文件", 30), Heading("标题", 50), Heading("机关", 34), Heading("年度", 7), Heading("表式", 8),
            Heading("结论", 16), *levels, Heading("无法判定", 10), Heading("通过", 8), Heading("sha256", 66),
        )  # fmt: skip
        yield Sheet("汇总", files, (list(self._file(*one)) for one in self._checked))
        headings = [Heading(words, _WIDTHS.get(name, 12)) for name, words in PROBLEMS.items()]
        yield Sheet("问题", headings, (list(row.values()) for row in self.problems(for_people=True)))
        unjudged = (Heading("文件", 30), Heading("规则", 8), Heading("规则名称", 40), Heading("原因", 70))
        yield Sheet("无法判定", unjudged, self._unjudged())

    def problems(self, *, for_people: bool) -> Iterator[dict[str, Any]]:
        """One row a finding, with the keys of ``PROBLEMS``; levels and confirmations in words ``for_people``."""
        for report, check, _ in self._checked:
            for finding in sorted(check.findings, key=lambda one: list(Severity).index(one.severity)):
                yield self._problem(report, finding, for_people=for_people)

    def _problem(self, report: Report, finding: Finding, *, for_people: bool) -> dict[str, Any]:
        form = self._forms.get(report.form or "")
        suggestion = None if finding.suggestion is None else suggestion_json(finding.suggestion)
        names = Names(form.label if form is not None else str, self._words.figures)
        cells = cells_in_words(names, finding.cells, finding.expected, suggestion, kept(report), MOST_CELLS)
        shown = cells if finding.severity is not Severity.HUMAN else []
        ways = [way.value for way in finding.confirmed_by]
        return {
            "source": report.source,
            "agency": report.agency,
            "year": report.year,
            "severity": self._words.levels[finding.severity] if for_people else finding.severity.value,
            "rule": finding.rule,
            "title": self._rules.rules[finding.rule].title,
            "message": finding.message,
            "place": place_in_words(asdict(finding.place)),
            "filled": "；".join(f"{cell.label}：{cell.found}" for cell in shown),
            "probable": "；".join(f"{cell.label}：{cell.proposed}" for cell in shown if cell.proposed),
            "advice": advice(names, report, finding.suggestion) if finding.suggestion is not None else "",
            "basis": finding.basis,
            "confirmed": "；".join(self._words.confirmations[way] for way in ways) if for_people else " ".join(ways),
        }

    def _file(self, report: Report, check: Check, readable: bool) -> Iterator[Cell]:
        yield from (report.source, report.title, report.agency, report.year, report.form)
        yield self._verdict(check, readable)
        yield from _counts(check).values()
        yield sum(result.outcome is Outcome.PASS for result in check.results.values())
        yield report.sha256

    def _unjudged(self) -> Iterator[list[Cell]]:
        for report, check, _ in self._checked:
            for result in check.results.values():
                if result.outcome is Outcome.NOT_ASSESSABLE:
                    yield [report.source, result.rule, self._rules.rules[result.rule].title, result.reason]

    def _verdict(self, check: Check, readable: bool) -> str:
        """One word a file: the worst that is to be said of it."""
        if not readable:
            return "未能读取"
        counts = _counts(check)
        worst = next((level for level in Severity if counts[level]), None)
        return f"有{self._words.levels[worst]}" if worst is not None else "没有发现问题"


def _counts(check: Check) -> dict[str, int]:
    """How many findings of each level, and how many rules could not be judged."""
    found = Counter(finding.severity for finding in check.findings)
    counts: dict[str, int] = {level: found[level] for level in Severity}
    counts["not_assessable"] = sum(r.outcome is Outcome.NOT_ASSESSABLE for r in check.results.values())
    return counts
