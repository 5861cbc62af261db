"""通报 that were released: each a row of the record with the sha256 of its copy in the archive."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.insert import insert_or_ignore
from ledger.models import Document, Record
from ledger.people.record import Who, keep_record
from ledger.states import RecordKind


def release_circular(
    session: Session,
    district: str,
    year: int,
    *,
    contents: str,
    sha256: str,
    size: int,
    media_type: str,
    who: Who,
    why: str,
    now: datetime,
) -> bool:
    """Records that somebody released a circular; False where one that says the same was released already.

    ``contents`` is the hash of what it says, ``sha256`` that of the file, which the archive has.
    """
    if any(one.detail.get("contents") == contents for one in released_circulars(session, [district], year)):
        return False
    document = {"sha256": sha256, "size": size, "media_type": media_type, "first_fetched_at": now}
    # A backup takes along what the ledger names.
    insert_or_ignore(session, Document, [document])
    keep_record(
        session,
        who,
        RecordKind.CIRCULAR_RELEASED,
        f"{district}{year}年度报告通报",
        now,
        why=why,
        district=district,
        year=year,
        detail={"sha256": sha256, "contents": contents},
    )
    return True


def released_circulars(
    session: Session, districts: Collection[str] | None, year: int | None = None, most: int = 200
) -> Sequence[Record]:
    """Those of these districts (None: of all), the newest first."""
    query = select(Record).where(Record.kind == RecordKind.CIRCULAR_RELEASED).order_by(Record.id.desc()).limit(most)
    if districts is not None:
        query = query.where(Record.district.in_(districts))
    if year is not None:
        query = query.where(Record.year == year)
    return session.scalars(query).all()
