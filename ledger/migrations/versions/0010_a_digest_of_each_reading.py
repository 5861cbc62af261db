"""A reading has a digest beside it: what others are compared with, without reading all of it.

What was read before, and what an earlier program reads meanwhile, has none; its digest is made when it is needed.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the column."""
    op.add_column("readings", sa.Column("digest", sa.JSON(), nullable=True))


def downgrade() -> None:
    """Takes it away."""
    op.drop_column("readings", "digest")
