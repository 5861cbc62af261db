"""Who saw personal data, for the record: once an hour for each person and thing, whatever pictures a page has."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from ledger.models import FindingRow, Record
from ledger.people.record import keep_record
from ledger.states import RecordKind
from web.desk import Desk
from web.visitor import Visitor

ONCE = timedelta(hours=1)
# The rule that finds identity cards, mobile telephones and bank accounts of private people.
RULE = "D16"


def has_personal_data(session: Session, version_id: int) -> bool:
    """Whether some was found in a version, whatever became of the finding."""
    found = exists().where(FindingRow.version_id == version_id, FindingRow.rule == RULE)
    return bool(session.scalar(select(found)))


def keep_seen(
    desk: Desk,
    visitor: Visitor,
    subject: str,
    *,
    district: str | None,
    agency: str | None = None,
    year: int | None = None,
) -> None:
    """Records that a visitor saw what ``subject`` names."""
    now, kind = desk.now(), RecordKind.PERSONAL_DATA_SEEN
    with desk.ledger.write() as session:
        same = exists().where(
            Record.agency == agency,
            Record.year == year,
            Record.district == district,
            Record.kind == kind,
            Record.account == visitor.account,
            Record.subject == subject,
            Record.at > now - ONCE,
        )
        if not session.scalar(select(same)):
            keep_record(session, visitor.who, kind, subject, now, district=district, agency=agency, year=year)
