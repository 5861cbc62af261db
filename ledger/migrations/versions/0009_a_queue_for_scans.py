"""Scans wait in a queue of their own, and portals have their turn one after the other.

What an earlier program adds meanwhile counts as a document of no portal that is read at its turn: the first.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds columns, and the indexes by which what is next is found."""
    op.add_column("work", sa.Column("queue", sa.String(length=32), server_default="read", nullable=False))
    op.add_column("work", sa.Column("portal", sa.String(), server_default="", nullable=False))
    op.add_column("work", sa.Column("turn", sa.Integer(), server_default="0", nullable=False))
    op.create_index(op.f("ix_work_state_queue_turn_id"), "work", ["state", "queue", "turn", "id"])
    op.create_index(op.f("ix_work_state_portal_turn"), "work", ["state", "portal", "turn"])
    op.add_column("canaries", sa.Column("queue", sa.String(length=32), server_default="read", nullable=False))


def downgrade() -> None:
    """Takes them away."""
    op.drop_column("canaries", "queue")
    op.drop_index(op.f("ix_work_state_portal_turn"), "work")
    op.drop_index(op.f("ix_work_state_queue_turn_id"), "work")
    op.drop_column("work", "turn")
    op.drop_column("work", "portal")
    op.drop_column("work", "queue")
