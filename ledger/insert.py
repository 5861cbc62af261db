"""Insert-or-ignore: doing a step twice gives the same rows (design, decision 3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib import import_module
from typing import Any

from sqlalchemy import Table as SqlTable
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningInsert

from ledger.models.table import Table


def insert_or_ignore(session: Session, model: type[Table], rows: Sequence[Mapping[str, Any]]) -> int:
    """Inserts ``rows`` (column name to value) into the model's table; those that are there already stay as they are.

    Returns how many were new.
    """
    if not rows:
        return 0
    connection = session.connection()
    statement = _insert(connection.dialect.name, model)
    alike: dict[tuple[str, ...], list[Mapping[str, Any]]] = {}
    for row in rows:
        alike.setdefault(tuple(row), []).append(row)
    # One statement for all rows with the same columns, counted by what it returns: a driver's rowcount is not to be
    # trusted here.
    return sum(len(connection.execute(statement, same).all()) for same in alike.values())


def insert_or_find(session: Session, model: type[Table], row: dict[str, Any], identity: Sequence[str]) -> Any:
    """Inserts ``row`` unless one has the same values in the columns ``identity``; returns the stored object."""
    insert_or_ignore(session, model, [row])
    condition = [getattr(model, name) == row[name] for name in identity]
    return session.execute(select(model).where(*condition)).scalar_one()


@lru_cache
def _insert(dialect: str, model: type[Table]) -> ReturningInsert[Any]:
    table = table_of(model)
    made: ReturningInsert[Any] = (
        insert_of(dialect)(table).on_conflict_do_nothing().returning(*table.primary_key.columns)
    )
    return made


def insert_of(dialect: str) -> Any:
    """The INSERT of ``sqlite`` or ``postgresql``: the one that is not used is not imported."""
    return import_module(f"sqlalchemy.dialects.{dialect}").insert


def table_of(model: type[Table]) -> SqlTable:
    """A model's table, for statements that are about rows and not about objects."""
    table = model.__table__
    assert isinstance(table, SqlTable)  # noqa: S101 - narrows the type; every model has a plain table
    return table
