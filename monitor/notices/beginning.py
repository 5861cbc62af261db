"""The first letter to an office: watching has begun, and what was found before is where it begins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session

from config.register import Register
from config.settings import Settings
from ledger.database import Ledger
from ledger.messages.incidents import opening
from ledger.messages.notices import rehearsed_incidents
from ledger.messages.sending import mail_has_started
from ledger.models import Incident
from ledger.states import Audience, NoticeKind, NoticePurpose, NoticeRole
from monitor.calendar import chinese_day, day_of
from monitor.letters.contents import Contents
from monitor.letters.names import is_wide
from monitor.letters.office import office_letter
from monitor.notices.making import Making
from monitor.notices.write import contact_of, recipient_of, said, wanted_by, write_letter


def update_beginning(settings: Settings, ledger: Ledger, register: Register, now: datetime) -> int:
    """Writes to everybody who would have been told before ``nianbao mail start`` what of it is still so.

    One letter a recipient, called what it is: the state at the beginning, nothing new. Returns how many were written.
    """
    making = Making("beginning", "开始发信时的情况通知")
    written = 0
    with ledger.read() as session:
        is_any = mail_has_started(session) and bool(_owed(session))
    if is_any:
        with ledger.write() as session:
            for (recipient, office), incidents in _owed(session, lock=True).items():
                begin = partial(_begin, session, settings, register, recipient, office, incidents, now)
                written += making.one(office, begin, session)
    making.settle(ledger, register, now)
    return written


def _owed(session: Session, *, lock: bool = False) -> Mapping[tuple[str, str | None], list[Incident]]:
    """What is to be told of the beginning, by whom and for which office."""
    found: dict[tuple[str, str | None], list[Incident]] = {}
    for recipient, office, incident in rehearsed_incidents(session, lock=lock):
        if incident.audience is Audience.OFFICE:
            found.setdefault((recipient, office or incident.district), []).append(incident)
    return found


def _begin(
    session: Session,
    settings: Settings,
    register: Register,
    to: str,
    office: str | None,
    incidents: list[Incident],
    now: datetime,
) -> bool:
    recipient = recipient_of(register, to)
    wanted = wanted_by(recipient, incidents)
    if not wanted:
        return False
    letter = office_letter(session, register, Contents(news=wanted, office=office), contact_of(settings, register), now)
    letter = replace(
        letter,
        subject=f"年报监测开始：目前有{len(wanted)}项待处理",
        lead=f"自{chinese_day(day_of(now))}起，年报监测开始向贵单位发送通知。以下是开始时的情况，其中有的发生在此之前；今后只通知新的变化。",
    )
    whose = f"{office}:" if is_wide(register, office) else ""
    earliest = min(wanted, key=lambda one: one.id)
    identity = f"digest:beginning:{opening(session, earliest)}:{whose}{to}"
    return write_letter(
        session,
        settings,
        NoticeKind.DIGEST,
        NoticePurpose.DIGEST,
        identity,
        recipient,
        letter,
        said(wanted, NoticeRole.TOLD),
        now,
        office=office,
    )
