"""What a person decides of a finding: one function, for the command line and the desk alike (design, decision 22)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from ledger.models import Agency, FindingRow, Version
from ledger.people.record import Who, keep_record
from ledger.reading.corrections import RightReading, check_again, keep_reading, take_back_readings
from ledger.states import FindingDecision, FindingState, RecordKind


@dataclass(frozen=True, slots=True)
class _Step:
    """From which states a decision leads on, and to which; None: it stays as it is."""

    before: tuple[FindingState, ...]
    after: FindingState | None


_STANDING = (FindingState.OPEN, FindingState.ACKNOWLEDGED)
_DECIDABLE = (*_STANDING, FindingState.DISMISSED)
# What the world resolved is not for a person to change. Of what is confirmed people are reminded until it is put right;
# what cannot be told, or stands so in the original, is not asked for again.
STEPS = {
    FindingDecision.CONFIRM: _Step(_STANDING, None),
    FindingDecision.DISMISS: _Step(_DECIDABLE, FindingState.DISMISSED),
    FindingDecision.CORRECT: _Step(_DECIDABLE, FindingState.DISMISSED),
    FindingDecision.AS_PRINTED: _Step(_STANDING, FindingState.ACKNOWLEDGED),
    FindingDecision.UNDECIDED: _Step(_STANDING, FindingState.ACKNOWLEDGED),
    FindingDecision.ACKNOWLEDGE: _Step(_STANDING, FindingState.ACKNOWLEDGED),
    FindingDecision.REOPEN: _Step(_DECIDABLE, FindingState.OPEN),
}


def decide_finding(
    session: Session,
    fingerprint: str,
    decision: FindingDecision,
    who: Who,
    why: str,
    now: datetime,
    *,
    readings: Sequence[RightReading] = (),
) -> bool:
    """Writes what a person decided of one finding, and what follows; False where its state does not lead there.

    1. The finding takes the state that follows, in one conditional UPDATE, with who, when and why.
    2. CORRECT keeps the right ``readings`` beside the machine's; what else was decided takes earlier ones back.
    3. Where readings changed, the rules run again in a worker; the monitor takes back what was told of it.
    4. The record has what was before and after.
    """
    finding = session.get(FindingRow, fingerprint)
    if finding is None or finding.state not in STEPS[decision].before:
        return False
    if decision is FindingDecision.REOPEN and finding.state is FindingState.OPEN and finding.decision is None:
        return False
    before = {"state": finding.state.value, "decision": finding.decision.value if finding.decision else None}
    after = STEPS[decision].after or finding.state
    kept = None if decision is FindingDecision.REOPEN else decision
    changed = session.scalars(
        update(FindingRow)
        .where(FindingRow.fingerprint == fingerprint, FindingRow.state == finding.state)
        .values(state=after, decision=kept, said_by=who.name, said_why=why, said_at=now)
        .returning(FindingRow.fingerprint),
        execution_options={"synchronize_session": False},
    ).all()
    if not changed:
        return False
    documents = take_back_readings(session, fingerprint, by=who.name, why=why, now=now)
    if decision is FindingDecision.CORRECT:
        sha256 = session.get_one(Version, finding.version_id).sha256
        for one in readings:
            keep_reading(session, sha256, one, finding=fingerprint, by=who.name, why=why, now=now)
        documents |= {sha256} if readings else set()
    if documents:
        session.flush()
        check_again(session, documents, now)
    owner = session.get(Agency, finding.agency) if finding.agency is not None else None
    detail = {"decision": decision.value, "before": before, "after": after.value}
    if readings:
        detail["readings"] = {one.cell: one.value or one.state.value for one in readings}
    keep_record(
        session,
        who,
        RecordKind.FINDING_DECIDED,
        fingerprint,
        now,
        why=why,
        district=owner.district if owner is not None else None,
        agency=finding.agency,
        year=finding.year,
        detail=detail,
    )
    return True
