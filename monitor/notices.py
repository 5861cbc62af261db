"""A message is a row before it is a mail: who is told what, written once, in the thread where it belongs."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from config.offices import Delivery
from config.settings import Settings
from ledger import notices as rows
from ledger.database import Ledger
from ledger.models import Incident
from ledger.states import Audience, NoticeKind
from ledger.words import snoozed
from monitor import digests, letters
from monitor.channels.mail.render import render_letter
from monitor.letter import Letter
from monitor.pace import WINDOW, Told, batches, first_moment, is_quiet, told_until
from monitor.register import Register
from monitor.resolution import TOLD_AGAIN, Outcome, Resolved


@dataclass(frozen=True, slots=True)
class Addressee:
    """Who is told of an incident: the office of a district, or the operators (``district`` is None)."""

    audience: Audience
    district: str | None
    recipients: tuple[str, ...]
    delivery: Delivery


def message_id(identity: str, settings: Settings) -> str:
    """The Message-ID of a notice, made from its identity alone: sent twice, it is seen to be the same."""
    return f"<{hashlib.sha256(identity.encode()).hexdigest()[:32]}@{settings.mail_domain}>"


def contact_of(settings: Settings, register: Register) -> str:
    """The address to which a reader writes about these mails."""
    return register.offices.contact or settings.contact


def settle_notices(settings: Settings, ledger: Ledger, register: Register, now: datetime) -> int:
    """Writes a notice for every recipient of every open incident that nobody was told of yet; returns how many.

    What happened to one agency's report for one year is one message, and so is one kind of trouble of one portal; what
    the recipient's delivery calls a storm is one digest. Incidents without a configured recipient wait, and so does
    what its delivery tells later.
    """
    with ledger.read() as session:
        if not _by_addressee(session, register, rows.untold_incidents(session), now):
            return 0
    written = 0
    with ledger.write() as session:
        untold = rows.untold_incidents(session, lock=True)
        for addressee, groups in _by_addressee(session, register, untold, now).items():
            told = Told(*rows.told_since(session, addressee.recipients[0], now - WINDOW))
            for batch in batches(addressee.delivery, groups, told, now):
                for recipient in addressee.recipients:
                    written += _tell(session, settings, register, addressee, recipient, batch, now)
    return written


def write_corrections(
    session: Session, settings: Settings, register: Register, resolved: Sequence[Resolved], now: datetime
) -> int:
    """Tells those who were told of what is now refuted or put right, in the same thread; returns how many notices.

    What was told in one digest is taken back in one letter, and so is a storm of corrections to one recipient. Called
    in the transaction that resolved the incidents.
    """
    again = {one.incident.id: one for one in resolved if one.outcome in TOLD_AGAIN}
    threads: dict[str, dict[str, dict[int, str]]] = {}
    for notice, incident_id in rows.notices_about(session, list(again)):
        if notice.identity.startswith(("alert:", "digest:")):
            about = _about(again[incident_id].incident)
            key = notice.message_id if notice.identity.startswith("digest:") else about
            threads.setdefault(notice.recipient, {}).setdefault(key, {})[incident_id] = notice.message_id
    written = 0
    for recipient, of_recipient in threads.items():
        told = list(of_recipient.values())
        delivery = addressee_of(register, again[min(told[0])].incident).delivery
        if len(told) > delivery.storm:
            told = _merged(told, again)
        for thread in told:
            ones = [again[incident_id] for incident_id in sorted(thread)]
            written += _take_back(session, settings, register, recipient, ones, thread[max(thread)], now)
    return written


def addressee_of(register: Register, incident: Incident) -> Addressee:
    """Who is to be told of an incident; without recipients where nobody is configured."""
    offices = register.offices
    if incident.audience is Audience.OPERATORS:
        return Addressee(incident.audience, None, _once(offices.operators), offices.operators_delivery)
    office = offices.office(incident.district or "")
    if office is None:
        return Addressee(incident.audience, incident.district, (), Delivery())
    return Addressee(incident.audience, incident.district, _once(office.recipients), office.delivery)


def write_letter(
    session: Session,
    settings: Settings,
    kind: NoticeKind,
    identity: str,
    recipient: str,
    letter: Letter,
    incidents: Sequence[int],
    now: datetime,
    in_reply_to: str | None = None,
    not_before: datetime | None = None,
) -> bool:
    """Writes a letter about incidents into the outbox; False where its identity was written before."""
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
    return rows.write_notice(session, row, incidents, now, not_before)


def _once(recipients: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(recipients))


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
        grouped.setdefault(addressee, {}).setdefault(_about(incident), []).append(incident)
    return {addressee: list(groups.values()) for addressee, groups in grouped.items()}


def _about(incident: Incident) -> str:
    """What one message is about: an agency's report, or one kind of trouble of one portal."""
    if incident.audience is Audience.OFFICE:
        return f"{incident.agency}:{incident.year}"
    return f"{incident.kind.value}:{incident.detail.get('portal', '')}"


def _tell(
    session: Session,
    settings: Settings,
    register: Register,
    addressee: Addressee,
    recipient: str,
    batch: Sequence[list[Incident]],
    now: datetime,
) -> bool:
    contact = contact_of(settings, register)
    incidents = [incident for group in batch for incident in group]
    ids = [incident.id for incident in incidents]
    operators = addressee.audience is Audience.OPERATORS
    thread = None
    if len(batch) > 1:
        identity, kind = f"digest:{min(ids)}:{recipient}", NoticeKind.DIGEST
        letter = digests.digest(session, register, incidents, contact)
    else:
        identity, kind = f"alert:{ids[0]}:{recipient}", NoticeKind.ALERT
        first = incidents[0]
        if operators:
            letter = letters.to_operators(register, incidents, contact)
        else:
            letter = letters.alert(session, register, incidents, contact)
            thread = rows.thread_of(session, recipient, first.agency or "", first.year or 0)
    kind = NoticeKind.OPERATORS if operators else kind
    return write_letter(session, settings, kind, identity, recipient, letter, ids, now, thread)


def _merged(told: Sequence[dict[int, str]], again: dict[int, Resolved]) -> list[dict[int, str]]:
    """All threads as one for each of those who are told about: the operators' stay apart from an office's."""
    merged: dict[str | None, dict[int, str]] = {}
    for thread in told:
        merged.setdefault(again[min(thread)].incident.district, {}).update(thread)
    return list(merged.values())


def _take_back(
    session: Session,
    settings: Settings,
    register: Register,
    recipient: str,
    ones: Sequence[Resolved],
    in_reply_to: str,
    now: datetime,
) -> bool:
    ended = [(one.incident, one.sentence, one.outcome is Outcome.REFUTED) for one in ones]
    several = len({_about(one.incident) for one in ones}) > 1
    write = digests.corrections if several else letters.correction
    letter = write(session, register, ended, contact_of(settings, register))
    first = ones[0].incident
    kind = NoticeKind.OPERATORS if first.audience is Audience.OPERATORS else NoticeKind.CORRECTION
    identity = f"correction:{first.id}:{recipient}"
    ids = [one.incident.id for one in ones]
    not_before = first_moment(addressee_of(register, first).delivery, now)
    return write_letter(
        session, settings, kind, identity, recipient, letter, ids, now, in_reply_to, not_before=not_before
    )
