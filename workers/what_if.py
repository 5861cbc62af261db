"""What other levels would have made of the reports that are stored: judged again with both, and nothing is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from config.rules import RulesFile
from config.severity import Severity
from ledger.reading.findings import Assignment
from ledger.reading.stored import reported
from ledger.standings.published import publication_findings
from report.findings.finding import Check, Finding
from workers.checking import judge
from workers.worker_context import WorkerContext


@dataclass(frozen=True, slots=True)
class Regraded:
    """A finding that would be of another level; None: it is not made, or would not be, and ``reason`` says why.

    An error rests on figures that were seen twice: what would become one and was not is not assessable.
    """

    agency: str
    year: int
    rule: str
    before: Severity | None
    after: Severity | None
    message: str
    reason: str = ""


def what_if(
    worker_context: WorkerContext, year: int, today: RulesFile, then: RulesFile
) -> Iterator[tuple[str, list[Regraded]]]:
    """By agency, the findings in its report of a year that would be of another level; [] where nothing changes.

    ``today`` are the rules as they are, ``then`` those that are tried. What the rules of publication found is taken
    from the ledger.
    """
    with worker_context.ledger.read() as session:
        stored = list(reported(session, year))
        published = list(_of_publication(worker_context, session, year, today, then))
    for agency, of, sha256, reader in stored:
        with worker_context.ledger.read() as session:
            report = worker_context.report_of(session, (sha256, reader))
            portal = worker_context.register.portals_of_agencies.get(agency)
            if report is None or portal is None:
                continue
            checks = judge(worker_context, session, portal, report, Assignment(agency, of), (today, then))
        yield agency, [*_differences(agency, of, *checks), *(one for one in published if one.agency == agency)]


def _differences(agency: str, year: int, today: Check, then: Check) -> Iterator[Regraded]:
    old = {_identity(one): one for one in today.findings}
    new = {_identity(one): one for one in then.findings}
    for key in dict.fromkeys((*old, *new)):
        before, after = old.get(key), new.get(key)
        one = after or before
        level_before = before.severity if before is not None else None
        level_after = after.severity if after is not None else None
        if one is not None and level_before is not level_after:
            result = then.results.get(one.rule)
            reason = "" if after is not None or result is None else result.reason or ""
            yield Regraded(agency, year, one.rule, level_before, level_after, one.message, reason)


def _identity(finding: Finding) -> tuple[str, ...]:
    return (finding.rule, *finding.cells, str(finding.expected), str(finding.found))


def _of_publication(
    worker_context: WorkerContext, session: Session, year: int, today: RulesFile, then: RulesFile
) -> Iterator[Regraded]:
    for district in worker_context.register.districts:
        for row in publication_findings(session, district, [year]):
            before, after = (
                one.rules[row.rule].severity if one.rules[row.rule].enabled else None for one in (today, then)
            )
            if before is not after and row.agency is not None:
                yield Regraded(row.agency, year, row.rule, before, after, row.message)
