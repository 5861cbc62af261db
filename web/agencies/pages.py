"""机关页: an agency over the years: how it stood, its carry-overs, likeness, letters, and what it explained."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, Literal
from urllib.parse import quote

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ledger.messages.incident_notes import notes_about
from ledger.models import Article, FindingRow, Incident, IncidentNote, Obligation, StandingRow, Version
from ledger.people.check_addresses import close_check_address, make_check_address
from ledger.reading.carry_overs import reports_of
from ledger.standings.board import findings_counted
from ledger.standings.why import Letter, letters_about
from ledger.states import STANDING_FINDINGS
from report.comparing.carry_overs import Link, LinkState, carry_overs, chain_in_words, first_break
from report.form import column_label
from report.report import Report
from web.drafts.addresses import address_of
from web.guard import TheDesk, TheVisitor, asks
from web.personal_data import keep_seen
from web.places import agency_for
from web.rendering import page, site_of
from web.visitor import Need

router = APIRouter()
IN, OUT = "requests.carried_in.total", "requests.carried_out.total"
_FITS = {LinkState.AGREES: True, LinkState.BROKEN: False}
MOST_LETTERS = 100


@dataclass(frozen=True, slots=True)
class YearLine:
    """One report year: its standing, versions and findings, what was carried in and out, and whether every column of
    that is what last year's report carried out (None: it cannot be told).
    """

    obligation: Obligation
    standing: StandingRow | None
    versions: int
    findings: dict[str, int]
    carried_in: object
    carried_out: object
    fits: bool | None
    likeness: str


@router.get("/agencies/{agency}")
@asks(Need.LOGIN)
def agency_page(request: Request, desk: TheDesk, visitor: TheVisitor, agency: str) -> Response:
    """Years by state, and everything else that is known of an agency."""
    now = desk.now()
    with desk.ledger.read() as session:
        row = agency_for(session, visitor, agency)
        reports = reports_of(session, agency)
        chain = carry_overs(reports)
        years = _years(session, agency, reports, chain)
        incidents = session.scalars(
            select(Incident).where(Incident.agency == agency).order_by(Incident.id.desc()).limit(MOST_LETTERS)
        ).all()
        letters: list[Letter] = letters_about(session, [one.id for one in incidents], now)[-MOST_LETTERS:]
        notes: dict[int, list[IncidentNote]] = notes_about(session, [one.id for one in incidents])
        said = session.scalars(
            select(FindingRow).where(FindingRow.agency == agency, FindingRow.said_by.is_not(None))
        ).all()
    entry = desk.register.agencies.get(agency)
    path = address_of(desk, agency) if visitor.may(Need.DECIDE) else None
    if entry is not None and (entry.contact or entry.telephone):
        keep_seen(desk, visitor, "contact", district=row.district, agency=agency)
    by_id = {one.id: one for one in incidents}
    explained = [(by_id[number], note) for number, of in notes.items() for note in of]
    return page(
        request,
        "agency.html",
        agency=row,
        entry=entry,
        years=years,
        chain=chain_in_words(chain, partial(column_label, desk.register)) if first_break(chain) is not None else "",
        letters=letters[::-1],
        explained=explained,
        said=said,
        check_address=f"{site_of(request)}{path}" if path is not None else "",
    )


@router.post("/agencies/{agency}/check-address")
@asks(Need.DECIDE)
def check_address(
    desk: TheDesk, visitor: TheVisitor, agency: str, action: Annotated[Literal["make", "close"], Form()]
) -> Response:
    """Opens the agency's address for its drafts, gives it another one, or closes it."""
    with desk.ledger.write() as session:
        row = agency_for(session, visitor, agency)
        if action == "make":
            make_check_address(session, row, visitor.who, desk.now())
        else:
            close_check_address(session, row, visitor.who, desk.now())
    return RedirectResponse(f"/agencies/{quote(agency, safe='')}#check", 303)


def _years(session: Session, agency: str, reports: dict[int, Report], chain: list[Link]) -> list[YearLine]:
    obligations = session.scalars(
        select(Obligation).where(Obligation.agency == agency).order_by(Obligation.year.desc())
    ).all()
    standings = {row.year: row for row in session.scalars(select(StandingRow).where(StandingRow.agency == agency))}
    counted = select(Article.year, func.count(Version.id)).join(Version, Version.article_id == Article.id)
    versions: dict[Any, int] = dict(
        session.execute(counted.where(Article.agency == agency).group_by(Article.year)).all()
    )
    fits = {link.after: _FITS.get(link.state) for link in chain}
    alike = _alike(session, agency)
    return [
        YearLine(
            one,
            standings.get(one.year),
            versions.get(one.year, 0),
            findings_counted(session, [agency], one.year).get(agency, {}),
            reports[one.year].number(IN) if one.year in reports else None,
            reports[one.year].number(OUT) if one.year in reports else None,
            fits.get(one.year),
            alike.get(one.year, ""),
        )
        for one in obligations
    ]


def _alike(session: Session, agency: str) -> dict[Any, str]:
    """By year, what rule D14 says of how much of the text stands elsewhere."""
    rows = session.execute(
        select(FindingRow.year, FindingRow.message).where(
            FindingRow.agency == agency, FindingRow.rule == "D14", FindingRow.state.in_(STANDING_FINDINGS)
        )
    )
    return dict(rows.all())
