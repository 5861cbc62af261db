"""Who wants no more messages, or whose address takes none."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def _states(*words: str) -> sa.Enum:
    return sa.Enum(*words, native_enum=False, length=32)


def upgrade() -> None:
    """Who wants no more messages, or whose address takes none."""
    op.create_table(
        "stops",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("topic", _states("alerts", "reminders", "weekly", "operators", "all"), nullable=False),
        sa.Column("reason", _states("unsubscribed", "refused"), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(), nullable=True),
        sa.Column("ended_why", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stops")),
    )
    with op.batch_alter_table("stops", schema=None) as batch_op:
        batch_op.create_index(
            "uq_stops_in_force",
            ["recipient", "topic"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )


def downgrade() -> None:
    """Takes the table away, and what stands in it."""
    op.drop_table("stops")
