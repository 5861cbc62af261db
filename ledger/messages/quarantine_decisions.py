"""A person's decision that what could not be read is tried again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.models import Agency, Article, Version, Work
from ledger.people.record import Who, keep_record
from ledger.reading import work
from ledger.states import RecordKind


def retry_documents(session: Session, work_ids: Sequence[int], who: Who, now: datetime, *, why: str = "") -> list[int]:
    """Has documents read again that are in quarantine; the ids of the work that was. Each stands in the record.

    What somebody else had read again meanwhile is left alone.
    """
    taken = work.retry(session, work_ids, now)
    rows = session.execute(
        select(Article.title, Version.address, Version.sha256, Article.agency, Article.year, Agency.district)
        .select_from(Work)
        .join(Version, Version.id == Work.version_id)
        .join(Article, Article.id == Version.article_id)
        .outerjoin(Agency, Agency.agency == Article.agency)
        .where(Work.id.in_(taken))
        .order_by(Work.id)
    )
    for title, address, sha256, agency, year, district in rows.all():
        keep_record(
            session,
            who,
            RecordKind.QUARANTINE_RETRIED,
            title or address,
            now,
            why=why,
            district=district,
            agency=agency,
            year=year,
            detail={"sha256": sha256},
        )
    return taken
