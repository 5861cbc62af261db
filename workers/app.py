"""The Celery application, for ``celery -A workers.app worker -Q read`` and ``-Q scan``.

One task is a document's whole way, or that of a few together; the other is a canary, which shows by being
taken that the queue is being emptied.
"""

from __future__ import annotations

import gc
import os
from datetime import UTC, datetime
from functools import lru_cache
from time import monotonic
from typing import Any

from config.settings import load_settings
from ledger.machinery.canaries import came_back
from ledger.states import Queue
from workers.grace import hand_back_in_time
from workers.heartbeat import beat_in_worker
from workers.in_hand import date_by_the_brokers_clock
from workers.queue import CANARY, SENT, TASK, make_celery
from workers.together import others_in, run_message
from workers.worker_context import WorkerContext, open_worker_context

settings = load_settings()
app = make_celery(settings)
date_by_the_brokers_clock()
beat_in_worker(settings)
hand_back_in_time(settings, lambda: _interrupt())


@app.task(name=TASK, bind=True)  # type: ignore[untyped-decorator]
def read(task: Any, work_id: int, at: str) -> str:
    """Reads and checks the document of one piece of work, and of the others that the message is about.

    ``at`` (ISO 8601, with its zone) is when they were handed out. That may be a moment of a replayed season; the header
    ``sent`` is when it really was, by the ledger's clock.
    """
    queue = Queue(task.request.delivery_info["routing_key"])
    redelivered = bool(task.request.delivery_info.get("redelivered"))
    worker = f"{task.request.hostname}/{os.getpid()}"
    headers = task.request.headers or {}
    moment, header = datetime.fromisoformat(at), headers.get(SENT)
    sent = None if header is None else datetime.fromisoformat(header)
    worker_context = _station(os.getpid())
    worker_context.look_again(monotonic())
    pieces = [work_id, *others_in(headers)]
    return run_message(
        worker_context, pieces, moment, worker=worker, redelivered=redelivered, queue=queue, sent=sent
    ).name


@app.task(name=CANARY, bind=True)  # type: ignore[untyped-decorator]
def canary(task: Any, slot: int) -> None:
    """Writes that a canary came this far: into a worker that has everything it needs for a document."""
    worker_context = _station(os.getpid())
    worker_context.look_again(monotonic())
    with worker_context.ledger.write() as session:
        came_back(session, slot, str(task.request.hostname), datetime.now(UTC))


def _interrupt() -> None:
    if _station.cache_info().currsize:
        _station(os.getpid()).reading.interrupt()


@lru_cache(maxsize=1)
def _station(process: int) -> WorkerContext:
    """What this process works with. Celery forks: connections and pipes are never shared with the process before."""
    opened = open_worker_context(settings)
    # What is here now stays: looking through all of it for circles again and again took a thirtieth of the time.
    gc.collect()
    gc.freeze()
    return opened
