"""A message is a row before it is a mail: who is told what, written once, in the thread where it belongs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from config.settings import Settings
from ledger import notices as rows
from ledger.database import Ledger
from ledger.models import Incident
from ledger.states import Audience, NoticeKind
from monitor import letters
from monitor.channels.mail.render import render_letter
from monitor.letter import Letter
from monitor.register import Register
from monitor.resolution import TOLD_AGAIN, Outcome, Resolved

Group = tuple[Audience, tuple[str, ...], list[Incident]]


def message_id(identity: str, settings: Settings) -> str:
    """The Message-ID of a notice, made from its identity alone: sent twice, it is seen to be the same."""
    return f"<{hashlib.sha256(identity.encode()).hexdigest()[:32]}@{settings.mail_domain}>"


def contact_of(settings: Settings, register: Register) -> str:
    """The address to which a reader writes about these mails."""
    return register.offices.operators[0] if register.offices.operators else settings.contact


def settle_notices(settings: Settings, ledger: Ledger, register: Register, now: datetime) -> int:
    """Writes a notice for every recipient of every open incident that nobody was told of yet; returns how many.

    What happened to one agency's report for one year is one message, and so is one kind of trouble of one portal.
    Incidents without a configured recipient wait; they are told once there is one.
    """
    with ledger.read() as session:
        if not any(recipients for _, recipients, _ in _groups(register, rows.untold_incidents(session))):
            return 0
    written = 0
    with ledger.write() as session:
        for audience, recipients, incidents in _groups(register, rows.untold_incidents(session, lock=True)):
            for recipient in recipients:
                written += _tell(session, settings, register, audience, recipient, incidents, now)
    return written


def write_corrections(
    session: Session, settings: Settings, register: Register, resolved: Sequence[Resolved], now: datetime
) -> int:
    """Tells those who were told of what is now refuted or put right, in the same thread; returns how many notices.

    Called in the transaction that resolved the incidents.
    """
    again = {one.incident.id: one for one in resolved if one.outcome in TOLD_AGAIN}
    threads: dict[tuple[str, str], dict[int, str]] = {}
    for notice, incident_id in rows.notices_about(session, list(again)):
        if notice.kind in (NoticeKind.ALERT, NoticeKind.OPERATORS):
            key = (notice.recipient, _about(again[incident_id].incident))
            threads.setdefault(key, {})[incident_id] = notice.message_id
    written = 0
    for (recipient, _), told in threads.items():
        ones = [again[incident_id] for incident_id in sorted(told)]
        letter = letters.correction(
            session,
            register,
            [(one.incident, one.sentence, one.outcome is Outcome.REFUTED) for one in ones],
            contact_of(settings, register),
        )
        operators = ones[0].incident.audience is Audience.OPERATORS
        kind = NoticeKind.OPERATORS if operators else NoticeKind.CORRECTION
        identity = f"correction:{ones[0].incident.id}:{recipient}"
        in_reply_to = told[max(told)]
        incidents = [one.incident.id for one in ones]
        written += _write(session, settings, kind, identity, recipient, letter, in_reply_to, incidents, now)
    return written


def _groups(register: Register, incidents: Iterable[Incident]) -> list[Group]:
    grouped: dict[tuple[str, str], Group] = {}
    for incident in incidents:
        if incident.audience is Audience.OPERATORS:
            recipients = register.offices.operators
        else:
            office = register.offices.office(incident.district or "")
            recipients = office.recipients if office is not None else ()
        group = grouped.setdefault(
            (incident.audience.value, _about(incident)), (incident.audience, tuple(dict.fromkeys(recipients)), [])
        )
        group[2].append(incident)
    return list(grouped.values())


def _about(incident: Incident) -> str:
    """What one message is about: an agency's report, or one kind of trouble of one portal."""
    if incident.audience is Audience.OFFICE:
        return f"{incident.agency}:{incident.year}"
    return f"{incident.kind.value}:{incident.detail.get('portal', '')}"


def _tell(
    session: Session,
    settings: Settings,
    register: Register,
    audience: Audience,
    recipient: str,
    incidents: list[Incident],
    now: datetime,
) -> bool:
    contact = contact_of(settings, register)
    first = incidents[0]
    ids = [incident.id for incident in incidents]
    identity = f"alert:{first.id}:{recipient}"
    if audience is Audience.OPERATORS:
        letter = letters.to_operators(register, incidents, contact)
        return _write(session, settings, NoticeKind.OPERATORS, identity, recipient, letter, None, ids, now)
    letter = letters.alert(session, register, incidents, contact)
    thread = rows.thread_of(session, recipient, first.agency or "", first.year or 0)
    return _write(session, settings, NoticeKind.ALERT, identity, recipient, letter, thread, ids, now)


def _write(
    session: Session,
    settings: Settings,
    kind: NoticeKind,
    identity: str,
    recipient: str,
    letter: Letter,
    in_reply_to: str | None,
    incidents: list[int],
    now: datetime,
) -> bool:
    text, html = render_letter(letter, settings.home)
    row = {
        "identity": identity,
        "kind": kind,
        "recipient": recipient,
        "subject": letter.subject,
        "text": text,
        "html": html,
        "message_id": message_id(identity, settings),
        "in_reply_to": in_reply_to,
    }
    return rows.write_notice(session, row, incidents, now)
