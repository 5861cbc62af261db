"""For which office a notice was written, what it says of each incident, and the number of a matter.

Rows of before have None: they were written for the district's own office, and their purpose says what they tell.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the columns."""
    op.add_column("notices", sa.Column("office", sa.String(), nullable=True))
    op.add_column("notice_incidents", sa.Column("role", sa.String(32), nullable=True))
    op.add_column("incidents", sa.Column("matter", sa.String(), nullable=True))
    op.create_index(op.f("ix_incidents_matter"), "incidents", ["matter"])


def downgrade() -> None:
    """Takes them away."""
    op.drop_index(op.f("ix_incidents_matter"), "incidents")
    op.drop_column("incidents", "matter")
    op.drop_column("notice_incidents", "role")
    op.drop_column("notices", "office")
