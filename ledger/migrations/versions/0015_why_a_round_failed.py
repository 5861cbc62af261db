"""A round that failed has the kind of its failure beside the sentence about it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the column."""
    op.add_column("rounds", sa.Column("failure", sa.String(32), nullable=True))


def downgrade() -> None:
    """Takes it away."""
    op.drop_column("rounds", "failure")
