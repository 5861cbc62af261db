"""The last message that went out is found without reading all of them."""

from __future__ import annotations

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds an index."""
    op.create_index(op.f("ix_notices_sent_at"), "notices", ["sent_at"])


def downgrade() -> None:
    """Takes it away."""
    op.drop_index(op.f("ix_notices_sent_at"), "notices")
