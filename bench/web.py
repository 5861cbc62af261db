"""``python -m bench.web``: milliseconds of a core that pages of the desk take, beside ``nianbao status``.

On the ledger of bench.monitor: 5,000 agencies in 50 districts, 5 report years, on SQLite and on PostgreSQL. A page is
asked for as a browser does, without the time on the wire; the one in the middle of so many counts. No page may take
more than half of what the command takes.
"""

from __future__ import annotations

import sys
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median

from starlette.testclient import TestClient

from bench.monitor import MISSING, TIMES, let_it_analyze, seconds, status_seconds, sweep, write_register, write_reports
from bench.postgres import empty_ledger, stop_what_was_started
from config.in_force import load_register
from config.settings import load_settings
from ledger.archive import open_archive
from ledger.database import open_ledger
from ledger.machinery.heartbeat import MONITOR, HeartbeatWriter
from ledger.people.accounts import make_account
from ledger.people.record import Who
from ledger.people.sessions import begin_session
from ledger.people.tokens import make_token
from ledger.states import DeskRole, TokenKind
from monitor.calendar import start_of
from monitor.standings.obligations import update_obligations
from web.app import make_app
from web.desk import Desk
from web.guard import SESSION_COOKIE

NOW = start_of(date(2025, 2, 10), 9)
SHARE = 0.5
PAGES = {
    "/ (50 districts)": "/?year=2024",
    "/ (one district)": "/?district=第1区&year=2024",
    "/ (all missing)": "/?year=2024&state=missing",
    "/ (last page)": "/?year=2024&kind=department&page=25",
    "/reports": f"/reports/d1-a{MISSING + 1}/2024",
    "/findings": "/findings",
    "/findings (page 10)": "/findings?page=10",
    "/agencies": "/agencies/d1-a1",
    "/incidents": "/incidents",
    "/rectifications": "/rectifications",
    "/register": "/register",
    "/notices": "/notices",
    "/notices (page 10)": "/notices?page=10",
    "/notices/next": "/notices/next",
    "/summaries": "/summaries",
    "/summaries/circular": "/summaries/circular?district=第1区&year=2024",
    "/portals": "/portals",
    "/portals/ID": "/portals/d1",
    "/machinery": "/machinery",
    "/add": "/add",
    "/audit": "/audit",
    "/indicators (one district)": "/indicators?district=第1区&year=2024",
}
# What programs ask, with a token of an office.
PROGRAMS = {
    "/api standings": "/api/v1/standings?year=2024&limit=100",
    "/api findings": "/api/v1/findings?district=第1区&limit=100",
}


def main() -> int:
    """Prints each page against half of the command; 1 where one takes more."""
    stop_what_was_started()
    over = measure("SQLite", None)
    with empty_ledger() as address:
        over += measure("PostgreSQL", address)
    return int(over > 0)


def measure(database: str, address: str | None) -> int:
    """Fills an empty ledger, measures on it and prints; how many pages take too long."""
    with tempfile.TemporaryDirectory() as folder:
        given = {"database_url": address} if address is not None else {}
        settings = load_settings(home=Path(folder), **given)
        write_register(settings.home)
        register = load_register(settings.home)
        ledger = open_ledger(settings)
        update_obligations(ledger, register, NOW)
        write_reports(ledger)
        sweep(settings, ledger, register, NOW)
        let_it_analyze(ledger)
        HeartbeatWriter(settings, ledger, MONITOR).beat(datetime.now(UTC))
        status_seconds(settings)
        command = median(status_seconds(settings)[1] for _ in range(TIMES))
        with ledger.write() as session:
            make_account(session, "bench", "bench", DeskRole.OPERATOR, None, Who("bench"), NOW)
            session.flush()
            token = begin_session(session, "bench", NOW)
            program = make_token(session, TokenKind.OFFICE, "bench", Who("bench"), NOW, today=NOW.date())
        desk = Desk(settings, ledger, open_archive(settings), lambda: NOW)
        print(f"{database}: nianbao status {command * 1000:.0f} ms of a core; a page may take {SHARE:.0%} of it")  # noqa: T201
        with TestClient(make_app(desk), cookies={SESSION_COOKIE: token}) as client:
            over = [name for name, path in PAGES.items() if _page(client, name, path) > command * SHARE]
            client.headers["Authorization"] = f"Bearer {program}"
            over += [name for name, path in PROGRAMS.items() if _page(client, name, path) > command * SHARE]
        ledger.close()
    return len(over)


def _page(client: TestClient, name: str, path: str) -> float:
    client.get(path)  # templates are compiled once
    begun = time.perf_counter()
    taken = median(seconds(lambda: client.get(path))[1] for _ in range(TIMES))
    answer = client.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{path}: {answer.status_code}")
    whole = (time.perf_counter() - begun) / (TIMES + 1)
    size = len(answer.content) // 1024
    print(f"{name:22} {taken * 1000:6.0f} ms of a core, {whole * 1000:6.0f} ms in all, {size:5} kB")  # noqa: T201
    return taken


if __name__ == "__main__":
    sys.exit(main())
