"""What is known of an agency's report, gathered from the ledger in a few questions a district."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from config.portals import AUTO
from config.register import Register
from config.settings import LOOKS_APART
from ledger.crawling.families import found_families
from ledger.models import Agency, ColumnConfirmation, Obligation, PortalRow
from ledger.standings.confirmations import confirmations
from ledger.standings.proofs import AccountedLook, accounted_looks, look_confirmed, opened_as
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
from monitor.standings.proof import FROM_LOOK_TO_LOOK, ColumnFacts, Confirmed, Proof, proofs_of


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something listed where the report belongs that may be it, and why that cannot be told."""

    title: str
    reason: str

    def __str__(self) -> str:
        return f"《{self.title}》：{self.reason}"


@dataclass(frozen=True, slots=True)
class AgencyFacts:
    """Everything that bears on the standing of one agency for one report year.

    ``apart``: the two looks that prove an absence are begun at least so long one after the other. ``next_round`` is
    when the portal is due again; None where it is paused.
    """

    agency: str
    year: int
    due: date
    exempt: str | None = None
    reports: tuple[ReportFacts, ...] = ()
    columns: tuple[ColumnFacts, ...] = ()
    doubtful: tuple[Doubt, ...] = ()
    apart: timedelta = LOOKS_APART
    next_round: datetime | None = None
    portal_name: str = ""
    portal_state: PortalState | None = None
    portal_words: str = ""
    portal_sentence: str = ""

    @property
    def proofs(self) -> list[Proof]:
        """What the columns prove of the absence of the report, or what they lack."""
        return proofs_of(self.columns, self.agency, self.year, self.apart)


def load_facts(
    session: Session, register: Register, district: str, apart: timedelta = LOOKS_APART
) -> list[AgencyFacts]:
    """The facts for every watched obligation of a district; looks that count are ``apart`` from each other."""
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
    next_round = row.next_due_at if row is not None and row.paused_reason is None else None
    said = {key: _confirmed(session, words) for key, words in confirmations(session, portal).items()}
    families = _families(session, register, portal)
    opened = opened_as(session, portal, _to_open(looks.values()))
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
                        _last_word(said.get((column.id, obligation.year), ()), end_of(obligation.due)),
                        families.get(column.id),
                        _next_look(here.get(column.id, ()), next_round),
                        opened,
                    )
                    for column in columns
                ),
                doubtful=(
                    *_doubts(agency, obligation, {column.id for column in columns}, doubtful),
                    *_of_predecessors(register, agency, obligation.year, reports),
                ),
                apart=apart,
                next_round=next_round,
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


def _to_open(looks: Iterable[dict[str, list[AccountedLook]]]) -> set[str]:
    """The addresses of entries that say too little, on pages that were looked at."""
    return {
        one.address
        for columns in looks
        for of_column in columns.values()
        for look in of_column
        for one in look.mentions
        if one.to_open and one.address is not None
    }


def _next_look(looks: Sequence[AccountedLook], next_round: datetime | None) -> datetime | None:
    """When a column will be read wholly again: at a round, and a while after it was read wholly."""
    if next_round is None or not looks:
        return next_round
    return max(next_round, looks[-1].begun_at + FROM_LOOK_TO_LOOK)


def _confirmed(session: Session, said: Sequence[ColumnConfirmation]) -> list[Confirmed]:
    return [Confirmed(row.said_by, row.said_at, row.why, look_confirmed(session, row.look_id).texts) for row in said]


def _last_word(said: Sequence[Confirmed], due_end: datetime) -> Confirmed | None:
    """The last word on a column that was said after the report was due: before, its absence meant nothing."""
    return next((word for word in reversed(said) if word.at >= due_end), None)


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
