"""A district's own earlier dates: its office is reminded of who has not published yet; nobody is late by them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from config.agencies import DistrictFile
from config.offices import Office
from config.recipients import Recipient
from config.register import Register
from config.settings import Settings
from config.severity import Severity
from ledger.database import Ledger
from ledger.models import PortalRow
from ledger.standings.questions import StandingThen, standings_at
from ledger.standings.summary import written_identities
from ledger.states import IncidentKind, NoticeKind, NoticePurpose, PortalState, Standing
from monitor.calendar import chinese_day, day_of, start_of
from monitor.letters.alert import greeting
from monitor.letters.english import ORIGINAL
from monitor.letters.letter import Fact, Item, Letter, Line
from monitor.notices.pace import is_quiet
from monitor.notices.write import contact_of, write_letter

# Who was away for longer says it no more: the weekly summary did.
STILL_NEWS = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class _Passed:
    """An internal date that has passed, and who has not published by now."""

    district: DistrictFile
    office: Office
    year: int
    day: date
    awaited: tuple[StandingThen, ...]

    def identity(self, recipient: Recipient) -> str:
        return f"internal:{self.district.district}:{self.year}:{self.day}:{recipient.to}"


def update_internal_dates(settings: Settings, ledger: Ledger, register: Register, now: datetime) -> int:
    """Writes one letter for every internal date that passed yesterday or within the week, to each of the office.

    It comes at the hour of the office's reminders, and not where everybody has published. Returns how many it wrote.
    """
    with ledger.read() as session:
        passed = list(_passed(session, register, now))
    if not passed:
        return 0
    written = 0
    with ledger.write() as session:
        for one in passed:
            letter = _letter(session, register, one, contact_of(settings, register), now)
            for recipient in _readers(one.office):
                kind, purpose = NoticeKind.REMINDER, NoticePurpose.INTERNAL_DATE
                own = _with_english(letter, one) if recipient.language == "en" else letter
                identity = one.identity(recipient)
                written += write_letter(session, settings, kind, purpose, identity, recipient, own, (), now)
    return written


def _passed(session: Session, register: Register, now: datetime) -> Iterator[_Passed]:
    today = day_of(now)
    for district in register.districts.values():
        office = register.offices.office(district.district)
        year = today.year - 1
        if office is None or not district.watched.holds(year) or is_quiet(office.delivery, now):
            continue
        for day in sorted({internal.on(year) for internal in district.internal.values()}):
            if not start_of(day + timedelta(days=1), office.delivery.hour) <= now < start_of(day + STILL_NEWS):
                continue
            kinds = [kind for kind, internal in district.internal.items() if internal.on(year) == day]
            one = _Passed(district, office, year, day, tuple(_awaited(session, register, district, year, kinds)))
            identities = [one.identity(recipient) for recipient in _readers(office)]
            if one.awaited and len(written_identities(session, identities)) < len(identities):
                yield one


def _awaited(
    session: Session, register: Register, district: DistrictFile, year: int, kinds: Collection[str]
) -> Iterator[StandingThen]:
    for row in standings_at(session, district=district.district, years=[year], standings=(Standing.PENDING,)):
        if row.kind in kinds and register.watches(row.agency, year):
            yield row


def _readers(office: Office) -> list[Recipient]:
    return [person for person in office.people if person.wants(IncidentKind.MISSING.value, Severity.ERROR)]


def _letter(session: Session, register: Register, one: _Passed, contact: str, now: datetime) -> Letter:
    district = one.district.district
    portal = session.get(PortalRow, one.district.portal)
    unseen = ""
    if portal is not None and portal.state is not PortalState.HEALTHY:
        unseen = "该区门户目前不能正常查看，其中有的可能已经公布而系统尚未看到。"
    lines = tuple(
        Line(row.name, f"期限{chinese_day(row.due)}，还有{(row.due - day_of(now)).days}天") for row in one.awaited
    )
    return Letter(
        f"【年报·催办】{district}：{len(one.awaited)}家机关尚未公布{one.year}年度报告（内部时限已过，未到法定期限）",
        greeting(register, district),
        f"本区的内部时限{chinese_day(one.day)}已过，系统尚未发现下列机关的{one.year}年度报告。"
        f"公布期限未到，不属于逾期，请提前督促。{unseen}",
        (Item(Severity.WARNING, "尚未公布", f"{len(lines)}家机关", "", lines=lines),),
        facts=(Fact("内部时限", chinese_day(one.day)),),
        contact=contact,
    )


def _with_english(letter: Letter, one: _Passed) -> Letter:
    waiting = f"{len(one.awaited)} agencies of {one.district.district} have not published their reports for {one.year}"
    sentence = f"The internal date {one.day} has passed and {waiting}. The due date has not: nobody is overdue."
    return replace(letter, subject=f"[nianbao] Reminder: {waiting}", english=(sentence, ORIGINAL))
