"""What every family of portals can do: read the entries of a list page, and say which pages follow."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from lxml.html import HtmlElement

from config.portals import PortalColumn, PortalFile
from crawler.families.paging.links import link_pagers
from crawler.families.paging.pager import ShownPager, following
from crawler.families.paging.scripts import script_pagers
from crawler.families.paging.words import stated
from crawler.pages.canonical import canonical, resolve
from crawler.pages.page import Page, visible_text

_DATE = re.compile(
    r"(?<!\d)20\d{2}\s*(?:[-/.]|年)\s*\d{1,2}\s*(?:[-/.]|月)\s*\d{1,2}\s*日?(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?"
)
_EMPTY = re.compile(r"暂无|没有(?:找到)?(?:相关|任何)?(?:信息|内容|数据|记录)|共\s*0\s*条")
_TEMPLATE = re.compile(r"\{\{|\bv-(?:if|else|for|show)\b|ng-repeat")
_REPORTISH = re.compile(r"年度?报告?|年报|信息公开.{0,12}报告")
_ROW_TAGS = ("li", "tr", "dd"), ("p", "div")
_LONGEST_ROW = 400
LONGEST_TITLE = 500
_MENUS = ("nav", "header", "footer")
_MENU_NAMES = re.compile(
    r"(?:^|[\s_-])(?:nav|menu|header|foot|footer|crumbs?|breadcrumbs?|position)(?:$|[\s_-])", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class ListEntry:
    """One entry of a list: the address as linked, its canonical form, the title, and the date as it stands there.

    ``year`` is the report year of the folder it stands in, where that says one. ``replaced``: the page has one report
    at a time, and next year's will stand in its place; ``address`` is one year's content of it where ``page_address``
    is set, which is the page's own.
    """

    link: str
    address: str
    title: str
    listed: str | None
    year: int | None = None
    replaced: bool = False
    page_address: str | None = None


@dataclass(frozen=True, slots=True)
class SubList:
    """A list to read: its address, the report year of the folder it stands in, and how deep below the column it is."""

    address: str
    year: int | None = None
    depth: int = 0


class Family:
    """The base of all families. A family overrides the small method for the one thing it does differently."""

    name: ClassVar[str]

    def __init__(self, portal: PortalFile) -> None:
        self.portal = portal

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
        found: dict[str, ListEntry] = {}
        for link, row in self._rows(page):
            address = self._address(page, link)
            if address is None:
                continue
            entry = self.known(address, self._title(link, row), self._date(row))
            found.setdefault(entry.address, entry)
        return list(found.values())

    def known(self, link: str, title: str, listed: str | None = None) -> ListEntry:
        """The entry for an absolute address."""
        return ListEntry(link, canonical(link, self.portal.start), title[:LONGEST_TITLE], listed)

    def pagers(self, page: Page, column: PortalColumn) -> list[ShownPager]:
        """Every pager that a list page shows, and the pages that each leads to."""
        return [*script_pagers(page), *link_pagers(page), *stated(page)]

    def next_pages(self, page: Page, column: PortalColumn) -> list[str]:
        """The addresses of the list pages that the page names beside itself."""
        return following(self.pagers(page, column))

    def row_addresses(self, page: Page, entries: Sequence[ListEntry]) -> list[str]:
        """The addresses of all rows of a page, by which the pages of a list are told apart and its rows are counted."""
        return [entry.address for entry in entries]

    def instead_of(self, address: str) -> str | None:
        """Another way to ask for a page that was refused; None where there is none."""
        return None

    def is_list(self, page: Page) -> bool:
        """Whether a page without entries says of itself that the list is empty.

        An empty container says nothing, nor do the words in a template: lists that a script fills look the same.
        """
        return _EMPTY.search(page.visible_text) is not None and _TEMPLATE.search(page.text) is None

    def _rows(self, page: Page) -> Iterator[tuple[HtmlElement, HtmlElement]]:
        """Link and row of all that looks like an entry: dated rows, or where none is, links named like reports."""
        rows = [(link, row) for link in page.tree.iter("a") if (row := self._row(link)) is not None]
        dated = [(link, row) for link, row in rows if _DATE.search(visible_text(row))]
        if dated:
            containers = {_container(row) for _, row in dated}
            # A row without a date between dated ones is an entry too.
            yield from (pair for pair in rows if _container(pair[1]) in containers)
            return
        yield from ((link, row) for link, row in rows if _REPORTISH.search(self._title(link, row)))

    def _row(self, link: HtmlElement) -> HtmlElement | None:
        if not link.get("href") or _in_menu(link):
            return None
        row = next((outer for tags in _ROW_TAGS for outer in link.iterancestors() if outer.tag in tags), None)
        if row is None or len(row.findall(".//a[@href]")) > 3 or len(row.text_content()) > _LONGEST_ROW:
            return link
        return row

    def _address(self, page: Page, link: HtmlElement) -> str | None:
        return resolve(page.address, link.get("href", ""))

    def _title(self, link: HtmlElement, row: HtmlElement) -> str:
        """The longer of what the link says and its title attribute: lists cut long titles short."""
        shown = visible_text(link)
        whole = " ".join((link.get("title") or "").split())
        return max(shown, whole, key=len)

    def _date(self, row: HtmlElement) -> str | None:
        title = " ".join(visible_text(link) for link in row.iter("a"))
        match = _DATE.search(visible_text(row).replace(title, " ")) or _DATE.search(visible_text(row))
        return match[0] if match else None


def _container(row: HtmlElement) -> HtmlElement:
    parent = row.getparent()
    return row if parent is None else parent


def _in_menu(link: HtmlElement) -> bool:
    for outer in link.iterancestors():
        if outer.tag in _MENUS or _MENU_NAMES.search(f"{outer.get('class', '')} {outer.get('id', '')}"):
            return bool(outer.tag != "body")
    return False
