"""Scripts, frames, forms and other places of a page in which rows may lie where no link shows them."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterator
from functools import cached_property
from html import unescape
from itertools import islice
from urllib.parse import unquote_to_bytes, urlsplit

from lxml import etree
from lxml.html import HtmlElement

from crawler.accounts.account import LONGEST_TEXT, REPORTISH, Piece
from crawler.accounts.asking import asks, asks_for_rows
from crawler.accounts.purposes import is_beside, is_of_a_list
from crawler.accounts.reading import PageReading
from crawler.families.paging.words import stated
from crawler.pages.attachments import attachments_in
from crawler.pages.frames import FRAMES, is_aside, source_of
from crawler.pages.menus import is_menu
from crawler.pages.page import Page, visible_text
from ledger.crawling.account_kinds import PieceKind, PieceName

_ESCAPE = re.compile(r"(?:\\u|%u)([0-9a-fA-F]{4})")
_PERCENT = re.compile(r"(?:%[0-9a-fA-F]{2}){6,3000}")
_BASE64 = re.compile(r"(?<![A-Za-z0-9+/,])[A-Za-z0-9+/]{40,200000}={0,2}")
_LETTERS = re.compile(r"[\u4e00-\u9fff]{2}")
_MOST_PACKED = 50
_SCRIPTS = ("", "text/javascript", "application/javascript", "application/x-javascript", "module", "text/ecmascript")
_ROWS = re.compile(r"<record\b|<li\b|<tr\b|[\"'](?:title|biaoti|url|linkurl|infourl)[\"']\s{0,5}:", re.IGNORECASE)
# A script file by whose name the server is asked for something: data, and no behaviour.
_ANSWERED = re.compile(
    r"\.(?:jspx?|aspx?|php|do|action|json|cgi)(?:[?;#]|$)|[?&](?:json)?callback=|(?:^|/)(?:data|json|rows)[/_.-]",
    re.IGNORECASE,
)
# A template that is filled with rows.
_FILLED = re.compile(
    r"\{\{[^{}]{0,80}\b(?:each|title|url|href|biaoti|list)\b|<%=?[^%]{0,80}\b(?:title|url|href|list)\b|<\?=",
    re.IGNORECASE,
)
_REPEATS = ("v-for", "ng-repeat", "wx:for", "ms-repeat", "ms-for", "x-for", "*ngfor")
_FILLED_LATE = ("div", "ul", "ol", "li", "dl", "span", "section", "table", "tbody", "button", "p")
_NAMES_OF_ADDRESSES = (
    "data-url", "data-href", "data-api", "data-action", "data-load", "data-remote", "data-ajax", "data-source",
)  # fmt: skip
_ADDRESS = re.compile(r"^(?:/|\.{1,2}/|https?://|[\w-]{1,60}\.(?:s?html?|jsp|aspx?|php|json|do)\b)|/", re.IGNORECASE)
_EMPTY_LIST = re.compile(
    r"(?:(?:news|info|data|page|article|content|doc|main|report|gk|xxgk|zwgk|nb|my|my_?)?[_-]?lists?(?:[_-]?(?:box|con|content|data|ul|div|wrap|body))?|"
    r"(?:list|data|table|result)[_-]?(?:rows?|body|data|content|list)|rows)\d{0,3}",
    re.IGNORECASE,
)
_ASKS_WHOSE = re.compile(r"单位|机构|部门|街道|乡镇|机关")
# Rows that a script writes into the page while it loads.
_WRITES_ROWS = re.compile(r"document\.write(?:ln)?\s{0,9}\([^;]{0,300}<(?:li|tr|dd)\b", re.IGNORECASE)
_INCLUDE = re.compile(r"<!--\s{0,9}(#include\b[^>]{0,200})", re.IGNORECASE)
_SELECTOR = re.compile(r"([#.]?)([\w-]{1,60})$")
_MOST_ELEMENTS = 20_000
# Maps, films and posts of others.
_OF_OTHERS = re.compile(r"map|amap|video|player|bilibili|youku|iqiyi|weibo|v\.qq\.com|live|vr\b|720", re.IGNORECASE)
_LONGEST = 500_000
_LONG_VALUE = 200


def islands(
    page: Page, reading: PageReading, mentioned: Callable[[str], frozenset[str]], known: frozenset[str]
) -> Iterator[Piece]:
    """Every script, frame, form and hidden text of a page; ``known``: the agencies that its entries name."""
    files = {one.address for one in attachments_in(page)} if page.tree.find(".//iframe") is not None else set()
    places = _Places(page)
    for element in page.tree.iter("script", "textarea", "template", "noscript", "xmp", "input"):
        if element.tag == "input" and len(element.get("value") or "") < _LONG_VALUE:
            continue
        yield _script(places, element, reading, mentioned, known)
    for element in page.tree.iter(*FRAMES):
        yield _frame(page, element, reading, files)
    ends = len(reading.pages) > 1 or bool(stated(page))
    for element in page.tree.iter("form"):
        yield _form(element, ends=ends)
    yield from _drawn(page, reading)


def _drawn(page: Page, reading: PageReading) -> Iterator[Piece]:
    """Rows that a script repeats from a pattern, and files that the server ought to have put into the page."""
    if not reading.leads_on:
        for element in page.tree.iter(etree.Element):
            if any(name in element.attrib for name in _REPEATS):
                yield Piece(PieceKind.ISLAND, visible_text(element)[:LONGEST_TEXT], PieceName.UNKNOWN)
                break
    yield from _late(page, reading)
    for include in islice(_INCLUDE.finditer(page.text), _MOST_PACKED):
        yield Piece(PieceKind.ISLAND, " ".join(include[1].split())[:LONGEST_TEXT], PieceName.UNKNOWN)


def _late(page: Page, reading: PageReading) -> Iterator[Piece]:
    """Places that a script fills: those that name an address, and empty ones that are named like a list."""
    for element in islice(page.tree.iter(*_FILLED_LATE), _MOST_ELEMENTS):
        written = next((element.get(name) or "" for name in _NAMES_OF_ADDRESSES if element.get(name)), "")
        if written and _ADDRESS.search(written[:_LONG_VALUE]) and not is_beside(written) and not _is_in_menu(element):
            address = page.link(written)
            known = address is None or address in reading.pages or address in reading.folders
            if not known and urlsplit(address or "").netloc == urlsplit(page.address).netloc:
                yield Piece(PieceKind.ISLAND, written[:LONGEST_TEXT], PieceName.UNKNOWN, address)
    if reading.leads_on or next((one for one in page.tree.iter("script")), None) is None:
        return
    for element in islice(page.tree.iter("div", "ul", "ol", "dl", "tbody", "table"), _MOST_ELEMENTS):
        if (
            _EMPTY_LIST.fullmatch((element.get("id") or "")[:60])
            and not len(element)
            and not (element.text or "").strip()
        ):
            yield Piece(PieceKind.ISLAND, f"<{element.tag} {element.get('id')}>（空的列表位置）", PieceName.UNKNOWN)


def unescaped(source: str) -> str:
    """A source in which letters that are written as numbers, by percent signs or packed as base64 are letters."""
    plain = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), source) if "u" in source else source
    if "%" in plain:
        plain = _PERCENT.sub(lambda match: _decoded(unquote_to_bytes(match[0])) or match[0], plain)
    if "&" in plain:
        plain = unescape(unescape(plain))
    packed = (match[0] for _, match in zip(range(_MOST_PACKED), _BASE64.finditer(source), strict=False))
    return " ".join([plain, *filter(None, map(_unpacked, packed))])


def _unpacked(packed: str) -> str:
    try:
        letters = _decoded(base64.b64decode(packed[: len(packed) - len(packed) % 4]))
    except (binascii.Error, ValueError):
        return ""
    return letters if _LETTERS.search(letters) else ""


def _decoded(letters: bytes) -> str:
    for codec in ("utf-8", "gb18030"):
        try:
            return letters.decode(codec)
        except UnicodeDecodeError:
            continue
    return ""


def _script(
    places: _Places,
    element: HtmlElement,
    reading: PageReading,
    mentioned: Callable[[str], frozenset[str]],
    known: frozenset[str],
) -> Piece:
    plain = element.tag == "script" and (element.get("type") or "").strip().lower() in _SCRIPTS
    kind = PieceKind.SCRIPT if plain else PieceKind.ISLAND
    source = element.get("value") or "".join(str(piece) for piece in element.itertext())
    text = unescaped(source[:_LONGEST])
    if len(source) > _LONGEST:
        return Piece(kind, "（过长，未读完）", PieceName.UNKNOWN)
    named = mentioned(text)
    if named:
        left = named - known
        name = PieceName.UNKNOWN if left else PieceName.ROWS
        return Piece(kind, _excerpt(text), name, agencies=left or named)
    writes = plain and _WRITES_ROWS.search(text) is not None
    if writes or (REPORTISH.search(text) and _ROWS.search(text) and not reading.entries and not reading.leads_on):
        return Piece(kind, _excerpt(text), PieceName.UNKNOWN)
    if not reading.leads_on and not reading.folders:
        # What a script asks for is read where the family asks for it too.
        file = element.get("src") or ""
        asked = asks_for_rows(text, places.stand_beside) or (_ANSWERED.search(file) and not is_beside(file))
        if asked or (not plain and _FILLED.search(text)):
            return Piece(kind, _excerpt(text) or (element.get("src") or "")[:LONGEST_TEXT], PieceName.UNKNOWN)
    elif asks(text):
        return Piece(kind, _excerpt(text), PieceName.ROWS)
    counts = is_beside(element.get("src") or "") or asks(text)
    return Piece(kind, element.tag, PieceName.STATISTICS if counts else PieceName.BEHAVIOUR)


class _Places:
    """The places of a page, by what its scripts call them; each is looked at once, however often they do."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._in_menu: dict[HtmlElement, bool] = {}

    def stand_beside(self, selector: str) -> bool:
        """Whether all that a simple selector names stands in the page's head, menu or foot."""
        match = _SELECTOR.match(selector)
        found = self._named.get((match[1] == ".", match[2]), ()) if match is not None else ()
        return bool(found) and all(self._is_in_menu(element) for element in found)

    @cached_property
    def _named(self) -> dict[tuple[bool, str], list[HtmlElement]]:
        """The elements by a class (True) or an id that they have."""
        found: dict[tuple[bool, str], list[HtmlElement]] = {}
        for element in islice(self._page.tree.iter(etree.Element), _MOST_ELEMENTS):
            classes = {(True, one) for one in (element.get("class") or "").split()}
            for name in (*classes, (False, element.get("id") or "")):
                found.setdefault(name, []).append(element)
        return found

    def _is_in_menu(self, element: HtmlElement) -> bool:
        if element not in self._in_menu:
            self._in_menu[element] = _is_in_menu(element)
        return self._in_menu[element]


def _is_in_menu(element: HtmlElement) -> bool:
    """Whether nothing between an element and the menu around it is named like a list: tabs are called nav, too."""
    for outer in (element, *element.iterancestors()):
        if outer.tag == "body" or is_of_a_list(f"{outer.get('class') or ''} {outer.get('id') or ''}"):
            return False
        if is_menu(outer):
            return True
    return False


def _excerpt(text: str) -> str:
    match = REPORTISH.search(text)
    start = max(0, match.start() - LONGEST_TEXT // 2) if match is not None else 0
    return " ".join(text[start : start + LONGEST_TEXT].split())


def _frame(page: Page, element: HtmlElement, reading: PageReading, files: set[str]) -> Piece:
    written = source_of(element)
    address = page.link(written)
    said = (element.get("title") or element.get("name") or element.get("id") or written)[:LONGEST_TEXT]
    if address is None:
        # One that is named, and has no address yet, gets it by script or by a link.
        is_frame = element.tag in ("frame", "iframe") and element.get("srcdoc") is None
        filled = is_frame and not written and bool(said) and not is_aside(element)
        return Piece(PieceKind.FRAME, said, PieceName.UNKNOWN if filled else PieceName.EMPTY)
    if address in reading.pages or address == page.address:
        return Piece(PieceKind.FRAME, said, PieceName.ROWS, address)
    other = urlsplit(address).netloc != urlsplit(page.address).netloc
    if other and (is_aside(element) or is_beside(address) or _OF_OTHERS.search(address)):
        return Piece(PieceKind.FRAME, said, PieceName.OTHER_SITE, address)
    if not other and is_aside(element):
        return Piece(PieceKind.FRAME, said, PieceName.NAVIGATION, address)
    file = any(one in written or one == address for one in files)
    return Piece(PieceKind.FRAME, said, PieceName.OTHER_DOCUMENT if file else PieceName.UNKNOWN, address)


def _form(element: HtmlElement, *, ends: bool) -> Piece:
    """A form. One that asks whose reports are wanted may show only some, unless the list says where it ``ends``."""
    words = f"{element.get('action') or ''} {element.get('class') or ''} {element.get('id') or ''}"
    hints = " ".join(one.get("placeholder") or "" for one in element.iter("input"))
    said = f"{visible_text(element)} {hints}".strip()[:LONGEST_TEXT]
    fields = " ".join(str(one.get("type") or "text") for one in element.iter("input"))
    if _ASKS_WHOSE.search(said) and not ends and not _is_in_menu(element):
        return Piece(PieceKind.FORM, said, PieceName.UNKNOWN)
    if re.search(r"search|query|so\b|检索|搜索|查询", f"{words} {said}", re.IGNORECASE):
        return Piece(PieceKind.FORM, said, PieceName.SEARCH)
    filtered = element.find(".//select") is not None or "hidden" in fields
    return Piece(PieceKind.FORM, said, PieceName.FILTER if filtered else PieceName.BEHAVIOUR)
