"""robots.txt as Scrapy obeys it, with an exception of its own for what is not allowed."""

from __future__ import annotations

from scrapy import Request
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.robotstxt import RobotParser


class NotPermittedError(IgnoreRequest):
    """robots.txt forbids an address."""


class Robots(RobotsTxtMiddleware):
    """Scrapy's middleware."""

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        """Raises NotPermittedError."""
        try:
            super().process_request_2(rp, request)
        except IgnoreRequest as error:
            raise NotPermittedError from error
