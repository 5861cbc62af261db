"""Reminders: what was told and is still open is told again, at growing intervals, one letter to each recipient."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from config.offices import Delivery
from config.register import Register
from config.settings import Settings
from config.severity import Severity
from ledger.database import Ledger
from ledger.messages import notices as rows
from ledger.messages.incident_notes import muted
from ledger.messages.notices import Telling
from ledger.messages.rectifications import list_rectifications
from ledger.models import Incident
from ledger.states import Audience, IncidentKind, NoticeKind, NoticePurpose
from monitor.calendar import day_of, season_of, start_of
from monitor.letters import digests
from monitor.notices.internal_dates import update_internal_dates
from monitor.notices.pace import is_quiet
from monitor.notices.write import Addressee, addressee_of, contact_of, wanted_by, write_letter

# What an office can still have put right. That a report came late is told once: no reminder changes it.
_CAN_BE_PUT_RIGHT = (IncidentKind.MISSING, IncidentKind.WITHDRAWN, IncidentKind.DATE_DISPUTED)


def update_reminders(settings: Settings, ledger: Ledger, register: Register, now: datetime) -> int:
    """Writes a reminder for every recipient of whom something is due; returns how many.

    Due is what was told so many days ago as the recipient's delivery says, is still open, and was neither
    acknowledged nor snoozed by a person, nor is a finding whose rectification was asked for: of that one the office is
    reminded once its own date has passed. An office is reminded until the season of that report year ends.
    """
    written = update_internal_dates(settings, ledger, register, now)
    with ledger.read() as session:
        if not _due(session, register, now):
            return written
    with ledger.write() as session:
        for addressee, incidents in _due(session, register, now).items():
            operators = addressee.audience is Audience.OPERATORS
            kind = NoticeKind.OPERATORS if operators else NoticeKind.REMINDER
            for recipient in addressee.recipients:
                wanted = wanted_by(recipient, incidents)
                if not wanted:
                    continue
                letter = digests.reminder(session, register, wanted, contact_of(settings, register))
                identity = f"reminder:{day_of(now)}:{addressee.district or 'operators'}:{recipient.to}"
                purpose = NoticePurpose.REMINDER
                written += write_letter(session, settings, kind, purpose, identity, recipient, letter, wanted, now)
    return written


def _due(session: Session, register: Register, now: datetime) -> dict[Addressee, list[Incident]]:
    due: dict[Addressee, list[Incident]] = {}
    silent: set[int] | None = None
    asked: set[tuple[str, int]] = set()
    for telling in _wanted(register, rows.told_and_open(session), now):
        addressee = addressee_of(register, telling.incident)
        if not addressee.recipients or not _is_due(addressee.delivery, telling, now):
            continue
        if silent is None:
            silent = muted(session, now)
            asked = {(one.row.agency, one.row.year) for one in list_rectifications(session)}
        if telling.incident.id in silent or _is_asked_for(telling.incident, asked):
            continue
        due.setdefault(addressee, []).append(telling.incident)
    return due


def _wanted(register: Register, tellings: Iterable[Telling], now: datetime) -> Iterable[Telling]:
    for telling in tellings:
        incident = telling.incident
        if incident.audience is Audience.OPERATORS:
            if incident.kind is not IncidentKind.PORTAL or not register.maintenance.holds(
                incident.detail["portal"], day_of(now)
            ):
                yield telling
            continue
        error = incident.kind is IncidentKind.FINDING and incident.level == Severity.ERROR
        if incident.kind is IncidentKind.RECTIFICATION:
            yield telling
            continue
        running = incident.year is not None and now < season_of(incident.year)[1]
        if running and (error or incident.kind in _CAN_BE_PUT_RIGHT):
            yield telling


def _is_asked_for(incident: Incident, asked: Collection[tuple[str, int]]) -> bool:
    """Whether it is a finding of a report of which a rectification runs: that has its own date, and its own mail."""
    return incident.kind is IncidentKind.FINDING and (incident.agency, incident.year) in asked


def _is_due(delivery: Delivery, telling: Telling, now: datetime) -> bool:
    if not delivery.reminders or is_quiet(delivery, now):
        return False
    pause = delivery.reminders[min(telling.reminders, len(delivery.reminders) - 1)]
    # In the morning of the day, and of a later one where a person's "not before" ran out at midnight.
    return now >= start_of(max(day_of(telling.last) + timedelta(days=pause), day_of(now)), delivery.hour)
