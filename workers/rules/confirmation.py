"""A number that accuses has been seen twice (design, decision 18): the gate between the rules and everybody else.

A finding of level error that rests on figures leaves with ``confirmed_by``. Where one of its figures was seen only
once, or the second look disagreed, nobody is accused: the rule is not assessable there, and X01 says where to look.
"""

from __future__ import annotations

from dataclasses import replace

from config.severity import Severity
from report.figure import WRITTEN, Figure
from report.findings.catalogue import Broken
from report.findings.finding import UNCONFIRMED, Finding, Outcome, RuleResult
from report.form import Form
from report.report import Report


def confirmed(result: RuleResult, report: Report, form: Form | None) -> tuple[RuleResult, list[Broken]]:
    """The result with what was confirmed on each of its errors, and what X01 has to say of the others.

    ``form`` is the report's; a sum that does not agree rests on all its parts, whichever cell the finding names.
    """
    if not any(finding.severity is Severity.ERROR for finding in result.findings):
        return result, []
    kept: list[Finding] = []
    doubts: list[Broken] = []
    for finding in result.findings:
        if finding.severity is not Severity.ERROR:
            kept.append(finding)
            continue
        figures = _rests_on(finding, report, form)
        unseen = tuple(figure.key for figure in figures if not figure.confirmed_by)
        if unseen:
            doubts.append(_doubt(finding, unseen))
        else:
            looks = tuple(sorted({way for figure in figures for way in figure.confirmed_by}))
            kept.append(replace(finding, confirmed_by=looks))
    if not doubts:
        return replace(result, findings=tuple(kept)), []
    reason = f"所依据的数字没有得到第二次核对（{len(doubts)}处），须人工核对"
    outcome = Outcome.FAIL if kept else Outcome.NOT_ASSESSABLE
    return replace(result, outcome=outcome, findings=tuple(kept), reason=reason), doubts


def _rests_on(finding: Finding, report: Report, form: Form | None) -> list[Figure]:
    """The figures without which there would be no finding."""
    keys = dict.fromkeys(finding.cells)
    for equation in form.sums(report.figures) if form is not None and finding.cells else ():
        operands = (*equation.parts, *equation.totals)
        if equation.rule == finding.rule and set(finding.cells).issubset(operands):
            keys |= dict.fromkeys(operands)
    found = (report.figures.get(key) for key in keys)
    return [figure for figure in found if figure is not None and figure.state in WRITTEN]


def _doubt(finding: Finding, unseen: tuple[str, ...]) -> Broken:
    return Broken(
        message=f"规则{finding.rule}所依据的数字没有得到第二次核对（{len(unseen)}格），须人工核对：{finding.message}",
        message_en=f"Rule {finding.rule} rests on figures that were seen only once; a person has to look.",
        cells=unseen,
        expected=finding.rule,
        found=UNCONFIRMED,
        place=finding.place,
    )
