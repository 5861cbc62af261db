"""What was told and turned out otherwise, or was put right, is told again: in the same thread, at the reader's pace."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from config.register import Register
from config.settings import Settings
from ledger.database import Ledger
from ledger.messages import notices as rows
from ledger.messages.notices import Owed
from ledger.models import Incident
from ledger.states import Audience, IncidentOutcome, NoticeKind, NoticePurpose
from monitor.incidents.resolution import TOLD_AGAIN
from monitor.letters import alert as letters
from monitor.letters import digests
from monitor.notices.pace import WINDOW, Told, batches, told_until
from monitor.notices.write import about, addressee_of, contact_of, recipient_of, write_letter

# Longer than the slowest pace and the longest night together; what is older was told.
OWED_FOR = timedelta(days=7)


def update_corrections(settings: Settings, ledger: Ledger, register: Register, now: datetime) -> int:
    """Writes a correction for everybody who was told of what has been refuted or put right since; returns how many.

    What was told in one digest is taken back in one letter, and so is what was told of one agency's report. Corrections
    keep the pace of alerts: a storm of them, at once or trickling in, is one letter.
    """
    with ledger.read() as session:
        if not _owed(session, now):
            return 0
    written = 0
    with ledger.write() as session:
        for (recipient, _), owed in _owed(session, now, lock=True).items():
            written += _correct(session, settings, register, recipient, owed, now)
    return written


def _owed(session: Session, now: datetime, *, lock: bool = False) -> dict[tuple[str, str | None], list[Owed]]:
    """What is owed to whom: an office's matters apart from the operators'."""
    found: dict[tuple[str, str | None], list[Owed]] = {}
    for owed in rows.corrections_owed(session, now - OWED_FOR, TOLD_AGAIN, lock=lock):
        found.setdefault((owed.recipient, owed.incident.district), []).append(owed)
    return found


def _correct(
    session: Session, settings: Settings, register: Register, recipient: str, owed: Sequence[Owed], now: datetime
) -> int:
    delivery = addressee_of(register, owed[0].incident).delivery
    until = told_until(delivery, now)
    threads: dict[str, list[Owed]] = {}
    for one in owed:
        if one.incident.resolved_at is not None and one.incident.resolved_at < until:
            key = one.message_id if one.in_digest else about(one.incident)
            threads.setdefault(key, []).append(one)
    purposes = NoticePurpose.CORRECTION, NoticePurpose.CORRECTIONS
    told = Told(*rows.told_since(session, [recipient], now - WINDOW, *purposes))
    return sum(
        _take_back(session, settings, register, recipient, batch, now)
        for batch in batches(delivery, list(threads.values()), told, now)
    )


def _take_back(
    session: Session,
    settings: Settings,
    register: Register,
    recipient: str,
    threads: Sequence[Sequence[Owed]],
    now: datetime,
) -> bool:
    owed = sorted((one for thread in threads for one in thread), key=lambda one: one.incident.id)
    ended = [(one.incident, one.incident.resolution or "", _was_wrong(one.incident)) for one in owed]
    several = len({about(one.incident) for one in owed}) > 1
    write = digests.corrections if several else letters.correction
    letter = write(session, register, ended, contact_of(settings, register))
    first = owed[0].incident
    kind = NoticeKind.OPERATORS if first.audience is Audience.OPERATORS else NoticeKind.CORRECTION
    purpose = NoticePurpose.CORRECTIONS if len(threads) > 1 else NoticePurpose.CORRECTION
    return write_letter(
        session,
        settings,
        kind,
        purpose,
        f"{purpose.value}:{first.id}:{recipient}",
        recipient_of(register, recipient),
        letter,
        [one.incident for one in owed],
        now,
        in_reply_to=owed[-1].message_id,
    )


def _was_wrong(incident: Incident) -> bool:
    return bool(incident.detail.get("outcome") == IncidentOutcome.REFUTED)
