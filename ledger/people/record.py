"""The record of who decided what and who saw personal data: rows are added, and nothing here changes one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.models import Record
from ledger.states import RecordKind


@dataclass(frozen=True, slots=True)
class Who:
    """Whose word it is: the name, and the account at the desk; None on the command line."""

    name: str
    account: str | None = None


def keep_record(
    session: Session,
    who: Who,
    kind: RecordKind,
    subject: str,
    now: datetime,
    *,
    why: str = "",
    district: str | None = None,
    agency: str | None = None,
    year: int | None = None,
    detail: dict[str, Any] | None = None,
) -> None:
    """Adds one row, in the transaction of what it records."""
    session.add(
        Record(
            at=now,
            by=who.name,
            account=who.account,
            kind=kind,
            subject=subject,
            district=district,
            agency=agency,
            year=year,
            why=why,
            detail=detail or {},
        )
    )


def records(
    session: Session,
    districts: Collection[str] | None,
    *,
    kind: RecordKind | None = None,
    before: int | None = None,
    most: int,
) -> Sequence[Record]:
    """The newest rows of these districts (None: all rows, also those of no district), the newest first.

    ``before`` is the id that the page before ended with.
    """
    query = select(Record).order_by(Record.id.desc()).limit(most)
    if districts is not None:
        query = query.where(Record.district.in_(districts))
    if kind is not None:
        query = query.where(Record.kind == kind)
    if before is not None:
        query = query.where(Record.id < before)
    return session.scalars(query).all()
