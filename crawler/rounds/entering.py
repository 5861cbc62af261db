"""Fetches the one article that a person names, as a round would, and hands it back unkept."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from config.portals import PortalColumn
from crawler.families.family import ListEntry
from crawler.fetching.fetcher import NONE, Fetched, Fetcher, Validators
from crawler.pages.canonical import canonical
from crawler.pages.page import Page
from crawler.spider import RoundOrder, RoundSpider
from crawler.storing.clock import Clock
from crawler.storing.store import FoundArticle
from crawler.visiting.article_visit import ArticleVisit
from crawler.visiting.entries import Judgement
from ledger.crawling.articles import ENTERED_COLUMN
from ledger.states import ArticleOutcome


@dataclass(frozen=True)
class EntryOrder(RoundOrder):
    """What is to be fetched: ``address``, as the report of an agency for a year; ``start`` is the district's portal's.

    ``portals`` has one portal, the one that stands at the address.
    """

    address: str = ""
    start: str = ""
    title: str = ""
    agency: str = ""
    year: int = 0


@dataclass(frozen=True)
class EnteredArticle:
    """The article with its documents, or one sentence why there is none."""

    found: FoundArticle | None
    trouble: str


class EntrySpider(RoundSpider):
    """Fetches ``order.address``; neither ledger nor archive is opened."""

    name = "entry"
    order: EntryOrder

    async def work(self) -> None:
        """One article."""
        order = self.order
        (portal,) = order.portals
        kept = _Kept()
        column = PortalColumn(id=ENTERED_COLUMN, name="人工登记", address=order.address)
        fetcher = Fetcher(self.crawler.engine, portal, order.settings)
        visit = ArticleVisit(portal, column, order.register(portal), fetcher, kept, Clock(order.at))
        entry = ListEntry(order.address, canonical(order.address, order.start), order.title, None)
        await visit.take(entry, Judgement(True, order.agency, order.year), None)
        found = kept.article
        if found is not None and found.outcome is ArticleOutcome.REPORT:
            self.results.append(EnteredArticle(_plain(found), ""))
        else:
            trouble = kept.trouble or (found.reason if found is not None else "没有取得内容")
            self.results.append(EnteredArticle(None, trouble))


class _Kept:
    """Takes the place of the store: what would be kept is remembered, and nothing is known from before."""

    def __init__(self) -> None:
        self.article: FoundArticle | None = None
        self.trouble = ""

    def validators(self, address: str) -> Validators:
        return NONE

    def last_answer(self, address: str, page: Page) -> Page | None:
        return None

    async def keep_failure(self, address: str, fetched: Fetched, at: datetime) -> None:
        self.trouble = fetched.quality.sentence

    async def keep_article(self, found: FoundArticle, at: datetime) -> None:
        self.article = found


def _plain(found: FoundArticle) -> FoundArticle:
    """The article without what was worked out from its pages, so that it can go through a pipe."""
    documents = [replace(one, page=replace(one.page)) for one in found.documents]
    page = replace(found.page) if found.page is not None else None
    return replace(found, page=page, documents=documents)
