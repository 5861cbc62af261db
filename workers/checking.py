"""A report checked beside what the ledger holds of its neighbours, and again when one of those has been read.

Last year's report may arrive after this year's, a government's before those of its agencies, and of two that are alike
the first is read before the second is there. So a report that has been read has those checked again on which it bears.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from ledger import readings
from ledger.readings import Assignment
from report.finding import Check
from report.report import Report
from workers.rules.check import check_report
from workers.rules.context import Context
from workers.rules.likeness import called
from workers.station import Station


def check_version(
    station: Station, version_id: int, portal: str, report: Report, assignment: Assignment, at: datetime
) -> Check:
    """What the rules say of one version, recorded with its findings.

    The rows of the report are locked before its neighbours are looked up: of two checks at the same time the later one
    knows what the earlier one knew.
    """
    with station.ledger.write() as session:
        readings.lock(session, assignment)
        context = _context(station, session, portal, assignment)
        result = check_report(report, station.forms, context, station.rules)
        readings.record_check(session, version_id, assignment, result, station.reader, at)
    return result


def check_concerned(station: Station, portal: str, assignment: Assignment, result: Check, at: datetime) -> None:
    """Checks those reports again on which a report bears that has just been read, and of which ``result`` was said.

    Its agency's of the next year, its district's government's of the same year, and those that it is like.
    """
    for agency, year in _concerned(station, portal, assignment, result):
        with station.ledger.read() as session:
            versions = readings.versions_read(session, agency, year)
            reports = {
                version_id: report
                for version_id, (sha256, reader) in versions.items()
                if (report := readings.stored_reading(session, sha256, reader)) is not None
            }
        for version_id, report in reports.items():
            check_version(station, version_id, portal, report, Assignment(agency, year), at)


def _concerned(station: Station, portal: str, assignment: Assignment, result: Check) -> Iterator[tuple[str, int]]:
    if assignment.agency is None or assignment.year is None:
        return
    yield assignment.agency, assignment.year + 1
    alike = {str(finding.expected) for finding in result.results["D14"].findings} if "D14" in result.results else set()
    for agency_id, agency in station.agencies_of(portal).items():
        if agency_id != assignment.agency and (agency.kind == "government" or called(agency.short) in alike):
            yield agency_id, assignment.year


def _context(station: Station, session: Session, portal: str, assignment: Assignment) -> Context:
    entry = station.agency(assignment.agency)
    if entry is None or assignment.year is None:
        return Context(expected_year=assignment.year)
    district = station.agencies_of(portal)
    neighbours = {agency_id: agency for agency_id, agency in district.items() if agency_id != entry.id}
    previous = station.reports_of(session, [entry.id], assignment.year - 1).get(entry.id)
    reports = station.reports_of(session, list(neighbours), assignment.year)
    unread = previous is None and readings.could_not_be_read(session, entry.id, assignment.year - 1)
    return Context(
        previous=previous,
        previous_assigned=previous is not None,
        previous_unread=unread,
        agency_names=entry.names,
        other_names=tuple(name for agency in neighbours.values() for name in agency.names),
        agency_kind=entry.kind,
        expected_year=assignment.year,
        others={neighbours[agency_id].short: other for agency_id, other in reports.items()},
        agencies={neighbours[agency_id].short: other for agency_id, other in reports.items()},
        agencies_complete=len(reports) == len(neighbours),
    )
