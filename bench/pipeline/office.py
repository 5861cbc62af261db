"""An office with its documents in archive and ledger, as crawlers leave them; 200,000 others in the ledger before."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import text

from bench.season.documents import MEDIA, PLACES, YEAR, Paper
from bench.season.machine import machine, portal_of, write_office
from cli.broker import EmbeddedBroker
from config.settings import Settings, load_settings
from ledger.archive import Archive, open_archive
from ledger.database import Ledger, open_ledger
from ledger.insert import insert_or_ignore
from ledger.models import Article, CheckRow, Document, FindingRow, PortalRow, ReadingRow, Table, Version, Work
from ledger.states import ArticleOutcome, VersionRole
from workers.dispatch import register
from workers.queue import make_celery

DISTRICTS = 40
NOON = datetime(2025, 1, 20, 4, tzinfo=UTC)
# Reports of others: as many as the country owes in a year.
OTHERS = 200_000


@dataclass(frozen=True)
class Office:
    """An office's settings and ledger, and its database's process where that is a server."""

    settings: Settings
    ledger: Ledger
    database: int | None

    def broker_core(self) -> float:
        """Core seconds of the broker so far."""
        with make_celery(self.settings).connection_for_read() as connection:
            used = connection.default_channel.client.info("cpu")
        return float(used["used_cpu_user"]) + float(used["used_cpu_sys"])


@contextmanager
def office(database: str) -> Iterator[Office]:
    """An office on ``SQLite`` (with the bundled broker) or on ``PostgreSQL`` (with a Valkey on a port)."""
    with ExitStack() as stack:
        if database == "PostgreSQL":
            made = stack.enter_context(machine(DISTRICTS))
            yield Office(made.settings, made.ledger, made.database_pid)
            return
        home = Path(stack.enter_context(TemporaryDirectory(prefix="nbpl-")))
        write_office(home, DISTRICTS)
        settings = load_settings(home=home, log_level="WARNING")
        ledger = open_ledger(settings)
        stack.callback(ledger.close)
        stack.enter_context(EmbeddedBroker(settings))
        yield Office(settings, ledger, None)


class Desk:
    """Puts documents into archive and ledger as the crawler does.

    ``handing_over`` are the core seconds of what it takes to hand them over: bytes into the archive, work into the
    ledger. Pages and articles are the crawler's cost, which has a benchmark of its own.
    """

    def __init__(self, settings: Settings, ledger: Ledger) -> None:
        self._archive: Archive = open_archive(settings)
        self._ledger = ledger
        self.handing_over = 0.0

    def take(self, paper: Paper) -> None:
        """One document is found."""
        computed = time.process_time()
        portal, sha256 = portal_of(paper.district), self._archive.put(paper.data)
        self.handing_over += time.process_time() - computed
        address = f"http://{portal}.example/{paper.place}"
        with self._ledger.write() as session:
            insert_or_ignore(
                session, PortalRow, [{"portal": portal, "sentence": "", "failures": 0, "next_due_at": NOON}]
            )
            document = {"sha256": sha256, "size": len(paper.data), "media_type": MEDIA[paper.kind]}
            insert_or_ignore(session, Document, [document | {"first_fetched_at": NOON}])
            article = Article(
                portal=portal, column="reports", address=address, title=f"{paper.place}", reason="",
                outcome=ArticleOutcome.REPORT, agency=f"{portal}-{paper.place}", year=YEAR,
                first_seen_at=NOON, last_seen_at=NOON,
            )  # fmt: skip
            session.add(article)
            session.flush()
            version = Version(
                article_id=article.id, role=VersionRole.BODY, address=address, sha256=sha256,
                content_sha256=sha256, first_seen_at=NOON,
            )  # fmt: skip
            session.add(version)
            session.flush()
            computed = time.process_time()
            register(session, version.id, NOON)
            self.handing_over += time.process_time() - computed


def fill(ledger: Ledger, others: int = OTHERS) -> None:
    """Puts so many reports of other districts into the ledger, read and checked: copies of one that is there.

    For PostgreSQL.
    """
    district, hashed = f"n / {PLACES}", f"substr(CAST({10_000_000} + n AS VARCHAR) || '{'f' * 56}', 1, 64)"
    agency, key = f"'o' || ({district}) || '-' || (n % {PLACES})", f"{1_000_000} + n"
    place = {"portal": f"'o' || ({district})", "address": "'http://o.example/' || n"}
    copies: tuple[tuple[type[Table], int, dict[str, str]], ...] = (
        (PortalRow, others // PLACES, {"portal": "'o' || n"}),
        (PortalRow, 1, {"portal": "'o0'"}),
        (Document, others, {"sha256": hashed}),
        (Article, others, {"id": key, **place, "agency": agency}),
        (
            Version,
            others,
            {"id": key, "article_id": key, "address": place["address"], "sha256": hashed, "content_sha256": hashed},
        ),
        (Work, others, {"id": key, "version_id": key, "portal": place["portal"]}),
        (ReadingRow, others, {"sha256": hashed}),
        (CheckRow, others, {"id": key, "version_id": key, "agency": agency}),
        (FindingRow, others, {"fingerprint": f"substr({hashed}, 1, 32)", "version_id": key, "agency": agency}),
    )
    with ledger.write() as session:
        for model, many, replaced in copies:
            names = [column.name for column in model.__table__.columns]
            selected = ", ".join(replaced.get(name, f'one."{name}"') for name in names)
            columns, table = ", ".join(f'"{name}"' for name in names), model.__tablename__
            session.execute(
                text(
                    f"INSERT INTO {table} ({columns}) WITH RECURSIVE numbers(n) AS "  # noqa: S608 - our own names
                    f"(SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {many}) "
                    f"SELECT {selected} FROM numbers, (SELECT * FROM {table} LIMIT 1) AS one"
                )
            )
    with ledger.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        # What a ledger does after such a bulk is done before anything is measured: no such bulk comes in a season.
        for statement in ("VACUUM ANALYZE", "CHECKPOINT"):
            connection.execute(text(statement))
