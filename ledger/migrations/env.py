"""Alembic's entry: migrates the ledger that the settings name, or the engine handed over by ledger.database."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import create_engine, text

from config.private_files import make_private_file, make_private_folder
from config.settings import load_settings
from ledger.database import ONE_AT_A_TIME
from ledger.models import Table
from ledger.models.table import UtcTime

LONGEST_WAIT = "10s"


def _plain_types(kind: str, thing: Any, _context: Any) -> str | Literal[False]:
    """A migration names SQL's own types, so that it still runs when our column types have moved."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(thing, UtcTime) else False


def migrate() -> None:
    """Runs the migrations on one connection."""
    engine = context.config.attributes.get("engine")
    if engine is None:
        settings = load_settings()
        if settings.database_url is None:
            make_private_folder(settings.home)
            make_private_file(settings.ledger_file)
        engine = create_engine(settings.ledger_url)
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            # One after the other where two machines migrate at once; and rather fail than stand in line for a table
            # with everybody else behind us.
            connection.execute(text(f"SELECT pg_advisory_xact_lock({ONE_AT_A_TIME})"))
            connection.execute(text(f"SET LOCAL lock_timeout = '{LONGEST_WAIT}'"))
        context.configure(
            connection=connection,
            target_metadata=Table.metadata,
            render_as_batch=True,
            render_item=_plain_types,
        )
        context.run_migrations()


migrate()
