"""The servers that tests share: both databases, and a home of its own for every test."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url

from config.settings import Settings, load_settings
from ledger.database import Ledger, make_engine, upgrade
from tests.left_behind import tell_folder
from tests.made_once import made_once
from tests.mailing import open_mailing_ledger
from tests.postgres import new_server, run_statement

pytest_plugins = [
    "tests.browser",
    "tests.left_behind",
    "tests.nothing_skipped",
    "tests.object_store",
    "tests.processes",
]

GIVEN_POSTGRES = "NIANBAO_TEST_POSTGRES"


# What the monitor's tests are about is seldom the database: on PostgreSQL they run once more among the long tests.
ON_POSTGRESQL_TOO = Path(__file__).parent / "monitor"
# What a letter says is made from objects: on PostgreSQL, test_two_years_of_bad_days writes every kind of letter.
WORDS_ALONE = ON_POSTGRESQL_TOO / "letters"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """What is marked both_databases runs once on SQLite and once on PostgreSQL; all else on SQLite.

    The monitor's tests that are not long themselves run on PostgreSQL among the long ones (make test-long), but for
    those of what letters say and those that ask for ``sqlite_settings``.
    """
    names = metafunc.fixturenames
    if metafunc.definition.get_closest_marker("both_databases"):
        metafunc.parametrize("settings", ["sqlite", "postgresql"], indirect=True)
    elif (
        "settings" in names
        and "sqlite_settings" not in names
        and metafunc.definition.path.is_relative_to(ON_POSTGRESQL_TOO)
        and not metafunc.definition.path.is_relative_to(WORDS_ALONE)
        and not metafunc.definition.get_closest_marker("long")
    ):
        metafunc.parametrize("settings", ["sqlite", pytest.param("postgresql", marks=pytest.mark.long)], indirect=True)


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
    run_statement(postgres_server, f'CREATE DATABASE "{name}"')
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
        run_statement(server, f'CREATE DATABASE "{made[-1]}" TEMPLATE "{template}"')
        return make_url(server).set(database=made[-1]).render_as_string(hide_password=False)

    yield make
    for name in made:
        run_statement(server, f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def postgres_address(new_postgres: Callable[[], str]) -> str:
    """The address of an empty ledger of its own on PostgreSQL."""
    return new_postgres()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A NIANBAO_HOME of its own, and no other NIANBAO_ variable from outside."""
    return home_in(tmp_path, monkeypatch)


def home_in(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Makes a NIANBAO_HOME in a folder, and lives in it until the patch is undone."""
    made = folder / "home"
    made.mkdir()
    live_in(made, monkeypatch)
    return made


def live_in(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sets NIANBAO_HOME, and takes away every other NIANBAO_ variable, until the patch is undone."""
    for variable in list(os.environ):
        if variable.startswith("NIANBAO_") and not variable.startswith("NIANBAO_TEST_"):
            monkeypatch.delenv(variable)
    monkeypatch.setenv("NIANBAO_HOME", str(home))


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger on SQLite that has all tables; every test gets a copy of it."""

    def make(folder: Path) -> None:
        engine = make_engine(f"sqlite:///{folder / 'ledger.sqlite3'}")
        upgrade(engine)
        engine.dispose()

    return made_once(tmp_path_factory, "sqlite_template", make) / "ledger.sqlite3"


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
    """Those of :func:`settings` where the test is for SQLite alone, among the long ones too."""
    return settings


@pytest.fixture
def ledger(settings: Settings) -> Iterator[Ledger]:
    """The empty ledger of the settings, in which mail to offices has been started."""
    opened = open_mailing_ledger(settings)
    yield opened
    opened.close()
