"""RSS, Atom and sitemaps. A sitemap has no titles: what may be a report by its folder is looked at."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import lxml.etree
from lxml.etree import _Element

from config.portals import PortalColumn
from config.time_zone import SHANGHAI
from crawler.families.family import Family, ListEntry, SubList
from crawler.families.paging.pager import ShownPager, System
from crawler.pages.ages import not_after
from crawler.pages.page import Page

# The list has no title to show; entries so named are judged by their own page.
UNTITLED = "政府信息公开…"
_REPORT_FOLDER = re.compile(r"/[^/]*(?:gk|gknd?|xxgk|ndgk)?(?:nb|ndbg|nianbao)[^/]*/", re.IGNORECASE)
_INDEX = re.compile(r"/(?:index[^/]*)?$")
_DEEPEST = 2


class Feed(Family):
    """The family ``feed``: RSS 2.0, Atom, sitemap, and an index of sitemaps."""

    name = "feed"

    def entries(self, page: Page) -> list[ListEntry]:
        """The items of a feed, or the pages of a sitemap that stand in a folder of reports."""
        root = _root(page)
        found: dict[str, ListEntry] = {}
        for link, title, date in _items(root) if root is not None else ():
            address = page.link(link)
            if address is not None:
                entry = self.known(address, title, date)
                found.setdefault(entry.address, entry)
        return list(found.values())

    def pagers(self, page: Page, column: PortalColumn) -> list[ShownPager]:
        """A feed is one page, except for what Atom calls the next."""
        root = _root(page)
        links = (
            [one.get("href", "") for one in _named(root, "link") if one.get("rel") == "next"]
            if root is not None
            else []
        )
        addresses = [address for link in links if (address := page.link(link)) is not None]
        return [ShownPager(System.FEED, 'link rel="next"', tuple(addresses))] if addresses else []

    def sublists(self, page: Page, column: PortalColumn, here: SubList) -> list[SubList]:
        """The sitemaps of an index."""
        root = _root(page)
        if root is None or _name(root) != "sitemapindex" or here.depth == _DEEPEST:
            return []
        addresses = (page.link(one.text or "") for one in _named(root, "loc"))
        return [SubList(address, depth=here.depth + 1) for address in addresses if address is not None]

    def is_list(self, page: Page) -> bool:
        """Whether this is a feed or a sitemap at all."""
        root = _root(page)
        return root is not None and _name(root) in ("rss", "feed", "urlset", "sitemapindex", "rdf")


def _root(page: Page) -> _Element | None:
    # No entities and no network: what a portal sends is not to make this process open anything.
    parser = lxml.etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=False
    )
    try:
        return lxml.etree.fromstring(page.body.strip(), parser)
    except (lxml.etree.XMLSyntaxError, ValueError):
        return None


def _items(root: _Element) -> Iterator[tuple[str, str, str | None]]:
    for item in (*_named(root, "item"), *_named(root, "entry")):
        links = list(_named(item, "link"))
        link = next((one.get("href") or (one.text or "") for one in links if one.get("rel") in (None, "alternate")), "")
        date = next((_text(item, name) for name in ("pubdate", "published", "date") if _text(item, name)), "")
        changed = _as_written(_text(item, "updated"))
        yield link, _text(item, "title"), _as_written(date) or (not_after(changed) if changed is not None else None)
    for place in _named(root, "url"):
        address = _text(place, "loc")
        path = urlsplit(address).path
        if _REPORT_FOLDER.search(path) and not _INDEX.search(path):
            yield address, UNTITLED, None  # lastmod says when a file was written, not when a report was published


def _as_written(date: str) -> str | None:
    """A date in the form of lists; RSS writes it as mail does."""
    if not date:
        return None
    try:
        moment = parsedate_to_datetime(date) if "," in date else datetime.fromisoformat(date.replace("Z", "+00:00"))
    except ValueError:
        return date
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if moment.tzinfo is not None else f"{moment:%Y-%m-%d %H:%M}"


def _named(element: _Element, name: str) -> Iterator[_Element]:
    return (one for one in element.iter() if isinstance(one.tag, str) and _name(one) == name)


def _name(element: _Element) -> str:
    return str(element.tag).rpartition("}")[2].lower()


def _text(element: _Element, name: str) -> str:
    return next(
        (" ".join("".join(str(piece) for piece in one.itertext()).split()) for one in _named(element, name)), ""
    )
