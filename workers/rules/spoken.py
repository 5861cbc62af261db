"""What was understood of the running text, clause by clause, and what became of each: shown to a person."""

from __future__ import annotations

from collections.abc import Mapping

from report.findings.finding import Outcome, RuleResult, Sentence
from report.report import Report
from report.text.personal_data import without_personal_data
from report.text.said import NoWitness, Statement, Topic, Unclear
from workers.rules.context import Context
from workers.rules.narrative_tables import NOT_OF_THE_TEXT, in_quotes, rule_of, said_by_tables

MOST = 200
_TOPICS = {
    Topic.RECEIVED: "收到申请",
    Topic.OUTCOME: "办理结果",
    Topic.DISPUTE: "复议诉讼",
    Topic.TABLE_TWO: "文件、决定和收费",
}
_WHY = {
    NoWitness.OTHER_PERIOD: "说的是另一时间或与另一时间比较",
    NoWitness.PART: "说的是其中一部分",
    NoWitness.OTHER_BODY: "说的是其他机关，或转来、协办的事项",
    NoWitness.CHANNEL: "说的是某一种申请渠道",
    NoWitness.APPLICANTS: "说的是某一类申请人",
    NoWitness.SUBJECT_MATTER: "说的是某一方面的内容",
    NoWitness.OTHER_BUSINESS: "说的是其他业务",
    NoWitness.ABOUT: "是约数",
    NoWitness.NOT_UNDERSTOOD: "没有读懂",
}


def spoken(report: Report, context: Context, results: Mapping[str, RuleResult]) -> tuple[Sentence, ...]:
    """Every clause that says a number of the tables, or may say one, with what the rules made of it; the first 200."""
    said = context.said(report)
    read = [_stated(one, report, results) for one in said.statements]
    return tuple([*read, *map(_unclear, said.unclear)][:MOST])


def _stated(one: Statement, report: Report, results: Mapping[str, RuleResult]) -> Sentence:
    keys, right = said_by_tables(report, one.figure)
    result = results.get(rule_of(one.figure))
    figure = keys[0] if one.figure in NOT_OF_THE_TEXT else "+".join(keys) or one.figure
    reason: str | None = None
    if result is None or result.outcome is Outcome.NOT_APPLICABLE:
        outcome, reason = Outcome.NOT_APPLICABLE, "该项规则没有检查，或表中没有这一项"
    elif one.agrees(right):
        outcome = Outcome.PASS
    elif any(finding.found == one.value and set(finding.cells) & set(keys) for finding in result.findings):
        outcome = Outcome.FAIL
    else:
        outcome, reason = Outcome.NOT_ASSESSABLE, result.reason or "同一数字另有一处与表不同，须由人核对"
    reason = reason and without_personal_data(reason)
    return Sentence(without_personal_data(one.quote), one.page, figure, one.value, outcome, reason)


def _unclear(one: Unclear) -> Sentence:
    reason = f"{_TOPICS[one.topic]}：{_WHY[one.why]}"
    if one.why is NoWitness.NOT_UNDERSTOOD:
        reason += in_quotes(one)
    return Sentence(
        without_personal_data(one.quote), one.page, None, None, Outcome.NOT_ASSESSABLE, without_personal_data(reason)
    )
