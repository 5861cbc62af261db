"""The reports of former years that were seen in a district's columns, and whether they are still there (rule P09)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from config.portals import PortalColumn
from config.register import Register
from ledger.standings.published import FormerArticle, former_articles
from monitor.calendar import day_of
from monitor.standings.columns import PortalColumns
from monitor.standings.proof import proofs_of, second_look
from report.findings.published import Former

# Of so many agencies the same year's reports are not taken down one by one: the column was changed.
MANY_GONE = 5


@dataclass(frozen=True, slots=True)
class _Seen:
    """One agency's report of one year, by all its articles in columns that are watched today."""

    agency: str
    year: int
    column: PortalColumn
    columns: tuple[PortalColumn, ...]
    last_seen_at: datetime
    is_there: bool


def former_reports(
    session: Session, register: Register, district: str, before: int, apart: timedelta
) -> dict[str, tuple[Former, ...]]:
    """By agency, the reports of the years before one that were seen in a column, the earliest first.

    One that the last look did not find is gone only where every column in which it stood, and every one where it
    belongs, proves that as for a report that is missing: two looks begun ``apart`` one after the other since it was
    seen last, and nothing in doubt. Where many vanish together, nothing is said.
    """
    portal = register.districts[district].portal
    kinds = {one.id: one.kind for one in register.districts[district].agencies}
    columns = PortalColumns(session, register, portal)
    judged = [
        (seen, _judged(columns, seen, apart))
        for seen in _seen(register, portal, kinds, former_articles(session, district, portal, before))
    ]
    vanished = Counter((one.column, one.year) for _, one in judged if one.gone_on is not None)
    found: dict[str, tuple[Former, ...]] = {}
    for seen, one in judged:
        many = vanished[one.column, one.year]
        if one.gone_on is not None and many >= MANY_GONE:
            why = f"同一栏目中{many}个机关该年度的报告都没有查到，可能是栏目作了调整"
            one = replace(one, gone_on=None, unproved=why)
        found[seen.agency] = (*found.get(seen.agency, ()), one)
    return found


def _seen(register: Register, portal: str, kinds: Mapping[str, str], articles: list[FormerArticle]) -> Iterator[_Seen]:
    file = register.portals.get(portal)
    watched = {column.id: column for column in file.columns} if file is not None else {}
    by_report: dict[tuple[str, int], list[FormerArticle]] = {}
    for article in articles:
        by_report.setdefault((article.agency, article.year), []).append(article)
    for (agency, year), ones in sorted(by_report.items()):
        # What a person entered, or stood in a column that nobody looks at today, was not in the column.
        stood = [watched[one.column] for one in ones if one.column in watched]
        if not stood or agency not in kinds:
            continue
        belongs = register.columns_for(portal, kinds[agency], year)
        columns = {column.id: column for column in (*stood, *belongs)}
        last = max(one.last_seen_at for one in ones)
        yield _Seen(agency, year, stood[-1], tuple(columns.values()), last, any(one.is_there for one in ones))


def _judged(portal: PortalColumns, seen: _Seen, apart: timedelta) -> Former:
    former = Former(seen.year, seen.column.name)
    if seen.is_there:
        return former
    facts = portal.facts(seen.columns, seen.year, seen.last_seen_at)
    if any(one.looks and seen.agency in one.looks[-1].reports.get(seen.year, ()) for one in facts):
        return former
    doubt = next(portal.doubts(seen.agency, seen.year, {column.id for column in seen.columns}), None)
    if doubt is not None:
        return replace(former, unproved=f"栏目中有可能是它的内容{doubt}")
    # The look that saw it last may begin at the very moment at which it was seen.
    since = [
        replace(one, looks=tuple(look for look in one.looks if seen.agency not in look.reports.get(seen.year, ())))
        for one in facts
    ]
    proofs = proofs_of(since, seen.agency, seen.year, apart)
    lacking = next((proof for proof in proofs if proof.lack is not None), None)
    if lacking is not None:
        return replace(former, unproved=lacking.of_former)
    return replace(former, gone_on=day_of(second_look(proofs)))
