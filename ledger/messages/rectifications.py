"""整改: what was asked of an agency about a report, whether a new document came since, and how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from ledger.models import Agency, Article, Rectification, Version
from ledger.states import RectificationResult


@dataclass(frozen=True, slots=True)
class Asked:
    """A rectification with its agency, and the newest document of the report that came after it was asked for."""

    row: Rectification
    agency: Agency
    answer: Version | None


def agencies_called(session: Session, name: str) -> list[Agency]:
    """The agencies with this id, name or short name."""
    query = select(Agency).where((Agency.agency == name) | (Agency.name == name) | (Agency.short == name))
    return list(session.scalars(query.order_by(Agency.agency)))


def open_rectification(
    session: Session,
    agency: str,
    year: int,
    *,
    asked_on: date,
    due_on: date,
    asked_by: str,
    asked_for: str,
    now: datetime,
) -> int:
    """Writes what was asked for; returns its number. The newest document at this moment is what has to be replaced."""
    newest = _newest_version(session, agency, year)
    row = Rectification(
        agency=agency,
        year=year,
        asked_on=asked_on,
        asked_by=asked_by,
        asked_for=asked_for,
        due_on=due_on,
        version_id=newest.id if newest is not None else None,
        opened_at=now,
    )
    session.add(row)
    session.flush()
    return row.id


def list_rectifications(session: Session, *, closed: bool = False) -> list[Asked]:
    """The open rectifications, and with ``closed`` those that have ended, in the order in which they were asked for."""
    query = select(Rectification, Agency).join(Agency, Agency.agency == Rectification.agency).order_by(Rectification.id)
    if not closed:
        query = query.where(Rectification.closed_at.is_(None))
    return [Asked(row, agency, _answer(session, row)) for row, agency in session.execute(query)]


def rectifications_at(session: Session, district: str, year: int, moment: datetime) -> list[Asked]:
    """What was asked of a district's agencies about a report year until a moment, ended or not."""
    query = (
        select(Rectification, Agency)
        .join(Agency, Agency.agency == Rectification.agency)
        .where(Agency.district == district, Rectification.year == year, Rectification.opened_at <= moment)
        .order_by(Rectification.id)
    )
    return [Asked(row, agency, _answer(session, row)) for row, agency in session.execute(query)]


def close_rectification(
    session: Session,
    number: int,
    result: RectificationResult,
    *,
    reviewed_by: str,
    remark: str,
    on: date,
    now: datetime,
) -> Version | None:
    """Writes how it ended, with the document that was reviewed (returned; None where none came).

    Raises LookupError where there is no open rectification of this number.
    """
    row = session.get(Rectification, number)
    answer = _answer(session, row) if row is not None else None
    changed = session.scalars(
        update(Rectification)
        .where(Rectification.id == number, Rectification.closed_at.is_(None))
        .values(
            result=result,
            answer_id=answer.id if answer is not None else None,
            reviewed_by=reviewed_by,
            reviewed_on=on,
            remark=remark,
            closed_at=now,
        )
        .returning(Rectification.id),
        execution_options={"synchronize_session": False},
    ).all()
    if not changed:
        raise LookupError(number)
    return answer


def _answer(session: Session, row: Rectification) -> Version | None:
    if row.closed_at is not None:
        return session.get(Version, row.answer_id) if row.answer_id is not None else None
    newest = _newest_version(session, row.agency, row.year)
    return newest if newest is not None and newest.id > (row.version_id or 0) else None


def _newest_version(session: Session, agency: str, year: int) -> Version | None:
    newest = (
        select(func.max(Version.id))
        .join(Article, Article.id == Version.article_id)
        .where(Article.agency == agency, Article.year == year)
        .scalar_subquery()
    )
    return session.scalars(select(Version).where(Version.id == newest)).one_or_none()
