"""The spider that ours is measured against: what somebody who knows Scrapy would write to get the reports off a portal.

It follows the same links of the same pages, found by Scrapy's selectors, and obeys robots.txt with one connection a
host. Of each report it yields an item with title, date, address and the text of the page, which Scrapy's own feed
writes as a line of JSON; files are kept by Scrapy's own pipeline. It judges nothing, proves nothing, and knows nothing
of what it saw before. Without ``keeps`` it yields no items, and throws away what it fetched.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

from scrapy import Request, Spider
from scrapy.http import HtmlResponse, Response

from config.portals import PortalFile

_PAGER = re.compile(r'createPageHTML\((\d+), 0, "index", "html"\)')


def bare_settings(portals: list[PortalFile], folder: Path | None) -> dict[str, Any]:
    """Scrapy's defaults, with the same politeness as ours and without a pause; ``folder`` is where it keeps things."""
    settings: dict[str, Any] = {
        "ROBOTSTXT_OBEY": True,
        "CONCURRENT_REQUESTS": max(16, len(portals)),
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "DOWNLOAD_DELAY": 0,
        "TELNETCONSOLE_ENABLED": False,
        "LOGSTATS_INTERVAL": 0,
        "LOG_LEVEL": "WARNING",
    }
    if folder is not None:
        settings |= {
            "FEEDS": {str(folder / "reports.jsonl"): {"format": "jsonlines", "encoding": "utf8"}},
            "ITEM_PIPELINES": {"scrapy.pipelines.files.FilesPipeline": 1},
            "FILES_STORE": str(folder / "files"),
        }
    return settings


class BareSpider(Spider):
    """List pages by the pager's script, articles by the links of the rows, files by the links of the articles."""

    name = "bare"

    def __init__(self, portals: list[PortalFile], *, keeps: bool, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.portals = portals
        self.keeps = keeps

    async def start(self) -> AsyncIterator[Request]:
        """The first list page of every portal."""
        for portal in self.portals:
            yield Request(portal.start.rstrip("/") + portal.columns[0].address, self.parse)

    def parse(self, response: Response) -> Iterator[Request]:
        """A list page."""
        pager = _PAGER.search(response.text)
        for number in range(1, int(pager[1]) if pager else 1):
            yield response.follow(f"index_{number}.html", self.parse)
        for row in response.css("ul.list li"):
            link = row.css("a")[0]
            if link.attrib["title"].endswith("年度报告"):
                known = {"title": link.attrib["title"], "date": row.css("span::text").get()}
                yield response.follow(link.attrib["href"], self.parse_article, cb_kwargs={"known": known})

    def parse_article(self, response: Response, known: dict[str, Any]) -> Iterator[Request | dict[str, Any]]:
        """An article."""
        if not isinstance(response, HtmlResponse):
            return
        links = [response.urljoin(link) for link in response.css('a[href$=".pdf"]::attr(href)').getall()]
        if not self.keeps:
            yield from (response.follow(link, self.parse_file) for link in links)
            return
        text = response.xpath("normalize-space(//body)").get()
        yield {**known, "address": response.url, "text": text, "file_urls": links}

    def parse_file(self, response: Response) -> None:
        """A file; nothing is done with it."""
