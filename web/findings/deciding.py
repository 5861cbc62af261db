"""What a person decides of one finding: one way for the desk's form and for a person's program."""

from __future__ import annotations

from collections.abc import Mapping

from ledger.messages.finding_decisions import decide_finding
from ledger.models import FindingRow
from ledger.reading.corrections import NoReading, RightReading
from ledger.states import FindingDecision
from web.answers import Rejected
from web.desk import Desk
from web.places import finding_for
from web.visitor import Visitor


def decide(
    desk: Desk, visitor: Visitor, fingerprint: str, decision: FindingDecision, why: str, readings: Mapping[str, str]
) -> FindingRow:
    """Writes a decision; returns the finding. ``readings`` is what stands in the original by cell, of CORRECT alone.

    Raises NotFound where the visitor sees no such finding, Rejected where it cannot be decided so.
    """
    said = " ".join(why.split())
    if not said:
        raise Rejected("没有填写原因或说明；请返回上一页填写")
    with desk.ledger.write() as session:
        finding = finding_for(session, desk, visitor, fingerprint)
        right = _readings(finding, readings) if decision is FindingDecision.CORRECT else []
        if decision is FindingDecision.CORRECT and not right:
            raise Rejected("认定读数有误，须填写原件中的数字；请返回上一页填写")
        done = decide_finding(session, fingerprint, decision, visitor.who, said, desk.now(), readings=right)
    if not done:
        raise Rejected("这个问题的状态刚刚变了，不能这样登记；请打开报告重新查看", 409)
    return finding


def _readings(finding: FindingRow, given: Mapping[str, str]) -> list[RightReading]:
    found = []
    for cell, written in given.items():
        if cell not in finding.cells:
            raise Rejected("填写的单元格不属于这个问题；请返回上一页重新填写")
        try:
            found.append(RightReading.given(cell, written))
        except NoReading as error:
            raise Rejected(str(error)) from error
    return found
