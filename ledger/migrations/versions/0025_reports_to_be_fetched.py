"""Reports that people ask to be fetched from an address: asked for at the desk, fetched by a crawler."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from ledger.models.table import UtcTime

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the table."""
    op.create_table(
        "fetch_orders",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("district", sa.String(), nullable=False),
        sa.Column("agency", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("published", sa.Date(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("ordered_by", sa.String(), nullable=False),
        sa.Column("ordered_at", UtcTime(timezone=True), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claimed_at", UtcTime(timezone=True), nullable=True),
        sa.Column("ended_at", UtcTime(timezone=True), nullable=True),
        sa.Column("sentence", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fetch_orders")),
    )
    op.create_index(op.f("ix_fetch_orders_state"), "fetch_orders", ["state"])


def downgrade() -> None:
    """Takes it away."""
    op.drop_table("fetch_orders")
