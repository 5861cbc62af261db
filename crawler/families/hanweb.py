"""hanweb (JCMS) and TrueCMS: columns ``/col/col123/index.html``, articles ``/art/2023/1/11/art_123_456.html``.

The rows of a list do not stand in the page: they are records of a data store inside a script, in CDATA. The store holds
the first group of them (three pages), or all. Further ones come from an endpoint: the address in ``nextgroup`` where
there is one, else ``dataproxy.jsp`` with the parameters that stand in the page's script, by POST on most sites and by
GET on some. TrueCMS has the same store as a string of its script, and answers with JSONP.

Groups are asked for page by page: sites differ in whether they go by ``startrecord`` or by ``page`` alone, and for one
page both say the same. ``totalrecord`` tells whether all was read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from html import unescape
from urllib.parse import parse_qsl, urlencode, urlsplit

from config.portals import PortalColumn, PortalFile
from crawler.families.family import Family, ListEntry
from crawler.families.paging.pager import MOST_PAGES, MOST_ROWS, ShownPager, System
from crawler.fetching.posted import posted, posted_form
from crawler.pages.page import Page

_RECORD = re.compile(r"<record>\s{0,99}<!\[CDATA\[(.{0,20000}?)\]\]>\s{0,99}</record>", re.DOTALL | re.IGNORECASE)
_NEXT = re.compile(
    r"<nextgroup>\s{0,99}<!\[CDATA\[[^\]]{0,500}?href\s{0,9}=\s{0,9}[\"']([^\"']{1,2000})[\"']",
    re.DOTALL | re.IGNORECASE,
)
_STORE = re.compile(r"<datastore>|<recordset>", re.IGNORECASE)
_TOTAL = re.compile(
    r"<totalrecord>\s{0,9}(\d{1,7})|\btotalRecord[\"']?\s{0,9}[:=]\s{0,9}[\"']?(\d{1,7})", re.IGNORECASE
)
_PER_PAGE = re.compile(r"\bperPage[\"']?\s{0,9}[:=]\s{0,9}[\"']?(\d{1,4})", re.IGNORECASE)
_PROXY = re.compile(
    r"[\"']([^\"'\s<>]{0,300}(?:dataproxy\.jsp|messageController/getMessage\.do)[^\"'\s<>]{0,1000})[\"']", re.IGNORECASE
)
_GET = re.compile(r"(?:ajaxType|method|type)[\"']?\s{0,9}[:=]\s{0,9}[\"']get[\"']", re.IGNORECASE)
_JSONP = re.compile(r"^\s{0,99}[\w.$]{1,80}\s{0,9}\((.*)\)\s{0,99};?\s{0,99}$", re.DOTALL)
_PARAMETERS = (
    "col", "appid", "webid", "path", "columnid", "columnId", "sourceContentType", "unitid", "webname", "permissiontype",
    "keyWordCount",
)  # fmt: skip
_PER_GROUP = 15


class Hanweb(Family):
    """The family ``hanweb``."""

    name = "hanweb"

    def __init__(self, portal: PortalFile) -> None:
        super().__init__(portal)
        self._by_get = False

    def entries(self, page: Page) -> list[ListEntry]:
        """The entries in the records of the data store, or where there is none those of the page."""
        records = _RECORD.findall(_source(page))
        if not records:
            return [] if _STORE.search(_source(page)) else super().entries(page)
        items = "".join(
            record if record.lstrip().startswith(("<li", "<tr")) else f"<li>{record}</li>" for record in records
        )
        rows = f"<table>{items}</table>" if "<tr" in records[0][:20].lower() else f"<ul>{items}</ul>"
        inner = f"<html><body>{rows}</body></html>"
        place = posted(page.address)
        address = place.address if place is not None else page.address
        return super().entries(replace(page, address=address, body=inner.encode("utf-8", "replace"), encoding="utf-8"))

    def pagers(self, page: Page, column: PortalColumn) -> list[ShownPager]:
        """The endpoint of the data store, or where there is none the page's own pagers."""
        source = _source(page)
        if not _STORE.search(source):
            return super().pagers(page, column)
        match = _TOTAL.search(source)
        total = min(int(match[1] or match[2]), MOST_ROWS) if match is not None else None
        records = len(_RECORD.findall(source))
        following = _NEXT.search(source)
        if following is not None:
            address = page.link(unescape(following[1]))
            pages = (address,) if address is not None else ()
            return [ShownPager(System.DATA_STORE, "nextgroup", pages, rows_stated=total, followable=bool(pages))]
        proxy = _PROXY.search(source)
        if proxy is None:
            # An answer of the endpoint, or a store that holds all there is.
            return (
                [ShownPager(System.DATA_STORE, f"totalrecord {total}", rows_stated=total)] if total is not None else []
            )
        if total is not None and total <= records:
            return [ShownPager(System.DATA_STORE, f"totalrecord {total}", rows_stated=total)]
        return [self._groups(page, source, proxy[1], total, records)]

    def is_list(self, page: Page) -> bool:
        """A data store is a list, even an empty one."""
        return _STORE.search(_source(page)) is not None or super().is_list(page)

    def instead_of(self, address: str) -> str | None:
        """The same group by GET, for a site that refuses the POST."""
        sent = posted(address)
        if sent is None:
            return None
        self._by_get = True
        known = parse_qsl(urlsplit(sent.address).query, keep_blank_values=True)
        names = {name for name, _ in known}
        more = [pair for pair in parse_qsl(sent.body.decode("ascii"), keep_blank_values=True) if pair[0] not in names]
        return f"{sent.address.partition('?')[0]}?{urlencode([*known, *more])}"

    def _groups(self, page: Page, source: str, proxy: str, total: int | None, records: int) -> ShownPager:
        """The pages of the endpoint that are not in the store."""
        address = page.link(unescape(proxy))
        text = f"dataproxy，totalrecord {total if total is not None else '未写明'}"
        match = _PER_PAGE.search(source)
        per = int(match[1]) if match is not None and int(match[1]) else _PER_GROUP
        if address is None or total is None or records == 0:
            return ShownPager(System.DATA_STORE, text, rows_stated=total, followable=False)
        first = records - records % per if records >= per else records
        groups = range(first + 1, total + 1, per)
        if len(groups) > MOST_PAGES:
            return ShownPager(System.DATA_STORE, text, rows_stated=total, followable=False)
        fields = {name: value for name in _PARAMETERS if (value := _parameter(source, name)) is not None}
        by_get = (
            self._by_get
            or "getMessage.do" in address
            or bool(_GET.search(source))
            or len(parse_qsl(urlsplit(address).query)) > 2
        )
        pages = [_group(address, fields, start, min(start + per - 1, total), per, by_get) for start in groups]
        return ShownPager(System.DATA_STORE, text, tuple(pages), rows_stated=total)


def _group(address: str, fields: Mapping[str, str], start: int, end: int, per: int, by_get: bool) -> str:
    place = {"startrecord": str(start), "endrecord": str(end), "perpage": str(per)}
    if "getMessage.do" in address:
        return f"{address}{'&' if '?' in address else '?'}{urlencode({**place, **fields, 'callback': 'rows'})}"
    place["page"] = str((start - 1) // per + 1)
    if not by_get:
        # Sites read the place of a group from the address or from the body.
        return posted_form(f"{address}{'&' if '?' in address else '?'}{urlencode(place)}", {**fields, **place})
    known = {name for name, _ in parse_qsl(urlsplit(address).query)}
    rest = {name: value for name, value in fields.items() if name not in known}
    return f"{address}{'&' if '?' in address else '?'}{urlencode({**place, **rest})}"


def _parameter(source: str, name: str) -> str | None:
    match = re.search(rf"[\"']?\b{name}[\"']?\s{{0,9}}:\s{{0,9}}(?:[\"']([^\"'<>]{{0,200}})[\"']|(\d{{1,20}}))", source)
    return None if match is None else match[1] if match[1] is not None else match[2]


def _source(page: Page) -> str:
    """The text with the data store: the page's, or that in a JSONP answer; a store in a string without its escapes."""
    text = page.text
    if "<html" not in text[:2048].lower():
        match = _JSONP.match(text)
        if match is not None:
            try:
                said = json.loads(match[1])
            except (ValueError, RecursionError):
                return text
            return str(said.get("result", "")) if isinstance(said, dict) else text
    if re.search(r"dataStore[\"']?\s{0,9}[:=]\s{0,9}[\"']", text):
        return text.replace("\\/", "/").replace('\\"', '"').replace("\\'", "'")
    return text
