"""Labels in reports that no form has, by reading: where they repeat there may be a new form."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the table."""
    op.create_table(
        "unknown_labels",
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("reader", sa.String(), nullable=False),
        sa.Column("table", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("names", sa.String(32), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["sha256"], ["documents.sha256"], name=op.f("fk_unknown_labels_sha256_documents")),
        sa.PrimaryKeyConstraint("sha256", "reader", "table", "names", "label", name=op.f("pk_unknown_labels")),
    )


def downgrade() -> None:
    """Takes it away; a replay collects them again."""
    op.drop_table("unknown_labels")
