"""A look at a portal that keeps nothing: what would be found, and what would be dropped and why."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from config.portals import PortalFile
from crawler.families import family_of
from crawler.families.family import ListEntry
from crawler.fetching.fetcher import Fetcher
from crawler.spider import RoundSpider
from crawler.storing.clock import Clock
from crawler.visiting.entries import Judgement, judge_entry
from crawler.visiting.list_reading import read_list
from crawler.visiting.looks import gravest, judge_list
from ledger.states import PortalState


@dataclass(frozen=True, slots=True)
class ProbedColumn:
    """One column: its state and sentence, the entries that would be taken, and those that would be dropped."""

    column: str
    name: str
    found: PortalState
    sentence: str
    taken: tuple[tuple[ListEntry, Judgement], ...]
    dropped: tuple[tuple[ListEntry, str], ...]


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
            read = await read_list(family_of(portal, place), place, fetcher.fetch, Clock(self.order.at))
            taken = []
            for entry in read.entries.values():
                judged = judge_entry(entry.title, entry.address, place, register, entry.year, entry.row)
                if judged.is_report:
                    taken.append((entry, judged))
                else:
                    read.dropped[entry.address] = entry, judged.reason
            found, sentence = read.found, read.sentence
            if read.complete:
                found, sentence = judge_list(read.listed, None, had_dates=False)
            columns.append(
                ProbedColumn(place.id, place.name, found, sentence, tuple(taken), tuple(read.dropped.values()))
            )
        found, _ = gravest([(column.found, "") for column in columns])
        return Probe(portal.portal, found, tuple(columns))
