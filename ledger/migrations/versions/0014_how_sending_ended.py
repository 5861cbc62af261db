"""How each attempt to send ended as a state; trials of stopped addresses; mail begins by a person.

A stop of before has no trial: its address was stopped on the first refusal, whatever it was about, and is tried again.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the columns and the table."""
    op.add_column("send_log", sa.Column("verdict", sa.String(32), nullable=True))
    op.add_column("notices", sa.Column("form", sa.String(32), nullable=False, server_default="full"))
    op.add_column("stops", sa.Column("trial_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "mail_switches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("started", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_switches")),
    )


def downgrade() -> None:
    """Takes them away."""
    op.drop_table("mail_switches")
    op.drop_column("stops", "trial_at")
    op.drop_column("notices", "form")
    op.drop_column("send_log", "verdict")
