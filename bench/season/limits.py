"""What breaks first as a place grows: each part with what it bears, where that figure is from, and the size it is for.

What a season asks of a part is the busiest hour of a country whose agencies all have the same last day.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from redis import Redis
from sqlalchemy import text

from bench.season.costs import KINDS, MIX, Costs
from bench.season.documents import PLACES
from bench.season.machine import Machine
from bench.season.model import TOLD
from bench.season.plan import GOAL, INTERVAL, PAUSE
from bench.season.real import Measured
from bench.season.sample import PROCESSES, mean_seconds
from ledger.reading.handing_out import HandedOut
from ledger.states import Queue
from monitor.turns import SECONDS_BETWEEN_TURNS
from workers.dispatch import Sender

MESSAGES, CONNECTIONS, SECONDS = 3_000, 4, 3.0
# Connections that are not a worker's: crawlers, monitors, a person, a backup.
OTHERS_CONNECTIONS = 20
# A mail relay that takes no more than this from one sender in an hour (an assumption: many do).
LETTERS_AN_HOUR = 500
TERABYTE = 1e12
# What a turn of the monitor may take of the hour.
TURN_SHARE = 1 / 3


@dataclass(frozen=True, slots=True)
class Bears:
    """What broker and database bear on this machine: messages and transactions a second, bytes of a waiting message,
    the broker's core seconds for one, and the connections that the database allows."""

    messages: float
    message_bytes: float
    message_core: float
    transactions: float
    most_connections: int


@dataclass(frozen=True, slots=True)
class Limit:
    """One part: what it bears, where the figure is from, how many agencies that is enough for, and what to do then."""

    part: str
    bears: str
    source: str
    agencies: int
    then: str


def try_out(machine: Machine) -> Bears:
    """Asks broker and database for as much as they give."""
    rate, size, core = _messages(machine)
    with machine.ledger.read() as session:
        most = int(session.execute(text("SHOW max_connections")).scalar_one())
    return Bears(rate, size, core, _commits(machine), most)


def limits(costs: Costs, documents: Measured, bears: Bears, share: float) -> list[Limit]:
    """What breaks at which size, the smallest first; ``share`` of all agencies publish in the busiest hour."""
    count = len(documents.reads)
    transactions = documents.transactions / count
    database_core = documents.database_core / count
    archive, ledger = documents.archive_bytes / count, documents.ledger_bytes / count
    scans_apart = tuple(kind for kind in KINDS if kind != "scan")
    seconds = mean_seconds(costs, scans_apart) * (1 - MIX["scan"]) + costs.seconds["scan"] * MIX["scan"]
    connections = documents.connections / PROCESSES
    processes = (bears.most_connections - OTHERS_CONNECTIONS) / connections
    hour = 3_600 / share
    # What one host is asked for in a round: its list, which grows with its agencies, and what is new on it.
    by_agency = costs.list_requests / PLACES + costs.new_requests * share * INTERVAL / 3_600
    crawler_core = costs.quiet_core / PLACES + costs.new_core * share * INTERVAL / 3_600
    found = [
        Limit(
            "monitor", f"{costs.turn_seconds * 1e6 / 1e3:.2f} ms of a core an agency and turn",
            "bench/season/sample.py, a quiet turn over 5,000 agencies and five years",
            int((GOAL * TURN_SHARE - SECONDS_BETWEEN_TURNS) / costs.turn_seconds),
            "a ledger with its monitor for each province",
        ),
        Limit(
            "politeness of one host", f"{INTERVAL / PAUSE:.0f} requests in a round of {INTERVAL / 60:.0f} min",
            f"computed: {PAUSE:g} s between two requests; {costs.list_requests:.0f} for the list of {PLACES} agencies, "
            f"{costs.new_requests:.1f} for a new report (bench/crawling)",
            int(INTERVAL / PAUSE / by_agency),
            "on that host alone: a longer interval, or its webmaster's leave for a shorter pause",
        ),
        Limit(
            "one crawler process", f"{costs.quiet_core * 1e3:.0f} ms of a core a quiet portal, "
            f"{costs.new_core * 1e3:.0f} ms a new report",
            "bench/season/sample.py with the server of bench/crawling",
            int(INTERVAL / crawler_core),
            "another crawler: they share the portals through their claims",
        ),
        Limit(
            "mail relay", f"{LETTERS_AN_HOUR} letters an hour from one sender",
            f"assumed of the relay, with {TOLD:.0%} of the reports worth a letter; the monitor itself sends "
            f"{1 / costs.letter_seconds:.0f} a second",
            int(LETTERS_AN_HOUR / (TOLD * share)),
            "pace: hourly or daily for the offices, or leave from the relay; digests come by themselves in a storm",
        ),
        Limit(
            "database: connections", f"{connections:.1f} of {bears.most_connections} a worker process",
            "counted on PostgreSQL beside two worker processes and their parent",
            int(processes / seconds * hour),
            "max_connections, or PgBouncer in session mode",
        ),
        Limit(
            "database: transactions", f"{bears.transactions:.0f} small commits a second; {transactions:.1f} a document",
            f"measured on this machine's disk with {CONNECTIONS} connections; counted over {count} documents",
            int(bears.transactions / transactions * hour),
            "a faster disk for the log",
        ),
        Limit(
            "database: one core", f"{database_core * 1e3:.1f} ms of a core a document",
            f"PostgreSQL's processes over {count} documents",
            int(hour / database_core),
            "PostgreSQL uses every core of its machine: give it more",
        ),
        Limit(
            "broker", f"{bears.messages:.0f} messages a second from one sender, {bears.message_core * 1e6:.0f} µs of "
            f"Valkey's core each; {bears.message_bytes:.0f} bytes while it waits",
            f"measured on Valkey with {MESSAGES} messages; no more than NIANBAO_QUEUED_MOST wait in a queue",
            int(bears.messages * hour),
            "not before everything else",
        ),
        Limit(
            "archive: a terabyte", f"{archive / 1e3:.0f} kB a document, and {ledger / 1e3:.0f} kB in the ledger",
            f"the files and pg_database_size after {count} documents",
            int(TERABYTE / archive),
            "that much a year; S3, or a larger disk",
        ),
    ]  # fmt: skip
    return sorted(found, key=lambda limit: limit.agencies)


def _messages(machine: Machine) -> tuple[float, float, float]:
    """Messages a second through one sender, bytes of each while it waits, and Valkey's core seconds for each."""
    with Redis(port=machine.broker.port) as client:
        client.flushall()
        sender = Sender(machine.settings)
        now = datetime.now(UTC)
        sender.send(Queue.READ, [HandedOut(0, now)], now)
        before, begun = client.info(), time.perf_counter()
        sender.send(Queue.READ, [HandedOut(number, now) for number in range(MESSAGES)], now)
        taken, after = time.perf_counter() - begun, client.info()
        sender.close()
        client.flushall()
    core = sum(after[name] - before[name] for name in ("used_cpu_sys", "used_cpu_user"))
    return MESSAGES / taken, (after["used_memory"] - before["used_memory"]) / MESSAGES, core / MESSAGES


def _commits(machine: Machine) -> float:
    """Small transactions a second from several connections at once."""
    with machine.ledger.engine.begin() as connection:
        connection.execute(text("CREATE TABLE IF NOT EXISTS season_commits (number int)"))
    counts = [0] * CONNECTIONS
    until = time.monotonic() + SECONDS

    def write(place: int) -> None:
        with machine.ledger.engine.connect() as connection:
            while time.monotonic() < until:
                connection.execute(text("INSERT INTO season_commits VALUES (1)"))
                connection.commit()
                counts[place] += 1

    threads = [threading.Thread(target=write, args=(place,)) for place in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / SECONDS


def smallest(found: Sequence[Limit]) -> Limit:
    """What breaks first."""
    return min(found, key=lambda limit: limit.agencies)
