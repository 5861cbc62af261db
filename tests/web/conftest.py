"""A desk over an empty ledger with a register, and people who are logged in to it."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from sqlalchemy.engine import make_url
from starlette.testclient import TestClient

from config.settings import Settings
from ledger.archive import open_archive
from ledger.database import Ledger
from ledger.people import accounts
from ledger.people.accounts import make_account, set_password
from ledger.people.record import Who
from ledger.people.sessions import begin_session
from ledger.states import DeskRole
from monitor.loop import tick
from tests.made_once import made_once
from tests.monitor.factory import World, write_register
from tests.postgres import copy_database
from tests.web.prepared import TODAY, prepare, served
from web.app import make_app
from web.desk import Desk
from web.guard import SESSION_COOKIE

TESTS = Who("tests")
PASSWORD = "correct horse battery"
# What the desk computes its hashes with; here they cost a fraction of it.
AS_IN_USE = accounts._hasher


class Clock:
    """The desk's time, which only goes forward where a test says so."""

    def __init__(self) -> None:
        self.now = TODAY

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture(scope="package", autouse=True)
def quick_hashes() -> Iterator[None]:
    """A password's hash in no time instead of a fifth of a second of a core, which some tests need a dozen times."""
    quick = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(accounts, "_hasher", lambda: quick)
        accounts._nobody.cache_clear()
        yield
    accounts._nobody.cache_clear()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def world(ledger: Ledger, settings: Settings) -> World:
    write_register(settings.home)
    return World(ledger)


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a real PDF as the government's report for 2023, one that is a web page for the culture bureau, and
    nothing of the street office: made once, copied by every test that asks for :func:`reports`.
    """
    return made_once(tmp_path_factory, "prepared", prepare)


@pytest.fixture(scope="session")
def prepared_postgres(
    tmp_path_factory: pytest.TempPathFactory, postgres_server: str, postgres_template: str
) -> tuple[Path, str]:
    """The same on PostgreSQL: the home, and the name of the database that is copied."""
    folder, name = tmp_path_factory.mktemp("prepared_postgres"), f"nianbao_prepared_{uuid.uuid4().hex[:8]}"
    prepare(folder, copy_database(postgres_server, postgres_template, name))
    return folder, name


@pytest.fixture
def reports(request: pytest.FixtureRequest, home: Path, settings: Settings) -> None:
    """The prepared ledger and archive in place of the empty ones; to be asked for before the desk."""
    address = make_url(settings.database_url.get_secret_value()) if settings.database_url else None
    if address is not None and address.get_backend_name() == "postgresql":
        folder, template = request.getfixturevalue("prepared_postgres")
        shutil.copytree(folder, home, dirs_exist_ok=True)
        copy_database(request.getfixturevalue("postgres_server"), template, str(address.database))
        return
    shutil.copytree(request.getfixturevalue("prepared"), home, dirs_exist_ok=True)
    for left in home.glob("ledger.sqlite3-*"):
        left.unlink()


@pytest.fixture
def desk(world: World, settings: Settings, clock: Clock) -> Desk:
    return Desk(settings, world.ledger, open_archive(settings), clock)


@pytest.fixture
def stranger(desk: Desk) -> Iterator[TestClient]:
    """A browser in which nobody is logged in."""
    with TestClient(make_app(desk), follow_redirects=False) as client:
        yield client


Enter = Callable[..., TestClient]


@pytest.fixture
def enter(desk: Desk, stranger: TestClient) -> Enter:
    """Logs somebody in, in a browser of their own: ``enter("wangmin", DeskRole.OFFICER, ["云山区"])``."""

    def log_in(account: str, role: DeskRole = DeskRole.OFFICER, districts: list[str] | None = None) -> TestClient:
        with desk.ledger.write() as session:
            make_account(session, account, f"{account}的姓名", role, districts, TESTS, desk.now())
            session.flush()
            token = begin_session(session, account, desk.now())
        client = TestClient(stranger.app, follow_redirects=False)
        client.cookies.set(SESSION_COOKIE, token)
        return client

    return log_in


@pytest.fixture
def wangmin(desk: Desk) -> str:
    """An account with a password that nobody has logged in to."""
    with desk.ledger.write() as session:
        make_account(session, "wangmin", "王敏", DeskRole.OPERATOR, None, TESTS, desk.now())
        session.flush()
        set_password(session, "wangmin", PASSWORD, TESTS, desk.now())
    return "wangmin"


@pytest.fixture
def desk_at(reports: None, world: World, settings: Settings) -> Iterator[str]:
    """The address of a desk that is served, with an officer who has a password."""
    with world.ledger.write() as session:
        make_account(session, "wangmin", "王敏", DeskRole.OFFICER, ["云山区"], TESTS, TODAY)
        session.flush()
        set_password(session, "wangmin", PASSWORD, TESTS, TODAY)
    tick(settings.model_copy(update={"smtp_port": 9}), world.ledger, TODAY)
    with served(settings, world.ledger) as address:
        yield address
