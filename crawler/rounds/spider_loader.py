"""``scrapy list`` and ``scrapy crawl PORTAL``: every portal file is a spider."""

from __future__ import annotations

import sys
import time
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

from scrapy import Request
from scrapy.settings import BaseSettings

from config.in_force import load_register
from config.settings import load_settings
from crawler.fetching.pace import host_of
from crawler.rounds.result_words import words_of
from crawler.settings import round_settings
from crawler.spider import RoundOrder, RoundSpider
from crawler.storing.result import RoundResult
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
        register = self._register
        portal = register.portals[spider_name]
        settings = self._settings
        districts = register.districts

        class PortalSpider(RoundSpider):
            """A round over one portal, in this process; what it finds is handed over at its end."""

            name = portal.portal
            custom_settings = round_settings(settings, [portal])

            def __init__(self, **kwargs: Any) -> None:
                order = RoundOrder(settings, (portal,), districts, datetime.now(UTC))
                super().__init__(order=order, results=[], **kwargs)

            async def work(self) -> None:
                """The round, and then the hand-over; what was done is said in the end."""
                await super().work()
                with closing(open_ledger(settings)) as ledger:
                    handed_out = hand_out(settings, ledger, self.order.at)
                seconds = time.monotonic() - self.order.begun
                for result in self.results:
                    if isinstance(result, RoundResult):
                        sys.stdout.writelines(
                            f"{line}\n" for line in words_of(result, portal.name, register.wording, seconds)
                        )
                sys.stdout.write(
                    "消息队列现在无法访问，新文档留在台账里，由监测进程稍后交付。\n"
                    if handed_out is None
                    else f"交给读取进程的文档 {handed_out} 份。各机关的状况由监测进程更新：nianbao status\n"
                )

        return PortalSpider

    def find_by_request(self, request: Request) -> list[str]:  # type: ignore[valid-type]
        """The portals on the host of a request."""
        host = host_of(request.url)
        return [name for name, portal in self._register.portals.items() if host_of(portal.start) == host]
