"""What was written to whom, and whether it left: for whoever looks through notices, on the command line or the desk."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select, true
from sqlalchemy.orm import Session

from ledger.messages.notices import role_said
from ledger.models import Incident, Notice, NoticeIncident, SendLog, Suppression
from ledger.states import NoticeKind, NoticeRole, NoticeState

# So many notices a person may look through; what is older is found by district, year and state.
LISTED = 1000


@dataclass(frozen=True, slots=True)
class Written:
    """A notice with the districts and report years that it is about, and what was answered last."""

    notice: Notice
    districts: tuple[str, ...]
    years: tuple[int, ...]
    answer: str


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose notices somebody may see: those for these offices (by their keys) and about these districts alone.

    None in both: all offices'. ``operators``: those to the operators too.
    """

    offices: Collection[str] | None = None
    districts: Collection[str] | None = None
    operators: bool = True


EVERYBODY = Whose()


def list_notices(
    session: Session,
    *,
    district: str | None = None,
    year: int | None = None,
    state: NoticeState | None = None,
    kind: NoticeKind | None = None,
    whose: Whose = EVERYBODY,
    before: int | None = None,
    most: int = LISTED,
    skip: int = 0,
) -> list[Written]:
    """The notices of a district, a report year, a state or a kind, the newest first, ``most`` at most; those ``before``
    one (its id).
    """
    query = select(Notice).where(_is_of(whose)).order_by(Notice.id.desc()).limit(most).offset(skip)
    if state is not None:
        query = query.where(Notice.state == state)
    if kind is not None:
        query = query.where(Notice.kind == kind)
    if before is not None:
        query = query.where(Notice.id < before)
    about = exists().where(NoticeIncident.notice_id == Notice.id, NoticeIncident.incident_id == Incident.id)
    if district is not None:
        query = query.where(or_(about.where(Incident.district == district), Notice.office == district))
    if year is not None:
        query = query.where(about.where(Incident.year == year))
    return _with_answers(session, session.scalars(query).all())


def written_notice(session: Session, number: int, whose: Whose = EVERYBODY) -> Written | None:
    """One notice; None where there is none that somebody may see."""
    found = session.scalars(select(Notice).where(Notice.id == number, _is_of(whose))).all()
    return next(iter(_with_answers(session, found)), None)


def attempts_at(session: Session, number: int) -> Sequence[SendLog]:
    """Every attempt to send a notice with its answer, in order."""
    return session.scalars(select(SendLog).where(SendLog.notice_id == number).order_by(SendLog.id)).all()


def told_in(session: Session, number: int) -> list[tuple[Incident, NoticeRole | None]]:
    """What a notice tells of, and what it says of each."""
    rows = session.execute(
        select(Incident, NoticeIncident, Notice)
        .join(NoticeIncident, NoticeIncident.incident_id == Incident.id)
        .join(Notice, Notice.id == NoticeIncident.notice_id)
        .where(NoticeIncident.notice_id == number)
        .order_by(Incident.id)
    )
    return [(incident, role_said(link, notice)) for incident, link, notice in rows]


def stops_of(session: Session, recipient: str) -> Sequence[Suppression]:
    """The stops in force because of which a recipient gets no more of something."""
    return session.scalars(
        select(Suppression)
        .where(Suppression.recipient == recipient.strip().lower(), Suppression.ended_at.is_(None))
        .order_by(Suppression.id)
    ).all()


def _is_of(whose: Whose) -> ColumnElement[bool]:
    theirs: ColumnElement[bool] = true()
    if whose.offices is not None:
        told = and_(NoticeIncident.notice_id == Notice.id, NoticeIncident.incident_id == Incident.id)
        others = exists().where(told, or_(Incident.district.is_(None), Incident.district.not_in(whose.districts or ())))
        # A row of before names no office: it is of the districts that it is about.
        of_before = and_(Notice.office.is_(None), exists().where(told), ~others)
        theirs = or_(Notice.office.in_(whose.offices), of_before)
    theirs = and_(Notice.kind != NoticeKind.OPERATORS, theirs)
    return or_(theirs, Notice.kind == NoticeKind.OPERATORS) if whose.operators else theirs


def _with_answers(session: Session, notices: Sequence[Notice]) -> list[Written]:
    ids = [notice.id for notice in notices]
    districts: dict[int, set[str]] = {}
    years: dict[int, set[int]] = {}
    told: Any = select(NoticeIncident.notice_id, Incident.district, Incident.year).join(
        Incident, Incident.id == NoticeIncident.incident_id
    )
    for notice_id, of, about_year in session.execute(told.where(NoticeIncident.notice_id.in_(ids))):
        if of is not None:
            districts.setdefault(notice_id, set()).add(of)
        if about_year is not None:
            years.setdefault(notice_id, set()).add(about_year)
    log = select(SendLog.notice_id, SendLog.answer).where(SendLog.notice_id.in_(ids)).order_by(SendLog.id)
    answers = {row.notice_id: row.answer for row in session.execute(log)}
    return [
        Written(
            notice,
            tuple(sorted(districts.get(notice.id, (notice.office,) if notice.office else ()))),
            tuple(sorted(years.get(notice.id, ()))),
            answers.get(notice.id, ""),
        )
        for notice in notices
    ]
