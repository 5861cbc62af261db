"""The workers' own Celery application, which keeps account of the core seconds of reading and of checking.

For ``celery -A bench.pipeline.worker worker``. After every task its process writes to ``NIANBAO_TEST_ACCOUNTS`` what it
has used so far, and how much of that went into reading (its own part: bytes to the child, the report back) and into the
rules; what the child uses is not among it.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

from celery import signals

import cli  # noqa: F401 - what nianbao itself sets before anything else, for the garbage collector, holds here too
import workers.checking
import workers.neighbours
from workers.app import app as app
from workers.reading.child.process import ReadingProcess
from workers.rules.check import check_report
from workers.rules.likeness import to_be_compared

FOLDER = "NIANBAO_TEST_ACCOUNTS"
used = {"reading": 0.0, "checking": 0.0}


def _accounted(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(function)
    def accounted(*args: Any, **named: Any) -> Any:
        before = time.process_time()
        try:
            return function(*args, **named)
        finally:
            used[name] += time.process_time() - before

    return accounted


vars(workers.checking)["check_report"] = _accounted("checking", check_report)
vars(workers.neighbours)["to_be_compared"] = _accounted("checking", to_be_compared)
setattr(ReadingProcess, "read", _accounted("reading", ReadingProcess.read))  # noqa: B010 - a method is replaced


@signals.task_postrun.connect(weak=False)  # type: ignore[untyped-decorator]
def _write(**_: Any) -> None:
    account = json.dumps(used | {"whole": time.process_time()})
    place = Path(os.environ[FOLDER]) / str(os.getpid())
    place.with_suffix(".new").write_text(account, encoding="ascii")
    place.with_suffix(".new").rename(place)
