"""One side of bench.pipeline.beside: an office on PostgreSQL, one worker, and runs over documents as it is asked.

``python -P turns.py PAPERS`` with the tree that is measured in ``PYTHONPATH``: that may be an older commit, so that
nothing is used here but what both have. A line on standard input is the number of documents of the next run; the answer
is a line of JSON, core milliseconds a document of

- ``handing_over``: this process, while it puts a document's bytes into the archive and its work into the ledger, and
  hands out what waits; not while it waits for the worker.
- ``workers``: the worker's processes, all of them but the child that reads and what draws pages; ``reading`` and
  ``checking`` are the parts of it that go to the reading child's questions and answers, and into the rules.
- ``broker`` and ``database``: the servers' processes, as the kernel has them, from the first message on: pages and
  articles are the crawler's cost, which has a benchmark of its own.
"""

from __future__ import annotations

import json
import pickle
import sys
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import text

from bench.pipeline.office import NOON, Desk, Office, office
from bench.season.documents import Paper
from ledger.states import Queue
from workers import dispatch

LOOK_SECONDS, MOST_SECONDS = 0.2, 900
# In which queues work is not done, and whether any of it has still to be handed out.
UNFINISHED = text("SELECT DISTINCT queue, dispatched_at IS NULL FROM work WHERE state IN ('waiting', 'running')")


def main(written: str) -> None:
    """Answers until its input ends."""
    from bench.pipeline.__main__ import Workers

    some = pickle.loads(Path(written).read_bytes())  # noqa: S301 - our own file, of a moment ago
    found = (Paper(*one) for one in some)
    answers, sys.stdout = sys.stdout, sys.stderr
    with office("PostgreSQL") as place, Workers(place.settings, 1) as running:
        desk = Desk(place.settings, place.ledger)
        with closing(dispatch.Sender(place.settings)) as sender:
            for line in sys.stdin:
                many = int(line)
                handed = desk.handing_over
                for _ in range(many):
                    desk.take(next(found))
                before = _used(place, running)
                handing_over = desk.handing_over - handed + until_read(place, sender)
                after = _used(place, running) | {"handing_over": handing_over}
                each = {name: 1000 * (used - before.get(name, 0.0)) / many for name, used in after.items()}
                print(json.dumps(each), file=answers, flush=True)


def until_read(place: Office, sender: dispatch.Sender) -> float:
    """Hands out until everything is read; the core seconds that handing out took, without those of looking on.

    Raises RuntimeError where it takes too long.
    """
    used, ends = 0.0, time.monotonic() + MOST_SECONDS
    while time.monotonic() < ends:
        with place.ledger.engine.connect() as connection:
            unfinished = connection.execute(UNFINISHED).all()
        if not unfinished:
            return used
        for queue in sorted({queue for queue, waits in unfinished if waits}):
            used += _computed(partial(dispatch.fill, sender, place.ledger, Queue(queue), NOON))
        time.sleep(LOOK_SECONDS)
    raise RuntimeError(f"not everything was read within {MOST_SECONDS} s")


def _computed(function: Callable[[], object]) -> float:
    before = time.thread_time()
    function()
    return time.thread_time() - before


def _used(place: Office, running: Any) -> dict[str, float]:
    assert place.database is not None  # noqa: S101 - narrows the type; it is a server
    used = running.used()
    return {
        "workers": used["whole"],
        "reading": used["reading"],
        "checking": used["checking"],
        "broker": place.broker_core(),
        "database": _of_family(place.database),
    }


def _of_family(pid: int) -> float:
    """Core seconds of a process and of those that it started, and has still."""
    own = int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return own + sum(_of_family(int(child)) for child in children)


if __name__ == "__main__":
    main(*sys.argv[1:])
