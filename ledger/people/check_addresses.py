"""The addresses at which agencies check their drafts: opened, renewed and closed by their office."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from ledger.insert import insert_or_ignore
from ledger.models import Agency, CheckAddress
from ledger.people.record import Who, keep_record
from ledger.states import RecordKind


def check_address_of(session: Session, agency: str) -> CheckAddress | None:
    """The agency's address that holds; None where it has none."""
    row = session.scalar(select(CheckAddress).where(CheckAddress.agency == agency))
    return row if row is not None and row.closed_at is None else None


def make_check_address(session: Session, agency: Agency, who: Who, now: datetime) -> None:
    """Gives an agency an address; one that it had holds no more."""
    row = {"agency": agency.agency, "number": 0, "made_at": now, "made_by": who.name, "closed_at": now}
    insert_or_ignore(session, CheckAddress, [row])
    session.execute(
        update(CheckAddress)
        .where(CheckAddress.agency == agency.agency)
        .values(number=CheckAddress.number + 1, made_at=now, made_by=who.name, closed_at=None)
    )
    _keep(session, agency, who, now, RecordKind.CHECK_ADDRESS_MADE)


def close_check_address(session: Session, agency: Agency, who: Who, now: datetime) -> bool:
    """Ends an agency's address; whether it had one."""
    closed = session.execute(
        update(CheckAddress)
        .where(CheckAddress.agency == agency.agency, CheckAddress.closed_at.is_(None))
        .values(closed_at=now)
        .returning(CheckAddress.id)
    ).all()
    if closed:
        _keep(session, agency, who, now, RecordKind.CHECK_ADDRESS_CLOSED)
    return bool(closed)


def _keep(session: Session, agency: Agency, who: Who, now: datetime, kind: RecordKind) -> None:
    keep_record(session, who, kind, agency.agency, now, district=agency.district, agency=agency.agency)
