"""No request ever goes to a loopback, private or link-local address, by name, by number or by redirect.

A setting (``allow_private_addresses``) lifts this for the demo and for tests, and only for the hosts and ports that the
portal files of the round name: even then no redirect leads anywhere else inside.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.resolver import CachingThreadedResolver
from twisted.internet.error import DNSLookupError

# Beside what Python calls not global: where an address of IPv4 may be hidden in one of IPv6 (compatible, translated,
# NAT64, Teredo, 6to4 and its relays), protocol assignments, site-local addresses of old, and documentation.
_INSIDE = tuple(
    ipaddress.ip_network(block)
    for block in (
        "192.0.0.0/24",
        "192.88.99.0/24",
        "::/96",
        "::ffff:0:0:0/96",
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "2001::/32",
        "2002::/16",
        "3fff::/20",
        "5f00::/16",
        "fec0::/10",
    )
)
_LABEL = re.compile(r"[A-Za-z0-9_-]{1,63}")
_OWN = "own_hosts"
_allowed: frozenset[str] = frozenset()
_refused: set[str] = set()


def allow(hosts: Iterable[str]) -> None:
    """Says for this process which private hosts (with their ports, as in an address) may be asked; until then none."""
    global _allowed
    _allowed = frozenset(hosts)


def meta_for(host: str) -> dict[str, Any]:
    """What a request for a portal carries: of those that may be asked in this process only its own host is."""
    return {_OWN: _allowed & {host}}


REFUSED = "已拒绝访问（确需访问内部网络时设 NIANBAO_ALLOW_PRIVATE_ADDRESSES=true）"


class PrivateAddressError(IgnoreRequest):
    """An address inside the own network was asked for; ``str()`` is one sentence."""


def is_private(address: str) -> bool:
    """Whether an IP address (v4, v6, or v4 in v6) is of no one machine of the public internet. False for a name."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    plain = getattr(parsed, "ipv4_mapped", None) or parsed
    return not plain.is_global or plain.is_multicast or any(plain in block for block in _INSIDE)


def is_host(host: str) -> bool:
    """Whether this is an address, or a name that a resolver could be asked for."""
    try:
        written = host.encode("idna").decode("ascii")
    except UnicodeError:
        return False
    return _is_address(host) or (len(written) <= 253 and all(_LABEL.fullmatch(part) for part in written.split(".")))


def refused_name(text: str) -> str | None:
    """The sentence for a name in ``text`` (an address, or the error of a lookup) that was refused because of what it
    resolves to; None where none was.
    """
    for name in _refused:
        if re.search(rf"(?<![\w.-]){re.escape(name)}(?![\w-])", text):
            return f"域名 {name} 指向内部网络地址，{REFUSED}"
    return None


class NoHostError(IgnoreRequest):
    """The host of an address is none that could be looked up."""


class PrivateAddressMiddleware:
    """Refuses requests (redirected ones too) whose host is a private address written as a number, or no host at all."""

    async def process_request(self, request: Request) -> None:
        """Raises PrivateAddressError and NoHostError."""
        if urlsplit(request.url).netloc.lower() in request.meta.get(_OWN, _allowed):
            return
        host = (urlsplit(request.url).hostname or "").rstrip(".")
        if not is_host(host):
            raise NoHostError
        # inet_aton's forms (127.1, 0x7f000001, 2130706433) are numbers too, and no public name is written so.
        numeric = host != "" and host.rsplit(".", 1)[-1][:1].isdigit()
        if host == "localhost" or is_private(host) or (numeric and not _is_address(host)):
            raise PrivateAddressError(f"地址 {host} 属于内部网络，{REFUSED}")


class PublicResolver(CachingThreadedResolver):
    """Resolves names as Scrapy does, and refuses those that lead to private addresses."""

    def getHostByName(self, name: str, timeout: Any = ()) -> Any:
        """The address of a name, as a Deferred that fails with DNSLookupError where it is private."""
        return super().getHostByName(name, timeout).addCallback(self._public, name)

    def _public(self, address: str, name: str) -> str:
        if is_private(address) and name.lower() not in {one.partition(":")[0] for one in _allowed}:
            _refused.add(name)
            raise DNSLookupError(f"{name} is at a private address")
        return address


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
