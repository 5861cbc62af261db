"""The pulse of the roles: when each process was last seen alive, in real time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from ledger.insert import insert_or_ignore
from ledger.models import Heartbeat


def beat(session: Session, role: str, name: str, at: datetime) -> None:
    """Notes that a process of a role is alive."""
    insert_or_ignore(session, Heartbeat, [{"role": role, "name": name, "at": at}])
    session.execute(update(Heartbeat).where(Heartbeat.role == role, Heartbeat.name == name).values(at=at))
