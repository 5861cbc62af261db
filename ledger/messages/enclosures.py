"""What lies in a notice's mail beside its text: rows here, the bytes in the archive."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from ledger.insert import insert_or_ignore
from ledger.models import Enclosure, Notice, NoticeIncident
from ledger.states import NoticeKind, NoticePurpose, NoticeRole, NoticeState


@dataclass(frozen=True, slots=True)
class Enclosed:
    """One thing in a mail: a picture that the HTML shows as ``cid:CONTENT_ID``, or an attachment called ``name``."""

    name: str
    media_type: str
    content_id: str | None
    sha256: str


@dataclass(frozen=True, slots=True)
class Unproven:
    """A letter without its evidence: its identity, the incidents that it is about, and what lies in it already."""

    identity: str
    incidents: tuple[int, ...]
    enclosed: tuple[Enclosed, ...]
    office: str | None


def letters_without(session: Session, media_type: str, but: Collection[NoticePurpose], channels: str) -> list[Unproven]:
    """Letters to offices, of other purposes than these, that are about incidents, wait and carry no such file yet.

    What a letter says has ended wants no evidence. Messages to chat groups, whose recipients begin with ``channels``,
    take nothing.
    """
    carries = exists().where(Enclosure.notice_id == Notice.id, Enclosure.media_type == media_type)
    about = (
        select(Notice.id, Notice.identity, Notice.office, NoticeIncident.incident_id)
        .join(NoticeIncident, NoticeIncident.notice_id == Notice.id)
        .where(
            Notice.state == NoticeState.WAITING,
            Notice.attempts == 0,
            Notice.kind != NoticeKind.OPERATORS,
            Notice.purpose.not_in(but),
            or_(NoticeIncident.role.is_(None), NoticeIncident.role != NoticeRole.ENDED),
            Notice.recipient.not_like(f"{channels}%"),
            ~carries,
        )
        .order_by(Notice.id, NoticeIncident.incident_id)
    )
    found: dict[int, tuple[str, str | None, list[int]]] = {}
    for notice, identity, office, incident in session.execute(about):
        found.setdefault(notice, (identity, office, []))[2].append(incident)
    return [
        Unproven(identity, tuple(incidents), tuple(enclosed_in(session, notice)), office)
        for notice, (identity, office, incidents) in found.items()
    ]


def enclose(session: Session, identity: str, things: Sequence[Enclosed], after: int = 0) -> None:
    """Puts things into the notice with this identity, in this order, after so many that lie in it already.

    Doing it twice gives the same rows.
    """
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
        for position, thing in enumerate(things, after)
    ]
    insert_or_ignore(session, Enclosure, rows)


def enclosed_in(session: Session, notice_id: int) -> list[Enclosed]:
    """What lies in a notice, in order."""
    rows = session.scalars(select(Enclosure).where(Enclosure.notice_id == notice_id).order_by(Enclosure.position))
    return [Enclosed(row.name, row.media_type, row.content_id, row.sha256) for row in rows]
