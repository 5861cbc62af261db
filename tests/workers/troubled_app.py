"""The workers' own Celery application, but with a reader that knows the troublesome documents."""

from __future__ import annotations

import atexit
import gc
from functools import partial

from config.loading import loading

with loading():
    import workers.app
    from workers.app import app as app
    from workers.worker_context import open_worker_context

atexit.register(gc.freeze)  # as nianbao does (cli/main.py)

workers.app.open_worker_context = partial(  # type: ignore[attr-defined]
    open_worker_context, reader="tests.workers.troublesome_readers:read"
)
