"""Beside its turns the monitor keeps the queues filled from the ledger, whoever put the work there."""

from __future__ import annotations

import logging

import pytest
from redis import Redis
from sqlalchemy import update

from cli.broker import EmbeddedBroker
from config.settings import Settings
from ledger.database import Ledger
from ledger.models import Work
from ledger.states import Queue
from monitor.handing_out import handing_out
from tests.waiting import wait_until
from tests.workers.conftest import ZUOJIAZHUANG, Documents


def waiting(settings: Settings, queue: Queue) -> int:
    with Redis(unix_socket_path=str(settings.embedded_broker_socket)) as client:
        return int(client.llen(queue.value))


def test_what_waits_is_handed_out_as_far_as_the_queue_has_room_and_more_when_some_is_taken(
    settings: Settings, ledger: Ledger
) -> None:
    settings = settings.model_copy(update={"queued_most": 32})
    documents = Documents(settings, ledger)
    ids = [documents.publish(ZUOJIAZHUANG, name=f"report-{number}") for number in range(40)]
    with EmbeddedBroker(settings), handing_out(settings, ledger):
        wait_until(lambda: waiting(settings, Queue.READ) == 32, "the queue is full")
        with Redis(unix_socket_path=str(settings.embedded_broker_socket)) as client:
            client.ltrim("read", 4, -1)  # four were taken
        wait_until(lambda: waiting(settings, Queue.READ) == 32, "the queue is full again")
        # A scan that a worker of the other queue has left.
        with ledger.write() as session:
            session.execute(update(Work).where(Work.id == ids[-1]).values(queue=Queue.SCAN, dispatched_at=None))
        wait_until(lambda: waiting(settings, Queue.SCAN) == 1, "the scan is handed over")


def test_a_broker_that_is_away_is_said_once_and_gets_the_work_when_it_is_back(
    settings: Settings, ledger: Ledger, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitor.handing_out.AWAY_SECONDS", 0.1)
    Documents(settings, ledger).publish(ZUOJIAZHUANG)
    with handing_out(settings, ledger):
        wait_until(lambda: "消息队列无法访问" in caplog.text, "the broker is missed")
        with EmbeddedBroker(settings):
            wait_until(lambda: waiting(settings, Queue.READ) == 1, "the document is handed out")
    said = [record for record in caplog.records if "消息队列无法访问" in record.message]
    assert [record.levelno for record in said] == [logging.WARNING]
