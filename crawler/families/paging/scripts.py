"""Pagers that a script draws: ``createPageHTML`` of two systems, VSB's, and those that are not understood.

``createPageHTML`` is the name that TRS and ucap (开普) both gave it. They differ in how they count: TRS counts the
current page from 0 and calls page two ``index_1``; ucap counts it from 1, calls page two ``name_2`` and may add the
number of rows as a last argument. Some sites put the name of a container in front. The call tells them apart: a sixth
argument, or 1 for a page whose address has no number, is ucap's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from crawler.families.paging.pager import MOST_PAGES, MOST_ROWS, ShownPager, System
from crawler.families.paging.words import is_block
from crawler.pages.page import Page

_CALLED = "createPageHTML"
_CALL = re.compile(r"(?:\b(function)\s{1,9})?\bcreatePageHTML\s{0,9}\(([^()]{0,300})\)")
_VARIABLE = re.compile(
    r"(?:\bvar\s+|\blet\s+|\bconst\s+|^|[;,{\s])(\w{1,40})\s*=\s*[\"']?(\d{1,7}|[\w-]{1,40})[\"']?\s*(?=[;,\n}<]|$)"
)
_ASSIGNED = re.compile(r"^\w{1,40}\s*=\s*(.+)$", re.DOTALL)
_NAME = re.compile(r"^[\w-]{1,60}$")
_SUFFIX = re.compile(r"_(\d{1,6})$")
_VSB = re.compile(r"_simple_list_gotopage_fun\s*\(\s*(\d{1,6})")
# Calls by which other scripts draw a pager or load further rows; what they lead to is not understood.
_UNKNOWN = re.compile(
    r"\b(?:Ls\.pagination|laypage|jPage|createPage\w{0,20}|initPage\w{0,10}|showPage\w{0,10}|pageHtml|Pagination|"
    r"infiniteScroll|dropload|loadMore\w{0,10}|getMore\w{0,10}|turnPage|toPage)\s*[.({]|\.(?:pagination|jPages?|pager|createPage|page|infiniteScroll|dropload)\s*\(\s*[\{\d\"']"
)


def script_pagers(page: Page) -> list[ShownPager]:
    """The pagers in a page's scripts. One that is understood stands for those that are not."""
    source = page.text
    calls = [_create_page(page, match[2]) for match in _calls(source) if not match[1]]
    understood = [pager for pager in calls if pager.followable]
    understood += [
        ShownPager(System.STATED, match[0][:80], pages_stated=min(int(match[1]), MOST_PAGES + 1))
        for match in _VSB.finditer(source)
    ]
    return understood or calls[:1] or list(_not_understood(page))


def _calls(source: str) -> Iterator[re.Match[str]]:
    """The calls in a source, and before them what defines the function; looked for where its name stands."""
    first = source.find(_CALLED)
    return iter(()) if first < 0 else _CALL.finditer(source, max(0, first - len("function") - 9))


def _create_page(page: Page, written: str) -> ShownPager:
    shown = f"createPageHTML({' '.join(written.split())})"[:80]
    call = _call(page, _arguments(written))
    if call is None:
        return ShownPager(System.SCRIPT, shown, followable=False)
    if call.pages > MOST_PAGES:
        return ShownPager(System.SCRIPT, shown, pages_stated=MOST_PAGES + 1, rows_stated=call.rows, followable=False)
    if call.system is None:
        return ShownPager(System.STATED, shown, pages_stated=max(call.pages, 1), rows_stated=call.rows)
    numbers = range(2, call.pages + 1) if call.system is System.UCAP else range(1, call.pages)
    names = [f"{call.name}_{number}.{call.extension}" for number in numbers]
    addresses = [address for name in names if (address := page.link(name)) is not None]
    return ShownPager(call.system, shown, tuple(addresses), max(call.pages, 1), call.rows)


@dataclass(frozen=True, slots=True)
class _Call:
    system: System | None
    pages: int
    name: str
    extension: str
    rows: int | None


def _call(page: Page, arguments: Sequence[str]) -> _Call | None:
    """A call whose arguments are all known; None where one is an expression."""
    values = [_value(page, argument) for argument in arguments]
    if values and values[0] is not None and not values[0].isdigit():
        values = values[1:]  # the container's name
    if len(values) < 4 or any(value is None for value in values[:4]):
        return None
    pages, current, name, extension = (str(value) for value in values[:4])
    if not (_is_number(pages) and _is_number(current) and _NAME.match(name) and _NAME.match(extension)):
        return None
    rows = next((int(value) for value in values[4:5] if value is not None and _is_number(value)), None)
    if rows is not None:
        rows = min(rows, MOST_ROWS)
    return _Call(_system(page, int(pages), int(current), name, rows), int(pages), name, extension, rows)


def _system(page: Page, pages: int, current: int, name: str, rows: int | None) -> System | None:
    """Whose call it is; None on a further page, whose number is the same in both: page one has told what they are."""
    if rows is not None or current == pages:
        return System.UCAP
    stem = urlsplit(page.address).path.rpartition("/")[2].partition(".")[0]
    suffix = _SUFFIX.match(stem.removeprefix(name)) if stem.startswith(name) else None
    if suffix is None:
        return System.UCAP if current == 1 else System.TRS
    return System.TRS if int(suffix[1]) == 1 else None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10


def _arguments(written: str) -> list[str]:
    return [argument.strip() for argument in written.split(",")][:8]


def _value(page: Page, argument: str) -> str | None:
    """The literal value of an argument: a number, a string, or a variable that is set to one exactly once."""
    assigned = _ASSIGNED.match(argument)
    if assigned is not None:
        argument = assigned[1].strip()
    if argument[:1] in "\"'" and argument[-1:] == argument[:1]:
        return argument[1:-1]
    if argument.isdigit():
        return argument
    values = {match[2] for match in _VARIABLE.finditer(page.text) if match[1] == argument}
    return values.pop() if len(values) == 1 else None


def _not_understood(page: Page) -> Iterator[ShownPager]:
    sources = [script.text_content()[:200_000] for script in page.tree.iter("script") if not script.get("src")]
    for source in sources:
        match = _UNKNOWN.search(source)
        if match is not None:
            start = max(match.start() - 10, 0)
            yield ShownPager(System.SCRIPT, " ".join(source[start : match.end() + 60].split())[:80], followable=False)
            return
    if next(page.tree.iter("script"), None) is None:
        return
    for element in page.tree.iter("div", "span", "ul", "td", "p", "nav"):
        empty = is_block(element) and not element.text_content().strip()
        if empty and next(element.iter("a", "script"), None) is None:
            name = element.get("id") or element.get("class") or ""
            yield ShownPager(
                System.SCRIPT, f"<{element.tag} {name[:40]}>（空的翻页位置）", followable=False, inert=True
            )
            return
