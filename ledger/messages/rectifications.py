"""整改: what was asked of an agency about a report, whether a new document came since, and how it ended."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, update
from sqlalchemy.orm import Session

from config.holidays import workdays_after
from ledger.models import Agency, Article, FindingRow, Rectification, Version, Work
from ledger.people.record import Who, keep_record
from ledger.states import STANDING_FINDINGS, RecordKind, RectificationResult, WorkState

# Until when an answer is expected where nobody says otherwise.
WORKING_DAYS = 10
# As many values as one question takes.
_AT_ONCE = 5_000


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


def is_asked_already(
    session: Session, agency: str, year: int, due_on: date, asked_for: str, findings: Sequence[str]
) -> bool:
    """Whether an open rectification asks for the very same until the same day."""
    rows = session.scalars(
        select(Rectification).where(
            Rectification.agency == agency,
            Rectification.year == year,
            Rectification.due_on == due_on,
            Rectification.asked_for == asked_for,
            Rectification.closed_at.is_(None),
        )
    )
    return any(set(row.findings or ()) == set(findings) for row in rows)


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
    proposal = {"proposed": result, "proposed_by": who.name, "proposed_account": who.account, "proposed_why": why}
    changed = _change(session, number, None, **proposal)
    if row is not None and changed:
        _record(session, row, who, RecordKind.RECTIFICATION_PROPOSED, why, now, {"result": result.value})
    return changed


def proposed_it(row: Rectification, who: Who) -> bool:
    """Whether somebody is the person who proposed its result; of a proposal without an account, whoever has the name.

    Two people may have one name, and one person may change theirs: an account stays what it is.
    """
    if row.proposed_account is not None and who.account is not None:
        return row.proposed_account == who.account
    return row.proposed_by == who.name


def list_rectifications(
    session: Session,
    *,
    closed: bool = False,
    districts: Collection[str] | None = None,
    most: int | None = None,
    skip: int = 0,
) -> list[Asked]:
    """The open rectifications, and with ``closed`` those that have ended, the first due first; of these districts
    (None: of all), and at most so many.
    """
    query = _asked().order_by(Rectification.due_on, Rectification.id).limit(most).offset(skip or None)
    if not closed:
        query = query.where(Rectification.closed_at.is_(None))
    if districts is not None:
        query = query.where(Agency.district.in_(districts))
    return _with_answers(session, query)


def rectifications_after(
    session: Session,
    districts: Collection[str],
    after: int | None,
    most: int,
    *,
    year: int | None = None,
    agency: str | None = None,
    closed: bool = False,
) -> list[Asked]:
    """The rectifications of some districts that follow one (its number), in the order of asking; at most so many."""
    query = _asked().where(Agency.district.in_(districts)).order_by(Rectification.id).limit(most)
    if after is not None:
        query = query.where(Rectification.id > after)
    if year is not None:
        query = query.where(Rectification.year == year)
    if agency is not None:
        query = query.where(Rectification.agency == agency)
    if not closed:
        query = query.where(Rectification.closed_at.is_(None))
    return _with_answers(session, query)


def rectifications_at(session: Session, district: str, year: int, moment: datetime) -> list[Asked]:
    """What was asked of a district's agencies about a report year until a moment, ended or not."""
    query = _asked().where(Agency.district == district, Rectification.year == year, Rectification.opened_at <= moment)
    return _with_answers(session, query.order_by(Rectification.id))


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
    open_one = _asked().where(Rectification.id == number, Rectification.closed_at.is_(None))
    asked = next(iter(_with_answers(session, open_one)), None)
    if asked is None:
        raise LookupError(number)
    row, answer = asked.row, asked.answer
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
    detail = {"result": result.value}
    _record(session, row, Who(reviewed_by, account), RecordKind.RECTIFICATION_CLOSED, remark, now, detail)
    return answer


def findings_left(session: Session, rows: Collection[Rectification]) -> dict[int, int]:
    """By number, how many of the findings that were to be put right still hold."""
    wanted = sorted({one for row in rows for one in row.findings or ()})
    hold: set[str] = set()
    for begin in range(0, len(wanted), _AT_ONCE):
        some = wanted[begin : begin + _AT_ONCE]
        query = select(FindingRow.fingerprint).where(
            FindingRow.fingerprint.in_(some), FindingRow.state.in_(STANDING_FINDINGS)
        )
        hold |= set(session.scalars(query))
    return {row.id: sum(one in hold for one in row.findings or ()) for row in rows}


def mended(session: Session) -> list[Asked]:
    """The open rectifications whose findings are all gone in a document that came after they were asked for."""
    answered = [
        (one, one.answer.id)
        for one in list_rectifications(session)
        if one.answer is not None and one.row.findings and one.row.proposed is None
    ]
    left = findings_left(session, [one.row for one, _ in answered])
    return [one for one, answer in answered if not left[one.row.id] and _is_read(session, answer)]


def _is_read(session: Session, version: int) -> bool:
    state = session.scalar(select(Work.state).where(Work.version_id == version).order_by(Work.id.desc()).limit(1))
    return state is WorkState.DONE


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


def _asked() -> Select[Rectification, Agency]:
    return select(Rectification, Agency).join(Agency, Agency.agency == Rectification.agency)


def _with_answers(session: Session, query: Select[Rectification, Agency]) -> list[Asked]:
    """The rows with their answers, in two questions however many there are."""
    rows = session.execute(query).all()
    newest: dict[tuple[str | None, int | None], int] = {}
    open_ones = {row.agency for row, _ in rows if row.closed_at is None}
    if open_ones:
        found = session.execute(
            select(Article.agency, Article.year, func.max(Version.id))
            .join(Version, Version.article_id == Article.id)
            .where(Article.agency.in_(open_ones))
            .group_by(Article.agency, Article.year)
        )
        newest = {(agency, year): version for agency, year, version in found}
    answers = {row.id: _answer(row, newest.get((row.agency, row.year))) for row, _ in rows}
    wanted = {version for version in answers.values() if version is not None}
    versions = {one.id: one for one in session.scalars(select(Version).where(Version.id.in_(wanted)))} if wanted else {}
    return [Asked(row, agency, versions.get(answers[row.id] or 0)) for row, agency in rows]


def _answer(row: Rectification, newest: int | None) -> int | None:
    """The document that answers: the one that was reviewed; while it is open, the newest if it came since."""
    if row.closed_at is not None:
        return row.answer_id
    return newest if newest is not None and newest > (row.version_id or 0) else None


def _newest_version(session: Session, agency: str, year: int) -> Version | None:
    newest = (
        select(func.max(Version.id))
        .join(Article, Article.id == Version.article_id)
        .where(Article.agency == agency, Article.year == year)
        .scalar_subquery()
    )
    return session.scalars(select(Version).where(Version.id == newest)).one_or_none()
