"""The account of every list page, and the pages that a look rests on. Looks from before prove nothing from now on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from ledger.models.table import UtcTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Adds the table and the columns."""
    op.create_table(
        "list_pages",
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("portal", sa.String(), nullable=False),
        sa.Column("column", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("first_seen_at", UtcTime(timezone=True), nullable=False),
        sa.Column("garbled", sa.Boolean(), nullable=False),
        sa.Column("accounted", JSON, nullable=False),
        sa.Column("reports", JSON, nullable=False),
        sa.Column("unaccounted", JSON, nullable=False),
        sa.ForeignKeyConstraint(["portal"], ["portals.portal"], name=op.f("fk_list_pages_portal_portals")),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_list_pages")),
    )
    op.create_index(op.f("ix_list_pages_portal_column"), "list_pages", ["portal", "column"])
    op.create_index(op.f("ix_list_pages_sha256"), "list_pages", ["sha256"])
    for name in ("pages", "accounted", "paging"):
        op.add_column("looks", sa.Column(name, JSON, nullable=True))


def downgrade() -> None:
    """Takes them away, and what stands in them."""
    for name in ("paging", "accounted", "pages"):
        op.drop_column("looks", name)
    op.drop_table("list_pages")
