"""The labels in reports that no form has: kept with each reading, and asked for by report year."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.insert import insert_or_ignore
from ledger.models import Article, UnknownLabelRow, Version
from ledger.reading.current import current_versions, newest_reading
from report.labels import bare
from report.report import LabelOf, Report


@dataclass(frozen=True, slots=True)
class LabelSeen:
    """A label that no form has, in the report that an agency owes for a year, as it stands now."""

    agency: str
    year: int
    table: int
    names: LabelOf
    label: str
    text: str


def keep_unknown_labels(session: Session, report: Report, reader: str) -> None:
    """Keeps the labels of a reading that no form has, unless they are there."""
    rows = [
        {
            "sha256": report.sha256,
            "reader": reader,
            "table": label.table,
            "names": label.of,
            "label": bare(label.text),
            "text": label.text,
        }
        for label in report.unknown_labels
    ]
    insert_or_ignore(session, UnknownLabelRow, rows)


def unknown_labels(session: Session) -> list[LabelSeen]:
    """The labels that no form has in the last readings of the reports that stand now, by report year and agency."""
    asked = (
        select(
            UnknownLabelRow.sha256,
            UnknownLabelRow.reader,
            Article.agency,
            Article.year,
            UnknownLabelRow.table,
            UnknownLabelRow.names,
            UnknownLabelRow.label,
            UnknownLabelRow.text,
        )
        .join(Version, Version.sha256 == UnknownLabelRow.sha256)
        .join(Article, Article.id == Version.article_id)
        .where(Article.agency.is_not(None), Article.year.is_not(None), Article.withdrawn_at.is_(None))
        .order_by(Article.year, Article.agency, UnknownLabelRow.table, UnknownLabelRow.names, UnknownLabelRow.label)
        .distinct()
    )
    rows = session.execute(asked).all()
    owners: dict[int, set[str]] = {}
    for row in rows:
        owners.setdefault(row.year, set()).add(row.agency)
    newest = {
        whose: newest_reading(versions)
        for year, agencies in owners.items()
        for whose, versions in current_versions(session, agencies, year).items()
    }
    return [
        LabelSeen(row.agency, row.year, row.table, row.names, row.label, row.text)
        for row in rows
        if newest.get((row.agency, row.year)) == (row.sha256, row.reader)
    ]
