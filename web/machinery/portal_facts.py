"""What is known of portals: how they were found, how their columns are built, and what each look took and left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config.portals import AUTO, PortalFile
from config.register import Register
from ledger.models import (
    Agency,
    ColumnConfirmation,
    DroppedLink,
    FoundFamily,
    Incident,
    ListPage,
    Look,
    PortalRow,
    StandingRow,
)
from ledger.standings.confirmations import confirmations, last_looks
from ledger.states import Audience, PortalState, Standing

MOST_LOOKS = 20
MOST_AGENCIES = 200
MOST_DROPPED = 5


@dataclass(frozen=True, slots=True)
class Family:
    """How a column is built: as its file says (``signs`` is empty), or as its page was found to be."""

    name: str
    signs: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class PortalLine:
    """One portal in the list; ``row`` is None where it was never watched."""

    portal: str
    name: str
    districts: tuple[str, ...]
    row: PortalRow | None
    paused_by_file: bool
    families: Sequence[Family]

    @property
    def state(self) -> PortalState | None:
        """How it stands; None: not looked at yet."""
        if self.paused_by_file:
            return PortalState.PAUSED
        return self.row.state if self.row is not None else None


@dataclass(frozen=True, slots=True)
class Dropped:
    """Why entries of a column were taken for nothing: how many for one reason, and some of them."""

    reason: str
    count: int
    examples: Sequence[DroppedLink]


@dataclass(frozen=True)
class ColumnFacts:
    """One column: its looks, the newest first, what was dropped, and what people confirmed."""

    column: str
    name: str
    address: str
    family: Family | None
    looks: Sequence[Look]
    dropped: Sequence[Dropped]
    confirmed: Sequence[ColumnConfirmation] = field(default=())


def portal_lines(session: Session, register: Register, portals: Collection[str]) -> list[PortalLine]:
    """Some portals by id."""
    rows = {row.portal: row for row in session.scalars(select(PortalRow).where(PortalRow.portal.in_(portals)))}
    found: dict[str, list[Family]] = {}
    families = select(FoundFamily).where(FoundFamily.portal.in_(portals)).order_by(FoundFamily.column)
    for one in session.scalars(families):
        found.setdefault(one.portal, []).append(Family(one.family, one.signs))
    return [
        PortalLine(
            portal,
            register.portal_name(portal),
            register.districts_at(portal),
            rows.get(portal),
            portal in register.portals and register.portals[portal].paused,
            _once([*_named(register.portals.get(portal)), *found.get(portal, [])]),
        )
        for portal in sorted(portals)
    ]


def column_facts(session: Session, file: PortalFile | None, portal: str) -> list[ColumnFacts]:
    """The columns of a portal: those of its file, and those that were looked at before."""
    named = {one.id: (one.name, one.address, one.family or file.family) for one in file.columns} if file else {}
    looked = session.scalars(select(Look.column).where(Look.portal == portal).distinct()).all()
    found = {one.column: one for one in session.scalars(select(FoundFamily).where(FoundFamily.portal == portal))}
    said: dict[str, list[ColumnConfirmation]] = {}
    for (column, _), words in confirmations(session, portal).items():
        said.setdefault(column, []).extend(words)
    facts = []
    for column in dict.fromkeys((*named, *sorted(looked))):
        name, address, family = named.get(column, (column, "", AUTO))
        known: Family | None = Family(family) if family != AUTO else None
        if known is None and column in found:
            known = Family(found[column].family, found[column].signs)
        looks = last_looks(session, portal, column, MOST_LOOKS)
        dropped = _dropped(session, portal, column)
        facts.append(ColumnFacts(column, name, address, known, looks, dropped, said.get(column, ())))
    return facts


def pages_of(session: Session, look: Look) -> list[ListPage]:
    """The pages that a look read, in order, with their accounts."""
    accounts = look.pages or []
    rows = {row.account: row for row in session.scalars(select(ListPage).where(ListPage.account.in_(accounts)))}
    return [rows[account] for account in accounts if account in rows]


def names_in(pages: Sequence[ListPage]) -> list[tuple[str, int]]:
    """How many pieces of some pages were taken for what, most first."""
    names: Counter[str] = Counter()
    for page in pages:
        counted: dict[str, Any] = page.accounted.get("names") or {}
        names.update({name: count for name, count in counted.items() if isinstance(count, int)})
    return names.most_common()


def unverifiable_at(session: Session, portal: str) -> list[tuple[Agency, StandingRow]]:
    """The agencies of a portal of which nothing can be told, the newest year first, each with why."""
    rows = session.execute(
        select(Agency, StandingRow)
        .join(StandingRow, StandingRow.agency == Agency.agency)
        .where(Agency.portal == portal, StandingRow.standing == Standing.UNVERIFIABLE)
        .order_by(StandingRow.year.desc(), Agency.kind, Agency.name)
        .limit(MOST_AGENCIES)
    )
    return [(agency, standing) for agency, standing in rows]


def open_at(session: Session, portal: str, districts: Collection[str]) -> list[Incident]:
    """What is open of a portal for the operators, common causes that hold its districts among it."""
    query = select(Incident).where(Incident.resolved_at.is_(None), Incident.audience == Audience.OPERATORS)
    return [
        one
        for one in session.scalars(query.order_by(Incident.id))
        if one.detail.get("portal") == portal or set(one.detail.get("districts") or ()) & set(districts)
    ]


def years_to_confirm(session: Session, portal: str) -> list[int]:
    """The report years of which something cannot be told here, the newest first."""
    years = select(StandingRow.year).join(Agency, Agency.agency == StandingRow.agency).where(Agency.portal == portal)
    years = years.where(StandingRow.standing == Standing.UNVERIFIABLE).distinct()
    return list(session.scalars(years.order_by(StandingRow.year.desc())))


def _dropped(session: Session, portal: str, column: str) -> list[Dropped]:
    here = (DroppedLink.portal == portal, DroppedLink.column == column)
    counted = select(DroppedLink.reason, func.count()).where(*here).group_by(DroppedLink.reason)
    reasons = session.execute(counted.order_by(func.count().desc(), DroppedLink.reason)).all()
    some = select(DroppedLink).where(*here).order_by(DroppedLink.id.desc()).limit(MOST_DROPPED)
    return [
        Dropped(reason, count, session.scalars(some.where(DroppedLink.reason == reason)).all())
        for reason, count in reasons[:MOST_LOOKS]
    ]


def _named(file: PortalFile | None) -> list[Family]:
    """The families that a portal's file names."""
    families = [one.family or file.family for one in file.columns] if file is not None else []
    return [Family(one) for one in families if one != AUTO]


def _once(families: Sequence[Family]) -> list[Family]:
    return list({one.name: one for one in reversed(families)}.values())[::-1]
