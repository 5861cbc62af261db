"""Who judges the entries of a column and makes the account of each of its pages, while the column is read."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import replace

from config.portals import PortalColumn, PortalFile
from crawler.accounts.account import PageAccount
from crawler.accounts.page_account import account_of, settle_again
from crawler.accounts.reading import PageReading, Understood
from crawler.families.family import ListEntry
from crawler.pages.canonical import canonical, resolve
from crawler.pages.page import Page
from crawler.visiting.entries import Judgement, judge_entry
from crawler.visiting.register import Register
from ledger.crawling.account_kinds import Fate


class Accountant:
    """The accounts of one column of a portal; ``keep`` is given each of them with its page as soon as it is made.

    ``column`` is the column as its entries are judged: with the kinds of all columns that begin at the same directory.
    """

    def __init__(
        self,
        portal: PortalFile,
        column: PortalColumn,
        register: Register,
        keep: Callable[[PageAccount, Page], Awaitable[None]] | None = None,
    ) -> None:
        self._start = portal.start
        self._column = column
        self._register = register
        self._keep = keep
        addresses = (resolve(portal.start, one.address) or "" for one in portal.columns)
        self._columns = frozenset(canonical(address, portal.start) for address in addresses if address)
        self._kinds = _kinds_here(portal, column, register)
        self.pages: list[PageAccount] = []
        self._entries: dict[str, Understood] = {}
        self._open: dict[int, Page] = {}

    def judge(self, entry: ListEntry) -> Judgement:
        """What an entry of this column is."""
        return judge_entry(entry.title, entry.address, self._column, self._register, entry.year, entry.row, entry.place)

    async def page(
        self,
        page: Page,
        entries: Sequence[ListEntry],
        folders: Collection[str],
        pages: Collection[str],
        *,
        leads_on: bool = False,
    ) -> None:
        """Makes the account of a page that was read: its entries, the lists below it, the pages of its list."""
        understood = {}
        for entry in entries:
            judged = self.judge(entry)
            known = canonical(entry.link, self._start)
            understood[known] = Understood(entry.title, judged.name, judged.agency, judged.year)
        reading = PageReading(understood, frozenset(folders), leads_on, frozenset(pages), self._columns, self._kinds)
        account = account_of(page, reading, self._register, self._column, self._start)
        self._entries |= understood
        self.pages.append(account)
        if any(piece.fate is Fate.UNACCOUNTED and piece.address is not None for piece in account.pieces):
            self._open[len(self.pages) - 1] = replace(page)  # without what was worked out from it
        elif self._keep is not None:
            await self._keep(account, page)

    async def finish(self) -> None:
        """Settles what leads to entries of other pages of the column, once all of them were read."""
        for number, page in self._open.items():
            self.pages[number] = settle_again(self.pages[number], self._entries)
            if self._keep is not None:
                await self._keep(self.pages[number], page)
        self._open.clear()


def _kinds_here(portal: PortalFile, column: PortalColumn, register: Register) -> frozenset[str]:
    """The kinds of agencies whose reports belong in a column, and in no other that is called theirs."""
    own = next((set(one.kinds) for one in portal.columns if one.id == column.id), set(column.kinds))
    elsewhere = {kind for one in portal.columns if one.id != column.id for kind in one.kinds}
    return frozenset(own or register.kinds - elsewhere)
