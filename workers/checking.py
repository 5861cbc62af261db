"""A report checked beside what the ledger holds of its neighbours, and again when one of those has been read.

Last year's report may arrive after this year's, a government's before those of its agencies, and of two that are alike
the first is read before the second is there. So a report that has been read has those checked again on which it bears.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import NamedTuple

from sqlalchemy.orm import Session

from config.rules import RulesFile
from ledger.database import LedgerError
from ledger.reading import readings, work
from ledger.reading.corrections import corrected
from ledger.reading.current import Current, Versions
from ledger.reading.findings import Assignment, lock, lock_free
from report.findings.finding import Check
from report.report import Report
from workers.drawing.page_pictures import keep_pages_found, pages_found
from workers.neighbours import context_of, corrections_around, neighbours_of, neighbours_of_several
from workers.rules.check import check_report
from workers.worker_context import WorkerContext

# How often the rules run before they run under the lock.
_MOST_ATTEMPTS = 3
GONE = "文档或其读取结果已不在台账中（数据库切换到了较早的副本）；将重新读取"


@dataclass(frozen=True)
class Checked:
    """What was said of a version, and the versions of other reports on which it bears.

    ``ended`` is whether its work was ended with it, None where it was not to be, or more has to be done first.
    """

    result: Check
    concerned: Current
    ended: bool | None


def check_version(
    worker_context: WorkerContext,
    version_id: int,
    portal: str,
    report: Report,
    assignment: Assignment,
    at: datetime,
    *,
    work_id: int | None = None,
) -> Checked:
    """What the rules say of one version, recorded with its findings.

    The rules run before anything is locked. Then the rows of the report are locked, and where a neighbour was read or
    published meanwhile they run once more, the last time under the lock: of two checks at the same time the later one
    knows what the earlier one knew. ``work_id`` is the work that is done with this check, unless it bears on others or
    pages of it are to be drawn. Raises LedgerError where the reading that was recorded is not there.
    """
    known: Current | None = None
    result: Check | None = None
    as_read = report
    for attempt in range(_MOST_ATTEMPTS):
        with worker_context.ledger.singly() as session:
            known = neighbours_of(worker_context, session, portal, assignment)
            said = corrections_around(session, [known], [as_read.sha256])
            # What people read in its cells counts in every rule.
            report = corrected(as_read, said.get(as_read.sha256, {}))
            context = context_of(worker_context, session, portal, report, assignment, known, said)
        # A hostile text may take its time: nobody waits for the ledger meanwhile.
        result = check_report(report, worker_context.forms, context, worker_context.rules_at(at))
        with worker_context.ledger.write() as session:
            lock(session, assignment)
            beside = neighbours_of(worker_context, session, portal, assignment)
            if beside != known and attempt + 1 < _MOST_ATTEMPTS:
                continue
            if not readings.still_there(session, {version_id: as_read.sha256}, read=True):
                raise LedgerError(GONE)
            if beside != known:
                said = corrections_around(session, [beside])
                context = context_of(worker_context, session, portal, report, assignment, beside, said)
                result = check_report(report, worker_context.forms, context, worker_context.rules_at(at))
            own: Versions = {version_id: None}
            if assignment.agency is not None and assignment.year is not None:
                own = beside.get((assignment.agency, assignment.year), {})
            judged = readings.Judged(version_id, assignment, result, own)
            readings.record_checks(session, [judged], worker_context.reader, at)
            concerned = _found_concerned(worker_context, portal, assignment, result, beside)
            # One transaction less for nearly every document.
            is_last = work_id is not None and not concerned and not pages_found(report, result)
            ended = work.finish(session, work_id, at) if is_last and work_id is not None else None
            return Checked(result, concerned, ended)
    raise AssertionError("the last attempt returns")


class Unchecked(NamedTuple):
    """A version that is to be checked together with others: the work that is done with it, where it stands, and what
    it says. ``seconds`` were spent on it so far.
    """

    work_id: int
    version_id: int
    portal: str
    report: Report
    seconds: float


def check_together(
    worker_context: WorkerContext, some: Mapping[str, Unchecked], year: int, at: datetime
) -> dict[str, Checked]:
    """What the rules say of reports of a year by several agencies, recorded in one transaction, by agency.

    Left out are those that have to be checked alone (:func:`check_version`): whose report somebody else holds, whose
    neighbours were read or published meanwhile, or whose own reading is gone. Nothing waits for a lock while it holds
    another.
    """
    started = monotonic()
    portals = {agency: one.portal for agency, one in some.items()}
    with worker_context.ledger.singly() as session:
        known = neighbours_of_several(worker_context, session, portals, year)
        said = corrections_around(session, known.values(), [one.report.sha256 for one in some.values()])
        reports = {agency: corrected(one.report, said.get(one.report.sha256, {})) for agency, one in some.items()}
        contexts = {
            agency: context_of(
                worker_context, session, portals[agency], report, Assignment(agency, year), known[agency], said
            )
            for agency, report in reports.items()
        }
    rules = worker_context.rules_at(at)
    results = {
        agency: check_report(report, worker_context.forms, contexts[agency], rules)
        for agency, report in reports.items()
    }
    with worker_context.ledger.write() as session:
        held = lock_free(session, some, year)
        beside = neighbours_of_several(worker_context, session, portals, year)
        documents = {one.version_id: one.report.sha256 for one in some.values()}
        read = readings.still_there(session, documents, read=True)
        these = [
            agency
            for agency, one in some.items()
            if agency in held and one.version_id in read and beside[agency] == known[agency]
        ]
        if not these:
            return {}
        judged = [
            readings.Judged(
                some[agency].version_id,
                Assignment(agency, year),
                results[agency],
                beside[agency].get((agency, year), {}),
            )
            for agency in these
        ]
        readings.record_checks(session, judged, worker_context.reader, at)
        concerned = {
            agency: _found_concerned(
                worker_context, portals[agency], Assignment(agency, year), results[agency], beside[agency]
            )
            for agency in these
        }
        last = [one for one in these if not concerned[one] and not pages_found(reports[one], results[one])]
        share = (monotonic() - started) / len(some)
        seconds: dict[int, float | None] = {some[agency].work_id: some[agency].seconds + share for agency in last}
        ended = work.finish_together(session, seconds, at)
    return {
        agency: Checked(results[agency], concerned[agency], some[agency].work_id in ended if agency in last else None)
        for agency in these
    }


def judge(
    worker_context: WorkerContext,
    session: Session,
    portal: str,
    report: Report,
    assignment: Assignment,
    rules: Sequence[RulesFile],
) -> list[Check]:
    """What several sets of rules say of a report beside its neighbours; nothing is written."""
    beside = neighbours_of(worker_context, session, portal, assignment)
    said = corrections_around(session, [beside])
    context = context_of(worker_context, session, portal, report, assignment, beside, said)
    return [check_report(report, worker_context.forms, context, one) for one in rules]


def check_concerned(worker_context: WorkerContext, portal: str, checked: Checked, at: datetime) -> None:
    """Checks those reports again on which a report bears that has just been read and checked.

    Its agency's of the next year, its district's government's of the same year, and those that it is like. Who is read
    only after it was checked is checked with it in sight: it was kept before.
    """
    for (agency, year), versions in checked.concerned.items():
        for version_id, reading in versions.items():
            with worker_context.ledger.read() as session:
                report = worker_context.report_of(session, reading)
            if report is not None:
                again = check_version(worker_context, version_id, portal, report, Assignment(agency, year), at)
                keep_pages_found(worker_context, report, again.result)


def _found_concerned(
    worker_context: WorkerContext, portal: str, assignment: Assignment, result: Check, beside: Current
) -> Current:
    concerned = _concerned(worker_context, portal, assignment, result)
    return {one: beside[one] for one in concerned if one in beside}


def _concerned(
    worker_context: WorkerContext, portal: str, assignment: Assignment, result: Check
) -> Iterator[tuple[str, int]]:
    if assignment.agency is None or assignment.year is None:
        return
    yield assignment.agency, assignment.year + 1
    alike = {finding.other_agency for finding in result.findings}
    for agency_id, agency in worker_context.register.of_portal(portal).items():
        if agency_id != assignment.agency and (agency.kind == "government" or agency.short in alike):
            yield agency_id, assignment.year
