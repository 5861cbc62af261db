"""The clock of the ledger: what each machine measures its own against, and what heartbeats are written by."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session


def ledger_time(session: Session, own: datetime) -> datetime:
    """The moment by the database's clock; SQLite has none, and there it is ``own``, the caller's."""
    if session.get_bind().dialect.name != "postgresql":
        return own
    moment: datetime = session.execute(select(func.clock_timestamp())).scalar_one()
    return moment
