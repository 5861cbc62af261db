"""A PostgreSQL of one's own, as its makers built it."""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL, make_url

from tests.left_behind import MARK


@contextmanager
def new_server() -> Iterator[URL]:
    """Starts a server, and gives the address under which its owner reaches it."""
    from bench.postgres import started_server

    # A short path: the server's socket lies in it. With the run's name in it, by which a server that was left is known.
    prefix = f"nbpg-{os.environ.get(MARK, '')}-"
    with tempfile.TemporaryDirectory(prefix=prefix, ignore_cleanup_errors=True) as folder:
        # One test process after the other: as root the server makes a system user for itself, and two at once
        # would both make it.
        with (Path(tempfile.gettempdir()) / "nianbao-tests-postgres.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            server = started_server(Path(folder) / "data")
        try:
            address = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
            _spare_the_disk(address)
            yield address
        finally:
            server.cleanup()


def run_statement(address: str, statement: str) -> None:
    """One that makes or drops a database: outside any transaction."""
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def copy_database(server: str, template: str, name: str) -> str:
    """Puts a copy of one database in the place of another, whatever that held; returns its address."""
    run_statement(server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    run_statement(server, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def _spare_the_disk(address: URL) -> None:
    """Nothing here has to outlive a power failure."""
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
    engine.dispose()
