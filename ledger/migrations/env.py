"""Alembic's entry: migrates the ledger that the settings name, or the engine handed over by ledger.database."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import create_engine

from config.settings import load_settings
from ledger.models import Table
from ledger.models.table import UtcTime


def _plain_types(kind: str, thing: Any, _context: Any) -> str | Literal[False]:
    """A migration names SQL's own types, so that it still runs when our column types have moved."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(thing, UtcTime) else False


def migrate() -> None:
    """Runs the migrations on one connection."""
    engine = context.config.attributes.get("engine")
    if engine is None:
        settings = load_settings()
        settings.home.mkdir(parents=True, exist_ok=True)
        engine = create_engine(settings.ledger_url)
    with engine.begin() as connection:
        context.configure(
            connection=connection,
            target_metadata=Table.metadata,
            render_as_batch=True,
            render_item=_plain_types,
        )
        context.run_migrations()


migrate()
