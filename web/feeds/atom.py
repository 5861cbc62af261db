"""New reports of a district as an Atom feed (RFC 4287): an entry for each version, under an identity that stays."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast
from urllib.parse import quote

from lxml import etree

from web.feeds.cleaned import shown

MEDIA_TYPE = "application/atom+xml"
_ATOM = "http://www.w3.org/2005/Atom"
# The day on which these identities began: a tag URI (RFC 4151) is no address, and stays where the desk moves.
_TAG = "tag:nianbao.invalid,2026-11-30:"
LONGEST_TITLE = 300
LONGEST_SENTENCE = 1000
LONGEST_ADDRESS = 2000


@dataclass(frozen=True, slots=True)
class Entry:
    """One document of a report: where it was found, when, and the report's page at the desk ("": none is known)."""

    version: int
    title: str
    agency: str
    original: str
    found: datetime
    sentence: str
    at_desk: str


def atom_feed(district: str, entries: Iterable[Entry], address: str, now: datetime) -> bytes:
    """The feed; ``entries`` are the newest first, ``address`` is the desk's own ("": not known)."""
    feed = etree.Element(_name("feed"), nsmap=cast(Any, {None: _ATOM}))
    shown = list(entries)
    _text(feed, "id", f"{_TAG}{quote(district, safe='')}/reports")
    _text(feed, "title", f"{district}政府信息公开工作年度报告")
    _text(feed, "updated", _moment(max((one.found for one in shown), default=now)))
    author = etree.SubElement(feed, _name("author"))
    _text(author, "name", f"{district}年报监测")
    if address:
        _link(feed, "alternate", f"{address}/?district={quote(district, safe='')}")
        _link(feed, "self", f"{address}/feeds/{quote(district, safe='')}.atom", MEDIA_TYPE)
    for one in shown:
        _entry(feed, one)
    written: bytes = etree.tostring(feed, xml_declaration=True, encoding="UTF-8")
    return written


def _entry(feed: etree._Element, one: Entry) -> None:
    entry = etree.SubElement(feed, _name("entry"))
    _text(entry, "id", f"{_TAG}version/{one.version}")
    _text(entry, "title", shown(one.title, LONGEST_TITLE) or "（没有标题）")
    _text(entry, "updated", _moment(one.found))
    author = etree.SubElement(entry, _name("author"))
    _text(author, "name", shown(one.agency, LONGEST_TITLE) or "（未能归属）")
    original = openable(one.original)
    if original:
        _link(entry, "alternate", original)
    if one.at_desk:
        _link(entry, "related" if original else "alternate", one.at_desk)
    # What has no link that a reader may open needs a content (RFC 4287, 4.1.2).
    _text(entry, "content", shown(one.sentence, LONGEST_SENTENCE))


def openable(address: str) -> str:
    """An address that a reader may open, as a URI; "" where it is anything else."""
    if not address.lower().startswith(("http://", "https://")) or len(address) > LONGEST_ADDRESS:
        return ""
    return quote(shown(address, LONGEST_ADDRESS), safe="%/:=&?~#+!$,;'@()*[]")


def _text(parent: etree._Element, name: str, text: str) -> None:
    etree.SubElement(parent, _name(name)).text = text


def _link(parent: etree._Element, relation: str, address: str, kind: str = "text/html") -> None:
    etree.SubElement(parent, _name("link"), rel=relation, href=address, type=kind)


def _name(name: str) -> str:
    return f"{{{_ATOM}}}{name}"


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")
