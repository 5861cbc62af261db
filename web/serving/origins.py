"""Where a request comes from: the client's network, told by a reverse proxy where that is known, and its browser."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network

from fastapi import Request

from ledger.people.attempts import Origin
from web.desk import Desk
from web.guard import BROWSER_COOKIE
from web.serving.sessions import cookies_of

# Whoever has one address of IPv6 has these.
_ONES_OWN = 64


def origin_of(request: Request, desk: Desk) -> Origin:
    """The origin of an attempt to log in."""
    peer = request.client.host if request.client is not None else ""
    forwarded = ",".join(request.headers.getlist("x-forwarded-for"))
    network = network_of(peer, forwarded, desk.settings.web_proxies or "")
    return Origin(network, cookies_of(request.scope).get(BROWSER_COOKIE))


def network_of(peer: str, forwarded: str, proxies: str) -> str:
    """The address of the client, of IPv6 its network.

    ``forwarded`` (X-Forwarded-For) is believed from the right, as far as proxies of ours wrote it.
    """
    trusted = [ip_network(one.strip(), strict=False) for one in proxies.split(",") if one.strip()]
    client = peer
    for before in reversed([one.strip() for one in forwarded.split(",")][-20:] if forwarded else []):
        if not any(_is_in(client, one) for one in trusted) or not _is_address(before):
            break
        client = before
    if not _is_address(client):
        return "unknown"
    address = ip_address(client)
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ip_network((int(address), _ONES_OWN), strict=False))
    return str(address)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _is_in(client: str, network: object) -> bool:
    return _is_address(client) and ip_address(client) in network  # type: ignore[operator]
