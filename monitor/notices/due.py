"""What an office is due at a moment: what is new to it, what still waits, and how what it was told ended."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from config.offices import Delivery, Office
from config.recipients import Recipient
from config.register import Register
from config.severity import Severity
from ledger.messages import notices as rows
from ledger.messages.incident_notes import muted, snoozed
from ledger.messages.incidents import is_accusing
from ledger.messages.notices import Owed, Telling
from ledger.messages.rectifications import list_rectifications
from ledger.models import Incident, Obligation
from ledger.states import Audience, IncidentKind, IncidentOutcome
from monitor.calendar import day_of, season_of, start_of
from monitor.incidents.resolution import TOLD_AGAIN
from monitor.letters.contents import Contents, ended
from monitor.notices.pace import is_day_off, is_quiet, told_until
from monitor.notices.write import Addressee, addressee_of, reminded_of, untold, wanted_by

# Longer than the slowest pace and the longest days off together; what is older was told.
OWED_FOR = timedelta(days=21)
# A hint that ended is told with another letter, and alone when that takes longer.
RIDES_ALONG_FOR = timedelta(days=7)
# For so long after its due date that a report is missing is told on a day off too.
LAW_DEMANDS_FOR = timedelta(days=7)
# What an office can still have put right. That a report came late is told once: no reminder changes it.
_CAN_BE_PUT_RIGHT = (IncidentKind.MISSING, IncidentKind.WITHDRAWN, IncidentKind.DATE_DISPUTED)


@dataclass(slots=True)
class Due:
    """What one office is due: news and reminders, whoever of it reads them, and the ends of what each was told."""

    office: str | None
    news: list[Incident] = field(default_factory=list)
    reminders: list[Telling] = field(default_factory=list)
    ended: dict[str, list[Owed]] = field(default_factory=dict)

    def contents_for(self, recipient: Recipient) -> Contents:
        """What of it one recipient wants to hear."""
        owed = {one.incident.id: one.incident for one in self.ended.get(recipient.to, [])}
        return Contents(
            wanted_by(recipient, self.news),
            reminded_of(recipient, self.reminders),
            [ended(incident) for incident in owed.values()],
            self.office,
        )


def is_untrue_accusation(incident: Incident) -> bool:
    """Whether it ended because it never was so, and said that somebody did something wrong: that cannot wait."""
    return is_accusing(incident) and incident.detail.get("outcome") == IncidentOutcome.REFUTED


def due_for_letters(
    session: Session, register: Register, now: datetime, *, only: Office | None = None, lock: bool = False
) -> dict[Addressee, Due]:
    """What is due to those who get one letter with everything in it, as far as the moment allows.

    ``only``: to that office, and perhaps to others over its districts. With ``lock`` (in a writing session) nobody else
    is given it until the transaction ends.
    """
    due: dict[Addressee, Due] = {}
    later: set[int] | None = None

    def of(addressee: Addressee) -> Due:
        return due.setdefault(addressee, Due(addressee.office))

    districts = districts_of_office(register, only) if only is not None else None
    for addressee, incident in untold(session, register, of=only, lock=lock):
        if not _is_letter_time(addressee, now) or incident.opened_at >= told_until(addressee.delivery, now):
            continue
        later = snoozed(session, now) if later is None else later
        if incident.id not in later:
            of(addressee).news.append(incident)
    for addressee, tellings in due_reminders(session, register, now, districts).items():
        if _is_letter_time(addressee, now):
            of(addressee).reminders += tellings
    for owed in rows.corrections_owed(session, now - OWED_FOR, TOLD_AGAIN, districts=districts, lock=lock):
        addressee = addressee_of(register, owed.incident, owed.office)
        resolved_at = owed.incident.resolved_at
        if not _is_letter_time(addressee, now) or is_untrue_accusation(owed.incident):
            continue
        if resolved_at is not None and resolved_at < told_until(addressee.delivery, now):
            of(addressee).ended.setdefault(owed.recipient, []).append(owed)
    return due


def asks_for_a_letter(session: Session, delivery: Delivery, contents: Contents, now: datetime) -> bool:
    """Whether a letter is written for this, or it waits for another one, or for a working day."""
    if is_day_off(delivery, now):
        return any(_law_demands(session, one, now) for one in contents.news)
    if contents.news or contents.reminders:
        return True
    return any(
        is_accusing(one.incident) or (one.incident.resolved_at or now) <= now - RIDES_ALONG_FOR
        for one in contents.ended
    )


def districts_of_office(register: Register, office: Office) -> tuple[str, ...]:
    """The districts of whose matters an office is told; its own also where the register has it no more."""
    return register.districts_of(office) if office.is_over_several else (office.district,)


def due_reminders(
    session: Session, register: Register, now: datetime, districts: Collection[str] | None = None
) -> dict[Addressee, list[Telling]]:
    """Whom of what (of some districts, or all) is to be reminded: of what was told so many days ago as their delivery
    says, and is still open.

    Not of what a person acknowledged or snoozed, nor of a finding whose rectification was asked for: of that an office
    is reminded once its own date has passed.
    """
    due: dict[Addressee, list[Telling]] = {}
    silent: set[int] | None = None
    asked: set[tuple[str, int]] = set()
    for telling in _reminded_of(register, rows.told_and_open(session, districts), now):
        addressee = addressee_of(register, telling.incident, telling.office)
        if not addressee.recipients or not _is_due(addressee.delivery, telling, now):
            continue
        if silent is None:
            silent = muted(session, now)
            asked = {(one.row.agency, one.row.year) for one in list_rectifications(session)}
        if telling.incident.id in silent or _is_asked_for(telling.incident, asked):
            continue
        due.setdefault(addressee, []).append(telling)
    return due


def _is_letter_time(addressee: Addressee, now: datetime) -> bool:
    if not (addressee.is_composed and addressee.recipients) or is_quiet(addressee.delivery, now):
        return False
    return addressee.delivery.pace != "daily" or now >= start_of(day_of(now), addressee.delivery.hour)


def _law_demands(session: Session, incident: Incident, now: datetime) -> bool:
    owed = session.get(Obligation, (incident.agency, incident.year)) if incident.kind is IncidentKind.MISSING else None
    return owed is not None and day_of(now) - owed.due <= LAW_DEMANDS_FOR


def _reminded_of(register: Register, tellings: Iterable[Telling], now: datetime) -> Iterator[Telling]:
    for telling in tellings:
        incident = telling.incident
        if incident.audience is Audience.OPERATORS:
            if incident.kind is not IncidentKind.PORTAL or not register.maintenance.holds(
                incident.detail.get("portal", ""), day_of(now)
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
