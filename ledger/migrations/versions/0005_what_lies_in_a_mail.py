"""What lies in a mail beside its text: pictures and spreadsheets, their bytes in the archive."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds a table."""
    op.create_table(
        "enclosures",
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("content_id", sa.String(), nullable=True),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["notice_id"], ["notices.id"], name=op.f("fk_enclosures_notice_id")),
        sa.PrimaryKeyConstraint("notice_id", "position", name=op.f("pk_enclosures")),
    )


def downgrade() -> None:
    """Takes it away, and what stands in it."""
    op.drop_table("enclosures")
