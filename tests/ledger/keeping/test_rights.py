"""The roles of the database can do what their programs need, and nothing else (ledger/keeping/rights.py).

That their programs need no more is tried by a whole season under these roles, in tests/test_upgrade.py.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ProgrammingError

from cli.main import main
from ledger.database import make_engine
from ledger.keeping.rights import RIGHTS, SECRET, grants, make_roles, renew_grants, role_name
from ledger.models import Table

TABLES = sorted(Table.metadata.tables)
Try = Callable[[str, str], bool]


@pytest.fixture
def tried(postgres_address: str) -> Iterator[Try]:
    """Whether a role of the program may execute a statement; nothing of it stays."""
    owner = make_engine(postgres_address)
    names = {role: f"{role}_{secrets.token_hex(4)}" for role in RIGHTS}
    with owner.begin() as connection:
        for statement in make_roles():
            connection.execute(text(statement))
        assert renew_grants(connection) == [role_name(role) for role in RIGHTS]
        for role, name in names.items():
            connection.execute(text(f"CREATE ROLE {name} LOGIN PASSWORD 'x' IN ROLE {role_name(role)}"))
    engines = {
        role: make_engine(
            make_url(postgres_address).set(username=name, password="x").render_as_string(hide_password=False)
        )
        for role, name in names.items()
    }

    connections = {role: engine.connect() for role, engine in engines.items()}

    def may(role: str, statement: str) -> bool:
        return _may(connections[role], statement)

    yield may
    for role, engine in engines.items():
        connections[role].close()
        engine.dispose()
    with owner.begin() as connection:
        for name in names.values():
            connection.execute(text(f"DROP ROLE {name}"))
    owner.dispose()


def _may(connection: Connection, statement: str) -> bool:
    try:
        connection.execute(text(statement))
    except ProgrammingError as error:
        assert "permission denied" in str(error) or "must be owner" in str(error), error
        return False
    finally:
        connection.rollback()
    return True


def test_each_role_may_do_to_each_table_what_is_written_and_no_more(tried: Try) -> None:
    for role, rights in RIGHTS.items():
        for table in TABLES:
            column = next(iter(Table.metadata.tables[table].primary_key.columns)).name
            for words, statement in (
                (rights.sees, f"SELECT count(*) FROM {table}"),
                # No row, or one's own values: whether it may, not whether it fits.
                (rights.inserts, f"INSERT INTO {table} SELECT * FROM {table} WHERE false"),
                (rights.updates, f"UPDATE {table} SET {column} = {column} WHERE false"),
                (rights.deletes, f"DELETE FROM {table} WHERE false"),
            ):
                written = table in words.split() or ("*" in words.split() and table not in SECRET)
                assert tried(role, statement) is written, (role, statement)


def test_what_a_stolen_password_does_not_give(tried: Try) -> None:
    for role, statement in (
        ("monitor", "SELECT secret FROM second_factors"),
        ("reader", "SELECT secret FROM second_factors"),
        ("crawler", "SELECT recipient FROM notices"),
        ("crawler", "UPDATE incidents SET resolved_at = now()"),
        ("crawler", "SELECT content FROM readings"),
        ("worker", "DELETE FROM work"),
        ("worker", "SELECT recipient FROM notices"),
        ("worker", "INSERT INTO notices SELECT * FROM notices WHERE false"),
        ("worker", "UPDATE obligations SET due = now()"),
        ("monitor", "DELETE FROM findings"),
        ("monitor", "UPDATE readings SET content = '{}'"),
        ("monitor", "INSERT INTO versions SELECT * FROM versions WHERE false"),
        ("operator", "DELETE FROM findings"),
        ("reader", "UPDATE findings SET state = 'dismissed'"),
    ):
        assert tried(role, statement) is False, (role, statement)


def test_nobody_changes_tables_or_leaves_the_database(tried: Try) -> None:
    for role in RIGHTS:
        for statement in (
            "DROP TABLE work",
            "TRUNCATE work",
            "ALTER TABLE work ADD COLUMN x INTEGER",
            "CREATE TABLE mine (x INTEGER)",
            "UPDATE alembic_version SET version_num = '9999'",
            "CREATE ROLE another",
            "COPY work TO PROGRAM 'cat'",
            "SELECT pg_read_file('/etc/passwd')",
        ):
            assert tried(role, statement) is False, (role, statement)


def test_the_command_prints_what_psql_takes(
    home: object, postgres_address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["db", "roles"])
    assert ended.value.code == 0
    printed = capsys.readouterr().out
    assert printed.count("CREATE ROLE") == len(RIGHTS)
    engine = make_engine(postgres_address)
    with engine.begin() as connection:
        for _ in range(2):
            connection.exec_driver_sql(printed)
    engine.dispose()
    for role in RIGHTS:
        assert all(f"{statement};\n" in printed for statement in grants(role))
