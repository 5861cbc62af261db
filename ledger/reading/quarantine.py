"""The documents that could not be read and that somebody has to look at: one list, for commands, mails and the desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from ledger.models import Article, Version, Work
from ledger.states import WorkState


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A document that could not be read: its last work, how often and since when, and where it was found."""

    work_id: int
    version_id: int
    portal: str
    agency: str | None
    year: int | None
    title: str
    address: str
    sha256: str
    error: str
    sentence: str
    attempts: int
    since: datetime


def quarantined(session: Session) -> list[Quarantined]:
    """The documents whose last work of reading ended in quarantine, the newest first.

    Of each article only the newest version at an address, while it is there: nobody has to look at what was replaced.
    """
    last_work = select(func.max(Work.id)).group_by(Work.version_id).scalar_subquery()
    newer = Version.__table__.alias("newer")
    since = func.coalesce(Work.finished_at, Work.created_at)
    rows: Any = session.execute(
        select(
            Work.id,
            Version.id,
            Article.portal,
            Article.agency,
            Article.year,
            Article.title,
            Version.address,
            Version.sha256,
            Work.error,
            Work.sentence,
            Work.attempts,
            since,
        )
        .join(Version, Version.id == Work.version_id)
        .join(Article, Article.id == Version.article_id)
        .where(
            Work.state == WorkState.QUARANTINED,
            Work.id.in_(last_work),
            Article.withdrawn_at.is_(None),
            ~exists().where(
                newer.c.article_id == Version.article_id, newer.c.address == Version.address, newer.c.id > Version.id
            ),
        )
        .order_by(since.desc(), Work.id.desc())
    )
    return [Quarantined(*row) for row in rows]
