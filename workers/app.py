"""The Celery application, for ``celery -A workers.app worker -Q read``.

One task is a document's whole way; the other is a canary, which shows by being taken that the queue is being emptied.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from config.settings import load_settings
from ledger.canaries import came_back
from workers.pulse import beat_in_worker
from workers.queue import CANARY, TASK, make_celery
from workers.station import Station, open_station
from workers.steps import run

settings = load_settings()
app = make_celery(settings)
beat_in_worker(settings)


@app.task(name=TASK, bind=True)  # type: ignore[untyped-decorator]
def read(task: Any, work_id: int, at: str) -> str:
    """Reads and checks the document of one piece of work; ``at`` (ISO 8601, with its zone) is when it was sent."""
    redelivered = bool(task.request.delivery_info.get("redelivered"))
    worker = f"{task.request.hostname}/{os.getpid()}"
    return run(_station(os.getpid()), work_id, datetime.fromisoformat(at), worker=worker, redelivered=redelivered).name


@app.task(name=CANARY, bind=True)  # type: ignore[untyped-decorator]
def canary(task: Any, slot: int) -> None:
    """Writes that a canary came this far: into a worker that has everything it needs for a document."""
    with _station(os.getpid()).ledger.write() as session:
        came_back(session, slot, str(task.request.hostname), datetime.now(UTC))


@lru_cache(maxsize=1)
def _station(process: int) -> Station:
    """What this process works with. Celery forks: connections and pipes are never shared with the process before."""
    return open_station(settings)
