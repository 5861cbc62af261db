"""How a host's name is sent: Twisted works it out at every request, although a round asks the same few hosts."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from scrapy.core.downloader._idna_patch import _install_twisted_idna_fallbacks
from twisted.internet import endpoints

MOST_HOSTS = 1024


def install() -> None:
    """From now on this process remembers it of each host."""
    # Scrapy's own way with names that Twisted refuses, which it would install with the first request.
    _install_twisted_idna_fallbacks()
    module: Any = endpoints
    module._idnaBytes = lru_cache(MOST_HOSTS)(module._idnaBytes)
