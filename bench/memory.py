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
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from itertools import cycle, islice
from pathlib import Path
from statistics import mean

import httpx
from rich.console import Console

from bench.crawling.server import Server
from bench.crawling.world import Portal, write_office
from bench.postgres import stop_what_was_started
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
PORTAL, DESK_PORT = Portal(900, 20), 8399
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


class Memory:
    """What processes with all that they start have in memory, looked at again and again; bytes by role."""

    def __init__(self, roles: dict[str, int]) -> None:
        self._roles = roles
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self.seen: dict[str, list[int]] = {role: [] for role in roles}

    def __enter__(self) -> Memory:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stop.wait(EVERY_SECONDS):
            for role, process in self._roles.items():
                self.seen[role].append(sum(_pss(one) for one in _tree(process)))


def main() -> None:
    """Runs, and prints the memory of each role."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=50_000)
    parser.add_argument("--minutes", type=float, default=10_000, help="no more documents come after so long")
    given = parser.parse_args()
    stop_what_was_started()
    waiting = papers(given.documents)
    begun = time.monotonic()
    with ExitStack() as stack:
        one = stack.enter_context(machine(given.documents // PLACES + 1))
        portals = stack.enter_context(Server([PORTAL], core=None))
        write_office(one.settings.home, [PORTAL], portals.port)
        roles = {"worker": stack.enter_context(one.workers("--scale", "1")).pid}
        for name in ("monitor", "crawler", "web"):
            roles[name] = stack.enter_context(_role(one, name))
        reader = stack.enter_context(_reader(one))
        memory = stack.enter_context(Memory(roles))
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
    for role, seen in memory.seen.items():
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
def _role(one: Machine, name: str) -> Iterator[int]:
    """A real role, until the context ends; its process."""
    environment = {
        **os.environ,
        **environment_of(one.settings),
        "NIANBAO_ALLOW_PRIVATE_ADDRESSES": "true",
        "NIANBAO_CRAWL_INTERVAL_HOURS": str(LOOK_HOURS),
        "NIANBAO_WEB_LISTEN": f"127.0.0.1:{DESK_PORT}",
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


class _Reader(threading.Thread):
    """Somebody at the desk who turns its pages again and again, until the context ends."""

    def __init__(self, session: str) -> None:
        super().__init__(daemon=True)
        self._ended = threading.Event()
        self._session = session
        self.turned = 0

    def __enter__(self) -> _Reader:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self.join()

    def run(self) -> None:
        """Asks for one page after another; only those that came count."""
        address = f"http://127.0.0.1:{DESK_PORT}"
        with httpx.Client(base_url=address, cookies={SESSION_COOKIE: self._session}, timeout=60) as client:
            for page in cycle(PAGES):
                if self._ended.wait(PAGE_SECONDS):
                    return
                with suppress(httpx.TransportError):  # it is starting
                    self.turned += client.get(page).status_code == 200


def _reader(one: Machine) -> _Reader:
    now = datetime.now(UTC)
    with one.ledger.write() as session:
        make_account(session, "bench", "bench", DeskRole.OPERATOR, None, Who("bench"), now)
        session.flush()
        return _Reader(begin_session(session, "bench", now))


def _tree(process: int) -> Iterator[int]:
    waiting = [process]
    while waiting:
        one = waiting.pop()
        yield one
        with suppress(OSError):
            for task in Path(f"/proc/{one}/task").iterdir():
                waiting += [int(child) for child in (task / "children").read_text().split()]


def _pss(process: int) -> int:
    """Bytes; 0 of a process that has ended."""
    with suppress(OSError):
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0


if __name__ == "__main__":
    main()
