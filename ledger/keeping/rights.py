"""The least rights in PostgreSQL: a role of the database for each role of the program, and what each may do.

Whoever owns the tables migrates them, and alone backs up and restores. The programs that run day and night, and that
read what strangers published, can do what they have to and nothing else: none may change a table's shape, no crawler
sees who is written to, and no worker takes anything away.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, text

from ledger.database import ONE_AT_A_TIME, VERSION_TABLE
from ledger.machinery.heartbeat import CRAWLER, MONITOR, WORKER
from ledger.models import Table

PREFIX = "nianbao_"
# Whoever reads these logs in as somebody else.
SECRET = {"second_factors"}
WEB = "web"


@dataclass(frozen=True, slots=True)
class Rights:
    """What a role may do beside looking at ``sees``; each word is a table, ``*`` all of them but the secret ones."""

    sees: str
    inserts: str = ""
    updates: str = ""
    deletes: str = ""


# Locking a row (SELECT … FOR UPDATE) needs the right to update it.
RIGHTS = {
    CRAWLER: Rights(
        sees="portals rounds looks list_pages found_families dropped_links pages fetches articles documents versions "
        "evidence work heartbeats tallies fetch_orders",
        inserts="portals rounds looks list_pages found_families dropped_links pages fetches articles documents "
        "versions evidence work heartbeats tallies",
        updates="portals rounds looks found_families pages articles work heartbeats tallies fetch_orders",
    ),
    WORKER: Rights(
        sees="agencies articles documents fetches versions work readings reading_corrections page_pictures checks "
        "findings matter_counts unknown_labels heartbeats canaries tallies",
        inserts="readings page_pictures checks findings matter_counts unknown_labels heartbeats tallies",
        updates="articles work checks findings matter_counts heartbeats canaries tallies",
    ),
    MONITOR: Rights(
        sees="*",
        inserts="agencies obligations standings standing_changes findings matter_counts incidents notices "
        "notice_incidents enclosures send_log stops records heartbeats canaries suspicions tallies",
        updates="rectifications agencies obligations standings findings matter_counts incidents notices stops work "
        "heartbeats canaries suspicions tallies",
        # The other tables: only what nothing rests on any more (ledger/keeping/pruning.py).
        deletes="heartbeats canaries suspicions looks rounds list_pages fetches dropped_links send_log",
    ),
    # The desk: what people decide there, and who they are. The record is only added to.
    WEB: Rights(
        sees="* second_factors",
        inserts="accounts desk_sessions account_links login_origins login_steps second_factors check_addresses records "
        "reading_corrections incident_words "
        "rectifications column_confirmations stops portals articles documents versions evidence work heartbeats "
        "fetch_orders tokens",
        updates="accounts desk_sessions account_links login_origins login_steps second_factors check_addresses "
        "findings rectifications articles work stops portals notices heartbeats tokens",
        deletes="login_origins login_steps second_factors",
    ),
    # What people type: findings, incidents, rectifications, add, crawl, replay, quarantine, portals, mail.
    "operator": Rights(sees="* second_factors", inserts="*", updates="*", deletes="login_origins second_factors"),
    # status, export, Grafana.
    "reader": Rights(sees="*"),
}


def role_name(role: str) -> str:
    """The name in the database of a role of the program."""
    return PREFIX + role


def make_roles() -> Iterator[str]:
    """The statements that make every role where it is not there, without a login; for whoever may make roles."""
    for role in RIGHTS:
        name = role_name(role)
        yield (
            f"DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{name}') "
            f"THEN CREATE ROLE {name} NOLOGIN; END IF; END $$"
        )


def grants(role: str) -> Iterator[str]:
    """The statements that give a role its rights and take all others from it; for whoever owns the tables."""
    rights, name = RIGHTS[role], role_name(role)
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {name}"
    yield f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {name}"
    yield f"GRANT USAGE ON SCHEMA public TO {name}"
    yield f"GRANT SELECT ON {VERSION_TABLE} TO {name}"
    for verb, words in (
        ("SELECT", rights.sees),
        ("INSERT", rights.inserts),
        ("UPDATE", rights.updates),
        ("DELETE", rights.deletes),
    ):
        tables = _tables(words)
        if tables:
            yield f"GRANT {verb} ON {', '.join(tables)} TO {name}"
    numbered = [f"{table}_{column}_seq" for table in _tables(rights.inserts) if (column := _numbered(table))]
    if numbered:
        yield f"GRANT USAGE ON SEQUENCE {', '.join(numbered)} TO {name}"


def renew_grants(connection: Connection) -> list[str]:
    """Gives the roles that there are their rights, on new tables too; returns their names. None on SQLite."""
    if connection.dialect.name != "postgresql":
        return []
    # PostgreSQL refuses to change a table's rights while another transaction changes them.
    connection.execute(text(f"SELECT pg_advisory_xact_lock({ONE_AT_A_TIME})"))
    there = set(connection.execute(text("SELECT rolname FROM pg_roles")).scalars())
    renewed = [role for role in RIGHTS if role_name(role) in there]
    for role in renewed:
        for statement in grants(role):
            connection.execute(text(statement))
    return [role_name(role) for role in renewed]


def _tables(words: str) -> list[str]:
    named = set(words.split())
    return sorted(named - {"*"} | (set(Table.metadata.tables) - SECRET if "*" in named else set()))


def _numbered(table: str) -> str | None:
    """The column of a table that PostgreSQL numbers by a sequence."""
    column = Table.metadata.tables[table].autoincrement_column
    return column.name if column is not None and not column.foreign_keys else None
