"""What people said of incidents, and what they asked of agencies: kept for ever, with name and reason."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from ledger.models.table import Table, state_column
from ledger.states import IncidentNoteKind, RectificationResult


class IncidentNote(Table):
    """A person's word on an incident. It changes who is reminded, never whether the incident is resolved.

    ``until`` is the moment to which a snooze lasts.
    """

    __tablename__ = "incident_words"

    id: Mapped[int] = mapped_column(primary_key=True)
    incident_id: Mapped[int] = mapped_column(ForeignKey("incidents.id"), index=True)
    kind: Mapped[IncidentNoteKind] = mapped_column(state_column(IncidentNoteKind))
    said_at: Mapped[datetime]
    said_by: Mapped[str]
    why: Mapped[str]
    until: Mapped[datetime | None]


class Rectification(Table):
    """整改: what an officer asked of an agency about one report, until when, and how it ended.

    ``version_id`` is the newest document of the report when it was asked for, ``answer_id`` the one that was reviewed.
    ``findings`` are the fingerprints of what is to be put right, ``received_on`` is when the agency signed for it, and
    ``proposed`` the result that waits for a second person, whose account is not ``proposed_account``.
    """

    __tablename__ = "rectifications"
    __table_args__ = (Index(None, "agency", "year"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agency: Mapped[str] = mapped_column(ForeignKey("agencies.agency"))
    year: Mapped[int]
    asked_on: Mapped[date]
    asked_by: Mapped[str]
    asked_for: Mapped[str]
    due_on: Mapped[date]
    version_id: Mapped[int | None] = mapped_column(ForeignKey("versions.id"))
    opened_at: Mapped[datetime]
    result: Mapped[RectificationResult | None] = mapped_column(state_column(RectificationResult))
    answer_id: Mapped[int | None] = mapped_column(ForeignKey("versions.id"))
    reviewed_by: Mapped[str | None]
    reviewed_on: Mapped[date | None]
    remark: Mapped[str | None]
    closed_at: Mapped[datetime | None]
    findings: Mapped[list[str] | None]
    received_on: Mapped[date | None]
    proposed: Mapped[RectificationResult | None] = mapped_column(state_column(RectificationResult))
    proposed_by: Mapped[str | None]
    proposed_account: Mapped[str | None]
    proposed_why: Mapped[str | None]
