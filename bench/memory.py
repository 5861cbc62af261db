"""``python -m bench.memory --documents 50000``: whether a role's memory stays flat while it works for a long time.

Documents of a season (bench/season/documents.py) go through a real worker and a real monitor on PostgreSQL, as many as
are asked for or fit into ``--minutes``; meanwhile a real crawler looks at a portal every few seconds, and somebody
turns the pages of a real desk. Each role's memory is its own and its children's (PSS: what they share is counted once);
told are its means over eighths of the run, and the widest distance of those of the last half from their own mean. Flat
is within 5 %.
"""

from __future__ import annotations

import argparse
import os
import socket
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from itertools import cycle, islice
from statistics import mean

import httpx
from rich.console import Console

from bench.crawling.server import Server
from bench.crawling.world import Portal, write_office
from bench.postgres import stop_what_was_started
from bench.processes import meanwhile, memory_of
from bench.season.documents import PLACES, YEAR, papers
from bench.season.machine import Machine, environment_of, machine
from bench.season.real import hand_over
from cli.up import role_command
from ledger.people.accounts import make_account
from ledger.people.record import Who
from ledger.people.sessions import begin_session
from ledger.reading.work import unfinished
from ledger.states import DeskRole
from monitor.handing_out import handing_out
from web.guard import SESSION_COOKIE

FLAT = 0.05
EIGHTHS = 8
EVERY_SECONDS, AT_ONCE, WAITING = 2.0, 20, 200
# A look every seven seconds, and two pages of the desk a second.
LOOK_HOURS, PAGE_SECONDS = 0.002, 0.5
PORTAL = Portal(900, 20)
PAGES = (
    "/",
    f"/?year={YEAR}&district=第0区",
    f"/reports/d0-1/{YEAR}",
    "/findings",
    "/incidents",
    "/portals",
    "/machinery",
)
say = Console(highlight=False).print


def main() -> None:
    """Runs, and prints the memory of each role."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=50_000)
    parser.add_argument("--minutes", type=float, default=10_000, help="no more documents come after so long")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="of the worker (one a core)")
    given = parser.parse_args()
    stop_what_was_started()
    waiting = papers(given.documents)
    begun = time.monotonic()
    with ExitStack() as stack:
        one = stack.enter_context(machine(given.documents // PLACES + 1))
        portals = stack.enter_context(Server([PORTAL], core=None))
        write_office(one.settings.home, [PORTAL], portals.port)
        roles = {"worker": stack.enter_context(one.workers("--scale", str(given.processes))).pid}
        desk = _free_port()
        for name in ("monitor", "crawler", "web"):
            roles[name] = stack.enter_context(_role(one, name, desk))
        reader = _Reader(one, desk)
        stack.enter_context(meanwhile(reader.turn, PAGE_SECONDS))
        all_seen: dict[str, list[int]] = {role: [] for role in roles}
        for role, process in roles.items():
            stack.enter_context(meanwhile(partial(_look, all_seen[role], process), EVERY_SECONDS))
        stack.enter_context(handing_out(one.settings, one.ledger))
        handed = 0
        while time.monotonic() - begun < given.minutes * 60:
            some = list(islice(waiting, AT_ONCE))
            if not some:
                break
            handed += len(some)
            hand_over(one, some)
            while _unread(one) > WAITING:
                time.sleep(0.2)
        minutes, looks = (time.monotonic() - begun) / 60, portals.asked().requests
        say(
            f"{handed} documents in {minutes:.1f} minutes; "
            f"{looks} requests of the crawler, {reader.turned} pages of the desk"
        )
        for page, times in reader.failed.items():
            say(f"the desk failed {times} times with {page}")
    for role, seen in all_seen.items():
        size = max(len(seen) // EIGHTHS, 1)
        means = [mean(seen[at : at + size]) / 2**20 for at in range(0, size * EIGHTHS, size) if seen[at : at + size]]
        late = means[len(means) // 2 :]
        off = max(abs(one - mean(late)) for one in late) / mean(late)
        words = " ".join(f"{one:.0f}" for one in means)
        say(f"{role}: {words} MB; the last half within {100 * off:.1f} % ({'flat' if off <= FLAT else 'not flat'})")


def _unread(one: Machine) -> int:
    with one.ledger.read() as session:
        return unfinished(session, WAITING + 1)


@contextmanager
def _role(one: Machine, name: str, desk: int) -> Iterator[int]:
    """A real role, until the context ends; its process."""
    environment = {
        **os.environ,
        **environment_of(one.settings),
        "NIANBAO_ALLOW_PRIVATE_ADDRESSES": "true",
        "NIANBAO_CRAWL_INTERVAL_HOURS": str(LOOK_HOURS),
        "NIANBAO_WEB_LISTEN": f"127.0.0.1:{desk}",
    }
    with (one.settings.home / f"{name}.log").open("ab") as log:
        process = subprocess.Popen(  # noqa: S603 - our own command
            role_command(name), stdin=subprocess.PIPE, stdout=log, stderr=log, env=environment
        )
        try:
            yield process.pid
        finally:
            process.terminate()
            process.wait(120)


def _look(seen: list[int], process: int) -> None:
    seen.append(memory_of(process))


class _Reader:
    """Somebody at the desk who turns its pages, one after another."""

    def __init__(self, one: Machine, port: int) -> None:
        now = datetime.now(UTC)
        with one.ledger.write() as session:
            make_account(session, "bench", "bench", DeskRole.OPERATOR, None, Who("bench"), now)
            session.flush()
            cookies = {SESSION_COOKIE: begin_session(session, "bench", now)}
        self._desk = httpx.Client(base_url=f"http://127.0.0.1:{port}", cookies=cookies, timeout=60)
        self._pages = cycle(PAGES)
        self.turned = 0
        self.failed: Counter[str] = Counter()

    def turn(self) -> None:
        """Asks for the next page; only one that came counts, and which ones did not is kept."""
        page = next(self._pages)
        with suppress(httpx.TransportError):  # it is starting
            if self._desk.get(page).status_code == httpx.codes.OK:
                self.turned += 1
            else:
                self.failed[page] += 1


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


if __name__ == "__main__":
    main()
