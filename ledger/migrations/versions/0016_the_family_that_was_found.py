"""The family that a column's page was found to be of, where its portal file names none."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from ledger.models.table import UtcTime

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Adds the table."""
    op.create_table(
        "found_families",
        sa.Column("portal", sa.String(), nullable=False),
        sa.Column("column", sa.String(), nullable=False),
        sa.Column("family", sa.String(), nullable=False),
        sa.Column("signs", JSON, nullable=False),
        sa.Column("found_at", UtcTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["portal"], ["portals.portal"], name=op.f("fk_found_families_portal_portals")),
        sa.PrimaryKeyConstraint("portal", "column", name=op.f("pk_found_families")),
    )


def downgrade() -> None:
    """Takes it away."""
    op.drop_table("found_families")
