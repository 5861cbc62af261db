"""c22: who can write to the broker chooses ids and moments; they reach no row that they should not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime

import pytest
from sqlalchemy.exc import SQLAlchemyError

from config.settings import Settings
from ledger.database import Ledger
from ledger.models import Work
from ledger.reading.work import begin
from ledger.states import Queue, WorkState
from tests.workers.conftest import NOON, ZUOJIAZHUANG, Documents
from workers.steps import run
from workers.worker_context import WorkerContext, open_worker_context


@pytest.fixture
def worker_context(sqlite_settings: Settings) -> Iterator[WorkerContext]:
    with open_worker_context(sqlite_settings) as opened:
        yield opened


def state_of(ledger: Ledger, work_id: int) -> tuple[WorkState, int]:
    with ledger.read() as session:
        row = session.get_one(Work, work_id)
        return row.state, row.attempts


@pytest.mark.parametrize("wanted", [[1], {"a": 1}, "1; drop table work", 10**30, None, -1])
def test_an_id_that_is_none_changes_no_work(
    worker_context: WorkerContext, sqlite_settings: Settings, ledger: Ledger, wanted: object
) -> None:
    work_id = Documents(sqlite_settings, ledger).publish(ZUOJIAZHUANG)
    before = state_of(ledger, work_id)
    with suppress(SQLAlchemyError, ArithmeticError, TypeError, ValueError):
        run(worker_context, wanted, NOON, worker="w", queue=Queue.READ)  # type: ignore[arg-type]
    assert state_of(ledger, work_id) == before


def test_a_moment_far_ahead_is_kept_nowhere(
    worker_context: WorkerContext, sqlite_settings: Settings, ledger: Ledger
) -> None:
    work_id = Documents(sqlite_settings, ledger).publish(ZUOJIAZHUANG)
    far = datetime(9000, 1, 1, tzinfo=NOON.tzinfo)
    run(worker_context, work_id, far, worker="w", queue=Queue.READ)
    assert all(one.year < 2100 for one in moments_of(ledger, work_id))


def test_a_header_of_long_ago_dates_nothing_into_the_future(
    worker_context: WorkerContext, sqlite_settings: Settings, ledger: Ledger
) -> None:
    work_id = Documents(sqlite_settings, ledger).publish(ZUOJIAZHUANG)
    long_ago = datetime(1, 1, 1, tzinfo=NOON.tzinfo)
    run(worker_context, work_id, NOON, worker="w", queue=Queue.READ, sent=long_ago)
    assert all(one.year < 2100 for one in moments_of(ledger, work_id))


def test_a_moment_of_long_ago_makes_no_work_that_is_being_read_lost(
    worker_context: WorkerContext, sqlite_settings: Settings, ledger: Ledger
) -> None:
    work_id = Documents(sqlite_settings, ledger).publish(ZUOJIAZHUANG)
    with ledger.write() as session:
        begin(session, work_id, NOON, worker="w", redelivered=False, most=3)
    run(
        worker_context,
        work_id,
        datetime(1970, 1, 1, tzinfo=NOON.tzinfo),
        worker="w",
        redelivered=True,
        queue=Queue.READ,
    )
    assert all(one.year > 2000 for one in moments_of(ledger, work_id))


def moments_of(ledger: Ledger, work_id: int) -> list[datetime]:
    with ledger.read() as session:
        row = session.get_one(Work, work_id)
        moments = [getattr(row, one.name) for one in Work.__table__.columns if one.name.endswith("_at")]
    return [one for one in moments if one is not None]
