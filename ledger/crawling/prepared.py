"""The INSERTs that are run for every page of every portal: compiled once, and given to the driver as they are.

SQLAlchemy takes four times as long over such a statement as SQLite does, and a round has seven an article.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.dml import Insert

from ledger.insert import insert_of, table_of
from ledger.models.table import Table

_Binder = Callable[[Any], Any]


class Prepared:
    """An INSERT with values for ``columns`` (and for nothing else), for one kind of database."""

    def __init__(self, statement: Insert, dialect: Dialect, columns: Sequence[str]) -> None:
        """Raises ValueError where a column with a default of the model's is left out: nobody would fill it in."""
        compiled = statement.compile(dialect=dialect, column_keys=list(columns))
        assert isinstance(compiled, SQLCompiler)  # noqa: S101 - narrows the type; an INSERT compiles to that
        if compiled.insert_prefetch:
            left_out = ", ".join(column.name for column in compiled.insert_prefetch)
            raise ValueError(f"an INSERT that is prepared needs a value for {left_out}")
        self._sql = str(compiled)
        self._order = list(compiled.positiontup or ()) if compiled.positional else None
        self._constant: dict[str, Any] = {}
        self._given: dict[str, _Binder | None] = {}
        for name, bind in compiled.binds.items():
            binder = bind.type.dialect_impl(dialect).bind_processor(dialect)
            if bind.required:
                self._given[name] = binder
            else:
                value = bind.effective_value
                self._constant[name] = binder(value) if binder is not None else value

    def first(self, session: Session, row: Mapping[str, Any]) -> Any:
        """Runs it for one row; the first value that it returns, None where it returns nothing.

        Raises SQLAlchemy's errors.
        """
        values = self._values(row)
        return _run(session, self._sql, values, lambda cursor: _first(cursor, self._sql, values))

    def each(self, session: Session, rows: Iterable[Mapping[str, Any]]) -> None:
        """Runs it for every row; what it returns is not asked for. Raises SQLAlchemy's errors."""
        values = [self._values(row) for row in rows]
        if values:
            _run(session, self._sql, values, lambda cursor: cursor.executemany(self._sql, values))

    def _values(self, row: Mapping[str, Any]) -> Any:
        values = dict(self._constant)
        for name, binder in self._given.items():
            value = row[name]
            values[name] = value if binder is None else binder(value)
        return values if self._order is None else [values[name] for name in self._order]


def insert_one(session: Session, model: type[Table], row: Mapping[str, Any]) -> Any:
    """Inserts ``row``; returns its id. Raises IntegrityError where it is there already."""
    return _plain(session.connection().dialect, model, tuple(row)).first(session, row)


def insert_or_id(
    session: Session, model: type[Table], row: Mapping[str, Any], identity: Sequence[str]
) -> tuple[Any, bool]:
    """Inserts ``row`` unless one has the same values in the columns ``identity``; its id, and whether it is new."""
    connection = session.connection()
    inserted = _or_ignore(connection.dialect, model, tuple(row), returning=True).first(session, row)
    if inserted is not None:
        return inserted, True
    table = table_of(model)
    found = select(*table.primary_key).where(*(table.c[name] == row[name] for name in identity))
    return connection.execute(found).scalar_one(), False


def insert_missing(session: Session, model: type[Table], rows: Sequence[Mapping[str, Any]]) -> None:
    """Inserts ``rows``, all with the same columns; those that are there already stay as they are, and are not told."""
    if rows:
        _or_ignore(session.connection().dialect, model, tuple(rows[0]), returning=False).each(session, rows)


def insert_or_update(session: Session, model: type[Table], row: Mapping[str, Any]) -> None:
    """Inserts ``row``; where one has its primary key, that one gets its other values."""
    _or_update(session.connection().dialect, model, tuple(row)).each(session, [row])


@lru_cache
def _plain(dialect: Dialect, model: type[Table], columns: tuple[str, ...]) -> Prepared:
    table = table_of(model)
    return Prepared(insert(table).returning(*table.primary_key), dialect, columns)


@lru_cache
def _or_ignore(dialect: Dialect, model: type[Table], columns: tuple[str, ...], *, returning: bool) -> Prepared:
    table = table_of(model)
    made = insert_of(dialect.name)(table).on_conflict_do_nothing()
    return Prepared(made.returning(*table.primary_key) if returning else made, dialect, columns)


@lru_cache
def _or_update(dialect: Dialect, model: type[Table], columns: tuple[str, ...]) -> Prepared:
    table = table_of(model)
    made = insert_of(dialect.name)(table)
    key = [column.name for column in table.primary_key]
    values = {name: made.excluded[name] for name in columns if name not in key}
    return Prepared(made.on_conflict_do_update(index_elements=key, set_=values), dialect, columns)


def _first(cursor: Any, sql: str, values: Any) -> Any:
    found = cursor.execute(sql, values).fetchone()
    return found[0] if found is not None else None


def _run(session: Session, sql: str, values: Any, do: Callable[[Any], Any]) -> Any:
    connection = session.connection()
    cursor = connection.connection.cursor()
    try:
        return do(cursor)
    except Exception as error:
        wrong = connection.dialect.loaded_dbapi.Error
        if not isinstance(error, wrong):
            raise
        raise DBAPIError.instance(sql, values, error, wrong, dialect=connection.dialect) from error
    finally:
        cursor.close()
