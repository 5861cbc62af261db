"""A person's word that a column is to be believed for a report year."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from ledger.models.table import UtcTime

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the table."""
    op.create_table(
        "column_confirmations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("portal", sa.String(), nullable=False),
        sa.Column("column", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("look_id", sa.Integer(), nullable=False),
        sa.Column("said_at", UtcTime(timezone=True), nullable=False),
        sa.Column("said_by", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["portal"], ["portals.portal"], name=op.f("fk_column_confirmations_portal_portals")),
        sa.ForeignKeyConstraint(["look_id"], ["looks.id"], name=op.f("fk_column_confirmations_look_id_looks")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_column_confirmations")),
    )
    op.create_index(
        op.f("ix_column_confirmations_portal_column_year"), "column_confirmations", ["portal", "column", "year"]
    )


def downgrade() -> None:
    """Takes it away, and what people said."""
    op.drop_table("column_confirmations")
