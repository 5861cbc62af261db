"""A message is a row before it is a mail: who is told what, written once, in the thread where it belongs."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from config.offices import Delivery, Office
from config.recipients import Recipient, is_channel
from config.register import Register
from config.settings import Settings
from config.severity import Severity
from ledger.database import Ledger
from ledger.messages import notices as rows
from ledger.messages.incident_notes import snoozed
from ledger.messages.incidents import opening
from ledger.models import Incident
from ledger.states import Audience, IncidentKind, NoticeKind, NoticePurpose, NoticeRole
from monitor.calendar import day_of
from monitor.channels.chat.short_form import short_form
from monitor.channels.mail.render import render_letter
from monitor.letters import alert as letters
from monitor.letters import digests
from monitor.letters.contents import Contents
from monitor.letters.english import with_english
from monitor.letters.letter import Letter, with_desk
from monitor.letters.names import is_wide
from monitor.letters.office import office_letter
from monitor.notices.making import Making
from monitor.notices.pace import WINDOW, Told, batches, is_quiet, told_until

# Found in one sweep, one letter: several agencies that missed the same day are one matter for an office.
_BY_THE_DAY = (IncidentKind.MISSING, IncidentKind.LATE)


@dataclass(frozen=True, slots=True)
class Addressee:
    """Who is told of an incident: an office, or the operators (``office`` is None); how, and at which pace.

    ``office`` is what its notices are known by (config.offices.Office.key), ``name`` how a letter calls its area.
    """

    audience: Audience
    office: str | None
    recipients: tuple[Recipient, ...]
    delivery: Delivery

    @property
    def is_composed(self) -> bool:
        """Whether all that is due is one letter (monitor.notices.letters)."""
        return self.audience is Audience.OFFICE and self.delivery.is_composed


class Said(NamedTuple):
    """An incident, and what a message says of it."""

    incident: Incident
    role: NoticeRole


def said(incidents: Sequence[Incident], role: NoticeRole) -> list[Said]:
    """The same said of several incidents."""
    return [Said(incident, role) for incident in incidents]


def message_id(identity: str, settings: Settings) -> str:
    """The Message-ID of a notice, made from its identity alone: sent twice, it is seen to be the same."""
    return f"<{hashlib.sha256(identity.encode()).hexdigest()[:32]}@{settings.mail_domain}>"


def contact_of(settings: Settings, register: Register) -> str:
    """The address to which a reader writes about these mails."""
    return register.offices.contact or settings.contact


def update_notices(settings: Settings, ledger: Ledger, register: Register, now: datetime) -> int:
    """Writes a notice for every recipient of every open incident that is told as it comes; returns how many.

    What happened to one agency's report for one year is one message, and so is one kind of trouble of one portal, and
    who is missing or late on one day; what the recipient's delivery calls a storm is one digest. Incidents without a
    configured recipient wait, and so does what its delivery tells later, and what is in a letter of the day.
    """
    making = Making("alerts", "通知")
    written = 0
    with ledger.read() as session:
        is_any = bool(_by_addressee(session, register, untold(session, register), now))
    if is_any:
        with ledger.write() as session:
            found = untold(session, register, lock=True)
            for addressee, groups in _by_addressee(session, register, found, now).items():
                readers = [one.to for one in addressee.recipients]
                purposes = NoticePurpose.ALERT, NoticePurpose.DIGEST
                told = Told(*rows.told_since(session, readers, now - WINDOW, *purposes))
                at_once = addressee.delivery.model_copy(update={"pace": "at_once"})
                delivery = at_once if addressee.is_composed else addressee.delivery
                for batch in batches(delivery, groups, told, now):
                    for recipient in addressee.recipients:
                        tell = partial(_tell, session, settings, register, addressee, recipient, batch, now)
                        written += making.one(addressee.office, tell, session)
    making.settle(ledger, register, now)
    return written


def untold(
    session: Session, register: Register, *, of: Office | None = None, lock: bool = False
) -> list[tuple[Addressee, Incident]]:
    """Who is to be told of what they were not told: the operators, the districts' own offices, those over several.

    ``of``: that office alone. With ``lock`` (in a writing session) nobody else is given it until the transaction ends.
    """
    if of is not None and not of.is_over_several:
        own = rows.unnotified_incidents(session, districts=[of.district], lock=lock)
        return [(addressee_of(register, one), one) for one in own]
    if of is not None:
        theirs = rows.unnotified_incidents(session, office=of.key, districts=register.districts_of(of), lock=lock)
        return [(addressee_of(register, one, of.key), one) for one in theirs]
    found = [(addressee_of(register, one), one) for one in rows.unnotified_incidents(session, lock=lock)]
    for office in register.offices.over_several:
        districts = register.districts_of(office)
        theirs = rows.unnotified_incidents(session, office=office.key, districts=districts, lock=lock)
        found += [(addressee_of(register, one, office.key), one) for one in theirs]
    return found


def addressee_of(register: Register, incident: Incident, told_for: str | None = None) -> Addressee:
    """Who is to be told of an incident; without recipients where nobody is configured.

    ``told_for`` is the office for which it was told before (Office.key); without it, the district's own.
    """
    offices = register.offices
    if incident.audience is Audience.OPERATORS:
        return Addressee(incident.audience, None, _once(offices.staff), offices.operators_delivery)
    office = offices.known_by(told_for or incident.district)
    if office is None:
        return Addressee(incident.audience, told_for or incident.district, (), Delivery())
    return Addressee(incident.audience, office.key, _once(office.people), office.delivery)


def write_letter(
    session: Session,
    settings: Settings,
    kind: NoticeKind,
    purpose: NoticePurpose,
    identity: str,
    recipient: Recipient,
    letter: Letter,
    about: Sequence[Said],
    now: datetime,
    in_reply_to: str | None = None,
    office: str | None = None,
) -> bool:
    """Writes a letter about incidents into the outbox; False where its identity was written before.

    It takes the recipient's language, and for a chat group the short form. ``office`` is the one for which it is.
    """
    row = letter_row(session, settings, kind, purpose, identity, recipient, letter, about, in_reply_to, office)
    return rows.write_notice(session, row, {one.incident.id: one.role for one in about}, now)


def letter_row(
    session: Session,
    settings: Settings,
    kind: NoticeKind,
    purpose: NoticePurpose,
    identity: str,
    recipient: Recipient,
    letter: Letter,
    about: Sequence[Said],
    in_reply_to: str | None = None,
    office: str | None = None,
) -> dict[str, Any]:
    """The letter as it stands in the outbox once it is written (ledger.messages.notices.write_notice)."""
    number = message_id(identity, settings)
    letter = with_desk(letter, settings.web_address)
    if recipient.language == "en":
        letter = with_english(session, letter, kind, [one.incident for one in about])
    if is_channel(recipient.to):
        text, html = short_form(letter, number), ""
    else:
        text, html = render_letter(letter, settings.home)
    return {
        "identity": identity,
        "kind": kind,
        "purpose": purpose,
        "recipient": recipient.to,
        "office": office,
        "subject": letter.subject,
        "text": text,
        "html": html,
        "message_id": number,
        "in_reply_to": in_reply_to,
    }


def recipient_of(register: Register, to: str) -> Recipient:
    """The wishes of whoever gets mail at an address now; none where nobody does any more."""
    offices = register.offices
    people = [*offices.staff, *(person for office in offices.offices for person in office.people)]
    return next((person for person in people if person.to == to), Recipient.model_construct(to=to))


def about(incident: Incident) -> str:
    """What one message is about: an agency's report, who missed a day, or one kind of trouble of one portal."""
    if incident.audience is Audience.OFFICE and incident.kind in _BY_THE_DAY:
        return f"{incident.kind.value}:{incident.district}:{incident.year}"
    if incident.audience is Audience.OFFICE:
        return f"{incident.agency}:{incident.year}"
    return f"{incident.kind.value}:{incident.detail.get('portal', '')}"


def wanted_by(recipient: Recipient, incidents: Sequence[Incident]) -> list[Incident]:
    """Those of the incidents of which a recipient wants to hear."""
    return [incident for incident in incidents if wants(recipient, incident)]


def reminded_of(recipient: Recipient, tellings: Sequence[rows.Telling]) -> list[rows.Telling]:
    """Those of which a recipient wants to be reminded."""
    return [one for one in tellings if wants(recipient, one.incident, one.reminders + 1)]


def wants(recipient: Recipient, incident: Incident, time: int = 0) -> bool:
    """Whether a recipient wants to hear of it, as news or the ``time``-th time of reminding.

    A district's own date concerns who wants to hear of missing reports.
    """
    if incident.kind is IncidentKind.INTERNAL_DATE:
        missing = recipient.wants(IncidentKind.MISSING.value, Severity.ERROR, time)
        return missing or recipient.wants(incident.kind.value, incident.level, time)
    return recipient.wants(incident.kind.value, incident.level, time)


def _once(recipients: Sequence[Recipient]) -> tuple[Recipient, ...]:
    return tuple({recipient.to: recipient for recipient in reversed(recipients)}.values())[::-1]


def _by_addressee(
    session: Session, register: Register, found: Sequence[tuple[Addressee, Incident]], now: datetime
) -> dict[Addressee, list[list[Incident]]]:
    """What may be told now as it comes, by those who are told, in the messages that there would be one by one."""
    grouped: dict[Addressee, dict[str, list[Incident]]] = {}
    later = snoozed(session, now) if found else set()
    for addressee, incident in found:
        if incident.id in later:
            continue
        if not addressee.recipients or is_quiet(addressee.delivery, now):
            continue
        if addressee.is_composed and incident.kind.value not in addressee.delivery.at_once:
            continue
        if not addressee.is_composed and incident.opened_at >= told_until(addressee.delivery, now):
            continue
        if not any(wants(recipient, incident) for recipient in addressee.recipients):
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
    first = incidents[0]
    thread = None
    to = _reader(register, addressee, recipient)
    kind, purpose, identity = NoticeKind.ALERT, NoticePurpose.ALERT, f"alert:{opening(session, first)}:{to}"
    if addressee.audience is Audience.OPERATORS:
        kind = NoticeKind.OPERATORS
        letter = letters.to_operators(register, incidents, contact)
        if len(groups) > 1:
            letter = digests.for_operators(session, register, incidents, contact, day_of(now))
    else:
        letter = office_letter(session, register, Contents(news=incidents, office=addressee.office), contact, now)
        if len({(one.agency, one.year) for one in incidents}) == 1:
            thread = rows.thread_of(session, recipient.to, first.agency or "", first.year or 0)
        else:
            kind = NoticeKind.DIGEST
    if len(groups) > 1:
        earliest = min(incidents, key=lambda one: one.id)
        purpose, identity = NoticePurpose.DIGEST, f"digest:{opening(session, earliest)}:{to}"
    told = said(incidents, NoticeRole.TOLD)
    return write_letter(
        session, settings, kind, purpose, identity, recipient, letter, told, now, thread, addressee.office
    )


def _reader(register: Register, addressee: Addressee, recipient: Recipient) -> str:
    """Whom a message is for: somebody may read for a district, and for an office over several as well."""
    wide = is_wide(register, addressee.office)
    return f"{addressee.office}:{recipient.to}" if wide else recipient.to
