"""What makes a letter enough to act on: where it was looked, whom to call, what is asked, and until when."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from urllib.parse import urljoin

from sqlalchemy.orm import Session

from config.register import Register
from config.severity import Severity
from ledger.messages.rectifications import answer_expected_on
from ledger.models import Agency, Incident
from ledger.reading.readings import newest_readings, stored_reading
from ledger.states import Audience, IncidentKind
from monitor.calendar import chinese_day
from monitor.letters.letter import Fact
from report.text.contact import telephone_in

# What an agency is asked to answer; what a person has to look at, and what is only a hint, is not.
_ANSWERED = (IncidentKind.MISSING, IncidentKind.LATE, IncidentKind.WITHDRAWN)


def is_own_government(session: Session, incident: Incident, *, wide: bool = False) -> bool:
    """Whether an office is told of its own government's report: it urges nobody above itself.

    ``wide``: the office is over several districts, whose governments are none of its own.
    """
    if wide or incident.agency is None or incident.audience is not Audience.OFFICE:
        return False
    agency = session.get(Agency, incident.agency)
    return agency is not None and agency.kind == "government"


def asked_of(session: Session, register: Register, what: str, incident: Incident, *, wide: bool = False) -> str:
    """What the office is asked to do; ``what`` is a word of wording.expected."""
    words = register.wording
    own = words.own_government if is_own_government(session, incident, wide=wide) else {}
    return own.get(what, words.expected.get(what, ""))


def expected_of(
    session: Session, register: Register, what: str, incidents: Sequence[Incident], today: date, *, wide: bool = False
) -> str:
    """What is asked about incidents that are alike (:func:`asked_of`), and by when an answer is expected."""
    asked = asked_of(session, register, what, incidents[0], wide=wide)
    days = [day for one in incidents if (day := answer_day(session, one, today, wide=wide)) is not None]
    return asked + (register.wording.expected["answer_by"].format(day=chinese_day(max(days))) if asked and days else "")


def answer_day(session: Session, incident: Incident, told: date, *, wide: bool = False) -> date | None:
    """Until when an agency's answer is expected that was asked for on the day on which an office was ``told``."""
    error = incident.kind is IncidentKind.FINDING and incident.level == Severity.ERROR
    if not (error or incident.kind in _ANSWERED) or is_own_government(session, incident, wide=wide):
        return None
    if incident.agency is None or incident.year is None:
        return None
    return answer_expected_on(session, incident.agency, incident.year, told)


def column_facts(session: Session, register: Register, incident: Incident) -> list[Fact]:
    """The columns of the portal where a report belongs, to be opened."""
    agency = session.get(Agency, incident.agency) if incident.agency is not None else None
    if agency is None or incident.year is None or agency.portal not in register.portals:
        return []
    start = register.portals[agency.portal].start
    facts = []
    for column in register.columns_for(agency.portal, agency.kind, incident.year):
        address = start if "{" in column.address else urljoin(start, column.address)
        facts.append(Fact("查看的栏目", f"{column.name}（{register.portal_name(agency.portal)}）", address))
    return facts


def telephone_of(session: Session, register: Register, incident: Incident) -> str:
    """Whom to call about a report: as the register says, else as the report says, or last year's; "" where neither."""
    if incident.agency is None or incident.year is None:
        return ""
    entry = register.agencies.get(incident.agency)
    if entry is not None and entry.telephone:
        return " ".join(filter(None, (entry.contact, entry.telephone)))
    return telephones_in_reports(session, [incident.agency], incident.year).get(incident.agency, "")


def telephones_in_reports(session: Session, agencies: Collection[str], year: int) -> dict[str, str]:
    """The telephones that agencies left in their reports for a year, or else in last year's, marked as such."""
    found: dict[str, str] = {}
    for of in (year, year - 1):
        left = [agency for agency in agencies if agency not in found]
        for agency, reading in newest_readings(session, left, of).items():
            report = stored_reading(session, *reading)
            number = telephone_in(report) if report is not None else None
            if number is not None:
                found[agency] = f"{number}（{'' if of == year else f'{of}年度'}报告中所留）"
    return found


def telephone_words(session: Session, register: Register, incident: Incident) -> str:
    """The telephone as the end of a sentence; "" where nobody knows it."""
    number = telephone_of(session, register, incident)
    return f"；联系电话：{number}" if number else ""
