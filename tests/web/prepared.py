"""A season that tests and pictures of the desk share (a real PDF, a web page), and a desk that serves it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from queue import Queue

from sqlalchemy import update

from config.in_force import load_register
from config.settings import Settings, load_settings
from ledger.archive import open_archive
from ledger.database import Ledger
from ledger.models import ListPage
from ledger.people.accounts import make_account
from ledger.people.record import Who
from ledger.people.sessions import begin_session
from ledger.states import DeskRole
from monitor.standings.judge import update_standings
from monitor.standings.obligations import update_obligations
from tests.mailing import open_mailing_ledger
from tests.monitor.evidence.published import HONGZE, YUNSHAN, publish
from tests.monitor.factory import World, at, write_register
from web.serving.server import serve

TODAY = at("2024-04-10 09:00")
# What its columns looked like.
LISTED = "<html><meta charset=utf-8><h1>政府信息公开年报</h1><ul><li>邻区年报 2024-01-20</li></ul></html>".encode()


def prepare(folder: Path, database: str | None = None) -> None:
    """Fills an empty home: a PDF as the government's report for 2023, a web page as the culture bureau's, and nothing
    of the street office, after two looks. ``database`` is the address of an empty ledger, by default one in the home.
    """
    settings = load_settings(home=folder, **({"database_url": database} if database is not None else {}))
    write_register(folder)
    with closing(open_mailing_ledger(settings)) as ledger:
        world = World(ledger)
        publish(world, settings, HONGZE.read_bytes(), "yunshan-government", 2023, "2024-03-20")
        publish(world, settings, YUNSHAN.read_bytes(), "yunshan-culture", 2023, "2024-01-20")
        for day in ("2024-04-02", "2024-04-03"):
            world.look(day)
        with ledger.write() as session:
            session.execute(update(ListPage).values(sha256=open_archive(settings).put(LISTED)))
        register = load_register(folder)
        update_obligations(ledger, register, TODAY)
        update_standings(ledger, register, TODAY)


@contextmanager
def served(
    settings: Settings, ledger: Ledger, clock: Callable[[], datetime] = lambda: TODAY, listen: str = "127.0.0.1:0"
) -> Iterator[str]:
    """The desk as a process serves it, in a thread, at a free port; gives its address."""
    stop, said = threading.Event(), Queue[str]()
    given = settings.model_copy(update={"web_listen": listen})
    values = {"say": said.put, "clock": clock}
    thread = threading.Thread(target=serve, args=(given, ledger, stop), kwargs=values)
    thread.start()
    try:
        yield said.get(timeout=240).removeprefix("工作台：")
    finally:
        stop.set()
        thread.join(120)


def session_for(ledger: Ledger, account: str, role: DeskRole = DeskRole.OPERATOR, now: datetime = TODAY) -> str:
    """Makes an account and logs it in; the token of its cookie."""
    with ledger.write() as session:
        make_account(session, account, "王敏", role, None, Who("tests"), now)
        session.flush()
        return begin_session(session, account, now)
