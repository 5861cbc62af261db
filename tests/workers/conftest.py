"""A broker, a worker, and documents to read: everything a test of the pipeline needs, all of it real."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cli.broker import EmbeddedBroker
from config.settings import Settings, load_settings
from ledger.archive import open_archive
from ledger.database import Ledger
from ledger.insert import insert_or_id, insert_or_ignore
from ledger.models import Article, Document, PortalRow, Version
from ledger.reading.handing_out import HandedOut
from ledger.states import ArticleOutcome, Queue, VersionRole
from tests.waiting import wait_until
from workers.dispatch import Sender, register
from workers.reading.child.process import ReadingProcess
from workers.worker_context import WorkerContext, open_worker_context

ROOT = Path(__file__).resolve().parents[2]
READER = "tests.workers.troublesome_readers:read"
SEEDS = ROOT / "tests" / "documents"
ZUOJIAZHUANG = (SEEDS / "seeds" / "000_94c0c8a1a4856154.txt").read_bytes()
NOON = datetime(2020, 2, 1, 4, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def troublesome_readers_can_be_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reading process does not look for modules in the current folder."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))


@pytest.fixture
def broker(settings: Settings) -> Iterator[EmbeddedBroker]:
    """The bundled Valkey, running."""
    with EmbeddedBroker(settings) as running:
        yield running


@pytest.fixture(scope="module")
def reading(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReadingProcess]:
    """The reading process of a file's tests, with the forms as shipped: each start of one costs more than most tests.

    A reader that eats memory has soon eaten all it may.
    """
    settings = load_settings(home=tmp_path_factory.mktemp("reading"), read_memory_megabytes=700)
    with ReadingProcess(settings, reader=READER) as process:
        yield process


@pytest.fixture
def worker_context(settings: Settings, reading: ReadingProcess) -> Iterator[WorkerContext]:
    """What a worker process works with, in this process."""
    opened = open_worker_context(settings, reader=READER)
    opened.reading = reading
    yield opened
    opened.ledger.close()


class Documents:
    """Puts documents into ledger and archive, as the crawler does."""

    def __init__(self, settings: Settings, ledger: Ledger) -> None:
        self._archive = open_archive(settings)
        self._ledger = ledger

    def publish(
        self,
        data: bytes,
        *,
        at: datetime = NOON,
        name: str = "a",
        agency: str | None = "zuojiazhuang",
        year: int | None = 2019,
        role: VersionRole = VersionRole.BODY,
        portal: str = "chaoyang",
    ) -> int:
        """The id of the work of reading a document that an article of this name shows."""
        sha256 = self._archive.put(data)
        assigned = agency is not None and year is not None
        with self._ledger.write() as session:
            insert_or_ignore(session, PortalRow, [{"portal": portal, "sentence": "", "failures": 0, "next_due_at": at}])
            document = {"sha256": sha256, "size": len(data), "media_type": "text/plain", "first_fetched_at": at}
            insert_or_ignore(session, Document, [document])
            article = {
                "portal": portal,
                "column": "reports",
                "address": f"http://{portal}.example/{name}",
                "title": name,
                "outcome": ArticleOutcome.REPORT if assigned else ArticleOutcome.UNASSIGNED,
                "agency": agency,
                "year": year,
                "reason": "",
                "first_seen_at": at,
                "last_seen_at": at,
                "gone_times": 0,
                "baseline": False,
            }
            article_id = insert_or_id(session, Article, article, ["portal", "address"])[0]
            version = {
                "article_id": article_id,
                "role": role,
                "address": f"http://{portal}.example/{name}",
                "sha256": sha256,
                "content_sha256": sha256,
                "first_seen_at": at,
            }
            stored = insert_or_id(session, Version, version, ["article_id", "address", "content_sha256"])[0]
            return register(session, stored, at)


@pytest.fixture
def documents(settings: Settings, ledger: Ledger) -> Documents:
    """Puts documents where the workers find them."""
    return Documents(settings, ledger)


def send(settings: Settings, work_ids: Sequence[int], at: datetime) -> bool:
    """Sends messages whatever the ledger says: late ones, or the same ones again."""
    with closing(Sender(settings)) as sender:
        return sender.send(Queue.READ, [HandedOut(work_id, at) for work_id in work_ids], datetime.now(UTC))


class Worker:
    """A real Celery worker in a process group of its own."""

    def __init__(
        self,
        log: Path,
        environment: dict[str, str],
        queue: Queue = Queue.READ,
        pool: Sequence[str] = ("--concurrency", "1"),
    ) -> None:
        self.log = log
        command = [sys.executable, "-m", "celery", "-A", "tests.workers.troubled_app", "worker", "-Q", queue.value]
        command += ["-n", f"{log.stem}@%h", *pool, "--loglevel", "INFO", "--without-gossip", "--without-mingle"]
        with log.open("ab") as out:
            self.process = subprocess.Popen(
                command, cwd=ROOT, stdout=out, stderr=out, start_new_session=True, env=os.environ | environment
            )
        wait_until(lambda: " ready." in self.said(), f"the worker is ready: {self.said()}", 240)

    def said(self) -> str:
        """Everything that it has logged."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def children(self) -> list[int]:
        """The ids of its pool processes."""
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(number) for number in listed.split()]

    def kill(self) -> None:
        """SIGKILL to it and all its processes: the machine is gone."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """SIGTERM, and SIGKILL where that does not help."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()


StartWorker = Callable[..., Worker]


@contextmanager
def workers_in(folder: Path) -> Iterator[StartWorker]:
    started: list[Worker] = []

    def start(queue: Queue = Queue.READ, pool: Sequence[str] = ("--concurrency", "1"), **environment: str) -> Worker:
        worker = Worker(folder / f"worker-{len(started)}.log", environment, queue, pool)
        started.append(worker)
        return worker

    try:
        yield start
    finally:
        for worker in started:
            worker.stop()


@pytest.fixture
def start_worker(tmp_path: Path, broker: EmbeddedBroker) -> Iterator[StartWorker]:
    """Starts workers whose reader knows the troublesome documents; each start is one more."""
    with workers_in(tmp_path) as start:
        yield start
