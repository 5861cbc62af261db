"""A finding says how its figures were seen a second time, and with which others one correction would mend it.

What was found before, and what an earlier program finds meanwhile, says neither.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

JSON_VALUE = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Adds the columns."""
    op.add_column("findings", sa.Column("confirmed_by", JSON_VALUE, nullable=True))
    op.add_column("findings", sa.Column("matter", sa.String(), nullable=True))


def downgrade() -> None:
    """Takes them away."""
    op.drop_column("findings", "matter")
    op.drop_column("findings", "confirmed_by")
