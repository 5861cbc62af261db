"""Messages about several pieces of work: each is read as if it had come alone, whatever happens to the others."""

from __future__ import annotations

import os
import signal
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pytest
from redis import Redis
from sqlalchemy import select, update

from cli.broker import EmbeddedBroker
from config.settings import Settings
from ledger.database import Ledger
from ledger.models import Work
from ledger.reading.handing_out import HandedOut, take_back_from
from ledger.reading.work import begin
from ledger.states import Queue, WorkState
from tests.waiting import wait_until
from tests.workers import troublesome_readers as trouble
from tests.workers.conftest import NOON, ZUOJIAZHUANG, Documents, StartWorker
from tests.workers.test_pipeline import gated, wait_for
from workers import together
from workers.dispatch import MANY, Sender, hand_out
from workers.queue import OTHERS, TOGETHER, TOGETHER_SECONDS
from workers.steps import Result
from workers.together import one_after_another, others_in
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
    assert [found[piece].attempts for piece in pieces] == [1, 2, 1, 1]


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


def test_no_time_is_begun_after_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([0.0, 1.0, TOGETHER_SECONDS + 1.0])
    given_back: list[object] = []
    monkeypatch.setattr(together, "monotonic", lambda: next(clock))
    monkeypatch.setattr(together, "_give_back", lambda _context, pieces, _at: given_back.extend(pieces))
    done: list[int] = []

    def one(piece: int) -> Result:
        done.append(piece)
        return Result.DONE

    assert one_after_another(cast(WorkerContext, None), [1, 2, 3, 4], NOON, one) is Result.DONE
    assert (done, given_back) == ([1, 2], [3, 4])


@pytest.mark.parametrize("written", [None, "12", 7, {"a": 1}, [["x"], "y", None, 2.5, True]])
def test_whoever_writes_to_the_broker_adds_nothing_that_is_no_work(written: object) -> None:
    assert others_in({OTHERS: written}) == []


def test_no_message_is_about_more_than_we_send() -> None:
    assert others_in({OTHERS: list(range(1000))}) == list(range(TOGETHER - 1))
