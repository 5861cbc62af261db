"""What was told and turned out otherwise is taken back in its thread: an untrue accusation at once, on any day.

How all else ended is in an office's next letter. Who is told of each matter as it comes is told so of its end too,
at the same pace.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session

from config.register import Register
from config.settings import Settings
from ledger.database import Ledger
from ledger.messages import notices as rows
from ledger.messages.notices import Owed
from ledger.states import Audience, NoticeKind, NoticePurpose, NoticeRole
from monitor.calendar import day_of
from monitor.incidents.resolution import TOLD_AGAIN
from monitor.letters import alert as letters
from monitor.letters import digests
from monitor.letters.contents import Contents, ended
from monitor.letters.office import office_letter
from monitor.notices.due import OWED_FOR, is_untrue_accusation
from monitor.notices.making import Making
from monitor.notices.pace import WINDOW, Told, batches, told_until
from monitor.notices.write import Addressee, about, addressee_of, contact_of, recipient_of, said, write_letter


def update_corrections(settings: Settings, ledger: Ledger, register: Register, now: datetime) -> int:
    """Writes a correction for everybody who was told of what has been refuted or put right since; returns how many.

    What was told in one digest is taken back in one letter, and so is what was told of one agency's report. A storm of
    corrections, at once or trickling in, is one letter.
    """
    making = Making("corrections", "更正")
    written = 0
    with ledger.read() as session:
        is_any = bool(_owed(session, register, now))
    if is_any:
        with ledger.write() as session:
            for (recipient, addressee), owed in _owed(session, register, now, lock=True).items():
                correct = partial(_correct, session, settings, register, recipient, addressee, owed, now)
                written += making.one(addressee.office, correct, session)
    making.settle(ledger, register, now)
    return written


def _owed(
    session: Session, register: Register, now: datetime, *, lock: bool = False
) -> dict[tuple[str, Addressee], list[Owed]]:
    """What is owed to whom now: an office's matters apart from the operators'."""
    found: dict[tuple[str, Addressee], list[Owed]] = {}
    for owed in rows.corrections_owed(session, now - OWED_FOR, TOLD_AGAIN, lock=lock):
        addressee = addressee_of(register, owed.incident, owed.office)
        if not addressee.is_composed or is_untrue_accusation(owed.incident):
            found.setdefault((owed.recipient, addressee), []).append(owed)
    return found


def _correct(
    session: Session,
    settings: Settings,
    register: Register,
    recipient: str,
    addressee: Addressee,
    owed: Sequence[Owed],
    now: datetime,
) -> int:
    delivery = addressee.delivery
    if addressee.is_composed:
        delivery = delivery.model_copy(update={"pace": "at_once"})  # nothing but untrue accusations, in one letter
    until = told_until(delivery, now)
    threads: dict[str, list[Owed]] = {}
    for one in owed:
        if one.incident.resolved_at is not None and one.incident.resolved_at < until:
            key = one.message_id if one.in_digest else about(one.incident)
            threads.setdefault("" if addressee.is_composed else key, []).append(one)
    purposes = NoticePurpose.CORRECTION, NoticePurpose.CORRECTIONS
    told = Told(*rows.told_since(session, [recipient], now - WINDOW, *purposes))
    return sum(
        _take_back(session, settings, register, recipient, addressee, batch, now)
        for batch in batches(delivery, list(threads.values()), told, now)
    )


def _take_back(
    session: Session,
    settings: Settings,
    register: Register,
    recipient: str,
    addressee: Addressee,
    threads: Sequence[Sequence[Owed]],
    now: datetime,
) -> bool:
    owed = sorted((one for thread in threads for one in thread), key=lambda one: one.incident.id)
    matters = {one.incident.id: ended(one.incident) for one in owed}
    contact, today = contact_of(settings, register), day_of(now)
    kind = NoticeKind.CORRECTION
    if addressee.audience is Audience.OFFICE:
        letter = office_letter(
            session, register, Contents(ended=list(matters.values()), office=addressee.office), contact, now
        )
    else:
        kind = NoticeKind.OPERATORS
        several = len({about(one.incident) for one in owed}) > 1
        write = digests.recovered if several else letters.correction
        letter = write(session, register, list(matters.values()), contact, today)
    purpose = NoticePurpose.CORRECTIONS if len(threads) > 1 else NoticePurpose.CORRECTION
    return write_letter(
        session,
        settings,
        kind,
        purpose,
        f"{purpose.value}:{owed[0].incident.id}:{recipient}",
        recipient_of(register, recipient),
        letter,
        said([one.incident for one in owed], NoticeRole.ENDED),
        now,
        in_reply_to=owed[-1].message_id,
        office=addressee.office,
    )
