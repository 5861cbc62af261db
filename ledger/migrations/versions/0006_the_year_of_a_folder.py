"""The report year that a portal gives the folder or column in which an article stands."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The report year that a portal gives the folder or column in which an article stands."""
    with op.batch_alter_table("articles", schema=None) as batch_op:
        batch_op.add_column(sa.Column("folder_year", sa.Integer(), nullable=True))


def downgrade() -> None:
    """Takes the column away, and what stands in it."""
    with op.batch_alter_table("articles", schema=None) as batch_op:
        batch_op.drop_column("folder_year")
