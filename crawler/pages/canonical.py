"""One page has one address: scheme, ``www.``, trailing index page, fragment and session numbers make no other page."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

from report.storable import storable

_INDEX = re.compile(r"/(?:index|default)\.(?:s?html?|jsp|aspx?|php)$", re.IGNORECASE)
_SESSION = re.compile(r";jsessionid=[^?#/]*|/\(S\([a-z0-9]{1,40}\)\)", re.IGNORECASE)
_NOISE = re.compile(
    r"^(?:(?:j|php|asp|asp\.net_)?sess(?:ion)?_?id|aspsessionid[a-z]*|cfid|cftoken|utm_[a-z]+|_t|_|timestamp|spm|"
    r"s(?:ess)?id(?==[0-9a-z]{16,}(?:&|$)))=",
    re.IGNORECASE,
)
# What browsers take out of an address, wherever it stands.
_LINE_ENDS = re.compile(r"[\t\r\n]")
_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*:", re.IGNORECASE)
# A page that a script shows by what stands behind the hash is a page of its own.
_ROUTE = re.compile(r"^!?/.")
# As it is sent, in bytes. An index of PostgreSQL takes 2704 of a row, and a portal and a column stand beside it.
LONGEST_ADDRESS = 2000
_SENT_AS_WRITTEN = "%/:=&?~#+!$,;'@()*[]"
# Of most rows the name of a page beside the list, which begins as no step upwards does.
_NAME = re.compile(r"(?:\./)?([A-Za-z0-9_-][A-Za-z0-9_.-]*)\Z")
_ANY_NAME = "a.html"
_PORTS = {"http": 80, "https": 443}


def resolve(base: str, href: str) -> str | None:
    """The absolute http(s) address of a link on the page ``base``; None where it leads to no page."""
    # NUL and halves of characters as browsers send them: no database takes them as they are.
    written = str(storable(_LINE_ENDS.sub("", href[: 2 * LONGEST_ADDRESS]).strip().replace("\0", "%00")))
    if not written or (written.startswith("#") and not _ROUTE.match(written[1:])):
        return None
    if "\\" in written and not _is_other_scheme(written):
        before, mark, query = written.partition("?")
        written = before.replace("\\", "/") + mark + query
    # The menus of all pages of a folder lead to the same places: only what names no path of its own is another one.
    beside = written[0] not in "?#;" and ":" not in written and not written.startswith("//")
    if not beside:
        return _joined(base, written)
    folder = _folder(base)
    name = _NAME.match(written)
    if name is not None and _is_plain(folder) and is_short_enough(address := folder + name[1]):
        return address
    return _joined(folder, written)


@lru_cache(maxsize=256)
def _folder(base: str) -> str:
    """What a link to somewhere beside a page starts from: the page's address up to its last part."""
    parts = urlsplit(base)
    return urlunsplit(parts._replace(path=f"{parts.path.rpartition('/')[0]}/", query="", fragment=""))


@lru_cache(maxsize=256)
def _is_plain(folder: str) -> bool:
    """Whether a file of a folder has the folder's address and its own name, with nothing to be worked out."""
    return _joined(folder, _ANY_NAME) == folder + _ANY_NAME


@lru_cache(maxsize=4096)
def _joined(base: str, written: str) -> str | None:
    try:
        address = urljoin(base, written)
        parts = urlsplit(address)
        parts.port  # noqa: B018 - raises where the port is no number
    except ValueError:
        return None
    if parts.scheme not in _PORTS or not parts.hostname or not is_short_enough(address):
        return None
    route = parts.fragment if _ROUTE.match(parts.fragment) else ""
    return urlunsplit(parts._replace(fragment=route))


def is_short_enough(address: str) -> bool:
    """Whether an address is at most ``LONGEST_ADDRESS`` bytes long as it is sent; a Chinese character is nine."""
    # No character is more than four bytes, of three letters each.
    return 12 * len(address) <= LONGEST_ADDRESS or len(quote(address, _SENT_AS_WRITTEN)) <= LONGEST_ADDRESS


def _is_other_scheme(written: str) -> bool:
    scheme = _SCHEME.match(written)
    return scheme is not None and scheme[0].lower().rstrip(":") not in _PORTS


@lru_cache(maxsize=4096)
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
    return urlunsplit((scheme, f"{host}:{port}" if port else host, path, query, parts.fragment))
