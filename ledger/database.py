"""Opens the ledger: SQLite in WAL mode on one machine, PostgreSQL on many."""

from __future__ import annotations

import logging
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic_core import to_json
from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import (
    ArgumentError,
    DBAPIError,
    DisconnectionError,
    InterfaceError,
    NoSuchModuleError,
    OperationalError,
)
from sqlalchemy.orm import Session

from config.private_files import make_private_file, make_private_folder
from config.secret_addresses import shown, without_secrets
from config.settings import Settings
from ledger.models.table import JsonText
from ledger.tallies import write_counts

log = logging.getLogger("nianbao.ledger")

MIGRATIONS = Path(__file__).resolve().parent / "migrations"
BUSY_MILLISECONDS = 15_000
IDLE_SECONDS = 1.0
# The advisory lock of PostgreSQL under which tables and their rights are changed, by one program after the other.
ONE_AT_A_TIME = 20190403
VERSION_TABLE = "alembic_version"


class LedgerError(Exception):
    """The ledger cannot be used; ``str()`` is one sentence with what to do."""


class Ledger:
    """The ledger's database. Use :meth:`write` for anything that changes it and :meth:`read` for questions."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._each_by_itself = (
            engine if engine.dialect.name == "sqlite" else engine.execution_options(isolation_level="AUTOCOMMIT")
        )

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session in a writing transaction, committed at the end, rolled back where an error leaves it.

        On SQLite the write lock is taken at once, so that two writers wait for each other instead of failing.
        """
        with Session(self.engine, expire_on_commit=False) as session:
            session.connection(execution_options={"nianbao_writes": True})
            yield session
            write_counts(session)
            session.commit()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session for questions; nothing that is changed in it is kept."""
        with Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def singly(self, *, writes: bool = False) -> Iterator[Session]:
        """A session for statements of which each stands by itself: what an error leaves behind is kept up to there.

        On PostgreSQL each is its own transaction, so that none has to be begun and ended: two ways to the database and
        back less. On SQLite they are one transaction, as in :meth:`write` or :meth:`read`.
        """
        if self.engine.dialect.name == "sqlite":
            with self.write() if writes else self.read() as session:
                yield session
        else:
            with Session(self._each_by_itself, expire_on_commit=False) as session:
                yield session
                write_counts(session)

    def close(self) -> None:
        """Gives back every connection."""
        self.engine.dispose()


def open_ledger(settings: Settings, *, keeps_plans: bool = False) -> Ledger:
    """Opens the ledger that the settings name; on the embedded default it is made, and brought up to date.

    ``keeps_plans``: PostgreSQL plans a question once for a connection, whatever values come with it. For who asks the
    same few questions again and again, all of them by keys; planning them took longer than answering them.

    A ledger that a newer program has migrated is used as long as its migrations only added (:func:`fits`), so that
    old and new programs work side by side while an office upgrades; that it is newer is said once in the log.

    Raises LedgerError where the address is wrong, the database cannot be reached, or (elsewhere than on the
    embedded default) it is older than this code; and where it is newer in a way that this code cannot work with.
    """
    address = settings.ledger_url
    try:
        if settings.database_url is None:
            make_private_folder(settings.home)
        engine = make_engine(address)
        if keeps_plans and engine.dialect.name == "postgresql":
            _keep_plans(engine)
        if settings.database_url is None:
            current = version_of(engine)
            if current is None:
                upgrade(engine)
            elif current in versions()[:-1]:
                _upgrade_copied(engine, settings.ledger_file, current)
        _refuse_unfit(version_of(engine))
    except (ArgumentError, NoSuchModuleError) as error:
        raise LedgerError(
            "数据库地址 NIANBAO_DATABASE_URL 写法不对；应为 postgresql+psycopg://用户:密码@主机/库名"
        ) from error
    except (DBAPIError, OSError) as error:
        reason = str(getattr(error, "orig", error)).strip().splitlines()
        why = without_secrets(reason[0] if reason else error, address)
        raise LedgerError(f"无法打开数据库 {shown(address)}（{why}）；请检查地址、网络和权限") from error
    return Ledger(engine)


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Brings the tables to the version of this code (``alembic upgrade head``), or to an earlier one."""
    # Only now: it takes a third of a second, and a ledger that is up to date does not need it.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["engine"] = engine
    command.upgrade(config, revision)


def _upgrade_copied(engine: Engine, path: Path, current: str) -> None:
    """Brings an earlier program's SQLite file up to date, after a copy of it, and says so."""
    copy = path.with_name(f"{path.name}.{current}")
    if not copy.exists():
        part = path.with_name(f"{copy.name}.{os.getpid()}.part")
        make_private_file(part)
        try:
            with closing(sqlite3.connect(path)) as old, closing(sqlite3.connect(part)) as new:
                old.backup(new)
            part.replace(copy)
        except sqlite3.Error as error:
            raise LedgerError(f"升级台账之前未能复制 {path}（{error}），台账未作改动；请检查磁盘空间和权限") from error
        finally:
            part.unlink(missing_ok=True)
    upgrade(engine)
    log.warning(
        "台账由旧版程序建立，已从结构版本 %s 升级到 %s；升级前的副本是 %s，确认无误后可以删除",
        current,
        versions()[-1],
        copy,
    )


def versions() -> tuple[str, ...]:
    """Every version that the tables ever had, the newest last: what the files of the migrations begin with."""
    return tuple(sorted(path.name.split("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py")))


def version_of(bind: Engine | Connection) -> str | None:
    """The version of the tables in a database; None where there are none."""
    if not inspect(bind).has_table(VERSION_TABLE):
        return None
    query = text(f"SELECT version_num FROM {VERSION_TABLE}")  # noqa: S608 - our own name
    if isinstance(bind, Connection):
        return bind.execute(query).scalar_one_or_none()
    with bind.connect() as connection:
        return connection.execute(query).scalar_one_or_none()


def make_engine(address: str) -> Engine:
    """Connections to a ledger at this SQLAlchemy address, whatever version its tables are of, or none yet."""
    url = make_url(address)
    if url.get_backend_name() != "sqlite":
        engine = create_engine(url, json_serializer=_as_json)
        _ask_first_where_idle(engine)
        return engine
    if url.database and url.database != ":memory:":
        make_private_file(Path(url.database))  # SQLite gives the files beside it the same mode
    engine = create_engine(url, json_serializer=_as_json, connect_args={"timeout": BUSY_MILLISECONDS / 1000})

    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: Any) -> None:
        # The driver's own transaction handling is switched off; _on_begin says BEGIN.
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=NORMAL",
            "foreign_keys=ON",
            f"busy_timeout={BUSY_MILLISECONDS}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("nianbao_writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _as_json(value: Any) -> str:
    """JSON for a column; five times as fast as Python's own, and Chinese as it is: half the characters."""
    return value if isinstance(value, JsonText) else to_json(value).decode()


def _keep_plans(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: Any) -> None:
        connection.execute("SET plan_cache_mode = force_generic_plan")
        connection.commit()


def _ask_first_where_idle(engine: Engine) -> None:
    """A connection that lay idle is asked whether it still stands, and is made anew where it does not.

    Not one that was in use a moment ago, as SQLAlchemy's ``pool_pre_ping`` does: that costs a way to the database and
    back for every transaction, a tenth of what a document costs.
    """

    @event.listens_for(engine, "checkin")
    def _is_given_back(_connection: Any, record: Any) -> None:
        record.info["idle_since"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def _is_taken(connection: Any, record: Any, _proxy: Any) -> None:
        if time.monotonic() - record.info.get("idle_since", time.monotonic()) < IDLE_SECONDS:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise DisconnectionError from error


def is_away(error: BaseException) -> bool:
    """Whether an error says that the database cannot be used now, whatever it is asked.

    Else it refused what it was given: PostgreSQL raises its OperationalError for that too (a row too long for an index
    is class 54), and it is only of that kind where the connection, the server or its room failed (08, 53, 57, 58).
    """
    if not isinstance(error, DBAPIError):
        return False
    state = getattr(error.orig, "sqlstate", None)
    if state is not None:
        return str(state)[:2] in ("08", "53", "57", "58")
    return error.connection_invalidated or isinstance(error, OperationalError | InterfaceError)


def is_newer(version: str | None) -> bool:
    """Whether the tables are of a version that this program does not know yet."""
    return version is not None and version not in versions()


def fits(version: str | None) -> bool:
    """Whether this program can work with tables of a version: its own, or a newer one of the same generation.

    The first digit of a version is its generation. Within one, migrations only add what old programs need not know
    (tests/ledger/keeping/test_migrations.py); a migration that takes something away begins the next.
    """
    head = versions()[-1]
    return version == head or (version is not None and is_newer(version) and version[:1] == head[:1])


def _refuse_unfit(current: str | None) -> None:
    head = versions()[-1]
    if not is_newer(current):
        if current != head:
            raise LedgerError(
                f"数据库结构版本是 {current or '空库'}，程序需要 {head}；"
                "请先运行 nianbao db migrate（容器：migrate 服务；或 alembic upgrade head）"
            )
    elif fits(current):
        _say_newer(str(current), head)
    else:
        raise LedgerError(
            f"数据库结构版本 {current} 比本程序（{head}）新，本程序不能使用；"
            "请升级程序，或用 NIANBAO_HOME、NIANBAO_DATABASE_URL 指定另一个台账"
        )


@lru_cache
def _say_newer(current: str, head: str) -> None:
    """Once in a process: a role opens the ledger again and again."""
    log.warning("台账已由更新的程序升级（数据库结构版本 %s，本程序 %s）；本程序可以继续使用，请尽快升级", current, head)
