"""Where an answer came from, if not from the address that was asked for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A column for the address that answered."""
    op.add_column("fetches", sa.Column("answered_from", sa.String(), nullable=True))


def downgrade() -> None:
    """Takes the column away, and what stands in it."""
    op.drop_column("fetches", "answered_from")
