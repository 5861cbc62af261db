"""A message is a row before it is a mail: who is told what, written once, in the thread where it belongs."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from config.offices import Delivery
from config.recipients import Recipient, is_channel
from config.register import Register
from config.settings import Settings
from ledger.database import Ledger
from ledger.messages import notices as rows
from ledger.messages.incident_notes import snoozed
from ledger.models import Incident
from ledger.states import Audience, NoticeKind, NoticePurpose
from monitor.channels.chat.short_form import short_form
from monitor.channels.mail.render import render_letter
from monitor.letters import alert as letters
from monitor.letters import digests
from monitor.letters.english import with_english
from monitor.letters.letter import Letter
from monitor.notices.pace import WINDOW, Told, batches, is_quiet, told_until


@dataclass(frozen=True, slots=True)
class Addressee:
    """Who is told of an incident: the office of a district, or the operators (``district`` is None)."""

    audience: Audience
    district: str | None
    recipients: tuple[Recipient, ...]
    delivery: Delivery


def message_id(identity: str, settings: Settings) -> str:
    """The Message-ID of a notice, made from its identity alone: sent twice, it is seen to be the same."""
    return f"<{hashlib.sha256(identity.encode()).hexdigest()[:32]}@{settings.mail_domain}>"


def contact_of(settings: Settings, register: Register) -> str:
    """The address to which a reader writes about these mails."""
    return register.offices.contact or settings.contact


def update_notices(settings: Settings, ledger: Ledger, register: Register, now: datetime) -> int:
    """Writes a notice for every recipient of every open incident that nobody was told of yet; returns how many.

    What happened to one agency's report for one year is one message, and so is one kind of trouble of one portal; what
    the recipient's delivery calls a storm is one digest. Incidents without a configured recipient wait, and so does
    what its delivery tells later.
    """
    with ledger.read() as session:
        if not _by_addressee(session, register, rows.unnotified_incidents(session), now):
            return 0
    written = 0
    with ledger.write() as session:
        untold = rows.unnotified_incidents(session, lock=True)
        for addressee, groups in _by_addressee(session, register, untold, now).items():
            readers = [one.to for one in addressee.recipients]
            purposes = NoticePurpose.ALERT, NoticePurpose.DIGEST
            told = Told(*rows.told_since(session, readers, now - WINDOW, *purposes))
            for batch in batches(addressee.delivery, groups, told, now):
                for recipient in addressee.recipients:
                    written += _tell(session, settings, register, addressee, recipient, batch, now)
    return written


def addressee_of(register: Register, incident: Incident) -> Addressee:
    """Who is to be told of an incident; without recipients where nobody is configured."""
    offices = register.offices
    if incident.audience is Audience.OPERATORS:
        return Addressee(incident.audience, None, _once(offices.staff), offices.operators_delivery)
    office = offices.office(incident.district or "")
    if office is None:
        return Addressee(incident.audience, incident.district, (), Delivery())
    return Addressee(incident.audience, incident.district, _once(office.people), office.delivery)


def write_letter(
    session: Session,
    settings: Settings,
    kind: NoticeKind,
    purpose: NoticePurpose,
    identity: str,
    recipient: Recipient,
    letter: Letter,
    incidents: Sequence[Incident],
    now: datetime,
    in_reply_to: str | None = None,
) -> bool:
    """Writes a letter about incidents into the outbox; False where its identity was written before.

    It takes the recipient's language, and for a chat group the short form.
    """
    number = message_id(identity, settings)
    if recipient.language == "en":
        letter = with_english(session, letter, kind, incidents)
    if is_channel(recipient.to):
        text, html = short_form(letter, number), ""
    else:
        text, html = render_letter(letter, settings.home)
    row = {
        "identity": identity,
        "kind": kind,
        "purpose": purpose,
        "recipient": recipient.to,
        "subject": letter.subject,
        "text": text,
        "html": html,
        "message_id": number,
        "in_reply_to": in_reply_to,
    }
    return rows.write_notice(session, row, [incident.id for incident in incidents], now)


def recipient_of(register: Register, to: str) -> Recipient:
    """The wishes of whoever gets mail at an address now; none where nobody does any more."""
    offices = register.offices
    people = [*offices.staff, *(person for office in offices.offices for person in office.people)]
    return next((person for person in people if person.to == to), Recipient.model_construct(to=to))


def about(incident: Incident) -> str:
    """What one message is about: an agency's report, or one kind of trouble of one portal."""
    if incident.audience is Audience.OFFICE:
        return f"{incident.agency}:{incident.year}"
    return f"{incident.kind.value}:{incident.detail.get('portal', '')}"


def wanted_by(recipient: Recipient, incidents: Sequence[Incident]) -> list[Incident]:
    """Those of the incidents of which a recipient wants to hear."""
    return [incident for incident in incidents if recipient.wants(incident.kind.value, incident.level)]


def _once(recipients: Sequence[Recipient]) -> tuple[Recipient, ...]:
    return tuple({recipient.to: recipient for recipient in reversed(recipients)}.values())[::-1]


def _by_addressee(
    session: Session, register: Register, incidents: Sequence[Incident], now: datetime
) -> dict[Addressee, list[list[Incident]]]:
    """What may be told now, by those who are told, in the messages that there would be one by one."""
    grouped: dict[Addressee, dict[str, list[Incident]]] = {}
    later = snoozed(session, now) if incidents else set()
    for incident in incidents:
        if incident.id in later:
            continue
        addressee = addressee_of(register, incident)
        if not addressee.recipients or incident.opened_at >= told_until(addressee.delivery, now):
            continue
        if is_quiet(addressee.delivery, now):
            continue
        if not any(recipient.wants(incident.kind.value, incident.level) for recipient in addressee.recipients):
            continue
        grouped.setdefault(addressee, {}).setdefault(about(incident), []).append(incident)
    return {addressee: list(groups.values()) for addressee, groups in grouped.items()}


def _tell(
    session: Session,
    settings: Settings,
    register: Register,
    addressee: Addressee,
    recipient: Recipient,
    batch: Sequence[list[Incident]],
    now: datetime,
) -> bool:
    groups = [wanted for group in batch if (wanted := wanted_by(recipient, group))]
    if not groups:
        return False
    contact = contact_of(settings, register)
    incidents = [incident for group in groups for incident in group]
    ids = [incident.id for incident in incidents]
    operators = addressee.audience is Audience.OPERATORS
    thread = None
    if len(groups) > 1:
        identity, kind, purpose = f"digest:{min(ids)}:{recipient.to}", NoticeKind.DIGEST, NoticePurpose.DIGEST
        letter = digests.digest(session, register, incidents, contact)
    else:
        identity, kind, purpose = f"alert:{ids[0]}:{recipient.to}", NoticeKind.ALERT, NoticePurpose.ALERT
        first = incidents[0]
        if operators:
            letter = letters.to_operators(register, incidents, contact)
        else:
            letter = letters.alert(session, register, incidents, contact)
            thread = rows.thread_of(session, recipient.to, first.agency or "", first.year or 0)
    kind = NoticeKind.OPERATORS if operators else kind
    return write_letter(session, settings, kind, purpose, identity, recipient, letter, incidents, now, thread)
