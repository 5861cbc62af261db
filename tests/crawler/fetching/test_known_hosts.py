"""How a host's name is sent is worked out once a process, Scrapy's own way with odd names included."""

from __future__ import annotations

from typing import Any

from twisted.internet import endpoints
from twisted.internet.endpoints import HostnameEndpoint

import crawler.rounds.process  # noqa: F401 - what every process of a round has loaded


def test_a_host_is_worked_out_once() -> None:
    once: Any = endpoints
    before = once._idnaBytes.cache_info()

    sent = [HostnameEndpoint._hostAsBytesAndText("gk_1.example.gov.cn") for _ in range(3)]

    assert sent == [(False, b"gk_1.example.gov.cn", "gk_1.example.gov.cn")] * 3
    after = once._idnaBytes.cache_info()
    assert (after.misses - before.misses, after.hits - before.hits) == (1, 2)
