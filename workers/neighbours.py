"""What the ledger holds around a report, and what the register says of its agency."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy.orm import Session

from ledger.reading import readings
from ledger.reading.corrections import Corrections, corrections_of
from ledger.reading.current import Current, current_versions, newest_reading
from ledger.reading.findings import Assignment
from report.report import Report
from workers.rules.context import Context
from workers.rules.likeness import to_be_compared
from workers.worker_context import WorkerContext


def neighbours_of(worker_context: WorkerContext, session: Session, portal: str, assignment: Assignment) -> Current:
    """The newest versions of the report, of its neighbours, and of last year's; nothing where it is nobody's."""
    agency, year = assignment.agency, assignment.year
    if agency is None or year is None:
        return {}
    return neighbours_of_several(worker_context, session, {agency: portal}, year)[agency]


def neighbours_of_several(
    worker_context: WorkerContext, session: Session, portals: Mapping[str, str], year: int
) -> dict[str, Current]:
    """What :func:`neighbours_of` finds for the reports of a year of several agencies, asked for at once.

    ``portals`` are those on which they stand, by agency.
    """
    around = {agency: {agency, *worker_context.register.of_portal(portal)} for agency, portal in portals.items()}
    found = current_versions(session, set[str]().union(*around.values()), year, beside=portals)
    return {
        agency: {
            (of, when): versions
            for (of, when), versions in found.items()
            if (of in near if when == year else of == agency)
        }
        for agency, near in around.items()
    }


def corrections_around(session: Session, beside: Iterable[Current], documents: Iterable[str] = ()) -> Corrections:
    """What people corrected in what :func:`neighbours_of` found, and in ``documents`` (sha256): asked for at once."""
    around = {
        reading[0]
        for one in beside
        for versions in one.values()
        for reading in versions.values()
        if reading is not None
    }
    return corrections_of(session, around.union(documents))


def context_of(
    worker_context: WorkerContext,
    session: Session,
    portal: str,
    report: Report,
    assignment: Assignment,
    beside: Current,
    said: Corrections,
) -> Context:
    """What the ledger and the register know around a report.

    ``beside`` is what :func:`neighbours_of` found, ``said`` what :func:`corrections_around` did.
    """
    entry, year = worker_context.register.agencies.get(assignment.agency or ""), assignment.year
    if entry is None or year is None:
        return Context(expected_year=year)
    neighbours = {
        agency_id: agency
        for agency_id, agency in worker_context.register.of_portal(portal).items()
        if agency_id != entry.id
    }
    last_year = beside.get((entry.id, year - 1), {})
    previous = worker_context.report_of(session, newest_reading(last_year), said)
    readings_of = {
        agency.short: reading
        for agency_id, agency in neighbours.items()
        if (reading := newest_reading(beside.get((agency_id, year), {}))) is not None
    }
    known = worker_context.digests_of(session, readings_of.values(), said)
    digests = {short: known[reading] for short, reading in readings_of.items() if reading in known}
    compared = to_be_compared(report, entry.names, digests)
    others = {
        short: other
        for short in digests
        if short in compared and (other := worker_context.report_of(session, readings_of[short], said)) is not None
    }
    return Context(
        previous=previous,
        previous_assigned=previous is not None,
        previous_unread=previous is None and readings.could_not_be_read(session, last_year),
        agency_names=entry.names,
        other_names=tuple(name for agency in neighbours.values() for name in agency.names),
        agency_kind=entry.kind,
        expected_year=year,
        others=others,
        others_unlike=len(digests) - len(compared),
        agencies=digests,
        agencies_complete=len(digests) == len(neighbours),
        wanted=worker_context.register.wanted_of(portal),
        listed=worker_context.register.documents_listed(entry.id, year),
    )
