"""What roles and canaries write while the machinery is watched, and what the operators are told of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from cli.demo.inbox import Inbox
from config.settings import Settings
from ledger.database import Ledger
from ledger.models import Canary, Heartbeat, Incident
from monitor.loop import tick
from tests.monitor.factory import OPERATORS
from tests.monitor.reading_mail import arrived

NOW = datetime(2020, 6, 1, 4, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
MB = 1024 * 1024


class Machinery:
    """Writes what roles and canaries would, around a moment that goes on."""

    def __init__(self, settings: Settings, ledger: Ledger) -> None:
        self.settings = settings
        self.ledger = ledger
        self.now = NOW

    def beat(self, role: str, name: str, *, started: timedelta = timedelta(hours=1), **values: Any) -> None:
        """A process that lives and was started so long before."""
        row = {
            "role": role,
            "name": name,
            "at": self.now,
            "host": name.partition(":")[0],
            "version": "1",
            "started_at": NOW - started,
            "stopped_at": None,
            "last_work_at": None,
            "busy": False,
            "host_checks": {},
        } | values
        with self.ledger.write() as session:
            session.merge(Heartbeat(**row))

    def all_beat(self, **of_worker: Any) -> None:
        """A monitor, a crawler and a worker that live."""
        self.beat("monitor", "m:1")
        self.beat("crawler", "c:1")
        self.beat("worker", "w:1", **of_worker)

    def canary(self, ago: timedelta, *, back: timedelta | None = None, published: bool = True) -> None:
        """A canary that was sent so long ago, and came back so long after."""
        sent = self.now - ago
        with self.ledger.write() as session:
            session.merge(
                Canary(
                    slot=int(sent.timestamp()),
                    sent_at=sent,
                    published=published,
                    back_at=None if back is None else sent + back,
                    worker=None if back is None else "w:1",
                )
            )

    def turn(self, after: timedelta = timedelta()) -> None:
        """The monitor's turn, so much later."""
        self.now += after
        tick(self.settings, self.ledger, self.now, machinery=True)

    def open(self) -> dict[str, str]:
        """The open incidents of the machinery: sentence by kind and subject."""
        with self.ledger.read() as session:
            rows = session.scalars(select(Incident).where(Incident.resolved_at.is_(None))).all()
        return {f"{row.kind.value} {row.subject}": row.sentence for row in rows if row.audience.value == "operators"}


def subjects(inbox: Inbox) -> list[str]:
    """What the operators got, the summaries left out."""
    return [subject for to, subject in arrived(inbox) if to == OPERATORS]
