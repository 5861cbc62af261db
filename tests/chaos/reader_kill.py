"""A process is killed in the middle of reading, as the kernel does where memory ends; the broker must bring it back.

That is what acknowledging late is for: nobody has to wait until the sweep takes the document for lost. Whatever else
could have lost the message is left in peace meanwhile, so that there is no other explanation.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator, Sequence

from sqlalchemy import select

from ledger.database import Ledger
from ledger.models import Work
from ledger.states import WorkState
from tests.chaos.messages import IN_HAND, messages
from tests.chaos.roles import Roles
from tests.chaos.servers import Broker

# Before: what was in hand when something else was hurt is done. Then a document is waited for, and afterwards its
# return: Celery waits ten seconds before it gives a process up, the sweep a minute.
CALM_SECONDS = 10.0
HUNT_SECONDS = 40.0
RETURN_SECONDS = 120.0
_POLLS, _POLL_SECONDS = 10, 0.01


class ReaderKill:
    """One such fault; :meth:`step` is called again and again until it says that it is over."""

    def __init__(self, roles: Roles, ledger: Ledger, broker: Broker) -> None:
        self._roles = roles.of("worker")
        self._broker = broker
        self._ledger = ledger
        self._steps = self._run()
        self.holds = {"broker", "broker proxy", "database", "database proxy"}
        self.holds |= {"how many workers", "clock of machine 0", "clock of machine 1"}
        self.holds |= {role.name for role in self._roles}
        self._left: set[tuple[int, int]] = set()
        self.killed: int | None = None
        self.wrong: list[str] = []

    def step(self) -> bool:
        """Goes on; True: it is over."""
        return next(self._steps, True)

    def _run(self) -> Iterator[bool]:
        begun = time.monotonic()
        while time.monotonic() - begun < CALM_SECONDS:
            yield False
        # What counts as being read already may have been left by a worker that could not write how it ended: there the
        # ledger was away, and no process has it in hand.
        self._left = {(row.id, row.attempts) for row in self._running()}
        while (taken := self._kill_one()) is None:
            if time.monotonic() - begun > CALM_SECONDS + HUNT_SECONDS:
                return
            yield False
        self.killed, attempts = taken
        killed_at = time.monotonic()
        while not self._is_back(self.killed, attempts):
            if self._waits_again(self.killed):
                # At the end of the queue: how long that is depends on the machine.
                return
            if time.monotonic() - killed_at > RETURN_SECONDS:
                self.wrong.append(
                    f"work {self.killed}, whose process was killed, did not come back from the broker within "
                    f"{RETURN_SECONDS:g} s, although nothing was done to the broker"
                )
                return
            yield False

    def _kill_one(self) -> tuple[int, int] | None:
        """Work in the middle of which its process was killed, and its attempt; None where nothing is being read."""
        for _ in range(_POLLS):
            for row in self._running():
                process = int((row.worker or "/0").rpartition("/")[2])
                ours = any(role.owns(process) and process != role.process for role in self._roles)
                if not ours or (row.id, row.attempts) in self._left:
                    continue
                os.kill(process, signal.SIGKILL)
                if not self._is_back(row.id, row.attempts):
                    return row.id, row.attempts
            time.sleep(_POLL_SECONDS)
        return None

    def _waits_again(self, work_id: int) -> bool:
        with self._broker.client() as client:
            return any(where != IN_HAND and number == work_id for where, number in messages(client))

    def _running(self) -> Sequence[Work]:
        with self._ledger.read() as session:
            return session.scalars(select(Work).where(Work.state == WorkState.RUNNING)).all()

    def _is_back(self, work_id: int, attempts: int) -> bool:
        with self._ledger.read() as session:
            row = session.get_one(Work, work_id)
        return row.state is not WorkState.RUNNING or row.attempts != attempts
