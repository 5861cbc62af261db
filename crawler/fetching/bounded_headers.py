"""What may come before a body: a server that sends headers without an end would fill the memory before its time is up.

Twisted bounds the length of a header and not their number; Scrapy bounds bodies only.
"""

from __future__ import annotations

from typing import Any

from scrapy.core.downloader.handlers import http11
from scrapy.core.downloader.handlers.http11 import _LenientHTTPClientParser
from twisted.web._newclient import ParseError

MOST_BYTES = 256 * 1024


class BoundedParser(_LenientHTTPClientParser):
    """Scrapy's parser of an answer; status lines, interim answers and headers have a limit together."""

    _taken = 0

    def lineReceived(self, line: bytes) -> None:
        """Raises ParseError, which ends the connection, where it is too much."""
        self._taken += len(line)
        if self._taken > MOST_BYTES:
            raise ParseError("headers without an end", line[:100])  # type: ignore[no-untyped-call]
        super().lineReceived(line)


def install() -> None:
    """From now on every connection of this process reads answers so."""
    module: Any = http11
    module._LenientHTTPClientParser = BoundedParser
