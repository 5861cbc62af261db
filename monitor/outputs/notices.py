"""What was written to whom, and what their server answered: ``nianbao notices list``, and the API."""

from __future__ import annotations

from datetime import datetime

from pydantic import with_config
from typing_extensions import TypedDict

from ledger.messages.written import Written
from ledger.states import NoticeKind, NoticeState


@with_config(extra="forbid")
class NoticeShape(TypedDict):
    """One message to one recipient (None: not for who may only look); ``answer`` is their mail server's last answer."""

    id: int
    kind: NoticeKind
    recipient: str | None
    districts: list[str]
    years: list[int]
    subject: str
    created_at: datetime
    state: NoticeState
    attempts: int
    sent_at: datetime | None
    answer: str
    message_id: str


def notice_shape(written: Written) -> NoticeShape:
    """One message."""
    row = written.notice
    return {
        "id": row.id,
        "kind": row.kind,
        "recipient": row.recipient,
        "districts": list(written.districts),
        "years": list(written.years),
        "subject": row.subject,
        "created_at": row.created_at,
        "state": row.state,
        "attempts": row.attempts,
        "sent_at": row.sent_at,
        "answer": written.answer,
        "message_id": row.message_id,
    }
