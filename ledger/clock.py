"""The clock of the ledger: what each machine measures its own against, and what heartbeats are written by."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from ledger.models.table import UtcTime


class LedgerClock(FunctionElement[datetime]):
    """The moment by the database's clock, for a question that asks for more; None on SQLite, which has no clock."""

    inherit_cache = True
    type = UtcTime()


def ledger_time(session: Session, own: datetime) -> datetime:
    """The moment by the database's clock; SQLite has none, and there it is ``own``, the caller's."""
    if session.get_bind().dialect.name != "postgresql":
        return own
    return session.execute(_ASKED).scalar_one()


_ASKED = select(LedgerClock())


@compiles(LedgerClock)
def _has_none(_element: LedgerClock, _compiler: SQLCompiler, **_how: Any) -> str:
    return "NULL"


@compiles(LedgerClock, "postgresql")
def _has_one(_element: LedgerClock, _compiler: SQLCompiler, **_how: Any) -> str:
    return "clock_timestamp()"
