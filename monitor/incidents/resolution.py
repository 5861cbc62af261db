"""How an incident ended: did the world move on, was it put right, or had it never been so?"""

from __future__ import annotations

from sqlalchemy.orm import Session

from config.register import Register
from config.severity import Severity
from ledger.messages.deliveries import was_sent
from ledger.messages.incidents import later_reading
from ledger.models import FindingRow, Incident, Rectification, StandingRow
from ledger.states import FindingState, IncidentKind, IncidentOutcome, RectificationResult, Standing, WorkState
from report.findings.publication_rules import publication_rules

TOLD_AGAIN = (IncidentOutcome.REFUTED, IncidentOutcome.REMEDIED)

# What a standing that is told of itself makes of the one before.
_FOLLOWS = {
    IncidentKind.MISSING: (Standing.LATE, Standing.WITHDRAWN, Standing.DATE_DISPUTED),
    IncidentKind.LATE: (Standing.WITHDRAWN, Standing.MISSING),
    IncidentKind.WITHDRAWN: (Standing.MISSING,),
    IncidentKind.DATE_DISPUTED: (Standing.LATE, Standing.WITHDRAWN, Standing.MISSING),
}


def resolution_of(session: Session, incident: Incident, register: Register) -> tuple[IncidentOutcome, str]:
    """How an incident that ought no longer be open ended, and one sentence that says so."""
    if incident.kind in _FOLLOWS:
        return _of_standing(session, incident, register)
    if incident.kind is IncidentKind.FINDING:
        return _of_finding(session, incident)
    if incident.kind is IncidentKind.RECTIFICATION:
        return _of_rectification(session, incident)
    if incident.kind is IncidentKind.SUMMARY_LATE and not was_sent(session, incident.detail.get("notice")):
        return IncidentOutcome.QUIET, "一周之内没有发出，已由后来的周报取代"
    recovered = register.wording.recovered.get(incident.kind.value)
    if recovered is not None:
        return IncidentOutcome.REMEDIED, recovered
    return IncidentOutcome.QUIET, "已解决"


def _of_standing(session: Session, incident: Incident, register: Register) -> tuple[IncidentOutcome, str]:
    row = session.get(StandingRow, (incident.agency, incident.year))
    if row is None or not register.watches(incident.agency or "", incident.year or 0):
        return IncidentOutcome.REFUTED, "该机关或该年度已不在监测范围之内"
    words = register.wording.standings[row.standing.value]
    sentence = f"现在的状况为“{words}”：{row.sentence}"
    if row.standing in _FOLLOWS[incident.kind]:
        return IncidentOutcome.FOLLOWED, sentence
    if row.standing.value == incident.kind.value:
        return IncidentOutcome.QUIET, "该机关已撤销，不再催办；状况仍保留在台账中"
    if incident.kind is IncidentKind.WITHDRAWN:
        return IncidentOutcome.REMEDIED, f"报告已恢复访问。{sentence}"
    return IncidentOutcome.REFUTED, sentence


def _of_rectification(session: Session, incident: Incident) -> tuple[IncidentOutcome, str]:
    row = session.get(Rectification, incident.detail["rectification"])
    if row is not None and row.closed_at is None:
        return IncidentOutcome.REMEDIED, "已发现报告的新版本，请复核并登记整改结果"
    if row is None or row.result is RectificationResult.DROPPED:
        return IncidentOutcome.REFUTED, "整改要求已经撤回"
    return IncidentOutcome.QUIET, "整改结果已经登记"


def _of_finding(session: Session, incident: Incident) -> tuple[IncidentOutcome, str]:
    finding = session.get(FindingRow, incident.detail["fingerprint"])
    if finding is None or finding.agency != incident.agency:
        return IncidentOutcome.REFUTED, "该问题所在的报告不属于这个机关"
    if finding.state is FindingState.DISMISSED:
        why = f"：{finding.said_why}" if finding.said_why else ""
        return IncidentOutcome.REFUTED, f"经人工核对，认定不是问题{why}"
    if finding.state is FindingState.RESOLVED and finding.rule in publication_rules():
        return IncidentOutcome.REMEDIED, "报告现在公布的情况已没有这个问题"
    if finding.state is FindingState.RESOLVED:
        later = later_reading(session, finding)
        if later is WorkState.DONE:
            return IncidentOutcome.REMEDIED, "重新公布的报告中已没有这个问题"
        if later is not None:
            return IncidentOutcome.QUIET, "报告已换成另一份，那一份尚未能读出"
        if incident.level == Severity.HUMAN:
            return IncidentOutcome.REFUTED, "重新核读后已能判断，不必再人工核对"
        return IncidentOutcome.REFUTED, "重新核读同一份报告，没有这个问题，原通知有误"
    return IncidentOutcome.QUIET, "该报告已由另一份报告取代，或已不在监测范围之内"
