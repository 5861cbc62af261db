"""Who may use the desk, the record of who decided and saw what, right readings, and the steps of a rectification.

Rows of before have None in what is new: nobody decided by this name, no second person was asked.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from ledger.models.table import JsonValue, UtcTime

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds tables and columns."""
    op.create_table(
        "accounts",
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(32), nullable=False),
        sa.Column("districts", JsonValue, nullable=True),
        sa.Column("password", sa.String(), nullable=True),
        sa.Column("made_at", UtcTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("removed_at", UtcTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", UtcTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_accounts")),
    )
    op.create_table(
        "desk_sessions",
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("begun_at", UtcTime(timezone=True), nullable=False),
        sa.Column("seen_at", UtcTime(timezone=True), nullable=False),
        sa.Column("ended_at", UtcTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account"], ["accounts.account"], name=op.f("fk_desk_sessions_account_accounts")),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_desk_sessions")),
    )
    op.create_index(op.f("ix_desk_sessions_account"), "desk_sessions", ["account"])
    op.create_table(
        "account_links",
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=True),
        sa.Column("made_at", UtcTime(timezone=True), nullable=False),
        sa.Column("expires_at", UtcTime(timezone=True), nullable=False),
        sa.Column("used_at", UtcTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account"], ["accounts.account"], name=op.f("fk_account_links_account_accounts")),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_account_links")),
    )
    op.create_table(
        "records",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", UtcTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=True),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("district", sa.String(), nullable=True),
        sa.Column("agency", sa.String(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("detail", JsonValue, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_records")),
    )
    op.create_index(op.f("ix_records_district_id"), "records", ["district", "id"])
    op.create_index(op.f("ix_records_agency_year"), "records", ["agency", "year"])
    op.create_table(
        "reading_corrections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("cell", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=True),
        sa.Column("value", sa.String(), nullable=True),
        sa.Column("finding", sa.String(), nullable=False),
        sa.Column("said_by", sa.String(), nullable=False),
        sa.Column("said_at", UtcTime(timezone=True), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["sha256"], ["documents.sha256"], name=op.f("fk_reading_corrections_sha256_documents")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading_corrections")),
    )
    op.create_index(op.f("ix_reading_corrections_sha256_cell"), "reading_corrections", ["sha256", "cell"])
    op.add_column("findings", sa.Column("decision", sa.String(32), nullable=True))
    op.add_column("rectifications", sa.Column("findings", JsonValue, nullable=True))
    op.add_column("rectifications", sa.Column("received_on", sa.Date(), nullable=True))
    op.add_column("rectifications", sa.Column("proposed", sa.String(32), nullable=True))
    op.add_column("rectifications", sa.Column("proposed_by", sa.String(), nullable=True))
    op.add_column("rectifications", sa.Column("proposed_why", sa.String(), nullable=True))


def downgrade() -> None:
    """Takes them away, with every account and what people decided at the desk."""
    for column in ("proposed_why", "proposed_by", "proposed", "received_on", "findings"):
        op.drop_column("rectifications", column)
    op.drop_column("findings", "decision")
    for table in ("reading_corrections", "records", "account_links", "desk_sessions", "accounts"):
        op.drop_table(table)
