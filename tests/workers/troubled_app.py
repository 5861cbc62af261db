"""The workers' own Celery application, but with a reader that knows the troublesome documents."""

from __future__ import annotations

from functools import partial

import workers.app
from workers.app import app as app
from workers.worker_context import open_station

workers.app.open_station = partial(  # type: ignore[attr-defined]
    open_station, reader="tests.workers.troublesome_readers:read"
)
