"""How often rounds were made, documents read and messages sent, with what outcome and in how many seconds."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the table."""
    op.create_table(
        "tallies",
        sa.Column("measure", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("bound", sa.String(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("measure", "outcome", "bound", name=op.f("pk_tallies")),
    )


def downgrade() -> None:
    """Takes it away."""
    op.drop_table("tallies")
