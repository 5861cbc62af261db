"""The spider that ours is measured against: follows the same links, yields nothing, keeps nothing."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from typing import Any

from scrapy import Request, Spider
from scrapy.http import HtmlResponse, Response

from config.portals import PortalFile
from crawler.fetching import private_addresses
from crawler.fetching.pace import host_of

_PAGER = re.compile(r'createPageHTML\((\d+), 0, "index", "html"\)')


class BareSpider(Spider):
    """List pages by the pager's script, articles by the links of the rows, files by the links of the articles."""

    name = "bare"

    def __init__(self, portals: list[PortalFile], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.portals = portals
        private_addresses.allow({host_of(portal.start) for portal in portals})

    async def start(self) -> AsyncIterator[Request]:
        """The first list page of every portal."""
        for portal in self.portals:
            yield Request(portal.start.rstrip("/") + portal.columns[0].address, self.parse)

    def parse(self, response: Response) -> Iterator[Request]:
        """A list page."""
        pager = _PAGER.search(response.text)
        for number in range(1, int(pager[1]) if pager else 1):
            yield response.follow(f"index_{number}.html", self.parse)
        for row in response.css("ul.list li a"):
            if row.attrib["title"].endswith("年度报告"):
                yield response.follow(row.attrib["href"], self.parse_article)

    def parse_article(self, response: Response) -> Iterator[Request]:
        """An article."""
        if isinstance(response, HtmlResponse):
            for link in response.css('a[href$=".pdf"]'):
                yield response.follow(link.attrib["href"], self.parse_file)

    def parse_file(self, response: Response) -> None:
        """A file; nothing is done with it."""
