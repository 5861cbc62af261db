"""Insert-or-ignore: doing a step twice gives the same rows (design, decision 3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib import import_module
from typing import Any

from sqlalchemy import ARRAY, CursorResult, bindparam, column, func, insert, select
from sqlalchemy import Table as SqlTable
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import Insert, ReturningInsert

from ledger.models.table import Table


def insert_or_ignore(session: Session, model: type[Table], rows: Sequence[Mapping[str, Any]]) -> int:
    """Inserts ``rows`` (column name to value) into the model's table; those that are there already stay as they are.

    Returns how many were new.
    """
    return len(insert_new(session, model, rows))


def insert_new(session: Session, model: type[Table], rows: Sequence[Mapping[str, Any]]) -> list[tuple[Any, ...]]:
    """Inserts those of ``rows`` that are not there already, as :func:`insert_or_ignore` does; returns their keys."""
    alike: dict[tuple[str, ...], list[Mapping[str, Any]]] = {}
    for row in rows:
        alike.setdefault(tuple(row), []).append(row)
    # One statement for all rows with the same columns, counted by what it returns: a driver's rowcount is not to be
    # trusted here.
    return [tuple(row) for same in alike.values() for row in _inserted(session, model, same, returning=True).all()]


def insert_uncounted(session: Session, model: type[Table], rows: Sequence[Mapping[str, Any]]) -> None:
    """Inserts ``rows`` that have the same columns, as :func:`insert_or_ignore` does, where nobody asks what was new."""
    if rows:
        _inserted(session, model, rows, returning=False)


def _inserted(
    session: Session, model: type[Table], rows: Sequence[Mapping[str, Any]], *, returning: bool
) -> CursorResult[Any]:
    """Inserts rows with the same columns unless they are there.

    PostgreSQL gets them as one array for each column, in a statement that is the same for any number of rows: one with
    a place for each value is put together, taken apart by the driver and planned each time, which took as long as all
    else.
    """
    connection = session.connection()
    dialect = connection.dialect.name
    if dialect != "postgresql" or len(rows) == 1:
        return connection.execute(_insert(dialect, model, returning), list(rows))
    columns = tuple(rows[0])
    statement = _insert_of_arrays(model, columns, returning)
    return connection.execute(statement, {name: [row[name] for row in rows] for name in columns})


def insert_or_find(session: Session, model: type[Table], row: dict[str, Any], identity: Sequence[str]) -> Any:
    """Inserts ``row`` unless one has the same values in the columns ``identity``; returns the stored object."""
    insert_or_ignore(session, model, [row])
    condition = [getattr(model, name) == row[name] for name in identity]
    return session.execute(select(model).where(*condition)).scalar_one()


def insert_one(session: Session, model: type[Table], row: Mapping[str, Any]) -> Any:
    """Inserts ``row``; returns its id. Raises IntegrityError where it is there already."""
    return session.connection().execute(_insert_one(model), row).scalar_one()


def insert_or_id(
    session: Session, model: type[Table], row: Mapping[str, Any], identity: Sequence[str]
) -> tuple[Any, bool]:
    """Inserts ``row`` unless one has the same values in the columns ``identity``; its id, and whether it is new."""
    connection = session.connection()
    inserted = connection.execute(_insert(connection.dialect.name, model, True), row).scalar_one_or_none()
    if inserted is not None:
        return inserted, True
    table = table_of(model)
    found = select(*table.primary_key).where(*(table.c[name] == row[name] for name in identity))
    return connection.execute(found).scalar_one(), False


def insert_or_update(session: Session, model: type[Table], row: Mapping[str, Any]) -> None:
    """Inserts ``row``; where one has its primary key, that one gets its other values."""
    connection = session.connection()
    connection.execute(_upsert(connection.dialect.name, model, tuple(row)), row)


@lru_cache
def _insert_one(model: type[Table]) -> ReturningInsert[Any]:
    table = table_of(model)
    return insert(table).returning(*table.primary_key.columns)


@lru_cache
def _upsert(dialect: str, model: type[Table], columns: tuple[str, ...]) -> Insert:
    table = table_of(model)
    made: Any = insert_of(dialect)(table)
    key = [column.name for column in table.primary_key]
    values = {name: made.excluded[name] for name in columns if name not in key}
    updating: Insert = made.on_conflict_do_update(index_elements=key, set_=values)
    return updating


@lru_cache
def _insert(dialect: str, model: type[Table], returning: bool) -> Any:
    table = table_of(model)
    made = insert_of(dialect)(table).on_conflict_do_nothing()
    return made.returning(*table.primary_key.columns) if returning else made


@lru_cache
def _insert_of_arrays(model: type[Table], columns: tuple[str, ...], returning: bool) -> Any:
    table = table_of(model)
    types = {name: table.c[name].type for name in columns}
    arrays = [bindparam(name, type_=ARRAY(of, dimensions=1)) for name, of in types.items()]
    rows = func.unnest(*arrays).table_valued(*(column(name, of) for name, of in types.items())).render_derived("given")
    made = insert_of("postgresql")(table).from_select(columns, select(*(rows.c[name] for name in columns)))
    made = made.on_conflict_do_nothing()
    return made.returning(*table.primary_key.columns) if returning else made


def insert_of(dialect: str) -> Any:
    """The INSERT of ``sqlite`` or ``postgresql``: the one that is not used is not imported."""
    return import_module(f"sqlalchemy.dialects.{dialect}").insert


def table_of(model: type[Table]) -> SqlTable:
    """A model's table, for statements that are about rows and not about objects."""
    table = model.__table__
    assert isinstance(table, SqlTable)  # noqa: S101 - narrows the type; every model has a plain table
    return table
