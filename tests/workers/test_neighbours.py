"""A report is checked beside last year's and the district's others, as the ledger has them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from threading import Event, Thread

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from cli.demo.portals.sound_report import sound_body
from ledger.database import Ledger
from ledger.models import CheckRow, FindingRow, ReadingRow, Version, Work
from ledger.reading import findings, readings
from ledger.reading.findings import Assignment
from ledger.states import FindingState, WorkState
from report.findings.finding import Check, Outcome
from tests.workers.conftest import NOON, Documents
from workers.checking import check_version
from workers.rules.check import check_report
from workers.steps import Result, read, run
from workers.worker_context import WorkerContext

CHAOWAI = "北京市朝阳区人民政府朝外街道办事处"
ANZHEN = "北京市朝阳区人民政府安贞街道办事处"
LATER = NOON + timedelta(days=1)


def row(label: str, before: tuple[int, ...], after: tuple[int, ...]) -> tuple[str, str]:
    """A row of table three with other numbers."""
    cells = ["".join(f'<td rowspan="1" colspan="1"><p>{n}</p></td>' for n in numbers) for numbers in (before, after)]
    return f"{label}</p></td>{cells[0]}", f"{label}</p></td>{cells[1]}"


ONE_MORE_CARRIED_OUT = (
    row("一、本年新收政府信息公开申请数量", (2, 1, 0, 0, 0, 0, 3), (3, 1, 0, 0, 0, 0, 4)),
    row("四、结转下年度继续办理", (0,) * 7, (1, 0, 0, 0, 0, 0, 1)),
)


def page(agency: str, year: int, *changes: tuple[str, str]) -> bytes:
    title = f"{agency}{year}年政府信息公开工作年度报告"
    body = sound_body(agency, year)
    for before, after in changes:
        assert before in body
        body = body.replace(before, after)
    head = f"<head><meta charset='utf-8'><title>{title}</title></head>"
    return f"<html>{head}<body><h1>{title}</h1>{body}</body></html>".encode()


def outcomes(ledger: Ledger, agency: str, year: int) -> dict[str, str]:
    with ledger.read() as session:
        rows = session.scalars(select(CheckRow).where(CheckRow.agency == agency, CheckRow.year == year))
        return dict(rows.one().outcomes)


def test_without_last_years_report_nothing_is_said_of_it(
    ledger: Ledger, worker_context: WorkerContext, documents: Documents
) -> None:
    work = documents.publish(page(CHAOWAI, 2024), agency="chaoyang-chaowai", year=2024)
    run(worker_context, work, NOON, worker="w")
    assert outcomes(ledger, "chaoyang-chaowai", 2024)["Y01"] == "not_assessable"


@pytest.mark.both_databases
def test_last_years_report_is_compared(ledger: Ledger, worker_context: WorkerContext, documents: Documents) -> None:
    for year, at in ((2023, NOON), (2024, LATER)):
        work = documents.publish(page(CHAOWAI, year), agency="chaoyang-chaowai", year=year, name=str(year), at=at)
        run(worker_context, work, at, worker="w")
    assert outcomes(ledger, "chaoyang-chaowai", 2024)["Y01"] == "pass"


def test_last_years_report_in_quarantine_proves_nothing(
    ledger: Ledger, worker_context: WorkerContext, documents: Documents
) -> None:
    broken = documents.publish(b"%PDF-1.7 broken", agency="chaoyang-chaowai", year=2023, name="old")
    run(worker_context, broken, NOON, worker="w")
    work = documents.publish(page(CHAOWAI, 2024), agency="chaoyang-chaowai", year=2024, at=LATER)
    run(worker_context, work, LATER, worker="w")
    with ledger.read() as session:
        check = session.scalars(select(CheckRow).where(CheckRow.year == 2024)).one()
    assert check.outcomes["Y01"] == "not_assessable"
    assert "未能读出" in check.reasons["Y01"]


@pytest.mark.both_databases
@pytest.mark.parametrize("by_an_earlier_program", [False, True])
def test_another_agencys_text_is_recognised(
    ledger: Ledger, worker_context: WorkerContext, documents: Documents, by_an_earlier_program: bool
) -> None:
    long = "本年度围绕群众关心的事项，逐项梳理公开目录，明确责任科室和更新时限，安排专人核对内容的准确与完整。" * 8
    varied = "".join(f"第{number}项{long[number : number + 40]}" for number in range(0, 200, 7))
    change = ("依申请公开方面，", f"{varied}。依申请公开方面，")
    for agency, name, at in ((ANZHEN, "chaoyang-anzhen", NOON), (CHAOWAI, "chaoyang-chaowai", LATER)):
        work = documents.publish(page(agency, 2024, change), agency=name, year=2024, name=name, at=at)
        run(worker_context, work, at, worker="w")
        if by_an_earlier_program:
            with ledger.write() as session:
                session.execute(update(ReadingRow).values(digest=None))
    # The first is checked again when the second is there.
    for name, other in (("chaoyang-chaowai", "安贞街道"), ("chaoyang-anzhen", "朝外街道")):
        assert outcomes(ledger, name, 2024)["D14"] == "fail"
        with ledger.read() as session:
            finding = session.scalars(
                select(FindingRow).where(FindingRow.rule == "D14", FindingRow.agency == name)
            ).one()
        assert (finding.severity, finding.state) == ("warning", FindingState.OPEN)
        assert other in finding.message


def test_others_that_are_unlike_are_compared_by_their_digests_alone(
    ledger: Ledger, worker_context: WorkerContext, documents: Documents
) -> None:
    agencies = ((ANZHEN, "chaoyang-anzhen", "first", NOON), (CHAOWAI, "chaoyang-chaowai", "second", LATER))
    for agency, name, number, at in agencies:
        own = "".join(f"{number}{chr(0x4E00 + 7 * place + len(number))}" for place in range(300))
        change = ("依申请公开方面，", f"{own}。依申请公开方面，")
        work = documents.publish(page(agency, 2024, change), agency=name, year=2024, name=name, at=at)
        run(worker_context, work, at, worker="w")
    assert outcomes(ledger, "chaoyang-anzhen", 2024)["D14"] == "not_assessable"
    assert outcomes(ledger, "chaoyang-chaowai", 2024)["D14"] == "pass"
    assert [report.agency for report in worker_context.neighbours.values()] == [ANZHEN, CHAOWAI], (
        "each by its own reading"
    )


def test_one_that_would_have_to_be_compared_and_is_not_understood_any_more_proves_nothing(
    ledger: Ledger, worker_context: WorkerContext, documents: Documents
) -> None:
    own = "".join(f"{number}{chr(0x4E00 + 7 * number)}" * 3 for number in range(300))
    change = ("依申请公开方面，", f"{own}。依申请公开方面，")
    for agency, name, at in ((ANZHEN, "chaoyang-anzhen", NOON), (CHAOWAI, "chaoyang-chaowai", LATER)):
        work = documents.publish(page(agency, 2024, change), agency=name, year=2024, name=name, at=at)
        run(worker_context, work, at, worker="w")
        if name == "chaoyang-anzhen":
            worker_context.neighbours.clear()
            with ledger.write() as session:
                session.execute(update(ReadingRow).values(content={}))
    assert outcomes(ledger, "chaoyang-chaowai", 2024)["D14"] == "not_assessable"


@pytest.mark.both_databases
def test_a_report_is_checked_again_when_last_years_arrives(
    ledger: Ledger, worker_context: WorkerContext, documents: Documents
) -> None:
    def publish(year: int, at: datetime, *changes: tuple[str, str]) -> None:
        data = page(CHAOWAI, year, *changes)
        work = documents.publish(data, agency="chaoyang-chaowai", year=year, name=str(year), at=at)
        run(worker_context, work, at, worker="w")

    publish(2024, NOON)
    assert outcomes(ledger, "chaoyang-chaowai", 2024)["Y01"] == "not_assessable"
    # Last year's carried one over, which this year's does not know of.
    publish(2023, LATER, *ONE_MORE_CARRIED_OUT)
    assert outcomes(ledger, "chaoyang-chaowai", 2024)["Y01"] == "fail"
    with ledger.read() as session:
        found = session.scalars(select(FindingRow).where(FindingRow.rule == "Y01")).all()
    assert {(row.year, row.state, row.opened_at.date()) for row in found} == {(2024, FindingState.OPEN, LATER.date())}
    # It is corrected, and the finding of the year after is gone with it.
    publish(2023, LATER + timedelta(days=1))
    assert outcomes(ledger, "chaoyang-chaowai", 2024)["Y01"] == "pass"
    with ledger.read() as session:
        found = session.scalars(select(FindingRow).where(FindingRow.rule == "Y01")).all()
    ended = {(row.state, row.resolved_at.date()) for row in found if row.resolved_at is not None}
    assert ended == {(FindingState.RESOLVED, (LATER + timedelta(days=1)).date())}


def test_what_an_earlier_reader_read_still_counts_as_last_years(
    ledger: Ledger, worker_context: WorkerContext, documents: Documents
) -> None:
    work = documents.publish(page(CHAOWAI, 2023), agency="chaoyang-chaowai", year=2023, name="old")
    run(replace(worker_context, reader="0"), work, NOON, worker="w")
    work = documents.publish(page(CHAOWAI, 2024), agency="chaoyang-chaowai", year=2024, at=LATER)
    run(worker_context, work, LATER, worker="w")
    assert outcomes(ledger, "chaoyang-chaowai", 2024)["Y01"] == "pass"


@pytest.mark.both_databases
def test_of_two_checks_at_once_the_later_knows_what_the_earlier_knew(
    ledger: Ledger, worker_context: WorkerContext, documents: Documents, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While a report waits to be checked, last year's is read: the check sees it."""
    this, _ = (
        documents.publish(page(CHAOWAI, year), agency="chaoyang-chaowai", year=year, name=str(year))
        for year in (2024, 2023)
    )
    run(worker_context, this, NOON, worker="w")
    before = worker_context.reading.read(page(CHAOWAI, 2023), "x")
    report = worker_context.reading.read(page(CHAOWAI, 2024), "x")
    ours = Assignment("chaoyang-chaowai", 2024)
    asks = Event()
    outcome: list[Check] = []
    lock = findings.lock

    def lock_when_asked(session: Session, assignment: Assignment) -> None:
        asks.set()
        lock(session, assignment)

    with ledger.write() as session:
        lock(session, ours)
        version_id = session.get_one(Work, this).version_id
        monkeypatch.setattr("workers.checking.lock", lock_when_asked)
        # On SQLite the other waits at the beginning of its transaction already.
        waits = session.get_bind().dialect.name == "postgresql"
        checking = Thread(
            target=lambda: outcome.append(
                check_version(worker_context, version_id, "chaoyang", report, ours, LATER).result
            )
        )
        checking.start()
        assert not waits or asks.wait(120)
        readings.record_reading(session, before, worker_context.reader, NOON, 0.1)
    checking.join(120)
    assert outcome[0].results["Y01"].outcome is Outcome.PASS


LOST = {"reading": delete(ReadingRow), "number": update(Version).values(sha256="f" * 64)}


@pytest.mark.parametrize("lost", LOST)
def test_nothing_is_said_by_what_was_read_before_a_fail_over(
    ledger: Ledger, worker_context: WorkerContext, documents: Documents, monkeypatch: pytest.MonkeyPatch, lost: str
) -> None:
    """A copy of before is the database now: the reading is gone, or the version's number is another document's."""
    piece = documents.publish(page(CHAOWAI, 2024), agency="chaoyang-chaowai", year=2024)

    def check_while_it_fails_over(*given: object) -> Check:
        with ledger.write() as session:
            session.execute(LOST[lost])
        return check_report(*given)  # type: ignore[arg-type]

    monkeypatch.setattr("workers.checking.check_report", check_while_it_fails_over)
    assert run(worker_context, piece, NOON, worker="w") is Result.WAITS_AGAIN
    with ledger.read() as session:
        assert session.get_one(Work, piece).state is WorkState.WAITING
        assert session.scalars(select(CheckRow)).all() == []


@pytest.mark.parametrize("document", [page(CHAOWAI, 2024), b"%PDF-1.7 broken"], ids=["read", "unreadable"])
def test_what_was_being_read_at_a_fail_over_is_neither_kept_nor_set_aside_under_anothers_number(
    ledger: Ledger,
    worker_context: WorkerContext,
    documents: Documents,
    monkeypatch: pytest.MonkeyPatch,
    document: bytes,
) -> None:
    piece = documents.publish(document, agency="chaoyang-chaowai", year=2024)

    def read_while_it_fails_over(*given: object) -> object:
        with ledger.write() as session:
            session.execute(LOST["number"])
        return read(*given)  # type: ignore[arg-type]

    monkeypatch.setattr("workers.steps.read", read_while_it_fails_over)
    run(worker_context, piece, NOON, worker="w")
    with ledger.read() as session:
        assert session.get_one(Work, piece).state not in (WorkState.DONE, WorkState.QUARANTINED)
        assert session.scalars(select(CheckRow)).all() == []
        assert session.scalars(select(ReadingRow)).all() == []
