"""A document's way, step by step in one process: what ends in which rows, and that doing it twice changes nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from config.agencies import AgencyEntry, DistrictFile, Watched
from config.register import Register
from config.settings import Settings
from ledger.database import Ledger
from ledger.models import Article, CheckRow, FindingRow, ReadingRow, Work
from ledger.models.table import Table
from ledger.reading import work
from ledger.states import ArticleOutcome, FindingState, WorkState
from tests.workers import troublesome_readers as trouble
from tests.workers.conftest import NOON, ZUOJIAZHUANG, Documents
from workers.steps import Result, run
from workers.worker_context import WorkerContext

LATER = NOON + timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def rows(ledger: Ledger, model: type[Table]) -> list[dict[str, Any]]:
    with ledger.read() as session:
        listed = session.scalars(select(model)).all()
        return [{column.key: getattr(row, column.key) for column in model.__table__.columns} for row in listed]


def the_work(ledger: Ledger) -> Work:
    with ledger.read() as session:
        return session.scalars(select(Work)).one()


def findings(ledger: Ledger) -> dict[str, FindingState]:
    with ledger.read() as session:
        return {f"{row.rule} {row.message}": row.state for row in session.scalars(select(FindingRow))}


@pytest.mark.both_databases
def test_a_report_is_read_and_its_findings_are_recorded(
    ledger: Ledger, worker_context: WorkerContext, documents: Documents
) -> None:
    work_id = documents.publish(ZUOJIAZHUANG)
    assert run(worker_context, work_id, NOON, worker="w") is Result.DONE
    done = the_work(ledger)
    assert (done.state, done.attempts, done.begun_at, done.worker) == (WorkState.DONE, 1, NOON, "w")
    (reading,) = rows(ledger, ReadingRow)
    assert reading["content"]["year"] == 2019
    assert reading["seconds"] > 0
    # What is recorded is dated by when it was done: reading takes its time, checking comes after it.
    assert done.finished_at is not None
    assert NOON + timedelta(seconds=reading["seconds"]) <= reading["read_at"] < done.finished_at
    (check,) = rows(ledger, CheckRow)
    assert (check["agency"], check["year"]) == ("zuojiazhuang", 2019)
    assert reading["read_at"] < check["checked_at"] <= done.finished_at
    assert (check["outcomes"]["T05"], check["outcomes"]["T06"], check["outcomes"]["T07"]) == ("fail", "fail", "pass")
    found = rows(ledger, FindingRow)
    assert {row["rule"] for row in found} >= {"T05", "T06"}
    assert all(row["state"] is FindingState.OPEN and row["opened_at"] == check["checked_at"] for row in found)
    assert sorted(row["fingerprint"] for row in found) == sorted(check["fingerprints"])


@pytest.mark.both_databases
def test_doing_it_twice_gives_the_same_rows(
    ledger: Ledger, worker_context: WorkerContext, documents: Documents
) -> None:
    work_id = documents.publish(ZUOJIAZHUANG)
    run(worker_context, work_id, NOON, worker="w")
    tables = (Work, ReadingRow, CheckRow, FindingRow, Article)
    before = {model: rows(ledger, model) for model in tables}
    assert run(worker_context, work_id, LATER, worker="v") is Result.DUPLICATE
    assert run(worker_context, work_id, LATER, worker="v", redelivered=True) is Result.DUPLICATE
    assert {model: rows(ledger, model) for model in tables} == before
    with ledger.write() as session:
        session.execute(update(Work).values(state=WorkState.RUNNING))
    assert run(worker_context, work_id, LATER, worker="v", redelivered=True) is Result.DONE
    for model in (ReadingRow, FindingRow, Article):
        assert rows(ledger, model) == before[model]
    assert len(rows(ledger, CheckRow)) == 1


@pytest.mark.both_databases
def test_work_that_another_has_is_left_alone(
    ledger: Ledger, worker_context: WorkerContext, documents: Documents
) -> None:
    work_id = documents.publish(ZUOJIAZHUANG)
    with ledger.write() as session:
        assert work.begin(session, work_id, NOON, worker="other", redelivered=False, most=3).how is work.Begin.BEGUN
    assert run(worker_context, work_id, NOON, worker="w") is Result.STOPPED
    assert the_work(ledger).attempts == 1
    assert run(worker_context, work_id, NOON, worker="w", redelivered=True) is Result.DONE
    assert the_work(ledger).attempts == 2


@pytest.mark.parametrize(
    ("document", "error"),
    [(b"", "empty"), (b"%PDF-1.7 broken", "broken"), (b"a page that is no report", "not_a_report")],
)
def test_a_document_that_cannot_be_read_is_quarantined_at_once_and_the_office_sees_it(
    ledger: Ledger, worker_context: WorkerContext, documents: Documents, document: bytes, error: str
) -> None:
    work_id = documents.publish(document)
    assert run(worker_context, work_id, NOON, worker="w") is Result.QUARANTINED
    ended = the_work(ledger)
    assert (ended.state, ended.attempts, ended.error) == (WorkState.QUARANTINED, 1, error)
    (finding,) = rows(ledger, FindingRow)
    assert (finding["rule"], finding["severity"], finding["agency"], finding["year"]) == (
        "X01",
        "human",
        "zuojiazhuang",
        2019,
    )
    assert finding["message"] == ended.sentence.rstrip("。")
    assert rows(ledger, ReadingRow) == []


@pytest.mark.parametrize(("document", "error"), [(trouble.CRASHES, "crashed"), (trouble.EATS, "memory")])
def test_a_document_that_kills_its_reader_gets_three_attempts_with_growing_pauses(
    ledger: Ledger, worker_context: WorkerContext, documents: Documents, document: bytes, error: str
) -> None:
    work_id = documents.publish(document)
    at = NOON
    for pause in (1, 5):
        assert run(worker_context, work_id, at, worker="w") is Result.WAITS_AGAIN
        following = the_work(ledger).next_attempt_at
        assert following > at + pause * MINUTE
        assert run(worker_context, work_id, at, worker="w") is Result.STOPPED
        at = following
    assert run(worker_context, work_id, at, worker="w") is Result.QUARANTINED
    ended = the_work(ledger)
    assert (ended.state, ended.attempts, ended.error) == (WorkState.QUARANTINED, 3, error)
    assert run(worker_context, work_id, LATER, worker="w") is Result.DUPLICATE
    assert [row["rule"] for row in rows(ledger, FindingRow)] == ["X01"]


def test_a_document_whose_worker_dies_every_time_is_quarantined_before_a_fourth(
    ledger: Ledger, worker_context: WorkerContext, documents: Documents
) -> None:
    work_id = documents.publish(ZUOJIAZHUANG)
    for _ in range(3):
        with ledger.write() as session:
            assert work.begin(session, work_id, NOON, worker="dies", redelivered=True, most=3).how is work.Begin.BEGUN
    assert run(worker_context, work_id, NOON, worker="w", redelivered=True) is Result.QUARANTINED
    assert the_work(ledger).error == "crashed"
    assert rows(ledger, ReadingRow) == []


def test_an_archive_that_is_away_is_not_the_documents_fault(
    ledger: Ledger, worker_context: WorkerContext, documents: Documents, settings: Settings
) -> None:
    work_id = documents.publish(ZUOJIAZHUANG)
    archive, away = settings.home / "archive", settings.home / "away"
    archive.rename(away)
    at = NOON
    for _ in range(5):
        assert run(worker_context, work_id, at, worker="w") is Result.WAITS_AGAIN
        assert (the_work(ledger).attempts, the_work(ledger).error) == (0, "machinery")
        at = the_work(ledger).next_attempt_at
    away.rename(archive)
    assert run(worker_context, work_id, at, worker="w") is Result.DONE


def test_a_report_that_the_list_could_not_assign_is_assigned_by_what_it_says(
    ledger: Ledger, worker_context: WorkerContext, documents: Documents
) -> None:
    worker_context = replace(worker_context, register=_register(worker_context))
    work_id = documents.publish(ZUOJIAZHUANG, agency=None, year=None)
    assert run(worker_context, work_id, NOON, worker="w") is Result.DONE
    (article,) = rows(ledger, Article)
    assert (article["agency"], article["year"], article["outcome"]) == (
        "zuojiazhuang",
        2019,
        ArticleOutcome.REPORT,
    )
    assert {row["agency"] for row in rows(ledger, FindingRow)} == {"zuojiazhuang"}


def test_a_report_of_an_agency_that_is_not_registered_stays_unassigned_and_accuses_nobody(
    ledger: Ledger, worker_context: WorkerContext, documents: Documents
) -> None:
    worker_context = replace(worker_context, register=replace(worker_context.register, districts={}))
    work_id = documents.publish(ZUOJIAZHUANG, agency=None, year=None)
    assert run(worker_context, work_id, NOON, worker="w") is Result.DONE
    (article,) = rows(ledger, Article)
    assert (article["agency"], article["outcome"]) == (None, ArticleOutcome.UNASSIGNED)
    assert {row["agency"] for row in rows(ledger, FindingRow)} == {None}


def test_a_document_of_another_agency_is_not_given_to_that_agency(
    ledger: Ledger, worker_context: WorkerContext, documents: Documents
) -> None:
    worker_context = replace(worker_context, register=_register(worker_context))
    work_id = documents.publish(ZUOJIAZHUANG, agency="nanmofang", year=2018)
    assert run(worker_context, work_id, NOON, worker="w") is Result.DONE
    (article,) = rows(ledger, Article)
    assert (article["agency"], article["year"]) == ("nanmofang", 2018)
    assert {(row["agency"], row["year"]) for row in rows(ledger, FindingRow)} == {("nanmofang", 2018)}
    assert "D02" in {row["rule"] for row in rows(ledger, FindingRow)}


def _register(worker_context: WorkerContext) -> Register:
    district = DistrictFile(
        district="朝阳区",
        portal="chaoyang",
        watched=Watched(first=2018),
        agencies=(
            AgencyEntry(id="zuojiazhuang", name="左家庄街道办事处", short="左家庄街道", kind="subdistrict"),
            AgencyEntry(id="nanmofang", name="南磨房地区办事处", short="南磨房地区", kind="subdistrict"),
        ),
    )
    return replace(worker_context.register, districts={district.district: district})


@pytest.mark.both_databases
def test_text_that_a_database_refuses_ends_as_rows_all_the_same(
    ledger: Ledger, worker_context: WorkerContext, documents: Documents
) -> None:
    work_id = documents.publish(trouble.DIRTY + b"\n" + ZUOJIAZHUANG)
    assert run(worker_context, work_id, NOON, worker="w") is Result.DONE
    (reading,) = rows(ledger, ReadingRow)
    assert reading["content"]["title"].startswith("左\ufffd家\ufffd庄2018年")
    assert "D02" in {row["rule"] for row in rows(ledger, FindingRow)}
