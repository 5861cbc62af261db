"""Incidents, the notices about them with what lies in them, and the send log."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from ledger.models.table import Table, state_column
from ledger.states import (
    Audience,
    IncidentKind,
    NoticeForm,
    NoticeKind,
    NoticePurpose,
    NoticeRole,
    NoticeState,
    SendVerdict,
)


class Incident(Table):
    """Something somebody has to know, open until the world resolves it.

    ``subject`` names what it is about (``agency:ID:YEAR``, ``finding:FINGERPRINT``, ``portal:ID``, ``work:ID`` …);
    there is one open incident of a kind about a subject; it identifies, and nothing is read from it. ``detail`` holds
    what its messages are written from: ``fingerprint`` and ``rule`` of a finding, ``notice`` (an id) where it is about
    a message, ``portal``, ``rectification``; and once it ended ``outcome``, an IncidentOutcome. ``resolution`` is a
    sentence that says how it ended. ``matter`` is its number (事项编号): one for all that one correction would mend.
    """

    __tablename__ = "incidents"
    __table_args__ = (
        Index(
            "uq_incidents_open",
            "kind",
            "subject",
            unique=True,
            sqlite_where=text("resolved_at IS NULL"),
            postgresql_where=text("resolved_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[IncidentKind] = mapped_column(state_column(IncidentKind))
    subject: Mapped[str] = mapped_column(index=True)
    audience: Mapped[Audience] = mapped_column(state_column(Audience))
    district: Mapped[str | None] = mapped_column(index=True)
    agency: Mapped[str | None]
    year: Mapped[int | None]
    level: Mapped[str]
    sentence: Mapped[str]
    detail: Mapped[dict[str, Any]]
    opened_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
    resolution: Mapped[str | None]
    matter: Mapped[str | None] = mapped_column(index=True)


class Notice(Table):
    """One message to one recipient; a row before it is a mail, and sent from the row.

    ``identity`` says what the message is about, so that writing it twice gives one row; ``message_id`` is made of it.
    What the message is, ``kind`` and ``purpose`` say: nothing is read from the identity. ``purpose`` is None where an
    earlier program wrote the row, until it is filled in (ledger/migrations/fills.py). ``office`` is the office that it
    was written for (config.offices.Office.key): None for operators, and for a district's own in rows of before.
    """

    __tablename__ = "notices"
    __table_args__ = (Index(None, "state", "next_attempt_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    identity: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[NoticeKind] = mapped_column(state_column(NoticeKind))
    purpose: Mapped[NoticePurpose | None] = mapped_column(state_column(NoticePurpose))
    recipient: Mapped[str]
    office: Mapped[str | None]
    subject: Mapped[str]
    text: Mapped[str]
    html: Mapped[str]
    message_id: Mapped[str] = mapped_column(unique=True)
    in_reply_to: Mapped[str | None]
    created_at: Mapped[datetime]
    state: Mapped[NoticeState] = mapped_column(state_column(NoticeState))
    form: Mapped[NoticeForm] = mapped_column(state_column(NoticeForm), server_default=NoticeForm.FULL.value)
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime]
    claimed_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None] = mapped_column(index=True)


class NoticeIncident(Table):
    """Which incidents a notice is about, and what it says of each.

    ``role`` is None where an earlier program wrote the row: there the notice's purpose says it.
    """

    __tablename__ = "notice_incidents"

    notice_id: Mapped[int] = mapped_column(ForeignKey("notices.id"), primary_key=True)
    incident_id: Mapped[int] = mapped_column(ForeignKey("incidents.id"), primary_key=True, index=True)
    role: Mapped[NoticeRole | None] = mapped_column(state_column(NoticeRole))


class Enclosure(Table):
    """What lies in a notice's mail beside its text; the bytes are in the archive.

    With a ``content_id`` it is a picture that the HTML shows, without one an attachment called ``name``.
    """

    __tablename__ = "enclosures"

    notice_id: Mapped[int] = mapped_column(ForeignKey("notices.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str]
    media_type: Mapped[str]
    content_id: Mapped[str | None]
    sha256: Mapped[str]


class SendLog(Table):
    """One attempt to send a notice, and what the mail server answered.

    ``verdict`` is None in rows of before 0014, where only ``delivered`` is known.
    """

    __tablename__ = "send_log"

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notices.id"), index=True)
    at: Mapped[datetime]
    delivered: Mapped[bool]
    verdict: Mapped[SendVerdict | None] = mapped_column(state_column(SendVerdict))
    answer: Mapped[str]


class MailSwitch(Table):
    """A person's decision that mail to offices leaves from now on (``started``) or not; the last is in force.

    Rows are only added: the table is the record of who decided it, when and why.
    """

    __tablename__ = "mail_switches"

    id: Mapped[int] = mapped_column(primary_key=True)
    started: Mapped[bool]
    at: Mapped[datetime]
    by: Mapped[str]
    why: Mapped[str]
