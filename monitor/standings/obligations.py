"""Who owes which report by when: the agency register and the due dates become rows of the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update

from config.agencies import AgencyEntry, DistrictFile
from config.register import Register
from ledger.database import Ledger
from ledger.insert import insert_or_ignore
from ledger.models import Agency, Obligation, PortalRow
from monitor.calendar import chinese_day, day_of

NO_LONGER_REGISTERED = "该机关已不在机关名册中"
_COLUMNS = ("agency", "year", "due", "basis", "statutory", "exempt")


def update_obligations(ledger: Ledger, register: Register, now: datetime) -> int:
    """Writes a row for every agency, and for every watched report year whose season has begun at ``now``.

    Rows follow the register: a changed name, due date or exemption is updated; an agency that was taken out of the
    register owes nothing any more, with that as the reason. A district whose portal nobody ever switched on owes
    nothing here: its files came with the installation, and no office asked for it. Doing it twice changes nothing.
    Returns how many rows were new or changed.
    """
    with ledger.read() as session:
        districts = [
            district
            for district in register.districts.values()
            if register.is_taken_up(district.portal, session.get(PortalRow, district.portal) is not None)
        ]
        known_agencies = {row.agency: row for row in session.scalars(select(Agency))}
        known_obligations = {(row.agency, row.year): row for row in session.scalars(select(Obligation))}
    agencies = {row["agency"]: row for row in _agency_rows(districts)}
    obligations = {(row["agency"], row["year"]): row for row in _obligation_rows(register, districts, now)}
    for key, known in known_obligations.items():
        if known.agency not in agencies and known.exempt is None:
            obligations[key] = {name: getattr(known, name) for name in _COLUMNS}
            obligations[key]["exempt"] = NO_LONGER_REGISTERED
    new_agencies = [row for key, row in agencies.items() if key not in known_agencies]
    new_obligations = [row for key, row in obligations.items() if key not in known_obligations]
    changed_agencies = [row for key, row in agencies.items() if _differs(known_agencies.get(key), row)]
    changed_obligations = [row for key, row in obligations.items() if _differs(known_obligations.get(key), row)]
    if not (new_agencies or new_obligations or changed_agencies or changed_obligations):
        return 0
    with ledger.write() as session:
        written = insert_or_ignore(session, Agency, new_agencies)
        written += insert_or_ignore(session, Obligation, new_obligations)
        for row in changed_agencies:
            session.execute(update(Agency).where(Agency.agency == row["agency"]).values(**row))
        for row in changed_obligations:
            session.execute(
                update(Obligation)
                .where(Obligation.agency == row["agency"], Obligation.year == row["year"])
                .values(**row)
            )
    return written + len(changed_agencies) + len(changed_obligations)


def _agency_rows(districts: Iterable[DistrictFile]) -> Iterator[dict[str, Any]]:
    for district in districts:
        for agency in district.agencies:
            yield {
                "agency": agency.id,
                "name": agency.name,
                "short": agency.short,
                "kind": agency.kind,
                "district": district.district,
                "portal": district.portal,
            }


def _obligation_rows(register: Register, districts: Iterable[DistrictFile], now: datetime) -> Iterator[dict[str, Any]]:
    for district in districts:
        for year in _years(district, now):
            for agency in district.agencies:
                deadline = register.deadline(district.district, agency.kind)
                due = deadline.due(year)
                yield {
                    "agency": agency.id,
                    "year": year,
                    "due": due,
                    "basis": deadline.basis_for(year),
                    "statutory": deadline.statutory,
                    "exempt": _exemption(register, agency, year, due),
                }


def _years(district: DistrictFile, now: datetime) -> range:
    """The watched report years whose season (from 1 January of the next year) has begun."""
    newest = day_of(now).year - 1
    last = newest if district.watched.last is None else min(district.watched.last, newest)
    return range(district.watched.first, last + 1)


def _exemption(register: Register, agency: AgencyEntry, year: int, due: date) -> str | None:
    """Why an agency owes no report for a year; who was no more when it was due is not asked, its successor is."""
    heir = register.agencies.get(agency.successor or "")
    instead = f"，由{heir.name}编制" if heir is not None else ""
    if agency.first_year is not None and year < agency.first_year:
        return f"自{agency.first_year}年度起编制年度报告"
    if agency.founded is not None and agency.founded > date(year, 12, 31):
        return f"该机关于{chinese_day(agency.founded)}成立，不编制{year}年度报告"
    if agency.dissolved is not None and agency.dissolved <= due:
        how = f"并入{heir.name}" if heir is not None else "撤销"
        return f"该机关已于{chinese_day(agency.dissolved)}{how}" + (f"，{year}年度报告{instead[1:]}" if heir else "")
    if agency.last_year is not None and year > agency.last_year:
        return f"{agency.last_year}年度之后不再编制年度报告{instead}"
    return next((exemption.reason for exemption in agency.exemptions if exemption.year == year), None)


def _differs(known: Agency | Obligation | None, row: dict[str, Any]) -> bool:
    return known is not None and any(getattr(known, name) != value for name, value in row.items())
