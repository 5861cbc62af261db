"""A real run: documents arrive as in a season, compressed in time, and real worker processes read and check them.

What the crawler would do is done here: bytes into the archive, rows into the ledger, and the queues are filled. The
moments at which a document is begun and done are written by a trigger in the database, since the ledger's own are those
of the messages.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from redis import Redis
from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from bench.season.costs import Kind
from bench.season.documents import MEDIA, YEAR, Paper, agency_name
from bench.season.machine import Machine, Workers, portal_of
from bench.season.meter import Meter
from ledger.archive import open_archive
from ledger.insert import insert_or_ignore
from ledger.models import Article, Document, PortalRow, Version
from ledger.states import ArticleOutcome, Queue, VersionRole
from monitor.handing_out import handing_out
from workers.dispatch import register

# So many arrive in one transaction at most, and so long is waited for the next.
AT_ONCE, NAP = 20, 0.05
LOOK_SECONDS = 1.0
# As often as a turn of the monitor, what waits is handed out by who does not read.
# Nothing done for so long, and something is wrong.
STUCK_SECONDS = 300.0
STAMPS = """
CREATE TABLE season_stamps (work_id bigint, state text, at double precision);
CREATE FUNCTION season_stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  INSERT INTO season_stamps VALUES (new.id, new.state, extract(epoch from clock_timestamp())); RETURN NULL; END $$;
CREATE TRIGGER season_stamp AFTER UPDATE OF state ON work FOR EACH ROW EXECUTE FUNCTION season_stamp();
"""


class StuckError(Exception):
    """The workers read nothing any more; ``str()`` says after how many."""


@dataclass(frozen=True, slots=True)
class Read:
    """One document's way, in seconds since the run began: due, begun by a worker, done; and how it ended."""

    kind: Kind
    arrived: float
    begun: float
    done: float
    state: str


@dataclass(frozen=True, slots=True)
class Measured:
    """A run: every document, when the last was handed over late by how much, and what all of it used and left.

    Core seconds of workers and database, bytes of ledger and archive, the database's transactions, and the connections
    that the workers held.
    """

    reads: list[Read]
    latest_arrival: float
    worker_core: float
    database_core: float
    ledger_bytes: int
    archive_bytes: int
    transactions: int
    connections: int

    @property
    def per_second(self) -> float:
        """Documents read a second, from the first arrival to the last end."""
        return len(self.reads) / (max(read.done for read in self.reads) - min(read.arrived for read in self.reads))


def install_stamps(machine: Machine) -> None:
    """Lets the database of a machine write when work changes its state."""
    with machine.ledger.engine.begin() as connection:
        connection.execute(text(STAMPS))


def run(machine: Machine, papers: Sequence[Paper], arrivals: Sequence[float], worker: Sequence[str]) -> Measured:
    """Lets ``papers`` arrive at ``arrivals`` (seconds from now, sorted) and has them read by ``nianbao run worker``.

    ``worker`` are its arguments.

    Raises StuckError where the workers stop reading.
    """
    with machine.workers(*worker) as workers:
        _wait_until_ready(machine, workers, 1 if "--queues" in worker else len(Queue))
        size, transactions = _database_bytes(machine), _transactions(machine)
        with Meter(workers.pid) as of_workers, Meter(machine.database_pid) as of_database:
            begun = time.time()
            with handing_out(machine.settings, machine.ledger):
                ids, latest, archived = _feed(machine, papers, arrivals, begun)
                _wait_for_all(machine, ids, workers)
        connections = _connections(machine)
    stamps = _stamps(machine, begun)
    reads = [
        Read(paper.kind, arrival, *stamps[work_id])
        for work_id, paper, arrival in zip(ids, papers, arrivals, strict=True)
    ]
    return Measured(
        reads,
        latest,
        of_workers.seconds,
        of_database.seconds,
        _database_bytes(machine) - size,
        archived,
        _transactions(machine) - transactions,
        connections,
    )


def _feed(
    machine: Machine, papers: Sequence[Paper], arrivals: Sequence[float], begun: float
) -> tuple[list[int], float, int]:
    """Hands everything over at its moment; the ids of the work, by how much the latest was late, and the bytes kept."""
    archive = open_archive(machine.settings)
    ids: list[int] = []
    latest, archived = 0.0, 0
    for some in _due(arrivals, begun):
        now = datetime.now(UTC)
        with machine.ledger.write() as session:
            for number in some:
                paper = papers[number]
                sha256 = archive.put(paper.data)
                archived += len(paper.data)
                ids.append(register(session, _keep(session, paper, sha256, now), now))
        latest = max(latest, time.time() - begun - arrivals[some[0]])
    return ids, latest, archived


def hand_over(machine: Machine, some: Sequence[Paper]) -> None:
    """Hands these over now, whatever waits."""
    archive, now = open_archive(machine.settings), datetime.now(UTC)
    with machine.ledger.write() as session:
        for paper in some:
            register(session, _keep(session, paper, archive.put(paper.data), now), now)


def _due(arrivals: Sequence[float], begun: float) -> Iterator[range]:
    """What has arrived, a few at a time, when it has."""
    place = 0
    while place < len(arrivals):
        now = time.time() - begun
        if arrivals[place] > now:
            time.sleep(min(NAP, arrivals[place] - now))
            continue
        end = place
        while end < len(arrivals) and arrivals[end] <= now and end - place < AT_ONCE:
            end += 1
        yield range(place, end)
        place = end


def _keep(session: Session, paper: Paper, sha256: str, at: datetime) -> int:
    """The rows that a crawler writes for one report; the id of its version."""
    portal, address = (
        portal_of(paper.district),
        f"http://{portal_of(paper.district)}.example/{paper.kind}/{paper.place}",
    )
    portal_row = {"portal": portal, "sentence": "", "failures": 0, "next_due_at": at}
    insert_or_ignore(session, PortalRow, [portal_row])
    insert_or_ignore(
        session,
        Document,
        [{"sha256": sha256, "size": len(paper.data), "media_type": MEDIA[paper.kind], "first_fetched_at": at}],
    )
    article = {
        "portal": portal, "column": "reports", "address": address, "title": f"{agency_name(paper.place)}{YEAR}年",
        "outcome": ArticleOutcome.REPORT, "agency": f"{portal}-{paper.place}", "year": YEAR, "reason": "",
        "first_seen_at": at, "last_seen_at": at, "gone_times": 0, "baseline": False,
    }  # fmt: skip
    article_id = session.execute(insert(Article).returning(Article.id), [article]).scalar_one()
    version = {
        "article_id": article_id, "role": VersionRole.BODY, "address": address, "sha256": sha256,
        "content_sha256": sha256, "first_seen_at": at,
    }  # fmt: skip
    return int(session.execute(insert(Version).returning(Version.id), [version]).scalar_one())


def _wait_until_ready(machine: Machine, workers: Workers, queues: int) -> None:
    """Waits until somebody listens at so many queues, so that their start is not taken for slowness."""
    with Redis(port=machine.broker.port) as client:
        end = time.monotonic() + STUCK_SECONDS
        while sum("brpop" in str(one.get("cmd", "")).lower() for one in client.client_list()) < queues:
            if time.monotonic() > end or not workers.is_alive():
                raise StuckError(f"the workers did not start; see {machine.settings.home / 'worker.log'}")
            time.sleep(NAP)


def _wait_for_all(machine: Machine, ids: Sequence[int], workers: Workers) -> None:
    count = text("SELECT count(*) FROM work WHERE state IN ('done', 'quarantined') AND id >= :first")
    before, since = -1, time.monotonic()
    while True:
        with machine.ledger.read() as session:
            done = int(session.execute(count, {"first": ids[0]}).scalar_one())
        if done >= len(ids):
            return
        if done != before:
            before, since = done, time.monotonic()
        elif time.monotonic() - since > STUCK_SECONDS or not workers.is_alive():
            raise StuckError(f"{done} of {len(ids)} documents were read, and no more\n{_what_stands(machine)}")
        time.sleep(LOOK_SECONDS)


def _what_stands(machine: Machine) -> str:
    """What broker, ledger and workers say when nothing goes on."""
    with Redis(port=machine.broker.port) as client:
        lengths = {queue.value: client.llen(queue.value) for queue in Queue} | {"unacked": client.hlen("unacked")}
        listening = [one.get("cmd") for one in client.client_list()]
    with machine.ledger.read() as session:
        rows = session.execute(text("SELECT state, queue, dispatched_at IS NULL, count(*) FROM work GROUP BY 1, 2, 3"))
        states = [tuple(row) for row in rows]
    log = (machine.settings.home / "worker.log").read_text(encoding="utf-8", errors="replace").splitlines()[-30:]
    return "\n".join([f"broker: {lengths}, {listening}", f"work: {states}", *log])


def _stamps(machine: Machine, begun: float) -> dict[int, tuple[float, float, str]]:
    """By work: begun and done, in seconds since ``begun``, and the state at the end."""
    found: dict[int, tuple[float, float, str]] = {}
    with machine.ledger.read() as session:
        rows = session.execute(text("SELECT work_id, state, at FROM season_stamps ORDER BY at")).all()
    for work_id, state, at in rows:
        first = found[work_id][0] if work_id in found else at - begun
        found[work_id] = (first, at - begun, state)
    return found


def _database_bytes(machine: Machine) -> int:
    with machine.ledger.read() as session:
        whole = "SELECT pg_database_size(current_database()) - coalesce(pg_total_relation_size('season_stamps'), 0)"
        return int(session.execute(text(whole)).scalar_one())


def _connections(machine: Machine) -> int:
    """Those of everybody but this process."""
    machine.ledger.close()
    counted = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    with machine.ledger.read() as session:
        return int(session.execute(text(counted)).scalar_one())


def _transactions(machine: Machine) -> int:
    with machine.ledger.read() as session:
        counted = "SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()"
        return int(session.execute(text(counted)).scalar_one())
