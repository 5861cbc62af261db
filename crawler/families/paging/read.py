"""The paging of one list while it is read: what its pages show, and in the end whether that was all.

A list is not at its end because nothing leads on: a pager that cannot be followed, a page that answers with another
one's rows, a number of rows that was not reached say that there is, or may be, more.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from crawler.accounts.paging import Pager, PagingState
from crawler.families.paging.pager import ShownPager, System, following, pages_stated, rows_stated
from ledger.crawling.account_kinds import PagerKind, PagingEnd

# Pagers that name every page of the list, or the next group of it.
NAMING_ALL = (System.TRS, System.UCAP, System.DATA_STORE, System.ENDPOINT)
_KINDS = {System.LINKS: PagerKind.NEXT, System.STATED: PagerKind.NUMBER}


@dataclass
class PagingRead:
    """What was seen of the paging of the list at ``address``, page by page.

    ``accounts`` counts the pages of which an account was made, those that only lead to the list among them.
    """

    address: str
    pages: int = 0
    accounts: int = 0
    rows: set[str] = field(default_factory=set)
    beside: set[str] = field(default_factory=set)
    shown: dict[str, ShownPager] = field(default_factory=dict)
    unfollowed: dict[str, ShownPager] = field(default_factory=dict)
    failed: bool = False
    too_many: bool = False
    known: bool = False
    repeated: bool = False
    empty: bool = False
    _stated_pages: int | None = None
    _stated_rows: int | None = None
    _moved: bool = False

    def page(
        self, pagers: Sequence[ShownPager], rows: Sequence[str], *, is_list: bool, beside: Collection[str] = ()
    ) -> list[str]:
        """Takes a page: what it shows of its paging, its rows (addresses). Returns the pages to go on with.

        ``beside`` are those of its rows that stand in boxes beside the list: a stated number of rows is not theirs.
        A page that holds rows, but none that was not met before in this list, is another one again; a page without
        rows is an end only where it says of itself that it is an empty list.
        """
        if not self.rows and not rows and (following(pagers) or not is_list):
            return self._way(pagers)
        self.pages += 1
        fresh = [row for row in rows if row not in self.rows]
        self._state(pagers)
        if self.pages > 1 and not fresh:
            self.repeated = self.repeated or bool(rows)
            self.empty = self.empty or (not rows and is_list)
            self.failed = self.failed or (not rows and not is_list)
            return []
        self.rows.update(fresh)
        self.beside.update(row for row in fresh if row in beside)
        leading = self._way(pagers)
        self._moved = self._moved or bool(leading)
        return leading

    def _way(self, pagers: Sequence[ShownPager]) -> list[str]:
        """A page without rows before any with rows: it only leads to them, as a page that asks an endpoint does."""
        for pager in pagers:
            self.shown.setdefault(pager.text, pager)
            if not pager.followable and not self._excused(pager, pagers):
                self.unfollowed.setdefault(pager.text, pager)
        return following(pagers)

    def _state(self, pagers: Sequence[ShownPager]) -> None:
        pages, rows = pages_stated(pagers), rows_stated(pagers)
        self._stated_pages = max(pages, self._stated_pages or 0) if pages is not None else self._stated_pages
        self._stated_rows = max(rows, self._stated_rows or 0) if rows is not None else self._stated_rows

    def _excused(self, pager: ShownPager, beside: Sequence[ShownPager]) -> bool:
        """Whether a pager that cannot be followed leaves nothing out: another one names every page, or moves on."""
        if pager.system is System.OTHER_FAMILY:
            return False
        if any(one.followable and one.system in NAMING_ALL for one in beside):
            return True
        leads_on = bool(following(beside))
        return leads_on if pager.system is System.SCRIPT else pager.inert and (leads_on or self._moved)

    @property
    def _own_rows(self) -> int:
        return len(self.rows) - len(self.beside)

    @property
    def _rows_missing(self) -> bool:
        return self._stated_rows is not None and self._own_rows < self._stated_rows

    @property
    def _pages_missing(self) -> bool:
        return self._stated_pages is not None and self.pages < self._stated_pages

    @property
    def end(self) -> PagingEnd:
        """How the reading ended, by what was seen until now."""
        if self.failed:
            return PagingEnd.PAGE_FAILED
        if self.too_many:
            return PagingEnd.TOO_MANY_PAGES
        if self.known:
            return PagingEnd.KNOWN_ROWS
        if any(one.system is System.OTHER_FAMILY for one in self.unfollowed.values()):
            return PagingEnd.NOT_FOLLOWED
        if self._rows_missing:
            return PagingEnd.REPEATED if self.repeated else PagingEnd.COUNT_MISSED
        if self._pages_missing:
            return PagingEnd.REPEATED if self.repeated else PagingEnd.COUNT_MISSED
        if self._stated_rows is not None and self._own_rows == self._stated_rows:
            return PagingEnd.COUNT_REACHED
        # With more rows than the list states, some are of another box, and the number proves nothing.
        if self.repeated:
            return PagingEnd.REPEATED
        if self.unfollowed and not self._stated_pages:
            return PagingEnd.NOT_FOLLOWED
        if self.empty:
            return PagingEnd.EMPTY_PAGE
        return PagingEnd.LAST_PAGE if self.pages > 1 or self._stated_pages else PagingEnd.SINGLE_PAGE

    @property
    def sentence(self) -> str:
        """What kept the list from being read to its end, for people."""
        rows, pages = self._own_rows, self.pages
        words = {
            PagingEnd.REPEATED: "列表的后续页与前面的页内容相同，没有读到真正的下一页",
            PagingEnd.PAGE_FAILED: "列表的后续页上没有条目，也没有写明列表为空",
            PagingEnd.TOO_MANY_PAGES: f"超过 {pages} 页仍未到头，已停止",
            PagingEnd.COUNT_MISSED: (
                f"列表写明共 {self._stated_rows} 条，只读到 {rows} 条"
                if self._rows_missing
                else f"列表写明共 {self._stated_pages} 页，只找到 {pages} 页"
            )
            + "；请核对门户文件中的类型",
            PagingEnd.NOT_FOLLOWED: f"列表有无法跟随的翻页：{'；'.join(self.unfollowed)[:200]}",
        }
        return words.get(self.end, "")

    @property
    def state(self) -> PagingState:
        """What the account says of this list's paging."""
        end = self.end
        unfollowed = () if end.is_end else tuple(_seen(one) for one in self.unfollowed.values())
        return PagingState(
            self.address,
            end,
            tuple(_seen(one) for one in self.shown.values()),
            unfollowed,
            self._stated_rows,
            self._stated_pages,
            self._own_rows,
            self.pages,
        )


def _seen(pager: ShownPager) -> Pager:
    kind = _KINDS.get(pager.system, PagerKind.SCRIPT)
    return Pager(kind, pager.text, pager.pages[0] if pager.pages else None)
