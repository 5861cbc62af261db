"""What lies in a notice's mail beside its text: rows here, the bytes in the archive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.insert import insert_or_ignore
from ledger.models import Enclosure, Notice


@dataclass(frozen=True, slots=True)
class Enclosed:
    """One thing in a mail: a picture that the HTML shows as ``cid:CONTENT_ID``, or an attachment called ``name``."""

    name: str
    media_type: str
    content_id: str | None
    sha256: str


def enclose(session: Session, identity: str, things: Sequence[Enclosed]) -> None:
    """Puts things into the notice with this identity, in this order; doing it twice gives the same rows."""
    notice_id = session.scalars(select(Notice.id).where(Notice.identity == identity)).one()
    rows = [
        {
            "notice_id": notice_id,
            "position": position,
            "name": thing.name,
            "media_type": thing.media_type,
            "content_id": thing.content_id,
            "sha256": thing.sha256,
        }
        for position, thing in enumerate(things)
    ]
    insert_or_ignore(session, Enclosure, rows)


def enclosed_in(session: Session, notice_id: int) -> list[Enclosed]:
    """What lies in a notice, in order."""
    rows = session.scalars(select(Enclosure).where(Enclosure.notice_id == notice_id).order_by(Enclosure.position))
    return [Enclosed(row.name, row.media_type, row.content_id, row.sha256) for row in rows]
