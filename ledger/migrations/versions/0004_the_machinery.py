"""The pulse of the roles with more of what they know, canaries, and suspicions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Adds columns to the heartbeats (old code goes on writing its three), and two tables."""
    for column in (
        sa.Column("host", sa.String(), nullable=False, server_default=""),
        sa.Column("version", sa.String(), nullable=False, server_default=""),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_work_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("busy", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("signs", _JSON, nullable=False, server_default="{}"),
    ):
        op.add_column("heartbeats", column)
    op.create_table(
        "canaries",
        sa.Column("slot", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.Column("back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("worker", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("slot", name=op.f("pk_canaries")),
    )
    op.create_table(
        "suspicions",
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("looks", sa.Integer(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("kind", "subject", name=op.f("pk_suspicions")),
    )


def downgrade() -> None:
    """Takes them away, and what stands in them."""
    op.drop_table("suspicions")
    op.drop_table("canaries")
    with op.batch_alter_table("heartbeats", schema=None) as batch_op:
        for name in ("signs", "busy", "last_work_at", "stopped_at", "started_at", "version", "host"):
            batch_op.drop_column(name)
