"""TRS WCM: static list pages index.html, index_1.html, index_2.html …; the number of pages stands in a script only.

``createPageHTML(pages, current, "index", "html")`` counts the current page from 0, and page two is ``index_1``. Some
sites put the name of a div in front; the numbers are taken where they stand.
"""

from __future__ import annotations

import re

from config.portals import PortalColumn
from crawler.families.family import Family
from crawler.pages.canonical import resolve
from crawler.pages.page import Page

_PAGER = re.compile(
    r"createPageHTML\s*\(\s*(?:[\"'][^\"']*[\"']\s*,\s*)?(\d+)\s*,\s*(\d+)\s*,\s*[\"']([\w-]+)[\"']\s*,\s*[\"'](\w+)[\"']"
)
_DEFINITION = re.compile(r"function\s+createPageHTML")


class Trs(Family):
    """The family ``trs``."""

    name = "trs"

    def next_pages(self, page: Page, column: PortalColumn) -> list[str]:
        """All other pages of the list, from the script that draws the pager."""
        pager = _PAGER.search(_DEFINITION.sub("", page.text))
        if pager is None:
            return []
        pages = [f"{pager[3]}_{number}.{pager[4]}" for number in range(1, int(pager[1]))]
        return [address for name in pages if (address := resolve(page.address, name)) is not None]

    def is_list(self, page: Page) -> bool:
        """The pager's script marks a list, even one without entries."""
        return _PAGER.search(page.text) is not None or super().is_list(page)

    def pages_said(self, page: Page) -> int:
        """The number in the pager's script, or in the text."""
        pager = _PAGER.search(page.text)
        return max(int(pager[1]) if pager else 0, super().pages_said(page))
