"""The chain of carry-overs of one agency, over all report years of which a report was read."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.models import Article
from ledger.reading.corrections import corrected, corrections_of
from ledger.reading.readings import newest_readings, stored_reading
from ledger.states import STANDING_THERE
from report.comparing.carry_overs import Link, carry_overs
from report.report import Report


def carry_overs_of(session: Session, agency: str) -> list[Link]:
    """The links from each year's report to the next, the earliest first, by what was read and people corrected."""
    return carry_overs(reports_of(session, agency))


def reports_of(session: Session, agency: str) -> dict[int, Report]:
    """By report year, what was read of the report that stands, with what people corrected in it."""
    years = session.scalars(
        select(Article.year)
        .where(Article.agency == agency, Article.outcome.in_(STANDING_THERE), Article.year.is_not(None))
        .distinct()
    ).all()
    reports: dict[int, Report] = {}
    for year in years:
        reading = newest_readings(session, [agency], year).get(agency) if year is not None else None
        report = stored_reading(session, *reading) if reading is not None else None
        if year is not None and report is not None:
            reports[year] = corrected(report, corrections_of(session, [report.sha256]).get(report.sha256, {}))
    return reports
