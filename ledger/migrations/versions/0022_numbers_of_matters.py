"""How many numbers of matters each district's report year has given.

Findings and incidents of before get theirs when they are checked or told again.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the table."""
    op.create_table(
        "matter_counts",
        sa.Column("district", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("district", "year", name=op.f("pk_matter_counts")),
    )


def downgrade() -> None:
    """Takes it away."""
    op.drop_table("matter_counts")
