"""The servers that tests share: both databases, and a home of its own for every test."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from config.settings import Settings, load_settings
from ledger.database import Ledger, make_engine, upgrade
from tests.left_behind import tell_folder
from tests.mailing import open_mailing_ledger
from tests.postgres import new_server

pytest_plugins = [
    "tests.browser",
    "tests.left_behind",
    "tests.nothing_skipped",
    "tests.object_store",
    "tests.processes",
]

GIVEN_POSTGRES = "NIANBAO_TEST_POSTGRES"


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--postgresql`` for make test-long."""
    words = "run only what uses the settings' ledger, on PostgreSQL instead of SQLite"
    parser.addoption("--postgresql", action="store_true", help=words)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """What is marked both_databases runs once on SQLite and once on PostgreSQL; all else on one of them."""
    names = metafunc.fixturenames
    if metafunc.definition.get_closest_marker("both_databases"):
        metafunc.parametrize("settings", ["sqlite", "postgresql"], indirect=True)
    elif metafunc.config.getoption("--postgresql") and "settings" in names and "sqlite_settings" not in names:
        metafunc.parametrize("settings", ["postgresql"], indirect=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With ``--postgresql`` only what runs on it."""
    if config.getoption("--postgresql"):
        others = [item for item in items if not _is_on_postgresql(item)]
        config.hook.pytest_deselected(items=others)
        items[:] = [item for item in items if _is_on_postgresql(item)]


def _is_on_postgresql(item: pytest.Item) -> bool:
    called = getattr(item, "callspec", None)
    return called is not None and called.params.get("settings") == "postgresql"


@pytest.fixture(scope="session", autouse=True)
def folder_of_the_run(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What works in it is ended with the run."""
    tell_folder(tmp_path_factory.getbasetemp().resolve())


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a PostgreSQL: the one given in NIANBAO_TEST_POSTGRES, else one that is started for this run."""
    given = os.environ.get(GIVEN_POSTGRES)
    if given:
        yield given
        return
    with new_server() as address:
        yield address.render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> str:
    """The name of a database that has all tables; every test gets a copy of it."""
    name = f"nianbao_template_{uuid.uuid4().hex[:8]}"
    _run(postgres_server, f'CREATE DATABASE "{name}"')
    engine = create_engine(make_url(postgres_server).set(database=name))
    upgrade(engine)
    engine.dispose()
    return name


@pytest.fixture
def new_postgres(request: pytest.FixtureRequest) -> Iterator[Callable[[], str]]:
    """Makes empty ledgers on PostgreSQL; each call gives the address of another one."""
    made: list[str] = []
    server = ""

    def make() -> str:
        nonlocal server
        server = request.getfixturevalue("postgres_server")
        template = request.getfixturevalue("postgres_template")
        made.append(f"nianbao_{uuid.uuid4().hex[:12]}")
        _run(server, f'CREATE DATABASE "{made[-1]}" TEMPLATE "{template}"')
        return make_url(server).set(database=made[-1]).render_as_string(hide_password=False)

    yield make
    for name in made:
        _run(server, f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def postgres_address(new_postgres: Callable[[], str]) -> str:
    """The address of an empty ledger of its own on PostgreSQL."""
    return new_postgres()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A NIANBAO_HOME of its own, and no other NIANBAO_ variable from outside."""
    for variable in list(os.environ):
        if variable.startswith("NIANBAO_") and not variable.startswith("NIANBAO_TEST_"):
            monkeypatch.delenv(variable)
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("NIANBAO_HOME", str(folder))
    return folder


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger on SQLite that has all tables; every test gets a copy of it."""
    path = tmp_path_factory.mktemp("template") / "ledger.sqlite3"
    engine = make_engine(f"sqlite:///{path}")
    upgrade(engine)
    engine.dispose()
    return path


@pytest.fixture
def settings(request: pytest.FixtureRequest, home: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings with an empty ledger, on SQLite unless the test is marked both_databases.

    Child processes get them through the environment.
    """
    monkeypatch.setenv("NIANBAO_ALLOW_PRIVATE_ADDRESSES", "true")
    if getattr(request, "param", "sqlite") == "postgresql":
        monkeypatch.setenv("NIANBAO_DATABASE_URL", request.getfixturevalue("postgres_address"))
    else:
        shutil.copyfile(request.getfixturevalue("sqlite_template"), home / "ledger.sqlite3")
    return load_settings()


@pytest.fixture
def sqlite_settings(settings: Settings) -> Settings:
    """Those of :func:`settings` where the test is for SQLite alone, with ``--postgresql`` too."""
    return settings


@pytest.fixture
def ledger(settings: Settings) -> Iterator[Ledger]:
    """The empty ledger of the settings, in which mail to offices has been started."""
    opened = open_mailing_ledger(settings)
    yield opened
    opened.close()


def _run(address: str, statement: str) -> None:
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
