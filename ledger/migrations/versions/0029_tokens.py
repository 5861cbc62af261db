"""Tokens by which other programs read what the desk shows, and people decide through them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from ledger.models.table import JsonValue, UtcTime

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the table."""
    op.create_table(
        "tokens",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=True),
        sa.Column("districts", JsonValue, nullable=True),
        sa.Column("made_at", UtcTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("used_on", sa.Date(), nullable=True),
        sa.Column("removed_at", UtcTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account"], ["accounts.account"], name=op.f("fk_tokens_account_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tokens")),
        sa.UniqueConstraint("digest", name=op.f("uq_tokens_digest")),
    )
    op.create_index(op.f("ix_tokens_account"), "tokens", ["account"])


def downgrade() -> None:
    """Takes it away: no program reads or decides any more."""
    op.drop_table("tokens")
