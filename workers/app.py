"""The Celery application, for ``celery -A workers.app worker -Q read`` and ``-Q scan``.

One task is a document's whole way; the other is a canary, which shows by being taken that the queue is being emptied.
"""

from __future__ import annotations

import logging
import os
from datetime import UTC, datetime
from functools import lru_cache
from random import randrange
from time import monotonic
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from config.settings import load_settings
from ledger.machinery.canaries import came_back
from ledger.states import Queue
from workers.dispatch import Sender, fill
from workers.grace import hand_back_in_time
from workers.in_hand import date_by_the_brokers_clock
from workers.pulse import beat_in_worker
from workers.queue import CANARY, TASK, make_celery
from workers.station import Station, open_station
from workers.steps import Result, run

log = logging.getLogger("nianbao.workers")
# After one document of so many it is looked whether the queue runs dry. By chance, so that it is done often enough
# however many processes read, and whatever documents they are: none of those that wait last may have a round number.
FILLED_EVERY = 4
settings = load_settings()
app = make_celery(settings)
date_by_the_brokers_clock()
beat_in_worker(settings)
hand_back_in_time(settings, lambda: _interrupt())


@app.task(name=TASK, bind=True)  # type: ignore[untyped-decorator]
def read(task: Any, work_id: int, at: str) -> str:
    """Reads and checks the document of one piece of work; ``at`` (ISO 8601, with its zone) is when it was sent.

    Now and then the queue is filled again afterwards, where it is about to run dry.
    """
    queue = Queue(task.request.delivery_info["routing_key"])
    redelivered = bool(task.request.delivery_info.get("redelivered"))
    worker = f"{task.request.hostname}/{os.getpid()}"
    moment = datetime.fromisoformat(at)
    station = _station(os.getpid())
    station.look_again(monotonic())
    result = run(station, work_id, moment, worker=worker, redelivered=redelivered, queue=queue)
    if randrange(FILLED_EVERY) == 0:  # noqa: S311 - chance, not secrets
        _fill(queue, moment, only_if_low=True)
    if result is Result.REQUEUED_FOR_OCR:
        _fill(Queue.SCAN, moment, only_if_low=False)
    return result.name


@app.task(name=CANARY, bind=True)  # type: ignore[untyped-decorator]
def canary(task: Any, slot: int) -> None:
    """Writes that a canary came this far: into a worker that has everything it needs for a document."""
    station = _station(os.getpid())
    station.look_again(monotonic())
    with station.ledger.write() as session:
        came_back(session, slot, str(task.request.hostname), datetime.now(UTC))


def _fill(queue: Queue, moment: datetime, *, only_if_low: bool) -> None:
    try:
        fill(_sender(os.getpid()), _station(os.getpid()).ledger, queue, moment, only_if_low=only_if_low)
    except SQLAlchemyError as error:
        log.error("台账数据库暂时无法使用：%s；等待读取的文档稍后由巡检交付", str(error).splitlines()[0])


def _interrupt() -> None:
    if _station.cache_info().currsize:
        _station(os.getpid()).reading.interrupt()


@lru_cache(maxsize=1)
def _station(process: int) -> Station:
    """What this process works with. Celery forks: connections and pipes are never shared with the process before."""
    return open_station(settings)


@lru_cache(maxsize=1)
def _sender(process: int) -> Sender:
    return Sender(settings)
