"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

JSON_VALUE = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """The first tables."""
    op.create_table(
        "agencies",
        sa.Column("agency", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("short", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("district", sa.String(), nullable=False),
        sa.Column("portal", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("agency", name=op.f("pk_agencies")),
    )
    with op.batch_alter_table("agencies", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agencies_district"), ["district"], unique=False)

    op.create_table(
        "documents",
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("first_fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_documents")),
    )
    op.create_table(
        "heartbeats",
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("role", "name", name=op.f("pk_heartbeats")),
    )
    op.create_table(
        "incidents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "missing",
                "late",
                "finding",
                "withdrawn",
                "date_disputed",
                "portal",
                "quarantine",
                "unassigned",
                "reading_late",
                name="incidentkind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column(
            "audience", sa.Enum("office", "operators", name="audience", native_enum=False, length=32), nullable=False
        ),
        sa.Column("district", sa.String(), nullable=True),
        sa.Column("agency", sa.String(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("sentence", sa.String(), nullable=False),
        sa.Column("detail", JSON_VALUE, nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolution", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incidents")),
    )
    with op.batch_alter_table("incidents", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_incidents_district"), ["district"], unique=False)
        batch_op.create_index(batch_op.f("ix_incidents_subject"), ["subject"], unique=False)
        batch_op.create_index(
            "uq_incidents_open",
            ["kind", "subject"],
            unique=True,
            sqlite_where=sa.text("resolved_at IS NULL"),
            postgresql_where=sa.text("resolved_at IS NULL"),
        )

    op.create_table(
        "notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("identity", sa.String(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "alert",
                "correction",
                "reminder",
                "digest",
                "weekly",
                "operators",
                name="noticekind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("html", sa.String(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("in_reply_to", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            sa.Enum("waiting", "sending", "sent", "refused", name="noticestate", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("identity", name=op.f("uq_notices_identity")),
        sa.UniqueConstraint("message_id", name=op.f("uq_notices_message_id")),
    )
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_notices_state_next_attempt_at"), ["state", "next_attempt_at"], unique=False
        )

    op.create_table(
        "pages",
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("etag", sa.String(), nullable=True),
        sa.Column("last_modified", sa.String(), nullable=True),
        sa.Column("sha256", sa.String(), nullable=True),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_pages")),
    )
    op.create_table(
        "portals",
        sa.Column("portal", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "healthy",
                "unreachable",
                "blocked",
                "layout_changed",
                "not_permitted",
                "paused",
                name="portalstate",
                native_enum=False,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sentence", sa.String(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("next_due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_by", sa.String(), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_round_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paused_reason", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("portal", name=op.f("pk_portals")),
    )
    with op.batch_alter_table("portals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_portals_next_due_at"), ["next_due_at"], unique=False)

    op.create_table(
        "articles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("portal", sa.String(), nullable=False),
        sa.Column("column", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "report",
                "not_a_report",
                "unassigned",
                "not_found",
                "fetch_failed",
                "no_document",
                name="articleoutcome",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("agency", sa.String(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("gone_times", sa.Integer(), nullable=False),
        sa.Column("gone_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("baseline", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["portal"], ["portals.portal"], name=op.f("fk_articles_portal")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_articles")),
        sa.UniqueConstraint("portal", "address", name=op.f("uq_articles_portal_address")),
    )
    with op.batch_alter_table("articles", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_articles_agency_year"), ["agency", "year"], unique=False)
        batch_op.create_index(batch_op.f("ix_articles_outcome"), ["outcome"], unique=False)

    op.create_table(
        "dropped_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("portal", sa.String(), nullable=False),
        sa.Column("column", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["portal"], ["portals.portal"], name=op.f("fk_dropped_links_portal")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dropped_links")),
        sa.UniqueConstraint("portal", "column", "address", name=op.f("uq_dropped_links_portal_column_address")),
    )
    op.create_table(
        "notice_incidents",
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["incident_id"], ["incidents.id"], name=op.f("fk_notice_incidents_incident_id")),
        sa.ForeignKeyConstraint(["notice_id"], ["notices.id"], name=op.f("fk_notice_incidents_notice_id")),
        sa.PrimaryKeyConstraint("notice_id", "incident_id", name=op.f("pk_notice_incidents")),
    )
    with op.batch_alter_table("notice_incidents", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notice_incidents_incident_id"), ["incident_id"], unique=False)

    op.create_table(
        "obligations",
        sa.Column("agency", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("statutory", sa.Boolean(), nullable=False),
        sa.Column("exempt", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["agency"], ["agencies.agency"], name=op.f("fk_obligations_agency")),
        sa.PrimaryKeyConstraint("agency", "year", name=op.f("pk_obligations")),
    )
    op.create_table(
        "readings",
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("reader", sa.String(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["sha256"], ["documents.sha256"], name=op.f("fk_readings_sha256")),
        sa.PrimaryKeyConstraint("sha256", "reader", name=op.f("pk_readings")),
    )
    op.create_table(
        "rounds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("portal", sa.String(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "state",
            sa.Enum("running", "done", "failed", name="roundstate", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column(
            "found",
            sa.Enum(
                "healthy",
                "unreachable",
                "blocked",
                "layout_changed",
                "not_permitted",
                "paused",
                name="portalstate",
                native_enum=False,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("sentence", sa.String(), nullable=False),
        sa.Column("figures", JSON_VALUE, nullable=False),
        sa.ForeignKeyConstraint(["portal"], ["portals.portal"], name=op.f("fk_rounds_portal")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rounds")),
    )
    with op.batch_alter_table("rounds", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rounds_portal"), ["portal"], unique=False)

    op.create_table(
        "send_log",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("delivered", sa.Boolean(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["notice_id"], ["notices.id"], name=op.f("fk_send_log_notice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_send_log")),
    )
    with op.batch_alter_table("send_log", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_send_log_notice_id"), ["notice_id"], unique=False)

    op.create_table(
        "standing_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agency", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "before",
            sa.Enum(
                "pending",
                "on_time",
                "late",
                "missing",
                "withdrawn",
                "date_disputed",
                "unverifiable",
                "exempt",
                name="standing",
                native_enum=False,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "now",
            sa.Enum(
                "pending",
                "on_time",
                "late",
                "missing",
                "withdrawn",
                "date_disputed",
                "unverifiable",
                "exempt",
                name="standing",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("published", sa.Date(), nullable=True),
        sa.Column("evidence", JSON_VALUE, nullable=False),
        sa.Column("sentence", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["agency"], ["agencies.agency"], name=op.f("fk_standing_changes_agency")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standing_changes")),
        sa.UniqueConstraint(
            "agency", "year", "changed_at", "now", name=op.f("uq_standing_changes_agency_year_changed_at_now")
        ),
    )
    with op.batch_alter_table("standing_changes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_standing_changes_year_changed_at"), ["year", "changed_at"], unique=False)

    op.create_table(
        "evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column(
            "source",
            sa.Enum(
                "first_seen",
                "record_id",
                "address",
                "page_label",
                "visible_date",
                "list_date",
                "last_modified",
                "entered",
                name="evidencesource",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("moment", sa.DateTime(timezone=True), nullable=False),
        sa.Column("precise", sa.Boolean(), nullable=False),
        sa.Column("observed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_evidence_article_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
        sa.UniqueConstraint("article_id", "source", "value", name=op.f("uq_evidence_article_id_source_value")),
    )
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evidence_article_id"), ["article_id"], unique=False)

    op.create_table(
        "fetches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("portal", sa.String(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=True),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column(
            "found",
            sa.Enum(
                "healthy",
                "unreachable",
                "blocked",
                "layout_changed",
                "not_permitted",
                "paused",
                name="portalstate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("sentence", sa.String(), nullable=False),
        sa.Column(
            "request_headers",
            JSON_VALUE,
            nullable=False,
        ),
        sa.Column(
            "response_headers",
            JSON_VALUE,
            nullable=False,
        ),
        sa.Column("sha256", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["portal"], ["portals.portal"], name=op.f("fk_fetches_portal")),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_fetches_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fetches")),
    )
    with op.batch_alter_table("fetches", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_fetches_address"), ["address"], unique=False)
        batch_op.create_index(batch_op.f("ix_fetches_portal"), ["portal"], unique=False)
        batch_op.create_index(batch_op.f("ix_fetches_round_id"), ["round_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_fetches_sha256"), ["sha256"], unique=False)

    op.create_table(
        "looks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("portal", sa.String(), nullable=False),
        sa.Column("column", sa.String(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "found",
            sa.Enum(
                "healthy",
                "unreachable",
                "blocked",
                "layout_changed",
                "not_permitted",
                "paused",
                name="portalstate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("dropped", sa.Integer(), nullable=False),
        sa.Column("sentence", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["portal"], ["portals.portal"], name=op.f("fk_looks_portal")),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_looks_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_looks")),
        sa.UniqueConstraint("round_id", "column", name=op.f("uq_looks_round_id_column")),
    )
    with op.batch_alter_table("looks", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_looks_portal_column_begun_at"), ["portal", "column", "begun_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_looks_round_id"), ["round_id"], unique=False)

    op.create_table(
        "standings",
        sa.Column("agency", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column(
            "standing",
            sa.Enum(
                "pending",
                "on_time",
                "late",
                "missing",
                "withdrawn",
                "date_disputed",
                "unverifiable",
                "exempt",
                name="standing",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published", sa.Date(), nullable=True),
        sa.Column("article_id", sa.Integer(), nullable=True),
        sa.Column("evidence", JSON_VALUE, nullable=False),
        sa.Column("sentence", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["agency"], ["agencies.agency"], name=op.f("fk_standings_agency")),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_standings_article_id")),
        sa.PrimaryKeyConstraint("agency", "year", name=op.f("pk_standings")),
    )
    with op.batch_alter_table("standings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_standings_standing"), ["standing"], unique=False)

    op.create_table(
        "versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum("body", "attachment", "entered", name="versionrole", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("content_sha256", sa.String(), nullable=False),
        sa.Column("fetch_id", sa.Integer(), nullable=True),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_versions_article_id")),
        sa.ForeignKeyConstraint(["fetch_id"], ["fetches.id"], name=op.f("fk_versions_fetch_id")),
        sa.ForeignKeyConstraint(["sha256"], ["documents.sha256"], name=op.f("fk_versions_sha256")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_versions")),
        sa.UniqueConstraint(
            "article_id", "address", "content_sha256", name=op.f("uq_versions_article_id_address_content_sha256")
        ),
    )
    with op.batch_alter_table("versions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_versions_article_id"), ["article_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_versions_sha256"), ["sha256"], unique=False)

    op.create_table(
        "checks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("reader", sa.String(), nullable=False),
        sa.Column("agency", sa.String(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcomes", JSON_VALUE, nullable=False),
        sa.Column("reasons", JSON_VALUE, nullable=False),
        sa.Column("fingerprints", JSON_VALUE, nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["versions.id"], name=op.f("fk_checks_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checks")),
        sa.UniqueConstraint("version_id", "reader", name=op.f("uq_checks_version_id_reader")),
    )
    with op.batch_alter_table("checks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_checks_agency_year"), ["agency", "year"], unique=False)

    op.create_table(
        "findings",
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("agency", sa.String(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("severity", sa.String(), nullable=False),
        sa.Column("cells", JSON_VALUE, nullable=False),
        sa.Column("expected", sa.String(), nullable=True),
        sa.Column("found", sa.String(), nullable=True),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("message_en", sa.String(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("place", JSON_VALUE, nullable=False),
        sa.Column("suggestion", JSON_VALUE, nullable=True),
        sa.Column(
            "state",
            sa.Enum("open", "acknowledged", "dismissed", "resolved", name="findingstate", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("said_by", sa.String(), nullable=True),
        sa.Column("said_why", sa.String(), nullable=True),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["version_id"], ["versions.id"], name=op.f("fk_findings_version_id")),
        sa.PrimaryKeyConstraint("fingerprint", name=op.f("pk_findings")),
    )
    with op.batch_alter_table("findings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_findings_agency_year"), ["agency", "year"], unique=False)
        batch_op.create_index(batch_op.f("ix_findings_version_id"), ["version_id"], unique=False)

    op.create_table(
        "work",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("reader", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("waiting", "running", "done", "quarantined", name="workstate", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dispatched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("worker", sa.String(), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("sentence", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["versions.id"], name=op.f("fk_work_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work")),
        sa.UniqueConstraint("version_id", "reader", name=op.f("uq_work_version_id_reader")),
    )
    with op.batch_alter_table("work", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_work_state_next_attempt_at"), ["state", "next_attempt_at"], unique=False)


def downgrade() -> None:
    """Takes it back."""
    with op.batch_alter_table("work", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_work_state_next_attempt_at"))

    op.drop_table("work")
    with op.batch_alter_table("findings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_findings_version_id"))
        batch_op.drop_index(batch_op.f("ix_findings_agency_year"))

    op.drop_table("findings")
    with op.batch_alter_table("checks", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_checks_agency_year"))

    op.drop_table("checks")
    with op.batch_alter_table("versions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_versions_sha256"))
        batch_op.drop_index(batch_op.f("ix_versions_article_id"))

    op.drop_table("versions")
    with op.batch_alter_table("standings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_standings_standing"))

    op.drop_table("standings")
    with op.batch_alter_table("looks", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_looks_round_id"))
        batch_op.drop_index(batch_op.f("ix_looks_portal_column_begun_at"))

    op.drop_table("looks")
    with op.batch_alter_table("fetches", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_fetches_sha256"))
        batch_op.drop_index(batch_op.f("ix_fetches_round_id"))
        batch_op.drop_index(batch_op.f("ix_fetches_portal"))
        batch_op.drop_index(batch_op.f("ix_fetches_address"))

    op.drop_table("fetches")
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_evidence_article_id"))

    op.drop_table("evidence")
    with op.batch_alter_table("standing_changes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_standing_changes_year_changed_at"))

    op.drop_table("standing_changes")
    with op.batch_alter_table("send_log", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_send_log_notice_id"))

    op.drop_table("send_log")
    with op.batch_alter_table("rounds", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rounds_portal"))

    op.drop_table("rounds")
    op.drop_table("readings")
    op.drop_table("obligations")
    with op.batch_alter_table("notice_incidents", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_notice_incidents_incident_id"))

    op.drop_table("notice_incidents")
    op.drop_table("dropped_links")
    with op.batch_alter_table("articles", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_articles_outcome"))
        batch_op.drop_index(batch_op.f("ix_articles_agency_year"))

    op.drop_table("articles")
    with op.batch_alter_table("portals", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_portals_next_due_at"))

    op.drop_table("portals")
    op.drop_table("pages")
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_notices_state_next_attempt_at"))

    op.drop_table("notices")
    with op.batch_alter_table("incidents", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_incidents_open",
            sqlite_where=sa.text("resolved_at IS NULL"),
            postgresql_where=sa.text("resolved_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_incidents_subject"))
        batch_op.drop_index(batch_op.f("ix_incidents_district"))

    op.drop_table("incidents")
    op.drop_table("heartbeats")
    op.drop_table("documents")
    with op.batch_alter_table("agencies", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agencies_district"))

    op.drop_table("agencies")
