"""What was decided on identities, addresses and wordings stands in columns of its own.

A notice's purpose was read from its identity, a page that shows one report a year from a mark in an article's address,
and what became of a report (rule P05) from a text.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from ledger.migrations.fills import fills_of_0012

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the columns, and fills them for the rows that are there."""
    op.add_column("notices", sa.Column("purpose", sa.String(length=32), nullable=True))
    op.add_column("articles", sa.Column("page_address", sa.String(), nullable=True))
    op.add_column("findings", sa.Column("change", sa.String(length=32), nullable=True))
    for statement in fills_of_0012().values():
        op.execute(statement)


def downgrade() -> None:
    """Takes them away."""
    op.drop_column("findings", "change")
    op.drop_column("articles", "page_address")
    op.drop_column("notices", "purpose")
