"""Insert-or-ignore: doing a step twice gives the same rows (design, decision 3)."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from importlib import import_module
from typing import Any

from sqlalchemy import ARRAY, Connection, CursorResult, bindparam, column, func, insert, select
from sqlalchemy import Table as SqlTable
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.dml import Insert, ReturningInsert
from sqlalchemy.types import TypeEngine

from ledger.models.table import Table, UtcTime


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


def insert_long(session: Session, model: type[Table], rows: Sequence[Mapping[str, Any]]) -> None:
    """Inserts ``rows`` as :func:`insert_uncounted` does, one by one and on one way to the database: a text of 40 kB
    would be looked through for what has to be masked in an array, by the driver and by PostgreSQL.
    """
    connection = session.connection()
    _run(connection, insert_quietly(connection.dialect.name, model), rows)


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
        if not returning:
            made: CursorResult[Any] = _run(connection, insert_quietly(dialect, model), rows)
            return made
        return connection.execute(_returning(insert_quietly(dialect, model)), list(rows))
    columns = tuple(rows[0])
    statement = _insert_of_arrays(model, columns, returning)
    return connection.execute(statement, {name: [row[name] for row in rows] for name in columns})


def insert_one(session: Session, model: type[Table], row: Mapping[str, Any]) -> Any:
    """Inserts ``row``; returns its id. Raises IntegrityError where it is there already."""
    return inserted_id(session.connection(), _insert_one(model), row)


def insert_or_id(
    session: Session, model: type[Table], row: Mapping[str, Any], identity: Sequence[str]
) -> tuple[Any, bool]:
    """Inserts ``row`` unless one has the same values in the columns ``identity``; its id, and whether it is new."""
    connection = session.connection()
    inserted = inserted_id(connection, insert_quietly(connection.dialect.name, model), row)
    if inserted is not None:
        return inserted, True
    table = table_of(model)
    found = select(*table.primary_key).where(*(table.c[name] == row[name] for name in identity))
    return connection.execute(found).scalar_one(), False


def insert_or_update(session: Session, model: type[Table], row: Mapping[str, Any]) -> None:
    """Inserts ``row``; where one has its primary key, that one gets its other values."""
    connection = session.connection()
    _run(connection, _upsert(connection.dialect.name, model, tuple(row)), [row])


def inserted_id(connection: Connection, statement: Insert, row: Mapping[str, Any]) -> Any:
    """Runs an INSERT of one row into a table that numbers its rows; the number, None where nothing was inserted.

    SQLite's driver knows the number by itself; that it returns a row costs as much as the row's insertion.
    """
    if connection.dialect.name == "sqlite" and _prepared(statement, connection.dialect, tuple(row)) is not None:
        inserted = _run(connection, statement, [row])
        return inserted.lastrowid if inserted.rowcount == 1 else None
    return _run(connection, _returning(statement), [row]).scalar_one_or_none()


def _run(connection: Connection, statement: Insert, rows: Sequence[Mapping[str, Any]]) -> Any:
    """Runs an INSERT of rows with the same columns; what SQLAlchemy returns of it, or SQLite's driver."""
    prepared = _prepared(statement, connection.dialect, tuple(rows[0]))
    if prepared is None:
        return connection.execute(statement, list(rows))
    values = [prepared.values(row) for row in rows]
    if connection.dialect.name == "sqlite" and connection.in_transaction():
        # What SQLAlchemy does around a statement takes three times as long as SQLite's insertion of a row.
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)  # noqa: S101 - narrows the type
        with suppress(sqlite3.Error):  # said once more below, in the way in which SQLAlchemy says it
            return (
                driver.execute(prepared.sql, *values) if len(values) == 1 else driver.executemany(prepared.sql, values)
            )
    return connection.exec_driver_sql(prepared.sql, values if len(values) > 1 else values[0])


class _Prepared:
    """An INSERT of a round, which has eight an article: all of it that is the same every time is worked out once.

    SQLAlchemy takes twice as long over such a statement as over the text with the values as the driver takes them, and
    a round in which everything is recorded is measured against a bare Scrapy spider (bench/crawling).
    """

    def __init__(self, compiled: SQLCompiler, dialect: Dialect) -> None:
        self.sql = str(compiled)
        self._order = tuple(compiled.positiontup or ()) if compiled.positional else None
        binds = {name: (bind, _binder(bind.type, dialect)) for name, bind in compiled.binds.items()}
        self._binders = {name: binder for name, (bind, binder) in binds.items() if bind.required}
        self._constant = {
            name: bind.effective_value if binder is None else binder(bind.effective_value)
            for name, (bind, binder) in binds.items()
            if not bind.required
        }

    def values(self, row: Mapping[str, Any]) -> Any:
        """A row as the driver takes it."""
        values = {name: row[name] if binder is None else binder(row[name]) for name, binder in self._binders.items()}
        if self._constant:
            values |= self._constant
        return values if self._order is None else tuple([values[name] for name in self._order])


def _binder(column_type: TypeEngine[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    """What makes a value of a column one that the driver takes; the moments of a round are mostly the same one."""
    binder = column_type.dialect_impl(dialect).bind_processor(dialect)
    return lru_cache(maxsize=64)(binder) if binder is not None and isinstance(column_type, UtcTime) else binder


@lru_cache(maxsize=256)
def _prepared(statement: Insert, dialect: Dialect, columns: tuple[str, ...]) -> _Prepared | None:
    """None where a column is left out that has a default of the model's, which SQLAlchemy has to fill in."""
    compiled = statement.compile(dialect=dialect, column_keys=list(columns))
    assert isinstance(compiled, SQLCompiler)  # noqa: S101 - narrows the type: an INSERT compiles to that
    return None if compiled.insert_prefetch else _Prepared(compiled, dialect)


@lru_cache
def _returning(statement: Insert) -> ReturningInsert[Any]:
    table = statement.table
    assert isinstance(table, SqlTable)  # noqa: S101 - narrows the type: rows are inserted into tables
    return statement.returning(*table.primary_key.columns)


@lru_cache
def _insert_one(model: type[Table]) -> Insert:
    return insert(table_of(model))


@lru_cache
def _upsert(dialect: str, model: type[Table], columns: tuple[str, ...]) -> Insert:
    table = table_of(model)
    made: Any = insert_of(dialect)(table)
    key = [column.name for column in table.primary_key]
    values = {name: made.excluded[name] for name in columns if name not in key}
    updating: Insert = made.on_conflict_do_update(index_elements=key, set_=values)
    return updating


@lru_cache
def insert_quietly(dialect: str, model: type[Table]) -> Insert:
    """The INSERT that leaves rows alone that are there already."""
    statement: Insert = insert_of(dialect)(table_of(model)).on_conflict_do_nothing()
    return statement


@lru_cache
def _insert_of_arrays(model: type[Table], columns: tuple[str, ...], returning: bool) -> Any:
    table = table_of(model)
    types = {name: table.c[name].type for name in columns}
    arrays = [bindparam(name, type_=ARRAY(of, dimensions=1)) for name, of in types.items()]
    rows = func.unnest(*arrays).table_valued(*(column(name, of) for name, of in types.items())).render_derived("given")
    made = insert_of("postgresql")(table).from_select(columns, select(*(rows.c[name] for name in columns)))
    made = made.on_conflict_do_nothing()
    return _returning(made) if returning else made


def insert_of(dialect: str) -> Any:
    """The INSERT of ``sqlite`` or ``postgresql``: the one that is not used is not imported."""
    return import_module(f"sqlalchemy.dialects.{dialect}").insert


def table_of(model: type[Table]) -> SqlTable:
    """A model's table, for statements that are about rows and not about objects."""
    table = model.__table__
    assert isinstance(table, SqlTable)  # noqa: S101 - narrows the type; every model has a plain table
    return table
