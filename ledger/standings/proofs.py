"""The looks that can prove an absence: complete, healthy, with the account of every page."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import String, cast, func, or_, select
from sqlalchemy.orm import Session

from ledger.models import Article, ListPage, Look
from ledger.states import STANDING_THERE, PortalState

# Of looks at the same pages, so many are read: two of them are far enough apart, or the first and the last are.
FIRST_LOOKS = 4


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
class Mention:
    """A piece of a list page that says something of agencies and was named as something else than their reports.

    ``to_open``: only its page could tell what it is; ``report``: it has the words of a report.
    """

    text: str
    agencies: frozenset[str]
    year: int | None
    to_open: bool = False
    report: bool = False
    address: str | None = None

    def is_about(self, agency: str, year: int) -> bool:
        """Whether it tells of this agency's report for this year, or may: news of it are dated the year after."""
        if agency not in self.agencies:
            return False
        return self.year == year or ((self.report or self.to_open) and self.year in (None, year + 1))


@dataclass(frozen=True, slots=True)
class AccountedLook:
    """One complete, healthy look at a column.

    ``has_account`` is false for looks from before there were accounts. ``reports`` are the agencies whose reports were
    recognised, by report year; ``left`` what nobody could account for; ``mentions`` what names agencies otherwise;
    ``pages`` names the accounts of its pages.
    """

    look: int
    begun_at: datetime
    has_account: bool = True
    garbled: bool = False
    reports: dict[int, frozenset[str]] = field(default_factory=dict)
    left: tuple[LeftOver, ...] = ()
    mentions: tuple[Mention, ...] = ()
    pages: tuple[str, ...] = ()

    @property
    def only_unit(self) -> str | None:
        """The one agency whose reports, and nobody else's, were recognised; None where there are none or several."""
        agencies = frozenset().union(*self.reports.values()) if self.reports else frozenset[str]()
        return next(iter(agencies)) if len(agencies) == 1 else None

    @property
    def texts(self) -> frozenset[str]:
        """What stood before a person who looked at what could not be accounted for, and at what names agencies."""
        return frozenset({*(one.text for one in self.left), *(one.text for one in self.mentions)})


def accounted_looks(session: Session, portal: str, after: datetime) -> dict[str, list[AccountedLook]]:
    """By column, the complete, healthy looks begun at or after a moment, in order.

    Of looks that saw the same pages the first ones and the last are given, and of each column the last: what they saw
    is the same.
    """
    good = (Look.portal == portal, Look.begun_at >= after, Look.complete, Look.found == PortalState.HEALTHY)
    content = cast(Look.pages, String)
    number = func.row_number().over(partition_by=(Look.column, content), order_by=(Look.begun_at, Look.id))
    latest = (Look.begun_at.desc(), Look.id.desc())
    from_last = func.row_number().over(partition_by=Look.column, order_by=latest)
    of_same = func.row_number().over(partition_by=(Look.column, content), order_by=latest)
    numbered = (
        select(Look.id, number.label("number"), from_last.label("from_last"), of_same.label("of_same"))
        .where(*good)
        .subquery()
    )
    rows = session.scalars(
        select(Look)
        .join(numbered, numbered.c.id == Look.id)
        .where(or_(numbered.c.number <= FIRST_LOOKS, numbered.c.from_last == 1, numbered.c.of_same == 1))
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
    own = [pages[account] for account in look.pages or () if account in pages]
    if look.pages is None or len(own) < len(look.pages) or any("mentions" not in page.unaccounted for page in own):
        return AccountedLook(look.id, look.begun_at, has_account=False)
    reports: dict[int, set[str]] = {}
    for page in own:
        for year, agencies in page.reports.items():
            reports.setdefault(int(year), set()).update(agencies)
    left = [piece for page in own for piece in page.unaccounted["pieces"]]
    mentions = [piece for page in own for piece in page.unaccounted["mentions"]]
    return AccountedLook(
        look.id,
        look.begun_at,
        garbled=any(page.garbled for page in own),
        reports={year: frozenset(agencies) for year, agencies in reports.items()},
        left=tuple(LeftOver(one["text"], frozenset(one.get("agencies", ())), one.get("year")) for one in left),
        mentions=tuple(
            Mention(
                one["text"],
                frozenset(one["agencies"]),
                one.get("year"),
                one["to_open"],
                one["report"],
                one.get("address"),
            )
            for one in mentions
        ),
        pages=tuple(look.pages),
    )


def look_confirmed(session: Session, look_id: int) -> AccountedLook:
    """The look that a person's word on a column is about."""
    look = session.get_one(Look, look_id)
    return _look(look, _pages(session, set(look.pages or ())))


def opened_as(session: Session, portal: str, addresses: Collection[str]) -> dict[str, tuple[str, int]]:
    """By address, whose report of which year an article of a portal was recognised as when it was opened."""
    found: dict[str, tuple[str, int]] = {}
    names = sorted(addresses)
    for start in range(0, len(names), 500):
        rows = session.execute(
            select(Article.address, Article.agency, Article.year).where(
                Article.portal == portal,
                Article.address.in_(names[start : start + 500]),
                Article.outcome.in_(STANDING_THERE),
                Article.agency.is_not(None),
                Article.year.is_not(None),
            )
        )
        found |= {address: (agency, year) for address, agency, year in rows if agency and year}
    return found
