"""What people confirm of columns (design, decision 22): written once, kept for ever, asked for by every judgement."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config.time_zone import SHANGHAI
from ledger.models import Agency, ColumnConfirmation, Look, Obligation
from ledger.people.record import Who, keep_record
from ledger.states import PortalState, RecordKind


def confirm_column(
    session: Session,
    portal: str,
    column: str,
    year: int,
    *,
    by: str,
    why: str,
    now: datetime,
    account: str | None = None,
    district: str | None = None,
) -> ColumnConfirmation:
    """Writes a person's word that a column is to be believed for a report year, with the look that it is about.

    It counts for agencies without a report in both cases: nobody's report was recognised there, or many turned missing
    at once. The same person's word on the same look is one. Raises LookupError where there is nothing to confirm: no
    complete, healthy look at the column since the first due date of the year.
    """
    due = session.scalar(
        select(func.min(Obligation.due))
        .join(Agency, Agency.agency == Obligation.agency)
        .where(Agency.portal == portal, Obligation.year == year, Obligation.exempt.is_(None))
    )
    look = session.scalar(
        select(Look)
        .where(Look.portal == portal, Look.column == column, Look.complete, Look.found == PortalState.HEALTHY)
        .order_by(Look.begun_at.desc(), Look.id.desc())
        .limit(1)
    )
    if due is None or look is None or look.begun_at.astimezone(SHANGHAI).date() <= due:
        raise LookupError(f"{portal}/{column} has no complete look since the due date of {year}")
    same = (ColumnConfirmation.look_id == look.id, ColumnConfirmation.year == year, ColumnConfirmation.said_by == by)
    said = session.scalars(select(ColumnConfirmation).where(*same)).first()
    if said is not None:
        return said
    row = ColumnConfirmation(portal=portal, column=column, year=year, look_id=look.id, said_at=now, said_by=by, why=why)
    session.add(row)
    session.flush()
    who, subject = Who(by, account), f"{portal}/{column}"
    keep_record(session, who, RecordKind.COLUMN_CONFIRMED, subject, now, why=why, district=district, year=year)
    return row


def confirmations(session: Session, portal: str) -> dict[tuple[str, int], list[ColumnConfirmation]]:
    """Everything that was confirmed of a portal's columns, by column and report year, in the order of saying."""
    found: dict[tuple[str, int], list[ColumnConfirmation]] = {}
    query = select(ColumnConfirmation).where(ColumnConfirmation.portal == portal).order_by(ColumnConfirmation.id)
    for row in session.scalars(query):
        found.setdefault((row.column, row.year), []).append(row)
    return found


def last_looks(session: Session, portal: str, column: str, count: int) -> Sequence[Look]:
    """The last looks at a column, the newest first."""
    return session.scalars(
        select(Look)
        .where(Look.portal == portal, Look.column == column)
        .order_by(Look.begun_at.desc(), Look.id.desc())
        .limit(count)
    ).all()
