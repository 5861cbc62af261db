"""Politeness: one queue a host, at the pace of its portal file, slower where the portal is slow."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.extensions.throttle import AutoThrottle

from config.portals import PortalFile

DEFAULT_DELAY_SECONDS = 2.0


def slots(portals: list[PortalFile]) -> dict[str, dict[str, Any]]:
    """Scrapy's DOWNLOAD_SLOTS: host (with its port, if any) to delay and requests at once."""
    return {
        host_of(portal.start): {"delay": portal.pace.delay_seconds, "concurrency": portal.pace.at_once, "jitter": 0.2}
        for portal in portals
    }


def host_of(address: str) -> str:
    """The host of an address with its port, by which requests are queued."""
    return urlsplit(address).netloc.lower()


class SlotMiddleware:
    """Puts every request, robots.txt and redirects included, into the queue of the host that it goes to."""

    async def process_request(self, request: Request) -> None:
        """Names the queue."""
        request.meta["download_slot"] = host_of(request.url)


class PortalThrottle(AutoThrottle):
    """AutoThrottle that never goes below the pace of the portal file."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._floors = {host: float(slot["delay"]) for host, slot in crawler.settings.getdict("DOWNLOAD_SLOTS").items()}

    def _response_downloaded(self, response: Any, request: Request, spider: Any) -> None:
        super()._response_downloaded(response, request, spider)
        host = request.meta.get("download_slot", "")
        slot = self.crawler.engine.downloader.slots.get(host)
        if slot is not None:
            slot.delay = max(slot.delay, self._floors.get(host, DEFAULT_DELAY_SECONDS))
