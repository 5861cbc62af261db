"""The heartbeats of the roles: when each process was last seen alive, what it does, and what it sees of its machine.

Written in real time and by the ledger's clock, so that a machine whose own clock is wrong is not taken for silent.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version

from sqlalchemy import Update, delete, select, update
from sqlalchemy.orm import Session

from config.in_force import Fault, Instead, file_faults
from config.settings import Settings
from ledger.clock import ledger_time
from ledger.database import Ledger
from ledger.insert import insert_or_ignore, table_of
from ledger.machinery.host_checks import JumpWatch, disks, file_clock
from ledger.models import Heartbeat
from ledger.states import Queue

CRAWLER, WORKER, MONITOR = ROLES = ("crawler", "worker", "monitor")


class HeartbeatWriter:
    """The heart of one process of a role; ``name`` is its host and process id where none is given.

    ``queues`` are those that a worker takes work from.
    """

    def __init__(
        self, settings: Settings, ledger: Ledger, role: str, name: str | None = None, queues: Sequence[str] = ()
    ) -> None:
        self._settings = settings
        self._ledger = ledger
        self._jumps = JumpWatch()
        self._started_at: datetime | None = None
        self.role = role
        self._queues = {"queues": list(queues)} if queues else {}
        self.host = socket.gethostname()
        self.name = name or f"{self.host}:{os.getpid()}"

    def beat(self, now: datetime, *, last_work_at: datetime | None = None, busy: bool = False) -> datetime:
        """Notes that the process is alive; returns ``now`` by the ledger's clock.

        ``now`` and ``last_work_at`` are by this machine's clock. Raises SQLAlchemy's errors.
        """
        host_checks = {
            "disks": disks(self._settings),
            "file_clock": file_clock(self._settings),
            "jump": self._jumps.look(),
        }
        host_checks["files"] = [asdict(fault) for fault in file_faults(self._settings.home)]
        with self._ledger.write() as session:
            moment = ledger_time(session, now)
            skew = now - moment
            if self._started_at is None:
                self._started_at = moment
            values = {
                "at": moment,
                "host": self.host,
                "version": our_version(),
                "started_at": self._started_at,
                "stopped_at": None,
                "last_work_at": last_work_at - skew if last_work_at is not None else None,
                "busy": busy,
                "signs": host_checks | self._queues | {"skew": skew.total_seconds()},
            }
            insert_or_ignore(session, Heartbeat, [{"role": self.role, "name": self.name, **values}])
            session.execute(_row(self.role, self.name).values(**values))
        return moment

    def farewell(self, now: datetime) -> None:
        """Notes that the process ends because it was asked to."""
        with self._ledger.write() as session:
            moment = ledger_time(session, now)
            session.execute(_row(self.role, self.name).values(at=moment, stopped_at=moment, busy=False))

    def close(self) -> None:
        """Gives back the ledger's connections; the next beat opens one again."""
        self._ledger.close()


def heartbeats(session: Session, role: str | None = None) -> Sequence[Heartbeat]:
    """The last beat of every process that is remembered, or of those of a role, the newest first."""
    query = select(Heartbeat).order_by(Heartbeat.at.desc(), Heartbeat.name)
    return session.scalars(query if role is None else query.where(Heartbeat.role == role)).all()


def takes_from(beat: Heartbeat, queue: Queue) -> bool:
    """Whether a worker takes work from a queue; one of an earlier version says nothing of it, and takes ``read``."""
    return beat.role == WORKER and queue.value in beat.host_checks.get("queues", [Queue.READ.value])


def queues_taken(session: Session, settings: Settings, now: datetime) -> list[Queue]:
    """The queues that somebody takes work from ``now`` (by the ledger's clock); ``read`` whoever does."""
    alive = [beat for beat in heartbeats(session, WORKER) if is_alive(beat, settings, now)]
    return [queue for queue in Queue if queue is Queue.READ or any(takes_from(beat, queue) for beat in alive)]


def forget_heartbeats(session: Session, before: datetime) -> None:
    """Forgets the processes that were last seen before a moment."""
    session.execute(delete(Heartbeat).where(Heartbeat.at < before))


def is_alive(beat: Heartbeat, settings: Settings, now: datetime) -> bool:
    """Whether a process was seen alive lately and did not say goodbye; ``now`` is by the ledger's clock."""
    return beat.stopped_at is None and now - beat.at <= silent_after(settings)


def is_missed(beat: Heartbeat, settings: Settings, now: datetime) -> bool:
    """Whether a process ought to beat and did not three times in a row: it was killed, or its machine is gone."""
    return beat.stopped_at is None and now - beat.at > missed_after(settings)


def is_replaced(dead: Heartbeat, of_role: Iterable[Heartbeat]) -> bool:
    """Whether a process of the same role began later on the same machine."""
    taken = dead.host_checks.get("queues")
    return any(
        one.host == dead.host and one.host_checks.get("queues") == taken and (one.started_at or one.at) > dead.at
        for one in of_role
    )


def missed_after(settings: Settings) -> timedelta:
    """Three heartbeats: what a process that is not seen for so long had in hand is given to another."""
    return timedelta(seconds=3 * settings.heartbeat_seconds)


def broken_files(alive: Iterable[Heartbeat]) -> dict[Fault, tuple[str, ...]]:
    """The data files that some of these processes do not take as they stand, each with the machines that have it."""
    found: dict[Fault, set[str]] = {}
    for beat in alive:
        for one in beat.host_checks.get("files", ()):
            fault = Fault(**one | {"instead": Instead(one["instead"])})
            found.setdefault(fault, set()).add(beat.host)
    return {fault: tuple(sorted(hosts)) for fault, hosts in sorted(found.items(), key=lambda one: one[0].where)}


def silent_after(settings: Settings) -> timedelta:
    """How long a role may be without a heartbeat; never less than three of them."""
    return max(timedelta(minutes=settings.silent_after_minutes), missed_after(settings))


@lru_cache(maxsize=1)
def our_version() -> str:
    """The version of nianbao that runs here; empty where it is not installed."""
    try:
        return version("nianbao")
    except PackageNotFoundError:
        return ""


def _row(role: str, name: str) -> Update:
    # By the names of the columns, as the INSERT beside it.
    beats = table_of(Heartbeat)
    return update(beats).where(beats.c.role == role, beats.c.name == name)
