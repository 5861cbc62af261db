"""Migrations only add, so that a program of before and one of after work side by side on the same ledger.

Each migration is written out as PostgreSQL's statements, and a statement over which an old program could stumble is
named. The promise holds within a generation, the first digit of a version (ledger/database.py).
"""

from __future__ import annotations

import io
import logging
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import Script, ScriptDirectory
from sqlalchemy import text

from cli.main import main
from config.settings import Settings, load_settings
from ledger import database
from ledger.archive import open_archive
from ledger.database import (
    MIGRATIONS,
    Ledger,
    LedgerError,
    make_engine,
    open_ledger,
    upgrade,
    version_of,
    versions,
)
from ledger.keeping.backup import BackupError, make_backup
from ledger.keeping.rights import make_roles
from tests.workers.conftest import NOON

SCRIPTS: list[Script] = list(ScriptDirectory(str(MIGRATIONS)).walk_revisions())[::-1]
NEXT = f"{int(versions()[-1]) + 1:04}"


def written_out(module: ModuleType) -> list[str]:
    """The statements of an upgrade, each on one line."""
    out = io.StringIO()
    context = MigrationContext.configure(dialect_name="postgresql", opts={"as_sql": True, "output_buffer": out})
    with Operations.context(context):
        module.upgrade()
    return [" ".join(statement.split()) for statement in out.getvalue().split(";") if statement.strip()]


def in_the_way(statements: list[str]) -> Iterator[str]:
    """The statements that take something away, or ask something of what old programs write."""
    new: set[str] = set()
    columns: set[tuple[str, str]] = set()
    for statement in statements:
        if made := re.match(r"CREATE TABLE (\w+) ", statement):
            new.add(made[1])
        elif index := re.match(r"CREATE (UNIQUE )?INDEX \w+ ON (\w+) ", statement):
            if index[1] and index[2] not in new:
                yield statement
        elif added := re.match(r"ALTER TABLE (\w+) ADD COLUMN (\w+) (.+)", statement):
            columns.add((added[1], added[2]))
            if ("NOT NULL" in added[3] and "DEFAULT" not in added[3]) or "UNIQUE" in added[3]:
                yield statement
        elif filled := re.match(r"UPDATE (\w+) SET (\w+)=.+ WHERE \1\.\2 IS NULL\b", statement):
            # Its own new column, which no earlier program knows.
            if filled.groups() not in columns:
                yield statement
        else:
            yield statement


@pytest.mark.parametrize("script", SCRIPTS, ids=[script.revision for script in SCRIPTS])
def test_a_migration_only_adds(script: Script) -> None:
    statements = written_out(script.module)
    assert statements
    assert list(in_the_way(statements)) == []


@pytest.mark.parametrize(
    "operation",
    [
        'op.drop_column("work", "error")',
        'op.drop_table("canaries")',
        'op.rename_table("work", "works")',
        'op.alter_column("work", "worker", new_column_name="who")',
        'op.alter_column("work", "worker", nullable=False)',
        'op.alter_column("work", "attempts", type_=sa.String())',
        'op.add_column("work", sa.Column("who", sa.String(), nullable=False))',
        'op.create_index("uq", "work", ["worker"], unique=True)',
        'op.create_unique_constraint("uq", "work", ["worker"])',
        'op.create_check_constraint("ck", "work", "attempts < 3")',
        'op.execute("DELETE FROM work")',
        'op.execute("UPDATE work SET error=1 WHERE work.error IS NULL")',
    ],
)
def test_what_takes_something_away_is_found(operation: str) -> None:
    module = ModuleType("migration")
    exec(f"import sqlalchemy as sa\nfrom alembic import op\ndef upgrade():\n    {operation}", vars(module))
    assert len(list(in_the_way(written_out(module)))) == 1


def test_the_versions_so_far_are_one_generation_in_order() -> None:
    assert all(re.fullmatch(r"0\d{3}", version) for version in versions())
    assert [script.down_revision for script in SCRIPTS] == [None, *versions()[:-1]]


def migrated_by_others(ledger: Ledger, version: str) -> None:
    with ledger.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": version})
        connection.execute(text("ALTER TABLE work ADD COLUMN release VARCHAR"))


@pytest.mark.both_databases
def test_a_ledger_to_which_a_newer_program_added_is_used_and_that_is_said_once(
    settings: Settings, ledger: Ledger, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    migrated_by_others(ledger, NEXT)
    database._say_newer.cache_clear()
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            open_ledger(settings).close()
    said = [record.getMessage() for record in caplog.records]
    assert said == [
        f"台账已由更新的程序升级（数据库结构版本 {NEXT}，本程序 {versions()[-1]}）；本程序可以继续使用，请尽快升级"
    ]
    assert version_of(ledger.engine) == NEXT
    # What the newer program keeps elsewhere would be missing from it.
    with pytest.raises(BackupError, match="请用升级后的程序备份"):
        make_backup(ledger.engine, open_archive(settings), tmp_path / "kept", NOON)
    assert not (tmp_path / "kept").exists()


@pytest.mark.both_databases
@pytest.mark.parametrize("version", ["1000", "9999", "f3ac"])
def test_one_from_which_a_newer_program_took_something_away_is_refused(
    settings: Settings, ledger: Ledger, version: str
) -> None:
    migrated_by_others(ledger, version)
    with pytest.raises(LedgerError, match=rf"数据库结构版本 {version} 比本程序（0\d+）新，本程序不能使用；请升级程序"):
        open_ledger(settings)


def test_a_new_program_on_an_old_ledger_asks_for_the_migration(postgres_address: str, home: Path) -> None:
    settings = load_settings(database_url=postgres_address)
    engine = make_engine(postgres_address)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    engine.dispose()
    with pytest.raises(LedgerError, match=r"数据库结构版本是 0001，程序需要 .*请先运行 nianbao db migrate"):
        open_ledger(settings)


def nianbao(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert isinstance(ended.value.code, int)
    return ended.value.code


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("version", "migrates", "says"),
    [(NEXT, 0, "能用"), ("1000", 2, "不能用，请升级程序"), ("0001", None, "请运行 nianbao db migrate")],
)
def test_the_command_says_whether_program_and_ledger_fit(
    settings: Settings,
    ledger: Ledger,
    version: str,
    migrates: int | None,
    says: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert nianbao("db", "version") == 0
    migrated_by_others(ledger, version)
    assert nianbao("db", "version") == (1 if migrates != 0 else 0)
    assert says in capsys.readouterr().out
    if migrates is not None:
        assert nianbao("db", "migrate") == migrates
        assert version_of(ledger.engine) == version


def test_two_that_migrate_at_once_do_it_once(
    postgres_address: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second waits for the first, and finds nothing left to do; both renew the rights of the database's roles."""
    engine = make_engine(postgres_address)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
        for statement in make_roles():
            connection.execute(text(statement))
    monkeypatch.setenv("NIANBAO_DATABASE_URL", postgres_address)
    command = [sys.executable, "-P", "-c", "from cli.main import main; main()", "db", "migrate"]
    both = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    said = sorted(one.communicate(timeout=900)[1] for one in both)
    assert [one.returncode for one in both] == [0, 0], said
    assert all(f"台账的结构版本：{versions()[-1]}" in words for words in said)
    assert version_of(engine) == versions()[-1]
    engine.dispose()


def test_a_table_that_is_read_for_long_stops_the_migration_and_not_everybody_behind_it(
    postgres_address: str, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    engine = make_engine(postgres_address)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    upgrade(engine, "0008")
    monkeypatch.setenv("NIANBAO_DATABASE_URL", postgres_address)
    with engine.connect() as reader:
        # Version 0009 adds columns to it.
        reader.execute(text("SELECT count(*) FROM work"))
        assert nianbao("db", "migrate") == 2
        assert "被其他程序长时间占用，台账未作改动；请稍后重试" in capsys.readouterr().err
        assert version_of(engine) == "0008"
    assert nianbao("db", "migrate") == 0
    assert version_of(engine) == versions()[-1]
    engine.dispose()
