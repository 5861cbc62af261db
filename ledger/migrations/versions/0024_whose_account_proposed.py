"""By which account the result of a rectification was proposed: who approves is told from that, and not from a name.

Proposals of before have None: of them names are compared.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the column."""
    op.add_column("rectifications", sa.Column("proposed_account", sa.String(), nullable=True))


def downgrade() -> None:
    """Takes it away."""
    op.drop_column("rectifications", "proposed_account")
