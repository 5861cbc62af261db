"""The machinery's own rows: the heartbeat of every role, the canaries sent through the queue, and what looks wrong."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column

from ledger.models.table import Table, state_column
from ledger.states import IncidentKind, Queue


class Heartbeat(Table):
    """When a role's process was last seen alive, in real time and by the ledger's clock (ledger/clock.py).

    ``name`` is its host and process id. ``stopped_at``: it said goodbye. ``last_work_at`` is when it last took or ended
    a piece of its work, ``busy`` whether it had one in hand at the beat. ``host_checks`` is what it saw of its machine
    (ledger/machinery/host_checks.py).
    """

    __tablename__ = "heartbeats"

    role: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    host: Mapped[str] = mapped_column(default="")
    version: Mapped[str] = mapped_column(default="")
    started_at: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]
    last_work_at: Mapped[datetime | None]
    busy: Mapped[bool] = mapped_column(default=False)
    # The column keeps its first name: rows are written by the release before too.
    host_checks: Mapped[dict[str, Any]] = mapped_column("signs", default=dict)


class Canary(Table):
    """A small task that was sent through one of the workers' queues, and whether a worker took it.

    ``slot`` is the stretch of time and the queue that it is for: several monitors send one together. ``published`` is
    false where the broker did not take it.
    """

    __tablename__ = "canaries"

    slot: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    queue: Mapped[Queue] = mapped_column(state_column(Queue), default=Queue.READ, server_default=Queue.READ.value)
    sent_at: Mapped[datetime]
    published: Mapped[bool]
    back_at: Mapped[datetime | None]
    worker: Mapped[str | None]


class Suspicion(Table):
    """What looked wrong at the last looks: an incident is opened after several, and resolved after as many good ones.

    ``looks`` counts up with every bad look and down with every good one.
    """

    __tablename__ = "suspicions"

    kind: Mapped[IncidentKind] = mapped_column(state_column(IncidentKind), primary_key=True)
    subject: Mapped[str] = mapped_column(primary_key=True)
    looks: Mapped[int]
    counted_at: Mapped[datetime]


class Tally(Table):
    """How often something was done with an outcome, in at most ``bound`` seconds and more than the bound below.

    ``seconds`` are those of all of them together (ledger/tallies.py).
    """

    __tablename__ = "tallies"

    measure: Mapped[str] = mapped_column(primary_key=True)
    outcome: Mapped[str] = mapped_column(primary_key=True)
    bound: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int] = mapped_column(BigInteger)
    seconds: Mapped[float]
