"""What lies in a notice's mail beside its text: rows here, the bytes in the archive."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from ledger.insert import insert_or_ignore
from ledger.models import Enclosure, Notice, NoticeIncident
from ledger.states import NoticeKind, NoticePurpose, NoticeState


@dataclass(frozen=True, slots=True)
class Enclosed:
    """One thing in a mail: a picture that the HTML shows as ``cid:CONTENT_ID``, or an attachment called ``name``."""

    name: str
    media_type: str
    content_id: str | None
    sha256: str


@dataclass(frozen=True, slots=True)
class Unenclosed:
    """A letter that has nothing in it yet, by its identity, and the incidents that it is about."""

    identity: str
    incidents: tuple[int, ...]


def letters_without_enclosures(
    session: Session, purposes: Collection[NoticePurpose], channels: str
) -> list[Unenclosed]:
    """Letters to offices with these purposes that wait for their first attempt and have nothing in them.

    Messages to chat groups, whose recipients begin with ``channels``, take nothing.
    """
    about = (
        select(Notice.id, Notice.identity, NoticeIncident.incident_id)
        .join(NoticeIncident, NoticeIncident.notice_id == Notice.id)
        .where(
            Notice.state == NoticeState.WAITING,
            Notice.attempts == 0,
            Notice.kind != NoticeKind.OPERATORS,
            Notice.purpose.in_(purposes),
            Notice.recipient.not_like(f"{channels}%"),
            ~exists().where(Enclosure.notice_id == Notice.id),
        )
        .order_by(Notice.id, NoticeIncident.incident_id)
    )
    found: dict[int, tuple[str, list[int]]] = {}
    for notice, identity, incident in session.execute(about):
        found.setdefault(notice, (identity, []))[1].append(incident)
    return [Unenclosed(identity, tuple(incidents)) for identity, incidents in found.values()]


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
