"""The questions behind messages, and what writes one; how it goes out is in outbox.py."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from ledger.insert import insert_or_ignore
from ledger.models import Incident, Notice, NoticeIncident
from ledger.one_of import one_of
from ledger.states import Audience, IncidentOutcome, NoticeKind, NoticePurpose, NoticeRole, NoticeState

Query = Select[*tuple[Any, ...]]

# What a notice of an earlier program, whose rows have no role, says of its incidents.
_PURPOSES = {
    NoticeRole.TOLD: (NoticePurpose.ALERT, NoticePurpose.DIGEST),
    NoticeRole.REMINDED: (NoticePurpose.REMINDER,),
    NoticeRole.ENDED: (NoticePurpose.CORRECTION, NoticePurpose.CORRECTIONS),
}
# In a message of these, what has ended is answered as a whole, and not agency by agency.
_COLLECTIVE = (NoticePurpose.DIGEST, NoticePurpose.LETTER, NoticePurpose.WEEKLY)


@dataclass(frozen=True, slots=True)
class Telling:
    """An open incident of which an office was told (None: the operators, or the district's own in rows of before).

    ``first`` and ``last`` are when; ``reminders`` is how many of these were reminders.
    """

    incident: Incident
    office: str | None
    first: datetime
    last: datetime
    reminders: int


@dataclass(frozen=True, slots=True)
class Owed:
    """Somebody who was told of an incident that has ended, by which message, as whose reader."""

    recipient: str
    office: str | None
    message_id: str
    in_digest: bool
    incident: Incident


def unnotified_incidents(
    session: Session, *, office: str | None = None, districts: Collection[str] | None = None, lock: bool = False
) -> Sequence[Incident]:
    """Open incidents of which the district's own office or the operators were not told, in the order of their opening.

    With ``office`` and ``districts``, those of these districts of which an office over several was not told. With
    ``lock`` (in a writing session) nobody else is given them until the transaction ends.
    """
    locking, untold = _untold(of_office=office is not None, of_districts=districts is not None)
    given = {"office": office, "districts": list(districts or ())}
    if lock:
        # First the lock, then the question again: whoever held it before us may have written their notices.
        session.execute(locking, given).all()
    return session.scalars(untold, given).all()


@lru_cache
def _untold(*, of_office: bool, of_districts: bool) -> tuple[Query, Query]:
    """What locks the incidents that :func:`unnotified_incidents` gives, and what gives them.

    A question that each round of the monitor asks is put together once: that took longer than its answer.
    """
    told = exists().where(
        NoticeIncident.incident_id == Incident.id,
        NoticeIncident.notice_id == Notice.id,
        _says(NoticeRole.TOLD, NoticeIncident, Notice),
        Notice.office == bindparam("office") if of_office else _for_its_own_office(),
    )
    untold = and_(Incident.resolved_at.is_(None), ~told)
    if of_districts:
        untold = and_(untold, Incident.audience == Audience.OFFICE, one_of(Incident.district, "districts"))
    return (
        select(Incident.id).where(untold).order_by(Incident.id).with_for_update(),
        select(Incident).where(untold).order_by(Incident.id),
    )


def told_and_open(session: Session, districts: Collection[str] | None = None) -> list[Telling]:
    """The open incidents (of some districts, or all) of which somebody was told, in the order of their opening."""
    query = _told_and_open(of_districts=districts is not None)
    return [Telling(*row) for row in session.execute(query, {"districts": list(districts or ())})]


@lru_cache
def _told_and_open(*, of_districts: bool) -> Query:
    reminder = case((_says(NoticeRole.REMINDED, NoticeIncident, Notice), Notice.created_at))
    moments = (func.min(Notice.created_at), func.max(Notice.created_at), func.count(reminder.distinct()))
    query = (
        select(Incident, Notice.office, *moments)
        .join(NoticeIncident, NoticeIncident.incident_id == Incident.id)
        .join(Notice, Notice.id == NoticeIncident.notice_id)
        .where(Incident.resolved_at.is_(None))
        .group_by(Incident.id, Notice.office)
        .order_by(Incident.id)
    )
    return query.where(one_of(Incident.district, "districts")) if of_districts else query


def told_since(
    session: Session, recipients: Collection[str], since: datetime, single: NoticePurpose, collective: NoticePurpose
) -> tuple[int, datetime | None]:
    """How many messages of two purposes were written since to whoever got most of them, and the last collective one.

    ``single`` is the purpose of a message about one matter, ``collective`` that of a message about several.
    """
    rows = session.execute(
        select(Notice.recipient, Notice.purpose, Notice.created_at).where(
            Notice.recipient.in_(recipients),
            Notice.created_at > since,
            Notice.purpose.in_((single, collective)),
        )
    ).all()
    counts = Counter(recipient for recipient, _, _ in rows)
    collected = [created_at for _, purpose, created_at in rows if purpose is collective]
    return max(counts.values(), default=0), max(collected, default=None)


def write_notice(session: Session, row: dict[str, Any], incidents: Mapping[int, NoticeRole], now: datetime) -> bool:
    """Writes a notice with what it says of which incidents; False where its identity was written before.

    ``row`` holds identity, kind, purpose, recipient, subject, text, html, message_id and in_reply_to, and where it is
    for an office ``office``.
    """
    first_attempt = {"attempts": 0, "next_attempt_at": now}
    values = row | first_attempt | {"created_at": now, "state": NoticeState.WAITING}
    if not insert_or_ignore(session, Notice, [values]):
        return False
    notice_id = session.scalars(select(Notice.id).where(Notice.identity == row["identity"])).one()
    insert_or_ignore(
        session,
        NoticeIncident,
        [{"notice_id": notice_id, "incident_id": incident, "role": role} for incident, role in incidents.items()],
    )
    return True


def corrections_owed(
    session: Session,
    since: datetime,
    outcomes: Collection[IncidentOutcome],
    *,
    districts: Collection[str] | None = None,
    lock: bool = False,
) -> list[Owed]:
    """Who was told of incidents (of some districts, or all) that ended so since, and has not been told how, in the
    order of telling.

    Who was only reminded of one (a second address) was told of it by the first reminder, and gets no news of what
    followed (published, but late), nor of what was closed: of an office's matters they are told every end. With
    ``lock`` (in a writing session) nobody else is given them until the transaction ends.
    """
    locking, owed = _corrections(of_districts=districts is not None)
    given = {"since": since, "outcomes": [one.value for one in outcomes], "districts": list(districts or ())}
    if lock:
        session.execute(locking, given).all()
    return [
        Owed(recipient, office, message_id, purpose in _COLLECTIVE, incident)
        for recipient, office, message_id, purpose, incident in session.execute(owed, given)
    ]


@lru_cache
def _corrections(*, of_districts: bool) -> tuple[Query, Query]:
    """What locks the incidents whose end :func:`corrections_owed` asks for, and what says to whom it is owed."""
    told_again = one_of(Incident.detail["outcome"].as_string(), "outcomes")
    ended = and_(Incident.resolved_at > bindparam("since"), or_(told_again, Incident.audience == Audience.OFFICE))
    if of_districts:
        ended = and_(ended, one_of(Incident.district, "districts"))
    later, link = aliased(Notice), aliased(NoticeIncident)
    corrected = exists().where(
        link.incident_id == Incident.id,
        link.notice_id == later.id,
        later.recipient == Notice.recipient,
        _says(NoticeRole.ENDED, link, later),
    )
    owed = (
        select(Notice.recipient, Notice.office, Notice.message_id, Notice.purpose, Incident)
        .join(NoticeIncident, NoticeIncident.notice_id == Notice.id)
        .join(Incident, Incident.id == NoticeIncident.incident_id)
        .where(
            ended,
            Notice.state != NoticeState.REHEARSED,
            or_(and_(told_again, _says(NoticeRole.TOLD, NoticeIncident, Notice)), _is_first_of_reminders()),
            ~corrected,
        )
        .order_by(Notice.id, Incident.id)
    )
    return select(Incident.id).where(ended).order_by(Incident.id).with_for_update(), owed


def _is_first_of_reminders() -> ColumnElement[bool]:
    """Whether a notice reminds a recipient of an incident of which that recipient had not heard before."""
    before, link = aliased(Notice), aliased(NoticeIncident)
    heard = exists().where(
        link.incident_id == NoticeIncident.incident_id,
        link.notice_id == before.id,
        before.recipient == Notice.recipient,
        before.id < Notice.id,
    )
    return and_(_says(NoticeRole.REMINDED, NoticeIncident, Notice), ~heard)


def rehearsed_incidents(session: Session, *, lock: bool = False) -> list[tuple[str, str | None, Incident]]:
    """Open incidents whose only notices to a recipient were written in rehearsal: recipient, office and incident."""
    if lock:
        session.execute(select(Incident.id).where(Incident.resolved_at.is_(None)).with_for_update()).all()
    rows = session.execute(_rehearsed())
    return list(dict.fromkeys((recipient, office, incident) for recipient, office, incident in rows))


@lru_cache
def _rehearsed() -> Query:
    later, link = aliased(Notice), aliased(NoticeIncident)
    told = exists().where(
        link.incident_id == Incident.id,
        link.notice_id == later.id,
        later.recipient == Notice.recipient,
        later.office.is_not_distinct_from(Notice.office),
        later.state != NoticeState.REHEARSED,
    )
    return (
        select(Notice.recipient, Notice.office, Incident)
        .join(NoticeIncident, NoticeIncident.notice_id == Notice.id)
        .join(Incident, Incident.id == NoticeIncident.incident_id)
        .where(Incident.resolved_at.is_(None), Notice.state == NoticeState.REHEARSED, ~told)
        .order_by(Notice.recipient, Incident.id)
    )


def role_said(link: NoticeIncident, notice: Notice) -> NoticeRole | None:
    """What a notice says of an incident; None where an earlier program wrote it and its purpose says nothing of it."""
    if link.role is not None:
        return link.role
    return next((role for role, purposes in _PURPOSES.items() if notice.purpose in purposes), None)


def _says(role: NoticeRole, link: Any, notice: Any) -> ColumnElement[bool]:
    """Whether this is what a notice says of an incident."""
    return or_(link.role == role, and_(link.role.is_(None), notice.purpose.in_(_PURPOSES[role])))


def _for_its_own_office() -> ColumnElement[bool]:
    return or_(Notice.office.is_(None), Notice.office == Incident.district)


def thread_of(session: Session, recipient: str, agency: str, year: int) -> str | None:
    """The Message-ID of the last message to a recipient about an agency's report, None where there was none."""
    return session.scalar(
        select(Notice.message_id)
        .join(NoticeIncident, NoticeIncident.notice_id == Notice.id)
        .join(Incident, Incident.id == NoticeIncident.incident_id)
        .where(
            Notice.recipient == recipient,
            Notice.kind.in_((NoticeKind.ALERT, NoticeKind.DIGEST, NoticeKind.CORRECTION)),
            Incident.agency == agency,
            Incident.year == year,
        )
        .order_by(Notice.id.desc())
        .limit(1)
    )
