"""What every family of portals can do: read the entries of a list page, and say which pages follow."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from config.portals import PortalColumn, PortalFile
from crawler.families.paging.links import link_pagers
from crawler.families.paging.pager import ShownPager, following
from crawler.families.paging.scripts import script_pagers
from crawler.families.paging.words import stated, stated_by_fields
from crawler.pages.canonical import canonical, resolve
from crawler.pages.page import Page
from crawler.rows.rows import rows_of
from crawler.rows.standing import Standing

_EMPTY = re.compile(r"暂无|没有(?:找到)?(?:相关|任何)?(?:信息|内容|数据|记录)|共\s*0\s*条")
_TEMPLATE = re.compile(r"\{\{|\bv-(?:if|else|for|show)\b|ng-repeat")
LONGEST_TITLE = 500


@dataclass(frozen=True, slots=True)
class ListEntry:
    """One entry of a list: the address as linked, its canonical form, the title, and the date as it stands there.

    ``year`` is the report year of the folder it stands in, where that says one. ``replaced``: the page has one report
    at a time, and next year's will stand in its place; ``address`` is one year's content of it where ``page_address``
    is set, which is the page's own. ``row`` is what the whole row says, of bounded length, ``place`` what the cells
    beside it and the headings above it say. ``beside``: it stands in a box beside the list of the reports.
    """

    link: str
    address: str
    title: str
    listed: str | None
    year: int | None = None
    replaced: bool = False
    page_address: str | None = None
    row: str = ""
    place: tuple[str, ...] = ()
    beside: bool = False


@dataclass(frozen=True, slots=True)
class SubList:
    """A list to read: its address, the report year of the folder it stands in, and how deep below the column it is."""

    address: str
    year: int | None = None
    depth: int = 0


class UnreadableListError(Exception):
    """An answer that no list can be read from; the message is the sentence that a look says of it."""


class Family:
    """The base of all families. A family overrides the small method for the one thing it does differently."""

    name: ClassVar[str]

    def __init__(self, portal: PortalFile) -> None:
        self.portal = portal
        self._lists_stand: set[Standing] = set()

    def first_page(self, column: PortalColumn) -> str:
        """The address of a column's first list page."""
        return resolve(self.portal.start, column.address) or column.address

    def lists(self, column: PortalColumn) -> list[SubList]:
        """The lists of a column that are known before anything is fetched."""
        return [SubList(self.first_page(column))]

    def sublists(self, page: Page, column: PortalColumn, here: SubList) -> list[SubList]:
        """The lists below the one that ``page`` is of; most families have none."""
        return []

    def entries(self, page: Page) -> list[ListEntry]:
        """The entries of a list page, in order, each address once."""
        rows = rows_of(page, lambda address: canonical(address, self.portal.start), self._lists_stand)
        return [
            replace(self.known(row.address, row.title, row.listed), row=row.text, place=row.place, beside=row.beside)
            for row in rows
        ]

    def known(self, link: str, title: str, listed: str | None = None) -> ListEntry:
        """The entry for an absolute address."""
        return ListEntry(link, canonical(link, self.portal.start), title[:LONGEST_TITLE], listed)

    def pagers(self, page: Page, column: PortalColumn) -> list[ShownPager]:
        """Every pager that a list page shows, and the pages that each leads to."""
        return [*script_pagers(page), *link_pagers(page), *stated(page), *stated_by_fields(page)]

    def next_pages(self, page: Page, column: PortalColumn) -> list[str]:
        """The addresses of the list pages that the page names beside itself."""
        return following(self.pagers(page, column))

    def row_addresses(self, page: Page, entries: Sequence[ListEntry]) -> list[str]:
        """The addresses of all rows of a page, by which the pages of a list are told apart."""
        return [entry.address for entry in entries]

    def instead_of(self, address: str) -> str | None:
        """Another way to ask for a page that was refused; None where there is none."""
        return None

    def is_list(self, page: Page) -> bool:
        """Whether a page without entries says of itself that the list is empty.

        An empty container says nothing, nor do the words in a template: lists that a script fills look the same.
        """
        return _EMPTY.search(page.visible_text) is not None and _TEMPLATE.search(page.text) is None
