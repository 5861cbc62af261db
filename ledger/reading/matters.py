"""The number of a matter (事项编号): one for all findings of a report that one correction would mend.

It is given once, when a finding is first written, and never changes: a finding that comes back has it, one of the same
cells in a new version takes it over, and one that suspects the cell of a standing matter joins that. Numbers count the
matters of a district's report year (``朝阳区-2024-17``); of several workers each takes its own from one counter.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Row, bindparam, select, update
from sqlalchemy.orm import Session

from ledger.insert import insert_of, table_of
from ledger.models import Agency, FindingRow, MatterCount
from ledger.reading.findings import Assignment, lock
from ledger.states import STANDING_FINDINGS
from report.findings.matters import in_matters, mistake_in_row

_FINDINGS = table_of(FindingRow)
_OF_REPORT = (
    select(
        _FINDINGS.c.fingerprint,
        _FINDINGS.c.rule,
        _FINDINGS.c.severity,
        _FINDINGS.c.cells,
        _FINDINGS.c.suggestion,
        _FINDINGS.c.state,
        _FINDINGS.c.matter,
    )
    .where(_FINDINGS.c.agency == bindparam("agency"), _FINDINGS.c.year == bindparam("year"))
    .order_by(_FINDINGS.c.opened_at, _FINDINGS.c.rule, _FINDINGS.c.fingerprint)
)
_GIVE = (
    update(_FINDINGS)
    .where(_FINDINGS.c.fingerprint == bindparam("which"), _FINDINGS.c.matter.is_(None))
    .values(matter=bindparam("number"))
)


def number_matters(session: Session, reports: Collection[tuple[str, int]]) -> None:
    """Gives every finding of these reports (agency, report year) that has no number one.

    The reports are locked first, in their order, and a counter only then: nobody who holds one waits for the other.
    """
    ordered = sorted(set(reports))
    for agency, year in ordered:
        lock(session, Assignment(agency, year))
    of_reports = {(agency, year): _findings_of(session, agency, year) for agency, year in ordered}
    without = [report for report, rows in of_reports.items() if any(row.matter is None for row in rows)]
    if not without:
        return
    asked = select(Agency.agency, Agency.district).where(Agency.agency.in_({agency for agency, _ in without}))
    # Who is not there is nobody's yet: the register is entered by the monitor, which gives the number then.
    district_of = dict(session.execute(asked).all())
    # Counters too are taken in one order.
    for district, year, agency in sorted(
        (district_of[agency], year, agency) for agency, year in without if agency in district_of
    ):
        given = _numbers(session, district, year, of_reports[agency, year])
        if given:
            session.connection().execute(_GIVE, given)


def new_numbers(session: Session, district: str, year: int, count: int) -> list[str]:
    """So many numbers that nobody has."""
    table = table_of(MatterCount)
    connection = session.connection()
    statement: Any = insert_of(connection.dialect.name)(table).values(district=district, year=year, last=count)
    statement = statement.on_conflict_do_update(
        index_elements=["district", "year"], set_={"last": table.c.last + count}
    ).returning(table.c.last)
    last: int = connection.execute(statement).scalar_one()
    return [f"{district}-{year}-{number}" for number in range(last - count + 1, last + 1)]


def _findings_of(session: Session, agency: str, year: int) -> Sequence[Row[*tuple[Any, ...]]]:
    return session.connection().execute(_OF_REPORT, {"agency": agency, "year": year}).all()


def _numbers(session: Session, district: str, year: int, rows: Sequence[Row[*tuple[Any, ...]]]) -> list[dict[str, str]]:
    """Which of a report's findings gets which number."""
    earlier = {(row.rule, tuple(row.cells)): row.matter for row in rows if row.cells and row.matter is not None}
    standing = [row for row in rows if row.matter is None or row.state in STANDING_FINDINGS]
    mistakes = [mistake_in_row(row.rule, row.severity, row.cells, row.suggestion) for row in standing]
    known: list[tuple[str | None, list[str]]] = []
    for places in in_matters(mistakes):
        together = [standing[place] for place in places]
        without = [row for row in together if row.matter is None]
        if without:
            had = [row.matter for row in together if row.matter is not None]
            had += [earlier[key] for row in without if (key := (row.rule, tuple(row.cells))) in earlier]
            known.append((_first(had), [row.fingerprint for row in without]))
    fresh = iter(new_numbers(session, district, year, wanted) if (wanted := sum(not one for one, _ in known)) else [])
    return [
        {"which": fingerprint, "number": number}
        for had, fingerprints in known
        for number in [had or next(fresh)]
        for fingerprint in fingerprints
    ]


def _first(numbers: Sequence[str]) -> str | None:
    """The number that was given first."""
    return min(numbers, key=lambda number: int(number.rpartition("-")[2]), default=None)
