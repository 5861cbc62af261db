"""The number of a matter: given once, kept, and nobody else's, whoever writes at the same time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace

import pytest
from sqlalchemy import select

from config.settings import Settings
from ledger.database import Ledger, open_ledger
from ledger.insert import insert_or_ignore
from ledger.messages.findings import list_findings
from ledger.messages.matters import by_matter
from ledger.models import Agency, FindingRow
from ledger.reading.findings import Assignment
from ledger.reading.readings import record_check
from ledger.states import STANDING_FINDINGS
from report.report import Report
from tests.monitor.factory import World, at
from tests.workers.rules.factory import changed, check, sound

NATURAL = "requests.granted.natural_person"
MORNING, LATER = at("2024-01-10 10:00"), at("2024-01-12 10:00")
AGENCIES = [f"agency-{number}" for number in range(6)]


@pytest.fixture
def world(ledger: Ledger) -> World:
    with ledger.write() as session:
        for agency in AGENCIES:
            row = {"agency": agency, "name": agency, "short": agency, "kind": "department", "portal": "yunshan"}
            insert_or_ignore(session, Agency, [row | {"district": "云山区"}])
    return World(ledger)


def version(world: World, agency: str, moment: str = "2024-01-10") -> int:
    article = world.article(agency, 2023, "2024-01-10", title=f"{agency}的报告")
    return world.version(article, moment, content=f"{agency}{moment}")


def record(ledger: Ledger, version_id: int, agency: str, report: Report, *, reader: str = "1") -> None:
    with ledger.write() as session:
        record_check(session, version_id, Assignment(agency, 2023), check(report), reader, MORNING)


def numbers(ledger: Ledger, agency: str) -> dict[str, set[str | None]]:
    """The numbers of an agency's standing findings, by rule."""
    found: dict[str, set[str | None]] = {}
    with ledger.read() as session:
        rows = session.scalars(select(FindingRow).where(FindingRow.agency == agency))
        for row in rows:
            if row.state in STANDING_FINDINGS:
                found.setdefault(row.rule, set()).add(row.matter)
    return found


@pytest.mark.both_databases
def test_one_slip_has_one_number_that_it_keeps(ledger: Ledger, world: World) -> None:
    first, agency = version(world, "agency-1"), "agency-1"
    broken = changed(sound(), {NATURAL: 5, "review.total": 9})
    record(ledger, first, agency, broken)
    before = numbers(ledger, agency)
    assert before["T05"] == before["T06"] == {"云山区-2023-1"} and before["T08"] == {"云山区-2023-2"}
    # Checked again, read again by another reader: nothing changes.
    record(ledger, first, agency, broken)
    record(ledger, first, agency, broken, reader="2")
    assert numbers(ledger, agency) == before
    # Another wrong number in the same cell of a new version is the same matter; another cell is a new one.
    second = version(world, agency, "2024-01-12")
    record(ledger, second, agency, changed(sound(), {NATURAL: 7, "review.total": 3, "litigation_direct.total": 4}))
    after = numbers(ledger, agency)
    assert after["T05"] == after["T06"] == {"云山区-2023-1"}
    assert len(after["T08"]) == 1 and not after["T08"] & {number for had in before.values() for number in had}


def test_a_finding_that_suspects_the_cell_of_a_standing_matter_joins_it(ledger: Ledger, world: World) -> None:
    version_id, agency = version(world, "agency-1"), "agency-1"
    broken = changed(sound(), {NATURAL: 5})
    whole = check(broken)
    alone = replace(whole, results={code: one for code, one in whole.results.items() if code != "T06"})
    with ledger.write() as session:
        record_check(session, version_id, Assignment(agency, 2023), alone, "1", MORNING)
    assert "T06" not in numbers(ledger, agency)
    record(ledger, version_id, agency, broken)
    assert numbers(ledger, agency)["T06"] == numbers(ledger, agency)["T05"] == {"云山区-2023-1"}


def test_a_report_of_nobody_has_no_number(ledger: Ledger, world: World) -> None:
    article = world.article(None, None, "2024-01-10")
    version_id = world.version(article, "2024-01-10")
    with ledger.write() as session:
        record_check(session, version_id, Assignment(None, None), check(changed(sound(), {NATURAL: 5})), "1", MORNING)
    with ledger.read() as session:
        assert set(session.scalars(select(FindingRow.matter))) == {None}


@pytest.mark.both_databases
def test_workers_at_the_same_time_give_no_number_twice(settings: Settings, ledger: Ledger, world: World) -> None:
    versions = {agency: version(world, agency) for agency in AGENCIES}
    broken = changed(sound(), {NATURAL: 5, "review.total": 9})

    def work(agency: str) -> None:
        with closing(open_ledger(settings)) as own:
            record(own, versions[agency], agency, broken)

    with ThreadPoolExecutor(len(AGENCIES)) as pool:
        list(pool.map(work, AGENCIES))
    with ledger.read() as session:
        found = list_findings(session, STANDING_FINDINGS, district="云山区", year=2023)
    matters = by_matter(row for row, _ in found)
    numbers = [{row.matter for row in matter} for matter in matters]
    given = [number for of_one in numbers for number in of_one]
    assert all(len(of_one) == 1 for of_one in numbers)
    assert len(given) == len(set(given)) and None not in given
    assert {f"云山区-2023-{number}" for number in range(1, len(given) + 1)} == set(given)
    sums = [matter for matter in matters if {one.rule for one in matter} >= {"T05", "T06"}]
    assert sorted(str(matter[0].agency) for matter in sums) == AGENCIES
