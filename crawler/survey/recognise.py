"""Where a page that nobody has described yet leads to: columns of reports, units, an endpoint and its rows.

Nothing is fetched here, and nothing is decided: a survey (crawler/survey/survey.py) does both.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from config.families import JsonRows
from crawler.pages.canonical import resolve
from crawler.pages.evidence import parse_date
from crawler.pages.page import Page, visible_text
from report.titles import judge_title

_UNIT_CODE = re.compile(r"^/([a-z]+\d*)([A-Z]\d{2,4})/")
# What a link to reports says: the column's own name first, then what it stands under.
_COLUMN_NAMES = (
    re.compile(r"信息公开.{0,6}(?:年报|年度报告)|^年报$|^年度报告$"),
    re.compile(r"年报|年度报告"),
    re.compile(r"^(?:政府)?信息公开(?:专栏|目录)?$|^法定主动公开内容$"),
)
_LONGEST_NAME = 40

_QUOTED = re.compile(r"[\"'`]([^\"'`\s<>]{4,300})[\"'`]")
_ENDPOINT = re.compile(r"api|query|json|list|search|interface|getdoc|\.do\b|\.action\b", re.IGNORECASE)
_NO_ENDPOINT = re.compile(r"\.(?:js|css|png|jpe?g|gif|svg|ico|s?html?|pdf)(?:$|[?#])", re.IGNORECASE)
_LIBRARY = re.compile(r"jquery|\.min\.|swiper|vue|layui", re.IGNORECASE)
_LINK_BY_KEY = re.compile(
    r"[\"'`]([^\"'`\s<>]{0,200}\?[^\"'`\s<>]{0,100}=)[\"'`]\s*\+\s*(?:\w{1,40}\.){0,4}(\w{1,40})(?![\w.(])"
)
_PAGE_PARAMETER = re.compile(
    r"(?<=[?&])(page(?:no|num|index|number)?|currpage|current|pn|p)=(\d*)(?=&|$)", re.IGNORECASE
)
_PAGE_COUNT = re.compile(r"^(?:total_?pages?|pages?_?(?:count|total)|pages)$", re.IGNORECASE)
_TITLE_KEY = re.compile(r"title|biaoti|^bt$|name|subject", re.IGNORECASE)
_DATE_KEY = re.compile(r"date|time|fbsj|fbrq|rq|sj", re.IGNORECASE)
_LINK_KEY = re.compile(r"url|link|href|address", re.IGNORECASE)
_TAG = re.compile(r"<[^>]+>")


def unit_code(address: str) -> tuple[str, str] | None:
    """The first folder of an address with ``{unit}`` for the code of a unit, and that code; None where it has none."""
    match = _UNIT_CODE.match(urlsplit(address).path)
    return (f"/{match[1]}{{unit}}/", match[2]) if match else None


def unit_codes_beside(page: Page, pattern: str) -> list[str]:
    """The codes of the units whose trees the links of a page lead to, in order."""
    codes = (unit_code(address) for address, _ in named_links(page))
    return list(dict.fromkeys(code[1] for code in codes if code is not None and code[0] == pattern))


def named_links(page: Page) -> Iterator[tuple[str, str]]:
    """Address and name of each link of a page; names too long for a folder's are left out."""
    for link in page.tree.iter("a"):
        name = visible_text(link) or " ".join((link.get("title") or "").split())
        address = page.link(link.get("href") or "")
        # Braces mean something in a portal file's addresses, and stand in templates that a script would fill.
        if address is not None and "{" not in address and name and len(name) <= _LONGEST_NAME:
            yield address, name


def report_columns(page: Page) -> list[tuple[str, str]]:
    """Address and name of the links that lead to columns of reports; of the best kind of name that there is."""
    links = [(address, name) for address, name in named_links(page) if not judge_title(name).is_report]
    for wanted in _COLUMN_NAMES:
        found = {
            address: name
            for address, name in reversed(links)
            if wanted.search(name) and address.rstrip("/") != page.address.rstrip("/")
        }
        if found:
            return list(reversed(found.items()))
    return []


def scripts_of(page: Page) -> list[str]:
    """The addresses of the page's own scripts; libraries that stand on every page are left out."""
    host = urlsplit(page.address).netloc
    found = (page.link(script.get("src") or "") for script in page.tree.iter("script"))
    own = dict.fromkeys(one for one in found if one is not None and urlsplit(one).netloc == host)
    return [address for address in own if not _LIBRARY.search(address)]


def endpoints_in(source: str, base: str) -> list[str]:
    """Addresses named in a script that may be asked for the rows of a list, on the host of ``base``."""
    found: dict[str, None] = {}
    for match in _QUOTED.finditer(source):
        written = match[1]
        if not _ENDPOINT.search(written) or _NO_ENDPOINT.search(written) or not re.search(r"[/?]", written):
            continue
        number = "1" if re.search(r"[?&]p\w*=$", written, re.IGNORECASE) else ""
        address = resolve(base, written + number)
        if address is not None and "{" not in address and urlsplit(address).netloc == urlsplit(base).netloc:
            found[address] = None
    return list(found)


def paged(address: str) -> tuple[str, int]:
    """An endpoint's address with ``{page}`` for the number of the page, and the number that stood there (1 if none)."""
    match = _PAGE_PARAMETER.search(address)
    if match is None:
        return address, 1
    return f"{address[: match.start(2)]}{{page}}{address[match.end(2) :]}", int(match[2] or 1)


@dataclass(frozen=True, slots=True)
class FoundRows:
    """Where an answer in JSON has its rows; ``link_known`` is false where no key holds the article's address."""

    rows: JsonRows
    link_known: bool


def rows_in(page: Page, scripts: str = "") -> FoundRows | None:
    """The map of an endpoint's answer; None where it has no rows with titles.

    ``scripts``: the source of the page that asks the endpoint; it tells how the address of an article is made.
    """
    try:
        answer = json.loads(page.text)
    except (ValueError, RecursionError):
        return None
    lists = [(path, rows) for path, rows in _lists(answer) if rows]
    if not lists:
        return None
    path, rows = max(lists, key=lambda one: len(one[1]))
    title = _key(rows, _TITLE_KEY, lambda value: re.search(r"[一-鿿]{4}", value) is not None)
    if not path or title is None:
        return None
    date = _key(rows, _DATE_KEY, lambda value: parse_date(value) is not None)
    link = _key(rows, _LINK_KEY, lambda value: re.match(r"https?://|/|\.{1,2}/", value) is not None)
    made = None if link else _link_by_key(scripts, rows)
    pages = next((key for key, value in _numbers(answer) if _PAGE_COUNT.match(key.rpartition(".")[2]) and value), None)
    identity = next((key for key in rows[0] if re.search(r"id$", key, re.IGNORECASE)), title)
    chosen = link or made or f"{{{identity}}}"
    _, first = paged(page.asked)
    return FoundRows(
        JsonRows(rows=path, title=title, link=chosen, date=date, pages=pages, first=first), bool(link or made)
    )


def _lists(value: Any, path: str = "", depth: int = 0) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    if depth > 5 or not isinstance(value, dict):
        return
    for key, inner in value.items():
        here = f"{path}.{key}" if path else str(key)
        if isinstance(inner, list) and inner and all(isinstance(row, dict) for row in inner):
            yield here, inner
        yield from _lists(inner, here, depth + 1)


def _numbers(value: Any, path: str = "", depth: int = 0) -> Iterator[tuple[str, int]]:
    if depth > 5 or not isinstance(value, dict):
        return
    for key, inner in value.items():
        here = f"{path}.{key}" if path else str(key)
        if isinstance(inner, int) and not isinstance(inner, bool):
            yield here, inner
        yield from _numbers(inner, here, depth + 1)


def _key(rows: list[dict[str, Any]], named: re.Pattern[str], fits: Any) -> str | None:
    """The key whose value fits in every row that has one; one that is named so goes before one that is not."""
    keys = [
        key
        for key in rows[0]
        if (values := [_TAG.sub("", str(row[key])) for row in rows if row.get(key)]) and all(map(fits, values))
    ]
    return min(keys, key=lambda key: named.search(key) is None, default=None)


def _link_by_key(scripts: str, rows: list[dict[str, Any]]) -> str | None:
    for match in _LINK_BY_KEY.finditer(scripts):
        if match[2] in rows[0]:
            return f"{match[1]}{{{match[2]}}}"
    return None
