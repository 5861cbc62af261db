"""One portal's round: look at every column, judge every entry, fetch what is to be fetched, and keep it all.

A column's look is written after its articles, so that a round that breaks off never shows an absence.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time
from functools import partial
from pathlib import Path

from sqlalchemy.orm import Session

from config.portals import AUTO, PortalColumn, PortalFile
from config.time_zone import SHANGHAI
from crawler.accounts.account import ColumnAccount, PageAccount
from crawler.accounts.accountant import Accountant
from crawler.families import family_of
from crawler.families.column_family import ColumnFamily
from crawler.families.family import ListEntry
from crawler.fetching.fetcher import Fetched, Fetcher
from crawler.fetching.pace import host_of
from crawler.pages.page import Page
from crawler.pages.quality import GOOD, Quality
from crawler.storing.clock import Clock
from crawler.storing.recorder import Recorder
from crawler.storing.result import LookResult, RoundResult
from crawler.storing.store import Store, bounded
from crawler.visiting.article_visit import DAILY, ArticleVisit, due_again
from crawler.visiting.entries import Judgement, judge_entry
from crawler.visiting.list_reading import ReadColumn, read_list
from crawler.visiting.looks import former_reports, gravest, judge_list
from crawler.visiting.register import Register
from ledger.crawling import articles, families, portals
from ledger.crawling.articles import KnownArticle
from ledger.database import is_away
from ledger.states import ArticleOutcome, PortalState, RoundState

log = logging.getLogger("nianbao.crawler")

_TROUBLES = (PortalState.UNREACHABLE, PortalState.BLOCKED, PortalState.NOT_PERMITTED)
_TROUBLES_IN_A_ROW = 3
_FAILED = (ArticleOutcome.NOT_FOUND, ArticleOutcome.FETCH_FAILED, ArticleOutcome.NO_DOCUMENT)


class Visit:
    """A round over one portal. ``run`` does it and returns its result; the round's rows are written on the way."""

    def __init__(
        self,
        portal: PortalFile,
        register: Register,
        fetcher: Fetcher,
        store: Store,
        recorder: Recorder,
        clock: Clock,
        round_id: int,
        home: Path | None = None,
        *,
        whole: bool = False,
    ) -> None:
        """``whole``: every list is read to its end, whatever was read before."""
        self._whole = whole
        self._portal = portal
        self._home = home
        self._register = register
        self._fetcher = fetcher
        self._store = store
        self._recorder = recorder
        self._ledger = recorder.ledger
        self._clock = clock
        self._round = round_id
        self._troubles: list[tuple[PortalState, str]] = []
        self._troubles_in_a_row: Counter[str] = Counter()
        self._failed = 0
        addresses = [column.address for column in portal.columns]
        self._shared = len(set(addresses)) < len(addresses)
        self._lists: dict[str, Fetched] = {}
        self._own_hosts = {host_of(portal.start), *(host_of(address) for address in addresses)}

    async def run(self) -> RoundResult:
        """Looks at every column, and returns how the portal was found."""
        with self._ledger.read() as session:
            known = articles.known_articles(session, self._portal.portal)
            first_round = not portals.had_round(session, self._portal.portal, self._round)
        columns = []
        seen: set[str] = set()
        for place in self._portal.columns:
            accountant = Accountant(
                self._portal, self._place(place), self._register, partial(self._keep_account, place)
            )
            family = self._family(place)
            column = await read_list(
                family,
                place,
                self._list_page,
                self._clock,
                self._known_in(place, known),
                accountant,
            )
            await accountant.finish()
            await self._keep_bad_page(column)
            await self._keep_family(column, family)
            await self._take_entries(column, known, seen, first_round)
            seen |= set(column.entries)
            former = former_reports(known.values(), place.id, self._observed)
            await self._recorder.write(partial(self._keep_look, column, accountant.pages, former))
            columns.append(column)
        await self._recorder.write(partial(self._keep_presence, columns, known, seen))
        return self._result(columns)

    def _known_in(self, column: PortalColumn, known: dict[str, KnownArticle]) -> set[str] | None:
        """The entries that are known, to read a list only until they begin; None where it is to be read wholly.

        That is done daily, after a look that was not good, and when a whole look is asked for. What
        could not be fetched counts as not known.
        """
        observed = self._observed
        with self._ledger.read() as session:
            whole = portals.last_good_look(session, self._portal.portal, column.id, observed, self._round)
            dropped = portals.dropped_addresses(session, self._portal.portal, column.id)
        if self._whole or whole is None or self._clock.now() - whole.begun_at >= DAILY:
            return None
        return dropped | {one.page for one in known.values() if one.outcome not in _FAILED}

    def _family(self, place: PortalColumn) -> ColumnFamily:
        """The family of a column, and the one that it was found to be of before, where that is to be found."""
        with self._ledger.read() as session:
            known = families.known_family(session, self._portal.portal, place.id, self._observed)
        return family_of(self._portal, place, self._home, known)

    async def _keep_family(self, column: ReadColumn, family: ColumnFamily) -> None:
        """Keeps what was found for the first time; a page of another family than before is a change of its layout."""
        found = family.found
        if found is None or family.named != AUTO:
            return
        if family.changed:
            column.stop(
                PortalState.LAYOUT_CHANGED,
                f"栏目页的类型变了：以前是 {family.found_before}，现在是 {found.family}（{'、'.join(found.signs)}）；"
                "请核对栏目，然后更新门户文件中的 observed 日期",
            )
        elif family.found_before is None and column.complete:
            portal, place, now = self._portal.portal, column.column.id, self._clock.now()
            await self._recorder.write(
                lambda session: families.keep_family(session, portal, place, found.family, found.signs, now)
            )

    @property
    def _observed(self) -> datetime:
        """The start of the day on which the portal file's facts were seen."""
        return datetime.combine(self._portal.observed, time(), SHANGHAI).astimezone(UTC)

    async def _keep_bad_page(self, column: ReadColumn) -> None:
        if column.bad_page is not None:
            address, fetched = column.bad_page
            await self._store.keep_failure(address, fetched, self._clock.now())

    async def _list_page(self, address: str) -> Fetched:
        """A list page; where columns begin at the same directory, it is asked for once a round."""
        if not self._shared:
            return await self._ask_list_page(address)
        if address not in self._lists:
            self._lists[address] = await self._ask_list_page(address)
        return self._lists[address]

    async def _ask_list_page(self, address: str) -> Fetched:
        fetched = await self._fetcher.fetch(address, self._store)
        if fetched.page is not None and (fetched.quality.good or fetched.quality.in_parts):
            for page in fetched.hops or (fetched.page,):
                await self._store.keep_list_page(page, self._clock.now())
        return fetched

    async def _take_entries(
        self, column: ReadColumn, known: dict[str, KnownArticle], seen: set[str], first_round: bool
    ) -> None:
        place = self._place(column.column)
        for entry in column.entries.values():
            judged = judge_entry(entry.title, entry.address, place, self._register, entry.year, entry.row, entry.place)
            if not judged.is_report:
                column.dropped[entry.address] = (entry, judged.reason)
                continue
            if judged.agency is not None and judged.year is not None:
                column.reports.add((judged.agency, judged.year))
            elif entry.address not in known:
                column.unclear += 1
            if entry.address in seen:
                continue
            before = _known_as(entry, known)
            if before is not None and not self._is_due(entry, before, judged):
                continue
            await self._take(place, entry, judged, before, first_round)

    def _place(self, column: PortalColumn) -> PortalColumn:
        """A column as its entries are judged: those that begin at one directory list each other's reports too."""
        kinds = [one.kinds for one in self._portal.columns if one.address == column.address]
        united = tuple(dict.fromkeys(kind for some in kinds for kind in some)) if all(kinds) else ()
        return column.model_copy(update={"kinds": united})

    def _is_due(self, entry: ListEntry, before: KnownArticle, judged: Judgement) -> bool:
        """Whether a known article is fetched again: what failed always, a report less and less often.

        A page that will hold next year's report is asked daily.
        """
        if entry.replaced:
            return before.asked_at is None or self._clock.now() - before.asked_at >= DAILY
        if before.outcome in _FAILED:
            return True
        if before.outcome is ArticleOutcome.NOT_A_REPORT or not self._register.watches(before.year):
            return False
        if before.outcome is ArticleOutcome.UNASSIGNED and judged.agency and judged.year:
            return True  # the register has learned its name
        return due_again(before, self._clock.now())

    async def _take(
        self, place: PortalColumn, entry: ListEntry, judged: Judgement, before: KnownArticle | None, first_round: bool
    ) -> None:
        visit = ArticleVisit(
            self._portal,
            place,
            self._register,
            self._fetcher,
            self._store,
            self._clock,
            met=before is not None,
        )
        if not judged.needs_page and not self._register.watches(judged.year):
            await visit.keep_unread(entry, judged, first_round)
            return
        host = host_of(entry.link)
        if self._troubles_in_a_row[host] >= _TROUBLES_IN_A_ROW:
            trouble = "门户连续无法访问，本轮没有再取这一篇"
            await visit.keep_failed(entry, judged, before, ArticleOutcome.FETCH_FAILED, trouble)
            self._failed += 1
            return
        outcome, quality = await self._take_one(visit, entry, judged, before)
        if quality.found in _TROUBLES:
            self._troubles_in_a_row[host] += 1
            if host in self._own_hosts:  # that another site does not answer is not this portal's trouble
                self._troubles.append((quality.found, f"栏目“{place.name}”的文章：{quality.sentence}"))
        else:
            self._troubles_in_a_row[host] = 0
        self._failed += outcome in _FAILED

    async def _take_one(
        self, visit: ArticleVisit, entry: ListEntry, judged: Judgement, before: KnownArticle | None
    ) -> tuple[ArticleOutcome, Quality]:
        """Takes an article; whatever it breaks is its own end, and the others are taken."""
        try:
            return await visit.take(entry, judged, before)
        except Exception as error:
            if isinstance(error, MemoryError) or is_away(error):
                raise
            log.exception("门户 %s 的文章无法处理：%s", self._portal.portal, entry.address)
            reason = f"处理这一篇时出错（{type(error).__name__}）"
            await visit.keep_failed(entry, judged, before, ArticleOutcome.FETCH_FAILED, reason)
            return ArticleOutcome.FETCH_FAILED, GOOD

    async def _keep_account(self, column: PortalColumn, account: PageAccount, page: Page) -> None:
        await self._store.keep_account(column.id, account, page, self._clock.now())

    def _keep_look(
        self,
        column: ReadColumn,
        pages: list[PageAccount],
        former: Sequence[KnownArticle],
        session: Session,
    ) -> None:
        place = column.column
        if column.complete and not column.partial:
            before = portals.last_good_look(session, self._portal.portal, place.id, self._observed, self._round)
            had_dates = articles.had_list_dates(session, self._portal.portal, place.id)
            column.found, sentence = judge_list(column.listed(former), before, had_dates)
            column.sentence = sentence
        portals.add_dropped(session, self._dropped_rows(column))
        portals.keep_look(
            session,
            {
                "round_id": self._round,
                "portal": self._portal.portal,
                "column": place.id,
                "begun_at": column.begun_at,
                "ended_at": self._clock.now(),
                "found": column.found,
                "complete": column.whole,
                "rows": len(column.entries),
                "dropped": len(column.dropped),
                "sentence": column.said,
                "pages": [page.sha256 for page in pages],
                "accounted": ColumnAccount(tuple(pages)).accounted.as_json(),
                "paging": {"lists": [paging.state.as_json() for paging in column.paging]},
            },
        )

    def _dropped_rows(self, column: ReadColumn) -> Iterable[dict[str, object]]:
        for entry, reason in column.dropped.values():
            yield {
                "portal": self._portal.portal,
                "column": column.column.id,
                "address": entry.address,
                "title": bounded(entry.title),
                "reason": bounded(reason),
                "first_seen_at": self._clock.now(),
            }

    def _keep_presence(
        self, columns: list[ReadColumn], known: dict[str, KnownArticle], seen: set[str], session: Session
    ) -> None:
        """Known articles that stand on a list are there; those missing from a good look at their column are gone."""
        good = {one.column.id for one in columns if one.whole and one.found is PortalState.HEALTHY}
        there = [one.id for one in known.values() if one.page in seen]
        gone = [one.id for one in known.values() if one.page not in seen and one.column in good]
        articles.mark_seen(session, there, self._clock.now())
        articles.mark_gone(session, gone, self._clock.now())

    def _result(self, columns: list[ReadColumn]) -> RoundResult:
        states = [(column.found, column.said) for column in columns]
        found, sentence = gravest([*states, *self._troubles])
        if found is PortalState.HEALTHY:
            read = "读到已知的条目为止" if any(one.partial for one in columns) else "读完"
            sentence = f"{len(columns)} 个栏目都已{read}"
        looks = tuple(
            LookResult(one.column.id, one.found, one.whole, len(one.entries), len(one.dropped), one.said)
            for one in columns
        )
        figures = {
            "requests": self._fetcher.requests,
            "unchanged": self._fetcher.unchanged,
            "bytes": self._fetcher.received,
            "new_articles": self._store.new_articles,
            "new_versions": self._store.new_versions,
            "failed_articles": self._failed,
            "retry_after": int(self._fetcher.retry_after.total_seconds()) if self._fetcher.retry_after else 0,
        }
        return RoundResult(self._portal.portal, RoundState.DONE, found, sentence, looks=looks, figures=figures)


def _known_as(entry: ListEntry, known: dict[str, KnownArticle]) -> KnownArticle | None:
    """The article that an entry is known as; of a page with a report a year the one that was asked for last."""
    if not entry.replaced:
        return known.get(entry.address)
    years = [one for one in known.values() if one.page == entry.address]
    return max(years, key=lambda one: (one.asked_at is not None, one.asked_at, one.id), default=None)
