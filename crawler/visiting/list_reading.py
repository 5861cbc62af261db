"""Reads all pages of a column's list, to its end or to what stops it."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from config.portals import PortalColumn
from config.yaml_file import ConfigurationError
from crawler.accounts.accountant import Accountant
from crawler.families.family import Family, ListEntry, SubList, UnreadableListError
from crawler.families.paging.read import NAMING_ALL, PagingRead
from crawler.fetching.fetcher import Fetched
from crawler.pages.frames import inner_lists
from crawler.pages.kinds import file_kind
from crawler.storing.clock import Clock
from crawler.visiting.looks import Listed
from ledger.crawling.articles import KnownArticle
from ledger.database import is_away
from ledger.states import PortalState

log = logging.getLogger("nianbao.crawler")
MOST_LIST_PAGES = 200
MOST_COLUMN_PAGES = 1000
_SILENT = (PortalState.UNREACHABLE, PortalState.BLOCKED, PortalState.NOT_PERMITTED)


@dataclass
class ReadColumn:
    """What was read of a column.

    ``bad_page`` is the address and the answer that the reading failed at, if it did; ``ended`` says that what was left
    was not read either, ``partial`` that a list was read only until what is known began. Whoever judges the entries
    fills ``dropped`` (the entry and the reason, by address), ``reports`` (whose of which year) and ``unclear`` (how
    many may be anybody's).
    """

    column: PortalColumn
    begun_at: datetime
    entries: dict[str, ListEntry] = field(default_factory=dict)
    found: PortalState = PortalState.HEALTHY
    sentence: str = ""
    complete: bool = True
    ended: bool = False
    partial: bool = False
    recognised: bool = False
    bad_page: tuple[str, Fetched] | None = None
    dropped: dict[str, tuple[ListEntry, str]] = field(default_factory=dict)
    reports: set[tuple[str, int]] = field(default_factory=set)
    unclear: int = 0
    paging: list[PagingRead] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """Whether everything was read: only then is what was not found not there."""
        return self.complete and not self.partial

    @property
    def said(self) -> str:
        """Its sentence with the column's name before it; empty where there is nothing to say."""
        return f"栏目“{self.column.name}”：{self.sentence}" if self.sentence else ""

    def listed(self, former: Sequence[KnownArticle] = ()) -> Listed:
        """The figures by which the list is judged; ``former`` are the reports that stood there before.

        A report is there where its address is, or another one of the same agency and year; what may be anybody's may be
        one of those that are not found.
        """
        dated = sum(entry.listed is not None for entry in self.entries.values())
        gone = sum(one.page not in self.entries and (one.agency, one.year) not in self.reports for one in former)
        return Listed(
            len(self.entries),
            len(self.dropped),
            dated,
            self.recognised,
            len(former),
            max(0, gone - self.unclear),
        )

    def stop(self, found: PortalState, sentence: str, bad_page: tuple[str, Fetched] | None = None) -> None:
        """Notes that the list was not read to its end; the first reason counts."""
        if not self.complete:
            return
        self.complete = False
        self.bad_page = bad_page
        self.found = found
        self.sentence = sentence


async def read_list(
    family: Family,
    column: PortalColumn,
    fetch: Callable[[str], Awaitable[Fetched]],
    clock: Clock,
    known: Collection[str] | None = None,
    accountant: Accountant | None = None,
) -> ReadColumn:
    """Reads a column's list with ``fetch``, page by page, and the lists below it.

    Without ``known`` lists are read wholly; with it (addresses of entries) each only to the first page on which nothing
    is new. Such a reading has found what is new at the top, and is no witness for what is not there.

    A list that cannot be read makes the whole column incomplete, but the others are read; only where the portal does
    not answer at all, or does not want to be asked, is it left in peace at once.

    ``accountant`` makes the account of each page that was read.
    """
    read = ReadColumn(column, clock.now())
    waiting = family.lists(column)
    asked: set[str] = set()
    while waiting:
        one = waiting.pop(0)
        try:
            below = await _read_one(family, one, read, fetch, asked, known, accountant)
        except UnreadableListError as error:
            read.paging[-1].failed = True
            read.stop(PortalState.LAYOUT_CHANGED, str(error))
            continue
        except ConfigurationError as error:
            read.paging[-1].failed = True
            read.stop(PortalState.LAYOUT_CHANGED, f"列表页不能这样读取：{error}")
            continue
        except Exception as error:
            if isinstance(error, MemoryError) or is_away(error):
                raise
            # What a page breaks in what reads it is this list's end; the other columns are read.
            log.exception("栏目 %s 的列表页无法处理：%s", column.id, one.address)
            read.stop(PortalState.LAYOUT_CHANGED, f"列表页无法处理（{type(error).__name__}）")
            continue
        if read.ended:
            return read
        there = {other.address for other in waiting}
        waiting += [other for other in below if other.address not in asked | there]
    return read


async def _read_one(
    family: Family,
    one: SubList,
    read: ReadColumn,
    fetch: Callable[[str], Awaitable[Fetched]],
    asked: set[str],
    known: Collection[str] | None,
    accountant: Accountant | None,
) -> list[SubList]:
    """Reads one list to its end; returns the lists below it."""
    waiting = [one.address]
    below: dict[str, SubList] = {}
    paging = PagingRead(one.address)
    read.paging.append(paging)
    pages = 0
    while waiting:
        address = waiting.pop(0)
        if pages == MOST_LIST_PAGES or len(asked) == MOST_COLUMN_PAGES:
            paging.too_many = True
            read.stop(PortalState.LAYOUT_CHANGED, f"超过 {len(asked)} 页仍未到头，已停止")
            read.ended = True
            return []
        asked.add(address)
        pages += 1
        fetched = await fetch(address)
        if not _good(fetched) and (other := family.instead_of(address)) is not None:
            fetched = await fetch(other)
        if fetched.page is None or not _good(fetched):
            paging.failed = True
            where = "" if address == family.first_page(read.column) else f"（{address}）"
            read.stop(fetched.quality.found, fetched.quality.sentence + where, (address, fetched))
            read.ended = fetched.quality.found in _SILENT
            return []
        if (kind := file_kind(fetched.page)) is not None:
            raise UnreadableListError(f"栏目的回答是{kind}，不是列表页；请核对栏目地址")
        listed = [replace(entry, year=entry.year or one.year) for entry in family.entries(fetched.page)]
        dated = {entry.link for entry in listed if entry.listed}
        # A link with a date beside it is an entry, even where it leads to a folder; one that is followed is no entry.
        sublists = family.sublists(fetched.page, read.column, one)
        followed = {folder.address: folder for folder in sublists if folder.address not in dated}
        listed = [entry for entry in listed if entry.link not in followed]
        fresh = [entry for entry in listed if entry.address not in read.entries]
        if not fetched.page.ends:
            read.stop(PortalState.LAYOUT_CHANGED, "列表页没有结尾（</html>），可能没有传完")
        read.entries.update((entry.address, entry) for entry in fresh)
        is_list = family.is_list(fetched.page)
        read.recognised = read.recognised or is_list
        below |= {address: folder for address, folder in followed.items() if address not in asked}
        pagers = family.pagers(fetched.page, read.column)
        beside = {entry.address for entry in listed if entry.beside}
        leading = paging.page(pagers, family.row_addresses(fetched.page, listed), is_list=is_list, beside=beside)
        leading += inner_lists(fetched.page)
        waiting += [page for page in leading if page not in asked and page not in waiting]
        if accountant is not None:
            read_elsewhere = bool(leading) or any(one.followable and one.system in NAMING_ALL for one in pagers)
            await accountant.page(fetched.page, listed, followed, {*leading, *asked, *waiting}, leads_on=read_elsewhere)
            paging.accounts += 1
        if known is not None and waiting and paging.rows and listed and all(entry.address in known for entry in listed):
            read.partial = paging.known = True
            return list(below.values())
    if not paging.end.is_end and not paging.known:
        read.stop(PortalState.LAYOUT_CHANGED, paging.sentence)
    return list(below.values())


def _good(fetched: Fetched) -> bool:
    """Whether a list can be read from an answer: of one with garbled pieces all others can."""
    return fetched.page is not None and (fetched.quality.good or fetched.quality.in_parts)
