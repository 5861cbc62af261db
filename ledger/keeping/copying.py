"""Rows out of a ledger and into another, SQLite or PostgreSQL, with the proof that both hold the same.

A row travels as JSON: times as ISO 8601 in UTC, states as their words. The proof is the number of rows and a digest of
each table, made in the same way from either database; what one database orders or rounds otherwise than the other
(the keys of a JSON value) is put in one order first.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, MetaData, Select, String, column, func, inspect, select, text
from sqlalchemy import Table as SqlTable
from sqlalchemy import table as clause
from sqlalchemy.schema import DropTable

from ledger.database import VERSION_TABLE
from ledger.models import Table
from ledger.models.table import UtcTime

ROWS_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class TableDigest:
    """What a table held: its rows, and the sha256 (hex) over all of them in the order of the primary key."""

    rows: int
    sha256: str


class Digest:
    """Counts rows as they pass, and digests them."""

    def __init__(self) -> None:
        self._rows = 0
        self._hash = hashlib.sha256()

    def take(self, row: dict[str, Any]) -> None:
        """Adds one row, as :func:`rows` gives it."""
        self._rows += 1
        self._hash.update(json.dumps(row, ensure_ascii=False, sort_keys=True).encode() + b"\n")

    def result(self) -> TableDigest:
        """What passed so far."""
        return TableDigest(self._rows, self._hash.hexdigest())


def tables() -> list[SqlTable]:
    """All tables of the ledger, each after those that it refers to."""
    return Table.metadata.sorted_tables


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """One moment of the ledger: whatever is written meanwhile is not seen."""
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection = connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with connection.begin():
            yield connection


def rows(connection: Connection, table: SqlTable, columns: Sequence[str] = ()) -> Iterator[dict[str, Any]]:
    """Every row as JSON values, in the order of the primary key; only ``columns`` where they are given."""
    wanted = [table.columns[name] for name in columns] or list(table.columns)
    asked: Select[Any] = select(*wanted).order_by(*(_in_bytes(connection, key) for key in table.primary_key.columns))
    result = connection.execute(asked, execution_options={"yield_per": ROWS_AT_ONCE})
    for row in result.mappings():
        yield {name: _out(value) for name, value in row.items()}


def digest(connection: Connection, table: SqlTable, columns: Sequence[str] = ()) -> TableDigest:
    """The proof for one table."""
    counted = Digest()
    for row in rows(connection, table, columns):
        counted.take(row)
    return counted.result()


def is_empty(connection: Connection) -> bool:
    """Whether nothing was ever written into the ledger (or there is none yet)."""
    there = set(inspect(connection).get_table_names())
    return not any(
        connection.execute(select(func.count()).select_from(table)).scalar_one()
        for table in tables()
        if table.name in there
    )


def remove_tables(connection: Connection) -> None:
    """Takes our tables away, for a ledger that :func:`is_empty` and is to get another version's rows."""
    there = set(inspect(connection).get_table_names())
    for name in [*(table.name for table in reversed(tables())), VERSION_TABLE]:
        if name in there:
            connection.execute(DropTable(SqlTable(name, MetaData())))


def put(connection: Connection, table: SqlTable, columns: Sequence[str], given: Iterable[dict[str, Any]]) -> None:
    """Inserts rows with these columns, as :func:`rows` gave them."""
    # Not the model's own table: that would fill columns which the tables of an older version do not have.
    plain = clause(table.name, *(column(name, table.columns[name].type) for name in columns))
    for batch in _batches(given):
        connection.execute(
            plain.insert(), [{name: _in(table, name, value) for name, value in row.items()} for row in batch]
        )
    if connection.dialect.name == "postgresql":
        _continue_numbers(connection, table)


def _batches(given: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """The rows in lists of :data:`ROWS_AT_ONCE`."""
    remaining = iter(given)
    while batch := list(islice(remaining, ROWS_AT_ONCE)):
        yield batch


def _in_bytes(connection: Connection, key: ColumnElement[Any]) -> ColumnElement[Any]:
    """``key`` in the order of its bytes, as SQLite has it, whatever language PostgreSQL sorts by."""
    if connection.dialect.name == "postgresql" and isinstance(key.type, String):
        return key.collate("C")
    return key


def _continue_numbers(connection: Connection, table: SqlTable) -> None:
    """New rows get numbers after those that were put in."""
    column = table.autoincrement_column
    if column is None:
        return
    sequence = connection.execute(
        text("SELECT pg_get_serial_sequence(:table, :column)"), {"table": table.name, "column": column.name}
    ).scalar_one()
    last = connection.execute(select(func.max(column))).scalar_one()
    if sequence is not None and last is not None:
        connection.execute(text("SELECT setval(:sequence, :last)"), {"sequence": sequence, "last": last})


def _out(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _in(table: SqlTable, name: str, value: Any) -> Any:
    kind = table.columns[name].type
    if value is None:
        return None
    if isinstance(kind, UtcTime):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if kind.python_type is date else value
