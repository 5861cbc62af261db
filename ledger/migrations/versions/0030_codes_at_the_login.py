"""Codes as a second step of the login, and attempts to log in counted by where they come from.

Accounts of before have no codes, and nobody's browser is known: who logs in is known from then on.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from ledger.models.table import JsonValue, UtcTime

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds tables and a column."""
    op.add_column("accounts", sa.Column("failing_since", UtcTime(timezone=True), nullable=True))
    op.create_table(
        "login_origins",
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("known", sa.Boolean(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("shut", sa.Integer(), nullable=False),
        sa.Column("locked_until", UtcTime(timezone=True), nullable=True),
        sa.Column("last_at", UtcTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.account"], name=op.f("fk_login_origins_account_accounts")),
        sa.PrimaryKeyConstraint("account", "origin", name=op.f("pk_login_origins")),
    )
    op.create_table(
        "second_factors",
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("made_at", UtcTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", UtcTime(timezone=True), nullable=True),
        sa.Column("step", sa.Integer(), nullable=True),
        sa.Column("recovery", JsonValue, nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.account"], name=op.f("fk_second_factors_account_accounts")),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_second_factors")),
    )
    op.create_table(
        "login_steps",
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("begun_at", UtcTime(timezone=True), nullable=False),
        sa.Column("ended_at", UtcTime(timezone=True), nullable=True),
        sa.Column("place", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.account"], name=op.f("fk_login_steps_account_accounts")),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_login_steps")),
    )
    op.create_index(op.f("ix_login_steps_account"), "login_steps", ["account"])


def downgrade() -> None:
    """Takes them away; whoever had codes logs in by password alone."""
    for table in ("login_steps", "second_factors", "login_origins"):
        op.drop_table(table)
    op.drop_column("accounts", "failing_since")
