"""What is known of an agency's report, gathered from the ledger in a few questions a district."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from config.portals import AUTO
from config.register import Register
from ledger.crawling.families import found_families
from ledger.models import Agency, ColumnConfirmation, Obligation, PortalRow
from ledger.standings.confirmations import confirmations
from ledger.standings.proofs import AccountedLook, accounted_looks
from ledger.standings.questions import (
    DoubtfulArticle,
    doubtful_articles,
    dropped_before,
    last_looks_without,
    obligations_in,
    reports_in,
    witnesses_in,
)
from ledger.states import PortalState
from monitor.calendar import day_of, end_of
from monitor.standings.dates import ReportFacts
from monitor.standings.proof import ColumnFacts, Confirmed


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something listed where the report belongs that may be it, and why that cannot be told."""

    title: str
    reason: str

    def __str__(self) -> str:
        return f"《{self.title}》：{self.reason}"


@dataclass(frozen=True, slots=True)
class AgencyFacts:
    """Everything that bears on the standing of one agency for one report year."""

    agency: str
    year: int
    due: date
    exempt: str | None = None
    reports: tuple[ReportFacts, ...] = ()
    columns: tuple[ColumnFacts, ...] = ()
    doubtful: tuple[Doubt, ...] = ()
    portal_name: str = ""
    portal_state: PortalState | None = None
    portal_words: str = ""
    portal_sentence: str = ""


def load_facts(session: Session, register: Register, district: str) -> list[AgencyFacts]:
    """The facts for every watched obligation of a district."""
    obligations = [
        (agency, obligation)
        for agency, obligation in obligations_in(session, district)
        if register.watches(agency.agency, obligation.year) or obligation.exempt is not None
    ]
    if not obligations:
        return []
    reports = _reports(session, district, {(o.agency, o.year): o for _, o in obligations})
    portal = register.districts[district].portal
    row = session.get(PortalRow, portal)
    doubtful = doubtful_articles(session, [portal])
    looks: dict[datetime, dict[str, list[AccountedLook]]] = {}
    for _, obligation in obligations:
        end = end_of(obligation.due)
        if (obligation.agency, obligation.year) not in reports and end not in looks:
            looks[end] = accounted_looks(session, portal, end)
    state = row.state if row is not None else None
    said = confirmations(session, portal)
    families = _families(session, register, portal)
    gathered = []
    for agency, obligation in obligations:
        columns = register.columns_for(portal, agency.kind, obligation.year)
        here = looks.get(end_of(obligation.due), {})
        gathered.append(
            AgencyFacts(
                agency=agency.agency,
                year=obligation.year,
                due=obligation.due,
                exempt=obligation.exempt,
                reports=tuple(reports.get((agency.agency, obligation.year), ())),
                columns=tuple(
                    ColumnFacts(
                        column.name,
                        tuple(here.get(column.id, ())),
                        _confirmed(said.get((column.id, obligation.year), ()), end_of(obligation.due)),
                        families.get(column.id),
                    )
                    for column in columns
                ),
                doubtful=(
                    *_doubts(agency, obligation, {column.id for column in columns}, doubtful),
                    *_of_predecessors(register, agency, obligation.year, reports),
                ),
                portal_name=register.portal_name(portal),
                portal_state=state,
                portal_words=register.wording.portals[state.value] if state is not None else "",
                portal_sentence=row.sentence.rstrip("。；") if row is not None else "",
            )
        )
    return gathered


def _families(session: Session, register: Register, portal: str) -> dict[str, str]:
    """By column, the family that the portal's file names, or that was found."""
    file = register.portals.get(portal)
    named = {column.id: column.family or file.family for column in file.columns} if file is not None else {}
    return found_families(session, portal) | {column: name for column, name in named.items() if name != AUTO}


def _confirmed(said: Sequence[ColumnConfirmation], due_end: datetime) -> Confirmed | None:
    """The last word on a column that was said after the report was due: before, its absence meant nothing."""
    last = next((row for row in reversed(said) if row.said_at >= due_end), None)
    return Confirmed(last.said_by, last.said_at, last.why) if last is not None else None


def _reports(
    session: Session, district: str, obligations: dict[tuple[str, int], Obligation]
) -> dict[tuple[str, int], list[ReportFacts]]:
    articles = [article for article in reports_in(session, district) if (article.agency, article.year) in obligations]
    witnesses = witnesses_in(session, district)
    after = [
        article.id
        for article in articles
        if article.first_seen_at >= end_of(obligations[article.agency, article.year].due)
    ]
    absent, dropped = last_looks_without(session, after), dropped_before(session, after)
    found: dict[tuple[str, int], list[ReportFacts]] = {}
    for article in articles:
        first_seen_at = min(article.first_seen_at, dropped.get(article.id, article.first_seen_at))
        # A look that listed the address but took it for nothing is no proof that the report was not there.
        absent_at = absent.get(article.id) if first_seen_at == article.first_seen_at else None
        found.setdefault((article.agency, article.year), []).append(
            ReportFacts(
                article_id=article.id,
                title=article.title,
                address=article.address,
                first_seen_at=first_seen_at,
                withdrawn_at=article.withdrawn_at,
                witnesses=tuple(witnesses.get(article.id, ())),
                absent_at=absent_at,
            )
        )
    return found


def _doubts(
    agency: Agency, obligation: Obligation, columns: set[str], articles: list[DoubtfulArticle]
) -> Iterator[Doubt]:
    """What may be this agency's report: named as such, or unassigned in a column where it belongs."""
    for article in articles:
        if article.agency not in (None, agency.agency) or article.year not in (None, obligation.year):
            continue
        if article.agency is None and article.column not in columns:
            continue
        if article.year is None and article.earliest and day_of(article.earliest).year < obligation.year:
            continue  # older than the year it would report on
        yield Doubt(article.title[:80], article.reason or article.outcome.value)


def _of_predecessors(
    register: Register, agency: Agency, year: int, reports: dict[tuple[str, int], list[ReportFacts]]
) -> Iterator[Doubt]:
    """Reports in the name of those whose duties an agency took over: nobody can tell whether they stand for its own."""
    for predecessor in register.predecessors.get(agency.agency, ()):
        for report in reports.get((predecessor, year), ()):
            if report.withdrawn_at is None:
                name = register.agencies[predecessor].name
                yield Doubt(report.title[:80], f"以并入本机关的{name}的名义公布")
