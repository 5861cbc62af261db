"""整改: what was asked of an agency about a report, whether a new document came since, and how it ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from config.holidays import workdays_after
from ledger.models import Agency, Article, FindingRow, Rectification, Version, Work
from ledger.people.record import Who, keep_record
from ledger.states import STANDING_FINDINGS, RecordKind, RectificationResult, WorkState

# Until when an answer is expected where nobody says otherwise.
WORKING_DAYS = 10


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
    findings: Sequence[str] = (),
    account: str | None = None,
) -> int:
    """Writes what was asked for; returns its number. The newest document at this moment is what has to be replaced.

    ``findings`` are the fingerprints of what is to be put right: once a new document shows none of them, it is mended.
    """
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
        findings=list(findings) or None,
    )
    session.add(row)
    session.flush()
    _record(session, row, Who(asked_by, account), RecordKind.RECTIFICATION_OPENED, asked_for, now)
    return row.id


def receive_rectification(session: Session, number: int, on: date, who: Who, now: datetime) -> bool:
    """Writes that the agency signed for it on a day; False where it is no open one, or was signed for already."""
    row = session.get(Rectification, number)
    changed = _change(session, number, Rectification.received_on.is_(None), received_on=on)
    if row is not None and changed:
        _record(session, row, who, RecordKind.RECTIFICATION_RECEIVED, "", now, {"on": on.isoformat()})
    return changed


def propose_result(
    session: Session, number: int, result: RectificationResult, who: Who, why: str, now: datetime
) -> bool:
    """Writes a result that waits for a second person; False where it is no open rectification."""
    row = session.get(Rectification, number)
    changed = _change(session, number, None, proposed=result, proposed_by=who.name, proposed_why=why)
    if row is not None and changed:
        _record(session, row, who, RecordKind.RECTIFICATION_PROPOSED, why, now, {"result": result.value})
    return changed


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


def answer_expected_on(session: Session, agency: str, year: int, today: date) -> date:
    """Until when an answer about a report is expected: the date of a rectification that runs, else ten working days."""
    due = session.scalar(
        select(Rectification.due_on)
        .where(
            Rectification.agency == agency,
            Rectification.year == year,
            Rectification.closed_at.is_(None),
            Rectification.due_on >= today,
        )
        .order_by(Rectification.id.desc())
        .limit(1)
    )
    return due or workdays_after(today, WORKING_DAYS)


def close_rectification(
    session: Session,
    number: int,
    result: RectificationResult,
    *,
    reviewed_by: str,
    remark: str,
    on: date,
    now: datetime,
    account: str | None = None,
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
    if not changed or row is None:
        raise LookupError(number)
    detail = {"result": result.value}
    _record(session, row, Who(reviewed_by, account), RecordKind.RECTIFICATION_CLOSED, remark, now, detail)
    return answer


def mended(session: Session) -> list[Asked]:
    """The open rectifications whose findings are all gone in a document that came after they were asked for."""
    found = []
    for one in list_rectifications(session):
        if one.answer is None or not one.row.findings or one.row.proposed is not None:
            continue
        left = session.scalar(
            select(func.count())
            .select_from(FindingRow)
            .where(FindingRow.fingerprint.in_(one.row.findings), FindingRow.state.in_(STANDING_FINDINGS))
        )
        state = session.scalar(
            select(Work.state).where(Work.version_id == one.answer.id).order_by(Work.id.desc()).limit(1)
        )
        if not left and state is WorkState.DONE:
            found.append(one)
    return found


def _change(session: Session, number: int, condition: ColumnElement[bool] | None, **values: Any) -> bool:
    query = update(Rectification).where(Rectification.id == number, Rectification.closed_at.is_(None))
    if condition is not None:
        query = query.where(condition)
    changed = session.scalars(
        query.values(**values).returning(Rectification.id), execution_options={"synchronize_session": False}
    )
    return bool(changed.all())


def _record(
    session: Session,
    row: Rectification,
    who: Who,
    kind: RecordKind,
    why: str,
    now: datetime,
    detail: dict[str, Any] | None = None,
) -> None:
    owner = session.get(Agency, row.agency)
    keep_record(
        session,
        who,
        kind,
        str(row.id),
        now,
        why=why,
        district=owner.district if owner is not None else None,
        agency=row.agency,
        year=row.year,
        detail=detail,
    )


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
