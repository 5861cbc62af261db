"""A number that accuses has been seen twice (design, decision 18): the gate between the rules and everybody else.

A finding of level error that rests on figures leaves with ``confirmed_by``. Where one of its figures was seen only
once, or the second look disagreed, nobody is accused: the rule is not assessable there, and X01 says where to look.
"""

from __future__ import annotations

from dataclasses import replace

from config.severity import Severity
from report.figure import Confirmation, State
from report.findings.catalogue import Broken
from report.findings.finding import Finding, Outcome, RuleResult
from report.report import Report

# What stands in these cells is a word of the document; what is absent or unreadable is the account's business.
_WRITTEN = frozenset({State.NUMBER, State.TEXT, State.SLASH, State.DASH})


# Which of its figures another report would contradict is not known when a PDF is read: there they are looked at only
# where the balance of their column (T07) does not hold, and a digit misread in a column that balances would break it.
_HELD_BY_BALANCE = frozenset({"Y01"})


def confirmed(result: RuleResult, report: Report) -> tuple[RuleResult, list[Broken]]:
    """The result with what was confirmed on each of its errors, and what X01 has to say of the others."""
    if not any(finding.severity is Severity.ERROR for finding in result.findings):
        return result, []
    paged = any(figure.place.bbox is not None for figure in report.figures.values())
    # Readers that do not look twice yet are named; of a report made elsewhere no figure says how it was seen.
    is_open = report.seen_once is not None or not (
        paged or any(figure.confirmed_by for figure in report.figures.values())
    )
    kept: list[Finding] = []
    doubts: list[Broken] = []
    for finding in result.findings:
        looks = _looks(finding, report) if finding.severity is Severity.ERROR else ()
        if looks is not None:
            kept.append(replace(finding, confirmed_by=looks))
        elif is_open or (paged and finding.rule in _HELD_BY_BALANCE):
            kept.append(finding)
        else:
            doubts.append(_doubt(finding, report))
    if not doubts:
        return replace(result, findings=tuple(kept)), []
    reason = f"所依据的数字没有得到第二次核对（{len(doubts)}处），须人工核对"
    outcome = Outcome.FAIL if kept else Outcome.NOT_ASSESSABLE
    return replace(result, outcome=outcome, findings=tuple(kept), reason=reason), doubts


def _looks(finding: Finding, report: Report) -> tuple[Confirmation, ...] | None:
    """How the figures of a finding were seen a second time; None where one of them was not."""
    written = [
        figure for key in finding.cells if (figure := report.figures.get(key)) is not None and figure.state in _WRITTEN
    ]
    if not all(figure.confirmed_by for figure in written):
        return None
    return tuple(sorted({way for figure in written for way in figure.confirmed_by}))


def _doubt(finding: Finding, report: Report) -> Broken:
    unseen = tuple(
        key
        for key in finding.cells
        if key in report.figures and report.figures[key].state in _WRITTEN and not report.figures[key].confirmed_by
    )
    return Broken(
        message=f"规则{finding.rule}所依据的数字没有得到第二次核对（{len(unseen)}格），须人工核对：{finding.message}",
        message_en=f"Rule {finding.rule} rests on figures that were seen only once; a person has to look.",
        cells=unseen,
        expected=finding.rule,
        found="unconfirmed",
        place=finding.place,
    )
