"""``make bench``: the pipeline's own cost of a report, two workers beside one, and a full ledger beside an empty one.

Documents in the shares of a season (bench/season/documents.py, without scans) go their whole way through real Celery
workers, each of one process. The own cost is all that is neither reading nor checking: the core seconds of the
worker's processes, those of its reading child and of the rules aside, and of who hands over (bytes into the archive,
the work's row, messages; not its waiting for the workers). What PostgreSQL and Valkey compute is told beside it. How
each figure comes about stands in turns.py; beside.py has all beside another commit's. ``--documents``: so many a run.

Two workers have to share this machine's cores with the servers, and what a core can do changes from minute to minute on
a machine that is not one's own: so one, two and one with a full ledger take turns, all runs of a kind count together,
and beside them stands what two reading processes read here of what one reads, with no queue, no ledger and nothing else
to do. A run is long enough that its end, when one of the two has nothing left to do, is a small part of it.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass, fields
from itertools import islice
from pathlib import Path
from statistics import harmonic_mean
from types import TracebackType

from rich.console import Console

from bench.pipeline.office import OTHERS, Desk, Office, fill, office
from bench.pipeline.turns import until_read
from bench.pipeline.worker import FOLDER
from bench.postgres import stop_what_was_started
from bench.season import page
from bench.season.documents import Paper, papers
from bench.season.meter import Meter
from bench.season.sample import machine_words, today
from config.settings import Settings
from workers.dispatch import Sender
from workers.reading.child.process import ReadingProcess

GOAL_MILLISECONDS, GOAL_OF_TWO, GOAL_OF_FULL = 15.0, 1.85, 0.9
STOP_SECONDS = 60
# So many documents for each worker are read before anything is measured.
WARMING = 8
# So many are read for what a reading process can do by itself.
ALONE = 66
TICKS = os.sysconf("SC_CLK_TCK")
say = Console(highlight=False, width=None if sys.stdout.isatty() else 120).print


@dataclass(frozen=True)
class Measured:
    """One run over some documents: seconds by the clock, and core seconds of each that had a part."""

    documents: int
    seconds: float
    handing_over: float
    workers: float
    reading: float
    checking: float
    servers: float

    @property
    def own(self) -> float:
        """Milliseconds of a core for a document, beside reading and checking it."""
        return 1000 * (self.handing_over + self.workers - self.reading - self.checking) / self.documents

    @property
    def rate(self) -> float:
        """Documents a second by the clock."""
        return self.documents / self.seconds


class Bench:
    """An office whose documents are read run after run, always other ones."""

    def __init__(self, place: Office, many: int) -> None:
        self._office, self._many = place, many
        self._desk = Desk(place.settings, place.ledger)
        self._papers: Iterator[Paper] = papers(1_000_000)

    def run(self, workers: int) -> Measured:
        """So many workers read documents that nobody has seen."""
        settings = self._office.settings
        with Workers(settings, workers) as running, closing(Sender(settings)) as sender:
            self._take(WARMING * workers)
            until_read(self._office, sender)
            handed = self._desk.handing_over
            self._take(self._many)
            with ExitStack() as metered:
                database = metered.enter_context(Meter(self._office.database)) if self._office.database else None
                before, broker, begun = running.used(), self._office.broker_core(), time.perf_counter()
                handing_over = self._desk.handing_over - handed + until_read(self._office, sender)
                seconds = time.perf_counter() - begun
                after, servers = running.used(), self._office.broker_core() - broker
            servers += database.seconds if database is not None else 0.0
        whole, reading, checking = (after[name] - before[name] for name in ("whole", "reading", "checking"))
        return Measured(self._many, seconds, handing_over, whole, reading, checking, servers)

    def _take(self, many: int) -> None:
        for paper in islice(self._papers, many):
            self._desk.take(paper)


class Workers:
    """Real Celery workers of one process each, with their accounts; a context manager."""

    def __init__(self, settings: Settings, many: int) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="nbpl-"))
        environment = {"NIANBAO_HOME": str(settings.home), "NIANBAO_LOG_LEVEL": "WARNING", FOLDER: str(self._folder)}
        if settings.database_url is not None and settings.broker_url is not None:
            environment["NIANBAO_DATABASE_URL"] = settings.database_url.get_secret_value()
            environment["NIANBAO_BROKER_URL"] = settings.broker_url.get_secret_value()
        # A PDF that accuses is handed to the queue scan, where the pictures of its cells are looked at.
        command = [sys.executable, "-m", "celery", "-A", "bench.pipeline.worker", "worker", "-Q", "read,scan"]
        command += [
            "-c",
            "1",
            "--loglevel",
            "WARNING",
            "--without-gossip",
            "--without-mingle",
            "--without-heartbeat",
            "-n",
        ]
        self._processes = [
            subprocess.Popen(  # noqa: S603 - our own command
                [*command, f"w{number}@%h"], env=os.environ | environment, stdout=subprocess.DEVNULL
            )
            for number in range(many)
        ]

    def __enter__(self) -> Workers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in self._processes:
            process.terminate()
        for process in self._processes:
            process.wait(STOP_SECONDS)
        shutil.rmtree(self._folder)

    def used(self) -> dict[str, float]:
        """What they have used so far, in core seconds: the processes that serve, and those that wait for messages."""
        found = {"whole": 0.0, "reading": 0.0, "checking": 0.0}
        for account in self._folder.iterdir():
            if not account.suffix:
                used = json.loads(account.read_text(encoding="ascii"))
                found = {name: seconds + used[name] for name, seconds in found.items()}
        for process in self._processes:
            fields = Path(f"/proc/{process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
            found["whole"] += (int(fields[11]) + int(fields[12])) / TICKS
        return found


def together(runs: Sequence[Measured]) -> Measured:
    """Several runs as one."""
    names = [field.name for field in fields(Measured)]
    return Measured(**{name: sum(getattr(run, name) for run in runs) for name in names})


def alone(settings: Settings, many: int) -> float:
    """Documents a second of so many reading processes with nothing around them."""
    some = list(islice(papers(1_000_000), ALONE))
    with ExitStack() as stack, ThreadPoolExecutor(many) as threads:
        readers = [stack.enter_context(ReadingProcess(settings)) for _ in range(many)]

        def read(reader: ReadingProcess, documents: Sequence[Paper]) -> None:
            for paper in documents:
                reader.read(paper.data, str(paper.place))

        list(threads.map(read, readers, [some[:WARMING]] * many))
        begun = time.perf_counter()
        list(threads.map(read, readers, [some] * many))
        return many * ALONE / (time.perf_counter() - begun)


def main() -> int:
    """Measures and prints; 1 where a goal is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench.pipeline", description=__doc__)
    parser.add_argument("--documents", type=int, default=396)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--others", type=int, default=OTHERS, help="reports in the full ledger")
    parser.add_argument("--record", action="store_true", help="put the figures into docs/scaling.md")
    given = parser.parse_args()
    stop_what_was_started()
    with office("SQLite") as place:
        bench = Bench(place, given.documents)
        on_sqlite = together([bench.run(1) for _ in range(2)])
    tell("SQLite, one worker", on_sqlite)
    ones, twos, fulls, alone_one, alone_two = [], [], [], [], []
    with office("PostgreSQL") as place, office("PostgreSQL") as full_place:
        bench, full_bench = Bench(place, given.documents), Bench(full_place, given.documents)
        bench.run(1)
        full_bench.run(1)
        fill(full_place.ledger, given.others)
        for _ in range(given.rounds):
            twos.append(bench.run(2))
            ones.append(bench.run(1))
            fulls.append(full_bench.run(1))
            alone_one.append(alone(place.settings, 1))
            alone_two.append(alone(place.settings, 2))
    one, full = together(ones), together(fulls)
    own = {"SQLite": on_sqlite.own, "PostgreSQL": one.own}
    tell("PostgreSQL, one worker", one)
    two = together(twos)
    tell("PostgreSQL, two workers", two)
    tell(f"PostgreSQL, one worker, {given.others} reports before", full)
    two_beside_one, full_beside_empty = two.rate / one.rate, full.rate / one.rate
    two_alone = harmonic_mean(alone_two) / harmonic_mean(alone_one)
    good = [verdict(f"own cost, {name}", value, GOAL_MILLISECONDS, "ms", most=True) for name, value in own.items()]
    good.append(verdict("two beside one", two_beside_one, GOAL_OF_TWO, "times"))
    say(f"  two reading processes beside one, and nothing else on this machine: {two_alone:.2f} times")
    good.append(verdict("full beside empty", full_beside_empty, GOAL_OF_FULL, "times"))
    if given.record:
        figures = {
            "day": today(),
            "machine": machine_words(),
            "own_ms": {name: round(value, 1) for name, value in own.items()},
            "two_beside_one": round(two_beside_one, 2),
            "two_alone": round(two_alone, 2),
            "full_beside_empty": round(full_beside_empty, 2),
            "others": given.others,
        }
        page.renew(page.DOCS, {"pipeline": figures})
    return 0 if all(good) else 1


def tell(what: str, run: Measured) -> None:
    """One run in a line."""
    each = 1000 / run.documents
    say(
        f"{what}: {run.rate:.2f} documents a second; a document: handing over {run.handing_over * each:.1f}, "
        f"workers {run.workers * each:.1f} (of it reading {run.reading * each:.1f}, rules {run.checking * each:.1f}), "
        f"servers {run.servers * each:.1f} ms of a core"
    )


def verdict(what: str, value: float, goal: float, unit: str, *, most: bool = False) -> bool:
    """A figure beside its goal, which is the most or the least that it may be; whether it is met."""
    met = value <= goal if most else value >= goal
    sign = "≤" if most else "≥"
    say(f"  {what}: {value:.2f} {unit} (goal {sign} {goal:g}) {'[green]met' if met else '[red]missed'}")
    return met


if __name__ == "__main__":
    sys.exit(main())
