"""The stage on which a season is replayed: portals, inbox, broker, workers and a home, all of them real."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
from types import TracebackType

import yaml

import crawler.rounds.loop
import monitor.loop
from cli.broker import EmbeddedBroker
from cli.demo.inbox import Inbox
from cli.demo.server import PortalServer, write_demo_home
from cli.shown.output import CannotBeDone
from cli.up import role_command
from config.settings import Settings, load_settings
from config.time_zone import SHANGHAI
from ledger.archive import open_archive
from ledger.database import Ledger, open_ledger
from ledger.messages.sending import switch_mail
from ledger.reading.work import unfinished
from workers.dispatch import send_overdue

# In the morning, so that what is found is in the letter of the day.
CRAWL_AT = time_of_day(8, 0)
WORK_LIMIT_SECONDS = 180.0
POLL_SECONDS = 0.01
STOP_LIMIT_SECONDS = 30.0


class Stage:
    """Everything a replay needs, started on free ports in one folder, and stopped at the end.

    ``workers`` is how many Celery processes read; ``settings_file`` adds to the settings of the home (the tests put
    the ledger on PostgreSQL that way). Use it as a context manager.
    """

    def __init__(self, home: Path, *, workers: int = 2, settings_file: dict[str, object] | None = None) -> None:
        self.home = home
        self._workers = workers
        self._more_settings = settings_file or {}
        self._running = ExitStack()
        self.portals = PortalServer()
        self.inbox = Inbox(home / "inbox")
        self.settings: Settings
        self.ledger: Ledger
        self.broker: EmbeddedBroker
        self.worker: subprocess.Popen[bytes]

    def __enter__(self) -> Stage:
        self.home.mkdir(parents=True, exist_ok=True)
        with ExitStack() as starting:
            starting.enter_context(self.portals)
            starting.enter_context(self.inbox)
            write_demo_home(self.home, self.portals.addresses)
            (self.home / "settings.yaml").write_text(yaml.safe_dump(self._settings_file()), encoding="utf-8")
            self.settings = load_settings(home=self.home)
            self.ledger = open_ledger(self.settings)
            starting.callback(self.ledger.close)
            with self.ledger.write() as session:
                switch_mail(session, started=True, by="nianbao demo", why="演示", now=datetime.now(UTC))
            open_archive(self.settings)
            self.broker = EmbeddedBroker(self.settings)
            starting.enter_context(self.broker)
            self.start_worker()
            starting.callback(self.stop_worker)
            self._running = starting.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._running.close()

    def start_worker(self) -> None:
        """Starts the Celery worker, in a process group of its own so that all of it can be killed."""
        with (self.home / "worker.log").open("ab") as log:
            self.worker = subprocess.Popen(  # noqa: S603 - our own command
                role_command("worker", "--workers", str(self._workers)),
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, "NIANBAO_HOME": str(self.home)},
                start_new_session=True,
            )

    def stop_worker(self) -> None:
        """Stops the worker: it finishes what it reads."""
        self.worker.terminate()
        try:
            self.worker.wait(STOP_LIMIT_SECONDS)
        except subprocess.TimeoutExpired:
            # What it started for each queue ends with its standard input.
            os.killpg(self.worker.pid, signal.SIGKILL)
            self.worker.wait()
        if self.worker.stdin is not None:
            self.worker.stdin.close()

    def live(self, day: date) -> None:
        """One day: the crawler's round at eight, the workers' reading, the monitor's turn once all is read.

        Raises CannotBeDone where the documents are not read within the limit.
        """
        self.watch(self.finish_reading(self.crawl(day)))

    def crawl(self, day: date) -> datetime:
        """The morning of a day: its pages are shown, and the crawler's loop has its turn. Returns when that was."""
        self.portals.today = day
        morning = datetime.combine(day, CRAWL_AT, SHANGHAI)
        crawler.rounds.loop.tick(self.settings, self.ledger, morning)
        return morning

    def watch(self, now: datetime) -> None:
        """The monitor's loop has its turn."""
        monitor.loop.tick(self.settings, self.ledger, now)

    def finish_reading(self, begun: datetime) -> datetime:
        """Waits until no document waits to be read; the season's clock goes on meanwhile as the real one does.

        Work that was lost on the way is found again by the sweep, which is given its turn every second.
        Returns the season's time at the end.
        """
        started = time.monotonic()
        next_sweep = 1.0
        while True:
            elapsed = time.monotonic() - started
            now = begun + timedelta(seconds=elapsed)
            with self.ledger.read() as session:
                waiting = unfinished(session)
            if waiting == 0:
                return now
            if elapsed > WORK_LIMIT_SECONDS:
                raise CannotBeDone(
                    f"{WORK_LIMIT_SECONDS:.0f} 秒后仍有 {waiting} 份文件没有读完；请查看 {self.home / 'worker.log'}"
                )
            if elapsed >= next_sweep:
                next_sweep = elapsed + 1.0
                send_overdue(self.settings, self.ledger, now)
            time.sleep(POLL_SECONDS)

    def _settings_file(self) -> dict[str, object]:
        return {
            "smtp_host": self.inbox.host,
            "smtp_port": self.inbox.port,
            "mail_from": "nianbao@nianbao.example",
            "mail_domain": "nianbao.example",
            "contact": "webmaster@nianbao.example",
            "allow_private_addresses": True,
            "crawl_retry_minutes": 24 * 60,
            # The demo tells its story itself.
            "log_level": "WARNING",
            **self._more_settings,
        }
