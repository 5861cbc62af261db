"""One page has one address: scheme, ``www.``, trailing index page, fragment and session numbers make no other page."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit, urlunsplit

_INDEX = re.compile(r"/(?:index|default)\.(?:s?html?|jsp|aspx?|php)$", re.IGNORECASE)
_SESSION = re.compile(r";jsessionid=[^?#]*", re.IGNORECASE)
_NOISE = re.compile(r"^(?:jsessionid|sessionid|utm_[a-z]+|_t|_|timestamp|spm)=", re.IGNORECASE)
_PORTS = {"http": 80, "https": 443}


def resolve(base: str, href: str) -> str | None:
    """The absolute http(s) address of a link on the page ``base``; None where it leads to no page."""
    written = href.strip()
    if not written or written.startswith("#"):
        return None
    try:
        address = urljoin(base, written)
        parts = urlsplit(address)
        parts.port  # noqa: B018 - raises where the port is no number
    except ValueError:
        return None
    if parts.scheme not in _PORTS or not parts.hostname or len(address) > 2000:
        return None
    return urlunsplit(parts._replace(fragment=""))


def canonical(address: str, start: str) -> str:
    """The address by which a page is known.

    ``start`` is the portal's own: a page on its host (with or without ``www.``, http or https) gets its scheme and
    host.
    """
    parts = urlsplit(address)
    home = urlsplit(start)
    scheme, host, port = parts.scheme.lower(), (parts.hostname or "").lower(), parts.port
    if port == _PORTS.get(scheme):
        port = None
    home_port = None if home.port == _PORTS.get(home.scheme) else home.port
    if host.removeprefix("www.") == (home.hostname or "").removeprefix("www.") and port == home_port:
        scheme, host = home.scheme, home.hostname or host
    path = _INDEX.sub("/", _SESSION.sub("", parts.path)) or "/"
    query = "&".join(piece for piece in parts.query.split("&") if piece and not _NOISE.match(piece))
    return urlunsplit((scheme, f"{host}:{port}" if port else host, path, query, ""))
