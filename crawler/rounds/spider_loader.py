"""``scrapy list`` and ``scrapy crawl PORTAL``: every portal file is a spider."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from typing import Any

from scrapy import Request
from scrapy.settings import BaseSettings

from config.in_force import load_register
from config.settings import load_settings
from crawler.fetching.pace import host_of
from crawler.settings import round_settings
from crawler.spider import RoundOrder, RoundSpider
from ledger.database import open_ledger
from workers.dispatch import hand_out


class PortalSpiderLoader:
    """Makes a spider class of each portal file. ``scrapy crawl`` runs one round now, whether it is due or not."""

    def __init__(self) -> None:
        self._settings = load_settings()
        self._register = load_register(self._settings.home)

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> PortalSpiderLoader:
        """Scrapy's constructor."""
        return cls()

    def list(self) -> list[str]:
        """The portal ids."""
        return sorted(self._register.portals)

    def load(self, spider_name: str) -> type[RoundSpider]:
        """The spider of a portal. Raises KeyError where there is no such portal file."""
        portal = self._register.portals[spider_name]
        settings = self._settings
        districts = self._register.districts

        class PortalSpider(RoundSpider):
            """A round over one portal, in this process; what it finds is handed over at its end."""

            name = portal.portal
            custom_settings = round_settings(settings, [portal])

            def __init__(self, **kwargs: Any) -> None:
                order = RoundOrder(settings, (portal,), districts, datetime.now(UTC))
                super().__init__(order=order, results=[], **kwargs)

            async def work(self) -> None:
                """The round, and then the hand-over."""
                await super().work()
                with closing(open_ledger(settings)) as ledger:
                    hand_out(settings, ledger, self.order.at)

        return PortalSpider

    def find_by_request(self, request: Request) -> list[str]:  # type: ignore[valid-type]
        """The portals on the host of a request."""
        host = host_of(request.url)
        return [name for name, portal in self._register.portals.items() if host_of(portal.start) == host]
