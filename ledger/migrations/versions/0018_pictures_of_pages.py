"""Pictures of pages on which something was found, for the page of evidence in letters."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the table."""
    op.create_table(
        "page_pictures",
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("page", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("rank", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("width", sa.Double(), nullable=False),
        sa.Column("height", sa.Double(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["document"], ["documents.sha256"], name=op.f("fk_page_pictures_document_documents")),
        sa.PrimaryKeyConstraint("document", "page", "rank", name=op.f("pk_page_pictures")),
    )


def downgrade() -> None:
    """Takes it away; the pictures stay in the archive, and are drawn again by a replay."""
    op.drop_table("page_pictures")
