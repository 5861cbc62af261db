"""A look at a portal that a person at the desk asked for, and that no crawler has taken yet."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from ledger.models.table import UtcTime

revision = "0028"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the column."""
    op.add_column("portals", sa.Column("look_ordered_at", UtcTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Takes it away."""
    op.drop_column("portals", "look_ordered_at")
