"""Insert-or-ignore: doing a step twice gives the same rows (design, decision 3)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Table as SqlTable
from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from ledger.models.table import Table


def insert_or_ignore(session: Session, model: type[Table], rows: Sequence[dict[str, Any]]) -> int:
    """Inserts ``rows`` (column name to value) into the model's table; those that are there already stay as they are.

    Returns how many were new.
    """
    if not rows:
        return 0
    table = model.__table__
    assert isinstance(table, SqlTable)  # noqa: S101 - narrows the type; every model has a plain table
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table).on_conflict_do_nothing().returning(*table.primary_key.columns)
    # One statement a row, counted by what it returns: a driver's rowcount is not to be trusted here.
    return sum(len(session.connection().execute(statement, row).all()) for row in rows)


def insert_or_find(session: Session, model: type[Table], row: dict[str, Any], identity: Sequence[str]) -> Any:
    """Inserts ``row`` unless one has the same values in the columns ``identity``; returns the stored object."""
    insert_or_ignore(session, model, [row])
    condition = [getattr(model, name) == row[name] for name in identity]
    return session.execute(select(model).where(*condition)).scalar_one()
