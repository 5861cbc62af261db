"""hanweb's xxgk module: the column's page is a shell, its rows come by POST from ``/module/xxgk/search.jsp``.

The endpoint does not filter by column: its answer has the rows of the whole district, and those of the column are told
by the number in their address (``art_<column>_<record>``). All of them are counted, one column's are taken.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from config.portals import PortalColumn, PortalFile
from crawler.families.family import Family, ListEntry
from crawler.families.paging.pager import MOST_PAGES, ShownPager, System, pages_stated
from crawler.families.paging.words import stated
from crawler.fetching.posted import posted, posted_form
from crawler.pages.page import Page

_SEARCH = re.compile(r"[\"']([^\"'\s<>]{0,200}/module/xxgk/search\.jsp[^\"'\s<>]{0,300})[\"']")
_SHELL = re.compile(r"/module/xxgk/", re.IGNORECASE)
_COLUMN = re.compile(r"/col/col(\d{1,12})/")
_ARTICLE = re.compile(r"/art_(\d{1,12})_")
# The fields of the module's form, and what they are where the page says nothing.
_FIELDS = {
    "infotypeId": "", "jdid": "", "divid": "", "area": "", "vc_title": "", "vc_number": "", "vc_filenumber": "",
    "vc_all": "", "texttype": "", "fbtime": "-1", "standardXxgk": "1", "isAllList": "1",
}  # fmt: skip
_PAGES = re.compile(r"共\s{0,9}(?:<[^<>]{0,99}>)?\s{0,9}(\d{1,5})\s{0,9}(?:<[^<>]{0,99}>)?\s{0,9}页")
_MODULE = "/module/xxgk/search.jsp"


class HanwebXxgk(Family):
    """The family ``hanweb-xxgk``."""

    name = "hanweb-xxgk"

    def __init__(self, portal: PortalFile) -> None:
        super().__init__(portal)
        self._column: str | None = None

    def entries(self, page: Page) -> list[ListEntry]:
        """The rows of the column in an answer of the module; the shell has none."""
        if posted(page.asked) is None:
            return []
        return [entry for entry in self._all(page) if self._is_of_column(entry.address)]

    def row_addresses(self, page: Page, entries: Sequence[ListEntry]) -> list[str]:
        """The rows of the whole district."""
        return [] if posted(page.asked) is None else [entry.address for entry in self._all(page)]

    def pagers(self, page: Page, column: PortalColumn) -> list[ShownPager]:
        """From the shell to the module's first page, and from that to all others."""
        sent = posted(page.asked)
        if sent is None:
            return self._from_shell(page)
        if "currpage=1&" not in f"{sent.body.decode('ascii')}&":
            return []
        count = pages_stated([*stated(page), *self._in_source(page)]) or 0
        fields = sent.body.decode("ascii")
        pages = [
            page.asked.replace(fields, fields.replace("currpage=1", f"currpage={number}"))
            for number in range(2, min(count, MOST_PAGES) + 1)
        ]
        return [
            ShownPager(System.ENDPOINT, f"共 {count} 页", tuple(pages), count or None, followable=count <= MOST_PAGES)
        ]

    def is_list(self, page: Page) -> bool:
        """The module's answer is a list, be there any rows or not."""
        return posted(page.asked) is not None or super().is_list(page)

    def _all(self, page: Page) -> list[ListEntry]:
        """The rows of an answer, of whatever column."""
        return super().entries(page)

    def _is_of_column(self, address: str) -> bool:
        article = _ARTICLE.search(urlsplit(address).path)
        return self._column is None or article is None or article[1] == self._column

    def _from_shell(self, page: Page) -> list[ShownPager]:
        match = _COLUMN.search(page.asked) or _COLUMN.search(page.address)
        self._column = match[1] if match is not None else None
        search = _SEARCH.search(page.text)
        if search is None and not _SHELL.search(page.text):
            return []
        address = page.link(search[1] if search is not None else _MODULE)
        if address is None:
            return []
        fields = {name: _field(page, name, default) for name, default in _FIELDS.items()}
        first = posted_form(address, {"currpage": "1", **fields})
        return [ShownPager(System.ENDPOINT, _MODULE, (first,))]

    def _in_source(self, page: Page) -> list[ShownPager]:
        """The number of pages where blanks written as entities stand around it."""
        text = page.text.replace("&nbsp;", " ")
        numbers = [
            int(match[1])
            for match in re.finditer(
                r"共\s{0,9}(?:<[^<>]{0,99}>)?\s{0,9}(\d{1,5})\s{0,9}(?:<[^<>]{0,99}>)?\s{0,9}页", text
            )
        ]
        return [ShownPager(System.STATED, "共…页", pages_stated=max(numbers))] if numbers else []


def _field(page: Page, name: str, default: str) -> str:
    """A field's value: from a hidden input, the page's script, or an address in it."""
    for field in page.tree.iter("input"):
        if field.get("name") == name or field.get("id") == name:
            return (field.get("value") or default)[:200]
    match = re.search(
        rf"\b{name}[\"']?\s{{0,9}}[:=]\s{{0,9}}(?:[\"']([^\"'<>&]{{0,200}})[\"']|([\w-]{{1,60}})(?=[&\"',;\s}}]))",
        page.text,
    )
    if match is None:
        return default
    return (match[1] if match[1] is not None else match[2]) or default
