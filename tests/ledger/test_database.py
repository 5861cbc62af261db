"""The ledger opens on both databases, and a step done twice gives the same rows."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError, StatementError

from config.settings import Settings, load_settings
from ledger import database
from ledger.archive import Archive, ArchiveError
from ledger.database import MIGRATIONS, Ledger, LedgerError, make_engine, open_ledger, upgrade, version_of, versions
from ledger.insert import insert_or_ignore
from ledger.models import PortalRow, Table

NOON = datetime(2024, 1, 31, 12, 0, tzinfo=UTC)


@pytest.mark.both_databases
def test_the_migrations_make_what_the_models_say(ledger: Ledger) -> None:
    with ledger.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Table.metadata) == []


@pytest.mark.both_databases
def test_the_versions_are_those_of_the_migrations_and_the_ledger_has_the_newest(ledger: Ledger) -> None:
    newest_first = [script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()]
    assert versions() == tuple(reversed(newest_first))
    assert version_of(ledger.engine) == versions()[-1]


@pytest.mark.both_databases
def test_a_row_inserted_twice_is_there_once(ledger: Ledger) -> None:
    row = {"portal": "chaoyang", "sentence": "", "failures": 0, "next_due_at": NOON}
    with ledger.write() as session:
        assert insert_or_ignore(session, PortalRow, [row, row]) == 1
        assert insert_or_ignore(session, PortalRow, [{**row, "sentence": "later"}]) == 0
        assert session.get_one(PortalRow, "chaoyang").sentence == ""


@pytest.mark.both_databases
def test_two_writers_at_once_wait_for_each_other(ledger: Ledger) -> None:
    def write(number: int) -> int:
        with ledger.write() as session:
            session.execute(select(PortalRow)).all()
            return insert_or_ignore(
                session, PortalRow, [{"portal": f"p{number % 5}", "sentence": "", "failures": 0, "next_due_at": NOON}]
            )

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(write, range(40))) == 5


@pytest.mark.both_databases
def test_times_are_kept_in_utc_and_come_back_aware(ledger: Ledger) -> None:
    shanghai = timezone(timedelta(hours=8))
    moment = datetime(2020, 2, 1, 0, 0, tzinfo=shanghai)
    with ledger.write() as session:
        session.add(PortalRow(portal="p", next_due_at=moment))
    with ledger.read() as session:
        stored = session.get_one(PortalRow, "p").next_due_at
    assert stored == moment
    assert stored.tzinfo is UTC


@pytest.mark.both_databases
def test_a_time_without_a_zone_is_refused(ledger: Ledger) -> None:
    with pytest.raises(StatementError, match="without a zone"), ledger.write() as session:
        session.add(PortalRow(portal="p", next_due_at=datetime(2020, 1, 1)))  # noqa: DTZ001
        session.flush()


@pytest.mark.both_databases
def test_an_error_leaves_nothing_half_written(ledger: Ledger) -> None:
    with pytest.raises(RuntimeError), ledger.write() as session:
        session.add(PortalRow(portal="p", next_due_at=NOON))
        session.flush()
        raise RuntimeError
    with ledger.read() as session:
        assert session.get(PortalRow, "p") is None


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("nonsense", "写法不对"),
        ("postgresql+psycopg://nobody:secret@127.0.0.1:1/none", "无法打开数据库"),
    ],
)
def test_a_database_that_cannot_be_opened_is_one_sentence(
    home: object, address: str, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NIANBAO_DATABASE_URL", address)
    with pytest.raises(LedgerError, match=says) as error:
        open_ledger(load_settings())
    assert "secret" not in str(error.value)
    assert "\n" not in str(error.value)


def test_a_database_without_tables_asks_for_the_migration(postgres_server: str, home: object) -> None:
    with pytest.raises(LedgerError, match="nianbao db migrate"):
        open_ledger(load_settings(database_url=postgres_server))


def test_the_archive_gives_back_what_it_was_given(sqlite_settings: Settings) -> None:
    archive = Archive(sqlite_settings.archive_address)
    sha256 = archive.put("年报".encode())
    assert archive.put("年报".encode()) == sha256
    assert archive.get(sha256) == "年报".encode()
    path = next((sqlite_settings.home / "archive").rglob(sha256))
    path.write_bytes(b"changed")
    with pytest.raises(ArchiveError, match="已损坏"):
        archive.get(sha256)
    path.unlink()
    with pytest.raises(ArchiveError, match="存档中没有"):
        archive.get(sha256)


@pytest.mark.parametrize(("seconds", "asked"), [(0.0, True), (3600.0, False)], ids=["idle", "in use a moment ago"])
def test_a_connection_that_broke_while_it_lay_idle_is_made_anew(
    postgres_address: str, monkeypatch: pytest.MonkeyPatch, seconds: float, asked: bool
) -> None:
    monkeypatch.setattr(database, "IDLE_SECONDS", seconds)
    ledger, other = Ledger(make_engine(postgres_address)), make_engine(postgres_address)
    with ledger.read() as session:
        process = session.scalar(text("SELECT pg_backend_pid()"))
    with other.connect() as connection:
        connection.execute(text("SELECT pg_terminate_backend(:process, 30000)"), {"process": process})
    other.dispose()
    if not asked:
        with pytest.raises(OperationalError), ledger.read() as session:
            session.scalar(text("SELECT 1"))
    # Whoever met the broken one let it go: what comes after has another.
    with ledger.read() as session:
        assert session.scalar(text("SELECT pg_backend_pid()")) != process
    ledger.close()


def test_a_ledger_of_an_earlier_program_is_copied_before_it_is_upgraded_and_that_is_said(
    sqlite_settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    sqlite_settings.ledger_file.unlink(missing_ok=True)
    former = versions()[-2]
    engine = make_engine(sqlite_settings.ledger_url)
    upgrade(engine, former)
    engine.dispose()
    open_ledger(sqlite_settings).close()
    copy = sqlite_settings.ledger_file.with_name(f"ledger.sqlite3.{former}")
    assert version_of(make_engine(f"sqlite:///{copy}")) == former
    assert f"从结构版本 {former} 升级到 {versions()[-1]}" in caplog.text and str(copy) in caplog.text
    caplog.clear()
    open_ledger(sqlite_settings).close()
    assert caplog.text == ""
