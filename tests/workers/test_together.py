"""Messages about several pieces of work: each fares as if it had come alone, whatever happens to the others."""

from __future__ import annotations

import os
import signal
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

import pytest
from kombu.exceptions import BatchPublishError
from redis import Redis
from sqlalchemy import delete, func, select, update

from cli.broker import EmbeddedBroker
from config.settings import Settings
from ledger.database import Ledger
from ledger.models import CheckRow, FindingRow, ReadingRow, Tally, Work
from ledger.reading.findings import lock_free
from ledger.reading.handing_out import HandedOut, take_back_from
from ledger.reading.work import begin, begin_together
from ledger.states import Queue, WorkState
from tests.waiting import wait_until
from tests.workers import troublesome_readers as trouble
from tests.workers.conftest import NOON, ZUOJIAZHUANG, Documents, StartWorker
from tests.workers.test_pipeline import gated, wait_for
from workers import together
from workers.dispatch import MANY, Sender, hand_out
from workers.queue import OTHERS, TOGETHER
from workers.steps import Result, run
from workers.together import others_in, run_message
from workers.worker_context import WorkerContext

CRASHES = trouble.CRASHES + b"\n" + ZUOJIAZHUANG


def published(documents: Documents, *some: bytes) -> list[int]:
    return [documents.publish(data, name=f"report-{number}") for number, data in enumerate(some)]


def in_one_message(settings: Settings, pieces: list[int]) -> None:
    with closing(Sender(settings)) as sender:
        handed_out = [HandedOut(piece, NOON) for piece in pieces]
        assert sender.send(Queue.READ, handed_out, datetime.now(UTC), backlog=True)
    with Redis(unix_socket_path=str(settings.embedded_broker_socket)) as client:
        assert client.llen("read") + client.hlen("unacked") == 1


def rows(ledger: Ledger) -> dict[int, Work]:
    with ledger.read() as session:
        return {row.id: row for row in session.scalars(select(Work))}


def test_a_bad_one_among_them_concerns_only_itself(
    settings: Settings, ledger: Ledger, documents: Documents, broker: EmbeddedBroker, start_worker: StartWorker
) -> None:
    pieces = published(documents, ZUOJIAZHUANG, b"%PDF-1.7 broken", ZUOJIAZHUANG, ZUOJIAZHUANG)
    in_one_message(settings, pieces)
    wait_for(ledger, start_worker())
    done, quarantined = WorkState.DONE, WorkState.QUARANTINED
    assert [rows(ledger)[piece].state for piece in pieces] == [done, quarantined, done, done]


def test_who_has_trouble_gives_the_others_back(
    settings: Settings, ledger: Ledger, documents: Documents, broker: EmbeddedBroker, start_worker: StartWorker
) -> None:
    pieces = published(documents, ZUOJIAZHUANG, CRASHES, ZUOJIAZHUANG, ZUOJIAZHUANG)
    with ledger.write() as session:
        session.execute(update(Work).values(dispatched_at=NOON))
    in_one_message(settings, pieces)
    worker = start_worker()
    wait_until(lambda: rows(ledger)[pieces[2]].dispatched_at is None, "the others are given back")
    assert (rows(ledger)[pieces[1]].state, rows(ledger)[pieces[1]].attempts) == (WorkState.WAITING, 1)
    assert [rows(ledger)[piece].attempts for piece in pieces[2:]] == [0, 0]
    assert hand_out(settings, ledger, NOON) == 2
    wait_until(lambda: [rows(ledger)[piece].state for piece in pieces[2:]] == [WorkState.DONE] * 2, worker.said())


def test_a_killed_process_leaves_all_that_it_had_not_done_to_the_next(
    settings: Settings,
    ledger: Ledger,
    documents: Documents,
    broker: EmbeddedBroker,
    start_worker: StartWorker,
    tmp_path: Path,
) -> None:
    gate = tmp_path / "gate"
    pieces = published(documents, ZUOJIAZHUANG, gated(gate), ZUOJIAZHUANG, ZUOJIAZHUANG)
    in_one_message(settings, pieces)
    worker = start_worker()
    wait_until(gate.with_suffix(".reached").exists, "the worker reads the second")
    (child,) = worker.children()
    gate.touch()
    os.kill(child, signal.SIGKILL)
    wait_for(ledger, worker)
    found = rows(ledger)
    assert [found[piece].state for piece in pieces] == [WorkState.DONE] * 4
    # The first may have been recorded already: the others were begun with it, and once more alone.
    assert [found[piece].attempts for piece in pieces[1:]] == [2, 2, 2]


def test_what_may_have_been_in_a_dead_workers_message_is_handed_out_again(ledger: Ledger, documents: Documents) -> None:
    pieces = published(documents, *[ZUOJIAZHUANG] * 3)
    with ledger.write() as session:
        session.execute(update(Work).values(dispatched_at=NOON))
        session.execute(update(Work).where(Work.id == pieces[2]).values(dispatched_at=NOON.replace(hour=3)))
        begin(session, pieces[0], NOON, worker="dead/1", redelivered=False, most=3)
    with ledger.write() as session:
        assert take_back_from(session, ["dead/1"]) == pieces[:1]
    assert [rows(ledger)[piece].dispatched_at for piece in pieces] == [None, None, NOON.replace(hour=3)]


def test_where_little_waits_each_has_a_message_of_its_own(
    settings: Settings, ledger: Ledger, documents: Documents, broker: EmbeddedBroker
) -> None:
    published(documents, *[ZUOJIAZHUANG] * 5)
    hand_out(settings, ledger, NOON)
    with Redis(unix_socket_path=str(settings.embedded_broker_socket)) as client:
        assert client.llen("read") == 5
        client.delete("read")
        published(documents, *[ZUOJIAZHUANG + str(number).encode() for number in range(MANY)])
        assert hand_out(settings, ledger, NOON) == MANY
        assert client.llen("read") == MANY // TOGETHER
        with closing(Sender(settings)) as sender:
            assert sender.room(Queue.READ) == settings.queued_most - MANY


def together_as_a_worker(worker_context: WorkerContext, pieces: list[int], *, redelivered: bool = False) -> Result:
    return run_message(worker_context, pieces, NOON, worker="w", redelivered=redelivered, queue=Queue.READ, sent=None)


def of_three_agencies(documents: Documents) -> list[int]:
    """Three reports, alike but for the file."""
    return [documents.publish(ZUOJIAZHUANG + agency.encode(), name=agency, agency=agency) for agency in ("a", "b", "c")]


def said(ledger: Ledger) -> list[tuple[object, ...]]:
    """What is recorded of the reports, but for when."""
    with ledger.read() as session:
        checks = select(CheckRow).order_by(CheckRow.agency)
        findings = select(FindingRow).order_by(FindingRow.agency, FindingRow.rule, FindingRow.fingerprint)
        tallies = select(Tally.outcome, func.sum(Tally.count)).group_by(Tally.outcome)
        return [
            *((row.agency, row.outcomes, row.fingerprints) for row in session.scalars(checks)),
            *((row.agency, row.fingerprint, row.message, row.state) for row in session.scalars(findings)),
            *(tuple(row) for row in session.execute(tallies)),
            *((row.state, row.attempts) for row in session.scalars(select(Work))),
            *session.scalars(select(ReadingRow.sha256).order_by(ReadingRow.sha256)),
        ]


@pytest.mark.both_databases
def test_together_they_leave_the_same_rows_as_one_by_one(
    ledger: Ledger, worker_context: WorkerContext, documents: Documents, monkeypatch: pytest.MonkeyPatch
) -> None:
    pieces = of_three_agencies(documents)
    with monkeypatch.context() as patched:
        patched.setattr(together, "complete", lambda *_: pytest.fail("one was taken alone"))
        assert together_as_a_worker(worker_context, pieces) is Result.DONE
    as_together = said(ledger)
    assert together_as_a_worker(worker_context, pieces) is Result.DUPLICATE
    with ledger.write() as session:
        for model in (FindingRow, CheckRow, ReadingRow, Tally):
            session.execute(delete(model))
        session.execute(update(Work).values(state=WorkState.WAITING, attempts=0))
    for piece in pieces:
        assert run(worker_context, piece, NOON, worker="w") is Result.DONE
    assert said(ledger) == as_together


@pytest.mark.both_databases
def test_what_cannot_be_recorded_together_is_recorded_one_by_one(
    ledger: Ledger, worker_context: WorkerContext, documents: Documents, monkeypatch: pytest.MonkeyPatch
) -> None:
    pieces = of_three_agencies(documents)
    monkeypatch.setattr("workers.checking.lock_free", lambda *_: 1 // 0)
    assert together_as_a_worker(worker_context, pieces) is Result.DONE
    assert [(row.state, row.attempts) for row in rows(ledger).values()] == [(WorkState.DONE, 1)] * 3
    with ledger.read() as session:
        assert session.scalars(select(CheckRow.agency).order_by(CheckRow.agency)).all() == ["a", "b", "c"]


def test_who_was_begun_before_is_begun_alone(
    ledger: Ledger, worker_context: WorkerContext, documents: Documents, monkeypatch: pytest.MonkeyPatch
) -> None:
    pieces = of_three_agencies(documents)
    with ledger.write() as session:
        session.execute(update(Work).where(Work.id == pieces[1]).values(attempts=1))
        assert begin_together(session, pieces, NOON, worker="w", queue=Queue.READ) == {pieces[0], pieces[2]}
    # A message that comes again begins nothing together.
    monkeypatch.setattr(together, "begin_together", lambda *_, **__: pytest.fail("begun together"))
    together_as_a_worker(worker_context, pieces, redelivered=True)
    assert [(row.state, row.attempts) for row in rows(ledger).values()] == [(WorkState.DONE, 2)] * 3


def test_what_was_read_does_not_wait_for_one_that_takes_long(
    ledger: Ledger,
    worker_context: WorkerContext,
    documents: Documents,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    gate = tmp_path / "gate"
    first, long = published(documents, ZUOJIAZHUANG, gated(gate))
    monkeypatch.setattr(together, "TOGETHER_SECONDS", 0.0)
    monkeypatch.setattr(together._Message, "is_over", lambda _: False)
    reading = Thread(target=lambda: together_as_a_worker(worker_context, [first, long]))
    reading.start()
    wait_until(lambda: rows(ledger)[first].state is WorkState.DONE, "the first is recorded")
    assert rows(ledger)[long].state is WorkState.RUNNING
    gate.touch()
    reading.join(60)
    assert rows(ledger)[long].state is WorkState.DONE


def test_none_is_read_after_time_is_over(
    ledger: Ledger, worker_context: WorkerContext, documents: Documents, monkeypatch: pytest.MonkeyPatch
) -> None:
    pieces = of_three_agencies(documents)
    with ledger.write() as session:
        session.execute(update(Work).values(dispatched_at=NOON))
        session.execute(update(Work).where(Work.id == pieces[2]).values(attempts=1))
    monkeypatch.setattr(together, "TOGETHER_SECONDS", -1.0)
    assert together_as_a_worker(worker_context, pieces) is Result.DONE
    found = [(row.state, row.attempts, row.dispatched_at) for row in rows(ledger).values()]
    assert found == [(WorkState.DONE, 1, NOON), (WorkState.WAITING, 0, None), (WorkState.WAITING, 1, None)]


@pytest.mark.both_databases
def test_who_takes_several_reports_waits_for_nobody(ledger: Ledger, documents: Documents) -> None:
    of_three_agencies(documents)
    with ledger.write() as session:
        assert lock_free(session, ["a", "b", "none"], 2019) == {"a", "b"}
        if session.get_bind().dialect.name == "postgresql":  # SQLite has one writer at a time
            with ledger.write() as other:
                assert lock_free(other, ["b", "c"], 2019) == {"c"}


def test_a_batch_that_breaks_off_is_a_broker_that_is_away(settings: Settings) -> None:
    def breaks_off(*_: object) -> None:
        raise BatchPublishError("delivery is uncertain")

    with closing(Sender(settings)) as sender:
        sender._publish = breaks_off
        assert not sender.send(Queue.READ, [HandedOut(1, NOON)], datetime.now(UTC))


@pytest.mark.parametrize("written", [None, "12", 7, {"a": 1}, [["x"], "y", None, 2.5, True]])
def test_whoever_writes_to_the_broker_adds_nothing_that_is_no_work(written: object) -> None:
    assert others_in({OTHERS: written}) == []


def test_no_message_is_about_more_than_we_send() -> None:
    assert others_in({OTHERS: list(range(1000))}) == list(range(TOGETHER - 1))
