"""A desk over an empty ledger with a register, and people who are logged in to it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from config.in_force import load_register
from config.settings import Settings, load_settings
from ledger.archive import open_archive
from ledger.database import Ledger
from ledger.people.accounts import make_account, set_password
from ledger.people.record import Who
from ledger.people.sessions import begin_session
from ledger.states import DeskRole
from monitor.standings.judge import update_standings
from monitor.standings.obligations import update_obligations
from tests.mailing import open_mailing_ledger
from tests.monitor.evidence.published import HONGZE, YUNSHAN, publish
from tests.monitor.factory import World, at, write_register
from web.app import make_app
from web.desk import Desk
from web.guard import SESSION_COOKIE

TESTS = Who("tests")
PASSWORD = "correct horse battery"
TODAY = at("2024-04-10 09:00")


class Clock:
    """The desk's time, which only goes forward where a test says so."""

    def __init__(self) -> None:
        self.now = TODAY

    def __call__(self) -> datetime:
        return self.now


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
    folder = tmp_path_factory.mktemp("prepared")
    settings = load_settings(home=folder)
    write_register(folder)
    with closing(open_mailing_ledger(settings)) as ledger:
        world = World(ledger)
        publish(world, settings, HONGZE.read_bytes(), "yunshan-government", 2023, "2024-03-20")
        publish(world, settings, YUNSHAN.read_bytes(), "yunshan-culture", 2023, "2024-01-20")
        for day in ("2024-04-02", "2024-04-03"):
            world.look(day)
        register = load_register(folder)
        update_obligations(ledger, register, TODAY)
        update_standings(ledger, register, TODAY)
    return folder


@pytest.fixture
def reports(prepared: Path, home: Path, settings: Settings) -> None:
    """The prepared ledger and archive in place of the empty ones; to be asked for before the desk."""
    shutil.copytree(prepared, home, dirs_exist_ok=True)
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
