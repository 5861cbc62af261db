"""代录 by address: the article that a person names, fetched with all the care of a round, and kept as theirs."""

from __future__ import annotations

import asyncio
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime

from config.in_force import load_register
from config.plain_text import plain
from config.portals import Pace, PortalFile
from config.settings import Settings
from crawler.fetching.pace import host_of
from crawler.pages.evidence import DateEvidence
from crawler.rounds.entering import EnteredArticle, EntryOrder, EntrySpider
from crawler.rounds.round import run_spider
from crawler.storing.recorder import Recorder
from crawler.storing.store import FoundArticle, Store
from crawler.survey.survey import addresses_of, provisional_portal
from ledger.archive import open_archive
from ledger.crawling import portals
from ledger.crawling.entry import CannotEnter, Entry
from ledger.database import Ledger
from ledger.states import EvidenceSource
from workers.dispatch import hand_out


def fetch_entry(settings: Settings, url: str, entered: Entry, now: datetime, today: date) -> FoundArticle:
    """The article at an address (robots.txt, pace, sizes, no private addresses), unkept. Raises CannotEnter."""
    try:
        address = addresses_of(url)[0]
    except ValueError as error:
        raise CannotEnter(f"“{plain(url)}”不是网址，也不是文件；请核对") from error
    register = load_register(settings.home)
    own = register.portals.get(entered.district.portal)
    site = _site(own, address, entered, today)
    order = EntryOrder(
        settings,
        (site,),
        register.districts,
        now,
        address=address,
        start=own.start if own is not None else site.start,
        title=f"{entered.agency.name}{entered.year}年政府信息公开工作年度报告",
        agency=entered.agency.id,
        year=entered.year,
    )
    results, trouble = run_spider(EntrySpider, order)
    result: EnteredArticle = results[0] if results else EnteredArticle(None, trouble)
    if result.found is None:
        raise CannotEnter(f"{plain(address)} 不能取得：{result.trouble}；没有登记")
    word = DateEvidence(EvidenceSource.ENTERED, entered.value, entered.moment, precise=False)
    return replace(result.found, reason=entered.reason, to_read=True, evidence=(*result.found.evidence, word))


def keep_fetched(settings: Settings, ledger: Ledger, article: FoundArticle, entered: Entry, now: datetime) -> bool:
    """Keeps an article that was fetched; whether something of it is new."""
    with ledger.write() as session:
        portals.keep_portal(session, entered.district.portal, now)
    return bool(asyncio.run(_keep(settings, ledger, entered.district.portal, article, now)))


async def _keep(settings: Settings, ledger: Ledger, portal: str, article: FoundArticle, now: datetime) -> int:
    """Keeps the article as a round would, and hands over its work; how many versions of it are new."""
    found: list[datetime] = []
    with closing(Recorder(ledger)) as recorder:
        store = Store(recorder, open_archive(settings), portal, None, found.append)
        await store.keep_article(article, now)
    if found:
        hand_out(settings, ledger, now)
    return store.new_versions


def _site(own: PortalFile | None, address: str, entered: Entry, today: date) -> PortalFile:
    """The portal that stands at an address: the district's own, or another of which nothing is known."""
    if own is not None and host_of(own.start) == host_of(address):
        return own
    other = provisional_portal(address, Pace(), today)
    return other.model_copy(update={"district": entered.district.district})
