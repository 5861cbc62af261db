"""Plain list pages, with links to the following ones: "下一页", page numbers, ``?page=2``, ``/2.html``."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from config.portals import PortalColumn
from crawler.families.family import Family
from crawler.pages.canonical import resolve
from crawler.pages.page import Page, visible_text

_NEXT = re.compile(r"^(?:下一?页|下页|后一页|>|>>|›|»|next)\s*[>›»]*$", re.IGNORECASE)
_NUMBER = re.compile(r"^\[?\d{1,4}\]?$")
_PAGED = re.compile(
    r"(?:[?&](?:page|pageindex|pageno|pagenum|currpage|pn|p)=\d+)|(?:[_/-]\d+\.s?html?$)", re.IGNORECASE
)


class StaticList(Family):
    """The family ``static-list``."""

    name = "static-list"

    def next_pages(self, page: Page, column: PortalColumn) -> list[str]:
        """The pages that the links of the pager name."""
        return linked_pages(page)


def linked_pages(page: Page) -> list[str]:
    """The pages that the links of a pager name, on the page's own host and under its folder."""
    folder = urlsplit(page.address).path.rpartition("/")[0]
    found: dict[str, None] = {}
    for link in page.tree.iter("a"):
        says = visible_text(link)
        address = resolve(page.address, link.get("href", ""))
        if address is None or not (_NEXT.match(says) or _NUMBER.match(says)):
            continue
        parts = urlsplit(address)
        here = parts.netloc == urlsplit(page.address).netloc and parts.path.startswith(folder)
        if here and _PAGED.search(address):
            found[address] = None
    return list(found)
