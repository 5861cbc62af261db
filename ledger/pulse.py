"""The pulse of the roles: when each process was last seen alive, in real time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update

from ledger.database import Ledger
from ledger.insert import insert_or_ignore
from ledger.models import Heartbeat


def beat(ledger: Ledger, role: str, name: str, at: datetime) -> None:
    """Notes that a process of a role is alive."""
    with ledger.write() as session:
        insert_or_ignore(session, Heartbeat, [{"role": role, "name": name, "at": at}])
        session.execute(update(Heartbeat).where(Heartbeat.role == role, Heartbeat.name == name).values(at=at))
