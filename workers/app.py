"""The Celery application, for ``celery -A workers.app worker -Q read``: one task, which is a document's whole way."""

from __future__ import annotations

import os
from datetime import datetime
from functools import lru_cache
from typing import Any

from config.settings import load_settings
from workers.queue import TASK, make_celery
from workers.station import Station, open_station
from workers.steps import run

settings = load_settings()
app = make_celery(settings)


@app.task(name=TASK, bind=True)  # type: ignore[untyped-decorator]
def read(task: Any, work_id: int, at: str) -> str:
    """Reads and checks the document of one piece of work; ``at`` (ISO 8601, with its zone) is when it was sent."""
    redelivered = bool(task.request.delivery_info.get("redelivered"))
    worker = f"{task.request.hostname}/{os.getpid()}"
    return run(_station(os.getpid()), work_id, datetime.fromisoformat(at), worker=worker, redelivered=redelivered).name


@lru_cache(maxsize=1)
def _station(process: int) -> Station:
    """What this process works with. Celery forks: connections and pipes are never shared with the process before."""
    return open_station(settings)
