"""A look at a portal that keeps nothing: what would be found, and what would be dropped and why."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from config.portals import PortalFile
from crawler.accounts.account import Accounted, PageAccount
from crawler.accounts.accountant import Accountant
from crawler.accounts.paging import PagingState
from crawler.families import family_of
from crawler.families.detection import Fit
from crawler.families.family import ListEntry
from crawler.fetching.fetcher import Fetcher
from crawler.spider import RoundSpider
from crawler.storing.clock import Clock
from crawler.visiting.entries import Judgement, judge_entry
from crawler.visiting.list_reading import ReadColumn, read_list
from crawler.visiting.looks import gravest, judge_list
from ledger.states import PortalState


@dataclass(frozen=True, slots=True)
class ProbedPage:
    """One list page: its address, its account, and the paging of the list that it is of."""

    address: str
    accounted: Accounted
    paging: PagingState


@dataclass(frozen=True, slots=True)
class ProbedColumn:
    """One column: its state and sentence, the entries that would be taken, and those that would be dropped.

    ``family`` is what it was read by, with the signs on its page; None where no page was read. ``paging`` is that of
    each of its lists.
    """

    column: str
    name: str
    found: PortalState
    sentence: str
    taken: tuple[tuple[ListEntry, Judgement], ...]
    dropped: tuple[tuple[ListEntry, str], ...]
    family: Fit | None = None
    pages: tuple[ProbedPage, ...] = ()
    paging: tuple[PagingState, ...] = ()

    @property
    def accounted(self) -> Accounted:
        """The account of all its pages together."""
        return sum((page.accounted for page in self.pages), Accounted())

    @property
    def proves(self) -> bool:
        """Whether what does not stand there is not there: it is healthy, has reports, and nothing was left out."""
        return (
            self.found is PortalState.HEALTHY
            and bool(self.taken)
            and self.accounted.unaccounted == 0
            and all(state.followed_to_end for state in self.paging)
        )


@dataclass(frozen=True, slots=True)
class Probe:
    """A portal as a probe found it."""

    portal: str
    found: PortalState
    columns: tuple[ProbedColumn, ...]


class ProbeSpider(RoundSpider):
    """Reads the lists of its portals; neither ledger nor archive is opened."""

    name = "probe"

    async def work(self) -> None:
        """A probe of every portal of the order, all at once."""
        self.results += await asyncio.gather(*(self._probe(portal) for portal in self.order.portals))

    async def _probe(self, portal: PortalFile) -> Probe:
        register = self.order.register(portal)
        fetcher = Fetcher(self.crawler.engine, portal, self.order.settings)
        columns = []
        for place in portal.columns:
            family = family_of(portal, place, self.order.settings.home)
            accountant = Accountant(portal, place, register)
            read = await read_list(family, place, fetcher.fetch, Clock(self.order.at), accountant=accountant)
            await accountant.finish()
            taken = []
            for entry in read.entries.values():
                judged = judge_entry(entry.title, entry.address, place, register, entry.year, entry.row, entry.place)
                if judged.is_report:
                    taken.append((entry, judged))
                else:
                    read.dropped[entry.address] = entry, judged.reason
            found, sentence = read.found, read.sentence
            if read.complete:
                found, sentence = judge_list(read.listed(), None, had_dates=False)
            columns.append(
                ProbedColumn(
                    place.id,
                    place.name,
                    found,
                    sentence,
                    tuple(taken),
                    tuple(read.dropped.values()),
                    family.found,
                    tuple(_pages(read, accountant.pages)),
                    tuple(paging.state for paging in read.paging),
                )
            )
        found, _ = gravest([(column.found, "") for column in columns])
        return Probe(portal.portal, found, tuple(columns))


def _pages(read: ReadColumn, accounts: Sequence[PageAccount]) -> Iterator[ProbedPage]:
    """The pages in the order in which they were read, each with the paging of its list."""
    left = iter(accounts)
    for paging in read.paging:
        for account in islice(left, paging.accounts):
            yield ProbedPage(account.address, account.accounted, paging.state)
