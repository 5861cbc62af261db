"""The looks that can prove an absence: complete, healthy, with the account of every page."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import String, cast, func, or_, select
from sqlalchemy.orm import Session

from ledger.models import ListPage, Look
from ledger.states import PortalState


@dataclass(frozen=True, slots=True)
class LeftOver:
    """A piece of a list page that nobody could account for, the agencies that it names, and its year if it has one."""

    text: str
    agencies: frozenset[str]
    year: int | None

    def may_be(self, agency: str, year: int) -> bool:
        """Whether it could be this agency's report for this year."""
        return (not self.agencies or agency in self.agencies) and self.year in (None, year)


@dataclass(frozen=True, slots=True)
class AccountedLook:
    """One complete, healthy look at a column.

    ``has_account`` is false for looks from before there were accounts. ``reports`` are the agencies whose reports were
    recognised, by report year; ``left`` what nobody could account for; ``pages`` names the accounts of its pages.
    """

    look: int
    begun_at: datetime
    has_account: bool = True
    garbled: bool = False
    reports: dict[int, frozenset[str]] = field(default_factory=dict)
    left: tuple[LeftOver, ...] = ()
    pages: tuple[str, ...] = ()

    @property
    def only_unit(self) -> str | None:
        """The one agency whose reports, and nobody else's, were recognised; None where there are none or several."""
        agencies = frozenset().union(*self.reports.values()) if self.reports else frozenset[str]()
        return next(iter(agencies)) if len(agencies) == 1 else None


def accounted_looks(session: Session, portal: str, after: datetime) -> dict[str, list[AccountedLook]]:
    """By column, the complete, healthy looks begun at or after a moment, in order.

    Of looks that saw the same pages the first two are given, and of each column the last: what they saw is the same.
    """
    good = (Look.portal == portal, Look.begun_at >= after, Look.complete, Look.found == PortalState.HEALTHY)
    content = cast(Look.pages, String)
    number = func.row_number().over(partition_by=(Look.column, content), order_by=(Look.begun_at, Look.id))
    from_last = func.row_number().over(partition_by=Look.column, order_by=(Look.begun_at.desc(), Look.id.desc()))
    numbered = select(Look.id, number.label("number"), from_last.label("from_last")).where(*good).subquery()
    rows = session.scalars(
        select(Look)
        .join(numbered, numbered.c.id == Look.id)
        .where(or_(numbered.c.number <= 2, numbered.c.from_last == 1))
        .order_by(Look.begun_at, Look.id)
    ).all()
    pages = _pages(session, {account for look in rows for account in look.pages or ()})
    found: dict[str, list[AccountedLook]] = {}
    for look in rows:
        found.setdefault(look.column, []).append(_look(look, pages))
    return found


def _pages(session: Session, accounts: Collection[str]) -> dict[str, ListPage]:
    names = sorted(accounts)
    found: dict[str, ListPage] = {}
    for start in range(0, len(names), 500):
        rows = session.scalars(select(ListPage).where(ListPage.account.in_(names[start : start + 500])))
        found |= {row.account: row for row in rows}
    return found


def _look(look: Look, pages: dict[str, ListPage]) -> AccountedLook:
    if look.pages is None or any(account not in pages for account in look.pages):
        return AccountedLook(look.id, look.begun_at, has_account=False)
    own = [pages[account] for account in look.pages]
    reports: dict[int, set[str]] = {}
    for page in own:
        for year, agencies in page.reports.items():
            reports.setdefault(int(year), set()).update(agencies)
    left = [piece for page in own for piece in page.unaccounted["pieces"]]
    return AccountedLook(
        look.id,
        look.begun_at,
        garbled=any(page.garbled for page in own),
        reports={year: frozenset(agencies) for year, agencies in reports.items()},
        left=tuple(LeftOver(one["text"], frozenset(one.get("agencies", ())), one.get("year")) for one in left),
        pages=tuple(look.pages),
    )
