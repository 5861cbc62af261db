"""The costs of today on this machine, measured in a few minutes: documents, scans, rounds, turns and letters.

What the plan is made of is seconds of a core, which a machine that is busy with something else does not change much.
"""

from __future__ import annotations

import os
import platform
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

from bench import monitor as monitor_bench
from bench.crawling.__main__ import FIRST, HOUR_LATER, SERVER_CORE, measure, office
from bench.crawling.server import Server
from bench.crawling.world import Portal
from bench.season.costs import KINDS, MIX, Costs, Kind
from bench.season.documents import PLACES, papers, scans
from bench.season.machine import Machine, machine
from bench.season.real import Measured, install_stamps, run
from cli.demo.inbox import Inbox
from config.in_force import load_register
from config.settings import load_settings
from ledger.database import open_ledger
from monitor.calendar import day_of, start_of
from monitor.channels.mail.message import Mail, make_message
from monitor.channels.mail.transport import conversation
from monitor.loop import tick
from monitor.standings.obligations import update_obligations

# Enough districts that a worker cannot keep all their reports in mind, as in a season.
DOCUMENTS, SCANS, PROCESSES = 1_980, 4, 2
# How the worker is started for scans: they come to the queue of their own through the other one, and one process reads
# them.
SCANNERS = ("--scale", "1")
PORTALS, LETTERS = 6, 200
LETTER = f"<html><body>{'<p>一份年度报告中有三处合计不符。</p>' * 60}</body></html>"


@dataclass(frozen=True, slots=True)
class Sample:
    """The costs, and the run of documents that they come from."""

    costs: Costs
    documents: Measured


def take(documents: int = DOCUMENTS, many_scans: int = SCANS) -> Sample:
    """Measures everything; the costs are those of a machine as busy as this one is now."""
    with machine(documents // PLACES + 1) as one:
        install_stamps(one)
        measured, of_scans = _read(one, documents, many_scans, PROCESSES)
    list_requests, new_requests, quiet_core, new_core = _crawling()
    costs = Costs(
        day=today(),
        machine=machine_words(),
        seconds={**core_seconds_of(measured, PROCESSES), "scan": core_seconds(of_scans)},
        list_requests=list_requests,
        new_requests=new_requests,
        quiet_core=quiet_core,
        new_core=new_core,
        turn_seconds=_turn() / (monitor_bench.DISTRICTS * monitor_bench.AGENCIES),
        letter_seconds=_letter(),
    )
    return Sample(costs, measured)


def readers(processes: int) -> tuple[str, ...]:
    """How the worker is started for documents."""
    return ("--queues", "read", "--scale", str(processes))


def costs_of(one: Machine, documents: int, many_scans: int, processes: int) -> tuple[dict[Kind, float], float]:
    """By kind, the seconds of one of so many processes for a document; and those for a scan."""
    measured, of_scans = _read(one, documents, many_scans, processes)
    return seconds_of(measured, processes), busy_seconds(of_scans, 1)


def seconds_of(measured: Measured, processes: int) -> dict[Kind, float]:
    """By kind, the seconds of one process for a document; of a run in which something always waited.

    What lies between two documents (the broker's messages) is shared alike by all.
    """
    reads = measured.reads
    own = statistics.mean(read.done - read.begun for read in reads)
    between = max(0.0, busy_seconds(measured, processes) - own)
    kinds = {read.kind for read in reads}
    return {
        kind: between + statistics.mean(read.done - read.begun for read in reads if read.kind == kind)
        for kind in KINDS
        if kind in kinds
    }


def core_seconds(measured: Measured) -> float:
    """Of a core for a document of any kind, in the workers and in the database."""
    return (measured.worker_core + measured.database_core) / len(measured.reads)


def core_seconds_of(measured: Measured, processes: int) -> dict[Kind, float]:
    """By kind, the seconds of a core for a document: as the processes' time is shared among the kinds.

    These do not grow on a machine that is busy with something else, as the processes' own time does.
    """
    share = core_seconds(measured) / busy_seconds(measured, processes)
    return {kind: seconds * share for kind, seconds in seconds_of(measured, processes).items()}


def busy_seconds(measured: Measured, processes: int) -> float:
    """The seconds of one process for a document of any kind; of a run in which something always waited."""
    elapsed = max(read.done for read in measured.reads) - min(read.begun for read in measured.reads)
    return elapsed * processes / len(measured.reads)


def today() -> str:
    """The day on which something is measured, in Shanghai."""
    return day_of(datetime.now(UTC)).isoformat()


def machine_words() -> str:
    """What kind of machine this is."""
    return f"{os.cpu_count()} cores, {platform.machine()}, CPython {platform.python_version()}"


def mean_seconds(costs: Costs, kinds: Sequence[Kind]) -> float:
    """Of one process for a document of some kinds, mixed as in a season."""
    return sum(MIX[kind] * costs.seconds[kind] for kind in kinds) / sum(MIX[kind] for kind in kinds)


def _read(one: Machine, documents: int, many_scans: int, processes: int) -> tuple[Measured, Measured]:
    waiting = list(papers(documents))
    Random(1).shuffle(waiting)  # noqa: S311 - chance, not secrets
    measured = run(one, waiting, [0.0] * documents, readers(processes))
    return measured, run(one, list(scans(many_scans)), [0.0] * many_scans, SCANNERS)


def _crawling() -> tuple[float, float, float, float]:
    """Requests and core seconds of a portal in which nothing is new, and of a new report."""
    portals = [Portal(number, PLACES) for number in range(PORTALS)]
    with (
        tempfile.TemporaryDirectory() as folder,
        Server(portals, core=SERVER_CORE) as server,
        office(Path(folder), portals, server) as home,
    ):
        first = measure("ours", home, server, FIRST)
        later = measure("ours", home, server, HOUR_LATER)
    reports = PORTALS * PLACES
    return (
        later.asked.requests / PORTALS,
        (first.asked.requests - later.asked.requests) / reports,
        later.computing / PORTALS,
        max(0.0, first.computing - later.computing) / reports,
    )


def _turn() -> float:
    """Seconds of a turn of the monitor in which nothing is new, with the agencies of bench/monitor.py."""
    with tempfile.TemporaryDirectory() as folder:
        settings = load_settings(home=Path(folder))
        monitor_bench.write_register(settings.home)
        register = load_register(settings.home)
        ledger = open_ledger(settings)
        now = start_of(date(2025, 2, 10), 9)
        update_obligations(ledger, register, now)
        monitor_bench.write_reports(ledger)
        with Inbox(Path(folder) / "inbox") as inbox:
            settings = load_settings(home=Path(folder), smtp_host=inbox.host, smtp_port=inbox.port)
            tick(settings, ledger, now)
            begun = time.process_time()
            tick(settings, ledger, now + timedelta(minutes=1))
            taken = time.process_time() - begun
        ledger.close()
    return taken


def _letter() -> float:
    """Seconds of a core for one letter, the mail server among them, which takes everything."""
    with tempfile.TemporaryDirectory() as folder, Inbox(Path(folder) / "inbox") as inbox:
        settings = load_settings(home=Path(folder), smtp_host=inbox.host, smtp_port=inbox.port)
        mail = Mail(
            "office@bench.example", "年度报告", "正文\n" * 40, LETTER, "<season@bench.example>", "ops@bench.example"
        )
        now = datetime.now(UTC)
        with conversation(settings) as server:
            begun = time.process_time()
            for _ in range(LETTERS):
                server.send(make_message(mail, settings, now), mail.recipient)
            return (time.process_time() - begun) / LETTERS
