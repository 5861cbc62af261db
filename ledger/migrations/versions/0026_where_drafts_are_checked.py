"""The address at which an agency checks its drafts, one for each."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from ledger.models.table import UtcTime

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the table."""
    op.create_table(
        "check_addresses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agency", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("made_at", UtcTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("closed_at", UtcTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_addresses")),
        sa.UniqueConstraint("agency", name=op.f("uq_check_addresses_agency")),
    )


def downgrade() -> None:
    """Takes it away."""
    op.drop_table("check_addresses")
