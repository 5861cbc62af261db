"""hanweb (JCMS): columns ``/col/col123/index.html``, articles ``/art/2023/1/11/art_123_456.html``.

The rows of a list do not stand in the page: they are records of a data store inside a script, in CDATA, and a link in
``nextgroup`` leads to the endpoint that has the following ones.
"""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

from config.portals import PortalColumn
from crawler.families.family import ListEntry
from crawler.families.static_list import StaticList
from crawler.pages.canonical import resolve
from crawler.pages.page import Page

_RECORD = re.compile(r"<record>\s*<!\[CDATA\[(.*?)\]\]>\s*</record>", re.DOTALL | re.IGNORECASE)
_NEXT = re.compile(r"<nextgroup>\s*<!\[CDATA\[.*?href\s*=\s*[\"']([^\"']+)[\"'].*?\]\]>", re.DOTALL | re.IGNORECASE)
_STORE = re.compile(r"<datastore>", re.IGNORECASE)


class Hanweb(StaticList):
    """The family ``hanweb``."""

    name = "hanweb"

    def entries(self, page: Page) -> list[ListEntry]:
        """The entries in the records of the data store, or where there is none those of the page."""
        records = _RECORD.findall(page.text)
        if not records:
            return super().entries(page)
        inner = f"<html><body><ul>{''.join(records)}</ul></body></html>"
        return super().entries(replace(page, body=inner.encode(), encoding="utf-8"))

    def next_pages(self, page: Page, column: PortalColumn) -> list[str]:
        """The endpoint that the data store names, or where there is none the pager's links."""
        following = _NEXT.search(page.text)
        if following is None:
            return super().next_pages(page, column) if not _STORE.search(page.text) else []
        address = resolve(page.address, unescape(following[1]))
        return [address] if address is not None else []

    def is_list(self, page: Page) -> bool:
        """A data store is a list, even an empty one."""
        return _STORE.search(page.text) is not None or super().is_list(page)
