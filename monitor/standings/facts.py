"""What is known of an agency's report, gathered from the ledger in a few questions a district."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from config.register import Register
from config.settings import LOOKS_APART
from ledger.models import Agency, Obligation, PortalRow
from ledger.standings.questions import (
    DateWitness,
    ReportArticle,
    dropped_before,
    last_looks_without,
    obligations_in,
    reports_in,
    witnesses_in,
)
from ledger.states import PortalState
from monitor.calendar import day_of, end_of
from monitor.standings.columns import Doubt, PortalColumns
from monitor.standings.dates import STATEMENTS, ReportFacts
from monitor.standings.proof import ColumnFacts, Proof, proofs_of

# So many reports of former years that a portal dates to one day were put there by a move, and not by their agencies.
MANY_MOVED = 3


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
    columns_of = PortalColumns(session, register, portal)
    state = row.state if row is not None else None
    next_round = row.next_due_at if row is not None and row.paused_reason is None else None
    gathered = []
    for agency, obligation in obligations:
        columns = register.columns_for(portal, agency.kind, obligation.year)
        end = end_of(obligation.due)
        is_there = (obligation.agency, obligation.year) in reports
        gathered.append(
            AgencyFacts(
                agency=agency.agency,
                year=obligation.year,
                due=obligation.due,
                exempt=obligation.exempt,
                reports=tuple(reports.get((agency.agency, obligation.year), ())),
                columns=columns_of.facts(columns, obligation.year, end, next_round, looked_at=not is_there),
                doubtful=(
                    *columns_of.doubts(agency.agency, obligation.year, {column.id for column in columns}),
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


def _reports(
    session: Session, district: str, obligations: dict[tuple[str, int], Obligation]
) -> dict[tuple[str, int], list[ReportFacts]]:
    published = reports_in(session, district)
    articles = [article for article in published if (article.agency, article.year) in obligations]
    witnesses = witnesses_in(session, district)
    moved = _moved_on(published, witnesses)
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
                moved_on=moved.get(article.portal, frozenset()),
            )
        )
    return found


def _moved_on(
    published: Sequence[ReportArticle], witnesses: Mapping[int, Sequence[DateWitness]]
) -> dict[str, frozenset[date]]:
    """By portal, the days that it states for many reports whose season was over then: those on which it was moved."""
    stated = Counter(
        (article.portal, day)
        for article in published
        for day in {day_of(one.moment) for one in witnesses.get(article.id, ()) if one.source in STATEMENTS}
        if day.year > article.year + 1
    )
    days = [one for one, count in stated.items() if count >= MANY_MOVED]
    return {portal: frozenset(day for where, day in days if where == portal) for portal, _ in days}


def _of_predecessors(
    register: Register, agency: Agency, year: int, reports: dict[tuple[str, int], list[ReportFacts]]
) -> Iterator[Doubt]:
    """Reports in the name of those whose duties an agency took over: nobody can tell whether they stand for its own."""
    for predecessor in register.predecessors.get(agency.agency, ()):
        for report in reports.get((predecessor, year), ()):
            if report.withdrawn_at is None:
                name = register.agencies[predecessor].name
                yield Doubt(report.title[:80], f"以并入本机关的{name}的名义公布")
