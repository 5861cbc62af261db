"""A ledger that the program of commit 45af2fc wrote (the two seasons of its ``nianbao demo``) keeps everything."""

from __future__ import annotations

import lzma
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, inspect, text

from config.settings import Settings
from ledger.database import Ledger, make_engine, upgrade, version_of, versions
from ledger.keeping.copying import TableDigest, digest, put, rows, snapshot, tables
from ledger.migrations.fills import fill_for_monitor

pytestmark = pytest.mark.both_databases

RECORDED = Path(__file__).parent / "recorded" / "demo-of-45af2fc.sqlite3.xz"
FORMER = "0010"


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The ledger as that program left it, in SQLite."""
    path = tmp_path_factory.mktemp("recorded") / "ledger.sqlite3"
    path.write_bytes(lzma.decompress(RECORDED.read_bytes()))
    engine = create_engine(f"sqlite:///{path}")
    yield engine
    engine.dispose()


@pytest.fixture
def before(settings: Settings, recorded: Engine) -> Iterator[Engine]:
    """The same rows in a ledger of that version, in the database that is tried."""
    given = settings.database_url
    address = given.get_secret_value() if given is not None else f"sqlite:///{settings.home}/before.sqlite3"
    engine = make_engine(address)
    if engine.dialect.name == "postgresql":
        with engine.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
    upgrade(engine, FORMER)
    columns = _columns(recorded)
    with snapshot(recorded) as source, engine.begin() as connection:
        for table in tables():
            if table.name in columns:
                put(connection, table, columns[table.name], rows(source, table, columns[table.name]))
    yield engine
    engine.dispose()


def test_every_row_of_a_season_is_there_as_it_was(before: Engine, recorded: Engine) -> None:
    assert (version_of(recorded), version_of(before)) == (FORMER, FORMER)
    columns = _columns(recorded)
    was = _digests(before, columns)
    assert sum(one.rows for one in was.values()) == 1811
    assert was == _digests(recorded, columns)
    upgrade(before)
    assert version_of(before) == versions()[-1]
    fill_for_monitor(Ledger(before))
    assert _digests(before, columns) == was


def _columns(engine: Engine) -> dict[str, list[str]]:
    """The columns of every table as it was then."""
    there = inspect(engine)
    known = {table.name for table in tables()}
    return {
        name: [column["name"] for column in there.get_columns(name)]
        for name in there.get_table_names()
        if name in known
    }


def _digests(engine: Engine, columns: dict[str, list[str]]) -> dict[str, TableDigest]:
    """What the columns of then hold now."""
    with snapshot(engine) as connection:
        return {
            table.name: digest(connection, table, columns[table.name]) for table in tables() if table.name in columns
        }
