"""Lists whose rows come from an endpoint: in JSON, or as HTML inside JSON or by itself.

The portal file says where in the answer the rows stand (``json_rows``), or a preset does that for a whole system
(config/families/*.yaml): then the column's address is that of the page that people open, and the parameters of the
endpoint are found there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from config.families import FamilyFile, JsonRows, Parameter
from config.portals import PortalColumn, PortalFile
from config.time_zone import SHANGHAI
from config.yaml_file import ConfigurationError
from crawler.families.family import Family, ListEntry
from crawler.families.paging.pager import MOST_PAGES, MOST_ROWS, ShownPager, System
from crawler.fetching.posted import posted_form, posted_json, without_body
from crawler.pages.canonical import resolve
from crawler.pages.page import Page
from report.storable import storable

_TAG = re.compile(r"<[^<>]{0,500}>")
_KEY = re.compile(r"\{(\w{1,40})\}")
_EPOCH = re.compile(r"^(\d{10})(\d{3})?$")
_MOST_SEARCHED = 500_000
_MOST_UNITS = 10
_MOST_SCRIPTS = 5


@dataclass(frozen=True, slots=True)
class _Numbered:
    """A page of an endpoint: its number, and the parameters of the list that it is of."""

    number: int
    values: Mapping[str, str]


class JsonList(Family):
    """The family ``json-list`` (``json_rows`` of the portal file is its map), and every preset."""

    name = "json-list"

    def __init__(self, portal: PortalFile, preset: FamilyFile | None = None) -> None:
        super().__init__(portal)
        answer = preset.answer if preset is not None else portal.json_rows
        if answer is None:
            raise ConfigurationError(
                f"门户文件 {portal.portal}", "类型 json-list 没有写明 json_rows", "请按 docs/add-a-portal.md 补上"
            )
        self._map: JsonRows = answer
        self._preset = preset
        # What was found on the way to a column's endpoint, and each page of the endpoint by its address.
        self._parameters: dict[str, str] = {}
        self._made: dict[str, _Numbered] = {}
        self._scripts: set[str] = set()
        self._rows_on_first_page = 0

    def first_page(self, column: PortalColumn) -> str:
        """The page that people open, or the endpoint's address for the first page."""
        return self._page(column, _Numbered(self._map.first, {}))

    def entries(self, page: Page) -> list[ListEntry]:
        """The rows that have a title and a link."""
        fragment = self._fragment(page)
        if fragment is not None:
            return super().entries(fragment)
        found: dict[str, ListEntry] = {}
        for row in self._rows_in(page) or []:
            title = " ".join(unescape(_TAG.sub("", str(_first(row, self._map.title) or ""))).split())
            link = resolve(self.portal.start, self._link(row))
            if title and link is not None:
                entry = self.known(link, title, _date(_first(row, self._map.date)) if self._map.date else None)
                found.setdefault(entry.address, entry)
        return list(found.values())

    def pagers(self, page: Page, column: PortalColumn) -> list[ShownPager]:
        """All other pages, by the number of pages or rows that the answer names; else the next one, until one is empty.

        Of a page that asks an endpoint: the endpoint's first page, or the script in which a parameter stands.
        """
        if self._preset is not None and not self._is_answer(page):
            return self._way_to_rows(page, column)
        total = self._number(page, self._map.total, self._map.total_in)
        pages = self._number(page, self._map.pages, self._map.pages_in)
        here = self._made.get(page.asked) or _Numbered(self._map.first, {})
        first, on_page = self._counted_from(here.values), self._count(page)
        if here.number == first:
            self._rows_on_first_page = on_page
        size = self._map.size or self._rows_on_first_page
        if pages is None and total is not None and size:
            pages = -(-total // size)
        numbers: list[int] = []
        if not self._has_numbers(column):
            pages = None
        elif pages is not None:
            numbers = list(range(first, first + min(pages, MOST_PAGES))) if here.number == first else []
        elif on_page:
            numbers = [here.number + 1]
        addresses = [self._page(column, _Numbered(one, here.values), page) for one in numbers if one != here.number]
        stated = {"total": total, "pages": pages, "page": here.number}
        says = "，".join(f"{name} {number}" for name, number in stated.items() if number is not None)
        believed = pages is None or pages <= MOST_PAGES
        return [ShownPager(System.ENDPOINT, says, tuple(addresses), pages, total, followable=believed)]

    def is_list(self, page: Page) -> bool:
        """Whether the rows stand where the map says, be there any or not."""
        if self._map.html is not None:
            return self._fragment(page) is not None
        return self._rows_in(page) is not None

    def _is_answer(self, page: Page) -> bool:
        """Whether this is what the endpoint answers, and not the page that asks it."""
        if self._map.html == ".":
            return page.asked in self._made or b"<html" not in page.body[:2048].lower()
        return _parsed(page) is not None

    def _counted_from(self, values: Mapping[str, str]) -> int:
        written = values.get("first", "")
        return int(written) if written.isdecimal() and len(written) < 10 else self._map.first

    def _count(self, page: Page) -> int:
        rows = self._rows_in(page)
        return len(rows) if rows is not None else len(self.entries(page))

    def _rows_in(self, page: Page) -> list[dict[str, Any]] | None:
        if self._map.html is not None:
            return None
        rows = _at(_parsed(page), self._map.rows)
        return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else None

    def _fragment(self, page: Page) -> Page | None:
        """The page made of the rows that the answer holds as HTML."""
        way = self._map.html
        if way is None or not self._is_answer(page):
            return None
        inner = page.text if way == "." else _at(_parsed(page), way)
        if not isinstance(inner, str):
            return None
        address = urlunsplit(urlsplit(without_body(page.address))._replace(query="", fragment=""))
        html = f"<html><body>{inner}</body></html>"
        return Page(page.asked, address, page.status, html.encode("utf-8", "replace"), {}, encoding="utf-8")

    def _number(self, page: Page, way: str | None, pattern: str | None) -> int | None:
        said = _at(_parsed(page), way) if way else None
        if said is None and pattern:
            fragment = self._fragment(page)
            source = fragment.text if fragment is not None else page.text
            match = re.search(pattern, source[:_MOST_SEARCHED])
            said = match[1] if match is not None else None
        number = str(said)
        return min(int(number), MOST_ROWS) if number.isdecimal() and len(number) < 10 else None

    def _link(self, row: dict[str, Any]) -> str:
        if "{" not in self._map.link:
            return str(_first(row, self._map.link) or "")
        return _KEY.sub(lambda match: str(row.get(match[1], "")), self._map.link)

    # From here on: the addresses of pages.

    def _has_numbers(self, column: PortalColumn) -> bool:
        """Whether further pages can be asked for at all."""
        return self._preset is not None or "{page}" in column.address or "{page}" in str(self._map.send)

    def _page(self, column: PortalColumn, wanted: _Numbered, asked: Page | None = None) -> str:
        """The address of a page; ``asked`` is a page of the same list, where there is one."""
        known = {**column.parameters, **wanted.values, "page": str(wanted.number)}
        if self._preset is None or "{page}" in column.address or asked is None:
            address = self._sent(column.address.replace("{page}", str(wanted.number)), known, self._preset is None)
        elif self._preset.address is not None and wanted.values:
            # A template that begins with a parameter has that as it stands; in others parameters are parts of a query.
            raw = self._preset.address.startswith("{")
            safe = {key: value if raw else quote(value, safe="") for key, value in known.items()}
            written = _KEY.sub(lambda match: safe.get(match[1], ""), self._preset.address)
            address = self._sent(written, known, send=True)
        else:
            address = _with_parameter(asked.asked, self._preset.page_parameter or "page", wanted.number)
        self._made[address] = wanted
        return address

    def _sent(self, written: str, known: Mapping[str, str], send: bool) -> str:
        """An absolute address with what is sent to it, where its list is asked for by POST."""
        target = resolve(self.portal.start, written) or written
        if not send or self._map.post is None:
            return target
        body = {key: _filled(value, known) for key, value in self._map.send.items()}
        if self._map.post == "form":
            return posted_form(target, {key: str(value) for key, value in body.items()})
        return posted_json(target, body)

    def _way_to_rows(self, page: Page, column: PortalColumn) -> list[ShownPager]:
        """From the page that people open to the endpoint that it asks."""
        preset = self._preset
        assert preset is not None  # noqa: S101 - narrows the type
        if preset.address is None:
            return []
        self._scripts.discard(page.asked)
        source = unescape(page.text[:_MOST_SEARCHED])
        units = re.finditer(preset.each, source) if preset.each else ()
        pieces = [next(filter(None, match.groups()), "") for match in units]
        found: list[ShownPager] = []
        scripts: list[str] = []
        for piece in (pieces or [""])[:_MOST_UNITS]:
            self._parameters |= _parameters(preset, column, piece, source, page)
            values = {**preset.defaults, **self._parameters, **column.parameters}
            open_still = [name for name in preset.parameters if name not in {**self._parameters, **column.parameters}]
            scripts += _scripts(preset, open_still, page)
            found += self._endpoint(page, column, values, [name for name in open_still if name not in values])
        if scripts:
            # The scripts are read first; what they tell leads on.
            self._scripts |= set(scripts)
            return [ShownPager(System.ENDPOINT, preset.name, tuple(dict.fromkeys(scripts)))]
        return [] if self._scripts else found

    def _endpoint(
        self, page: Page, column: PortalColumn, values: Mapping[str, str], missing: Sequence[str]
    ) -> list[ShownPager]:
        """The first page of the endpoint, where every parameter is known."""
        name = self._preset.name if self._preset is not None else self.name
        if missing:
            says = f"{name}：页面上找不到 {'、'.join(missing)}，请在栏目的 parameters 中写明"
            return [ShownPager(System.OTHER_FAMILY, says, followable=False)]
        first = _Numbered(self._counted_from(values), values)
        return [ShownPager(System.ENDPOINT, name, (self._page(column, first, page),))]


def _parameters(preset: FamilyFile, column: PortalColumn, piece: str, source: str, page: Page) -> dict[str, str]:
    """The parameters that a page, or one piece of it, tells."""
    found = {}
    for name, places in preset.parameters.items():
        value = _parameter(places, column.address, piece, source, page)
        if value is not None:
            found[name] = value
    return found


def _parameter(places: tuple[Parameter, ...], address: str, piece: str, source: str, page: Page) -> str | None:
    for place in places:
        if place.place == "script" and page.is_html:
            continue
        texts = [address, page.asked] if place.place == "address" else [piece, source]
        for text in texts:
            match = re.search(place.pattern, text)
            if match is not None:
                return match[1]
    return None


def _scripts(preset: FamilyFile, wanted: Sequence[str], page: Page) -> list[str]:
    """The scripts of a page in which the parameters that are still wanted may stand."""
    if not page.is_html:
        return []
    names = {place.script for name in wanted for place in preset.parameters[name] if place.script is not None}
    sources = [script.get("src") or "" for script in page.tree.iter("script")]
    named = [source for source in sources if source and any(re.search(name, source[:300]) for name in names)]
    addresses = [page.link(source) for source in named[:_MOST_SCRIPTS]]
    host = urlsplit(page.address).netloc
    return [address for address in addresses if address is not None and urlsplit(address).netloc == host]


def _filled(value: Any, known: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _filled(inner, known) for key, inner in value.items()}
    if not isinstance(value, str):
        return value
    made = _KEY.sub(lambda match: known.get(match[1], ""), value)
    # A number stays one: some endpoints take "pageIndex": 2, and not "2".
    return int(made) if value in ("{page}", "{pageSize}") and made.isdecimal() and len(made) < 10 else made


def _with_parameter(address: str, name: str, number: int) -> str:
    parts = urlsplit(address)
    pairs = [(key, value) for key, value in parse_qsl(parts.query, keep_blank_values=True) if key != name]
    return urlunsplit(parts._replace(query=urlencode([*pairs, (name, str(number))])))


def _date(value: Any) -> str | None:
    """A date as lists write it; seconds and milliseconds since 1970 become the minute in Shanghai."""
    if value is None or value == "":
        return None
    epoch = _EPOCH.match(str(value).strip())
    if epoch is None:
        return str(value)[:40]
    return f"{datetime.fromtimestamp(int(epoch[1]), UTC).astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def _parsed(page: Page) -> Any:
    """The answer as an object; None where it is no JSON (an error page, a login page)."""
    try:
        return storable(json.loads(page.text))
    except (ValueError, RecursionError):
        return None


def _at(value: Any, ways: str) -> Any:
    """What stands at a dotted way; of several (``a.b|c``) at the first that leads somewhere."""
    for way in ways.split("|"):
        here = value
        for key in filter(None, way.split(".")):
            here = here.get(key) if isinstance(here, dict) else None
        if here is not None:
            return here
    return None


def _first(row: Mapping[str, Any], keys: str) -> Any:
    return next((row[key] for key in keys.split("|") if row.get(key) not in (None, "")), None)
