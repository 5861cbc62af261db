"""What people said of incidents, and rectifications."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def _states(*words: str) -> sa.Enum:
    return sa.Enum(*words, native_enum=False, length=32)


def upgrade() -> None:
    """What people said of incidents, and rectifications."""
    op.create_table(
        "incident_words",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("kind", _states("acknowledge", "snooze", "note"), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("said_by", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["incident_id"], ["incidents.id"], name=op.f("fk_incident_words_incident_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_words")),
    )
    with op.batch_alter_table("incident_words", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_incident_words_incident_id"), ["incident_id"], unique=False)

    op.create_table(
        "rectifications",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agency", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_for", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("result", _states("done", "not_done", "dropped"), nullable=True),
        sa.Column("answer_id", sa.Integer(), nullable=True),
        sa.Column("reviewed_by", sa.String(), nullable=True),
        sa.Column("reviewed_on", sa.Date(), nullable=True),
        sa.Column("remark", sa.String(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["agency"], ["agencies.agency"], name=op.f("fk_rectifications_agency")),
        sa.ForeignKeyConstraint(["version_id"], ["versions.id"], name=op.f("fk_rectifications_version_id")),
        sa.ForeignKeyConstraint(["answer_id"], ["versions.id"], name=op.f("fk_rectifications_answer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rectifications")),
    )
    with op.batch_alter_table("rectifications", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rectifications_agency_year"), ["agency", "year"], unique=False)


def downgrade() -> None:
    """Takes the tables away, and what stands in them."""
    op.drop_table("rectifications")
    op.drop_table("incident_words")
