"""How far each published report is on its way through the workers: what was not read yet is not sound."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from ledger.models import Agency, Article, Version, Work
from ledger.states import STANDING_THERE, WorkState


class ReportReading(StrEnum):
    """What is known of a report's content.

    READ: all of its documents. RENEWED: what it said before; a newer document waits. UNREAD: nothing yet, or there is
    no document. UNREADABLE: nothing, since it could not be read.
    """

    READ = "read"
    RENEWED = "renewed"
    UNREAD = "unread"
    UNREADABLE = "unreadable"

    @property
    def is_known(self) -> bool:
        """Whether findings say anything: without a reading there are none, and that is no praise."""
        return self in (ReportReading.READ, ReportReading.RENEWED)


def report_readings(
    session: Session,
    moment: datetime,
    district: str | None = None,
    years: Collection[int] | None = None,
    agencies: Collection[str] | None = None,
) -> dict[tuple[str, int], ReportReading]:
    """By agency and report year, how far the reading of its published report was at a moment.

    Only of ``district``, ``years`` and ``agencies`` where these are given. Who had published nothing is left out.
    """
    last_work = (
        select(func.max(Work.id))
        .where(Work.version_id == Version.id, Work.created_at <= moment)
        .correlate(Version)
        .scalar_subquery()
    )
    query = (
        select(Article.agency, Article.year, Version.article_id, Version.role, Work.state, Work.finished_at)
        .join(Agency, Agency.agency == Article.agency)
        .outerjoin(Version, and_(Version.article_id == Article.id, Version.first_seen_at <= moment))
        .outerjoin(Work, Work.id == last_work)
        .where(
            Article.outcome.in_(STANDING_THERE),
            Article.year.is_not(None),
            Article.first_seen_at <= moment,
            or_(Article.withdrawn_at.is_(None), Article.withdrawn_at > moment),
        )
        .order_by(Version.id.desc())
    )
    if district is not None:
        query = query.where(Agency.district == district)
    if years is not None:
        query = query.where(Article.year.in_(years))
    if agencies is not None:
        query = query.where(Article.agency.in_(agencies))
    newest: dict[tuple[str, int], dict[object, WorkState | None]] = {}
    was_read: set[tuple[str, int]] = set()
    for agency, year, article, role, state, finished in session.execute(query):
        if agency is None or year is None:
            continue
        ended = state if finished is not None and finished <= moment else None
        newest.setdefault((agency, year), {}).setdefault((article, role), ended)
        if ended is WorkState.DONE:
            was_read.add((agency, year))
    return {whose: _reading(states.values(), whose in was_read) for whose, states in newest.items()}


def _reading(states: Collection[WorkState | None], was_read: bool) -> ReportReading:
    """From how the work on the newest document of each place ended (None: not yet), and whether any was ever read."""
    if None in states:
        return ReportReading.RENEWED if was_read else ReportReading.UNREAD
    if WorkState.DONE in states:
        return ReportReading.READ
    return ReportReading.UNREADABLE
