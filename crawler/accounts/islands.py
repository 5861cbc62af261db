"""Scripts, frames, forms and other places of a page in which rows may lie where no link shows them."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterator
from html import unescape
from urllib.parse import unquote_to_bytes, urlsplit

from lxml import etree
from lxml.html import HtmlElement

from crawler.accounts.account import LONGEST_TEXT, REPORTISH, Piece
from crawler.accounts.reading import PageReading
from crawler.pages.attachments import attachments_in
from crawler.pages.frames import FRAMES, is_aside, source_of
from crawler.pages.page import Page, visible_text
from ledger.crawling.account_kinds import PieceKind, PieceName

_ESCAPE = re.compile(r"(?:\\u|%u)([0-9a-fA-F]{4})")
_PERCENT = re.compile(r"(?:%[0-9a-fA-F]{2}){6,3000}")
_BASE64 = re.compile(r"(?<![A-Za-z0-9+/,])[A-Za-z0-9+/]{40,200000}={0,2}")
_LETTERS = re.compile(r"[\u4e00-\u9fff]{2}")
_MOST_PACKED = 50
_SCRIPTS = ("", "text/javascript", "application/javascript", "application/x-javascript", "module", "text/ecmascript")
_ROWS = re.compile(r"<record\b|<li\b|<tr\b|[\"'](?:title|biaoti|url|linkurl|infourl)[\"']\s{0,5}:", re.IGNORECASE)
# By which a script asks for something; what stands behind it says what for.
_ASKS = re.compile(
    r"\.ajax\s{0,9}\(|\bfetch\s{0,9}\(|XMLHttpRequest|\$\.(?:get|post|getJSON|getScript)\s{0,9}\(|\baxios\b|dataproxy|"
    r"getgovinfolist|jpaas-publish|\.load\s{0,9}\(\s{0,9}[\"']|\.src\s{0,9}=\s{0,9}[\"'][^\"'\s]{1,200}\.(?:s?html?|jsp|aspx?|php)\b|"
    r"\btable\.render\s{0,9}\(|\.(?:datagrid|bootstrapTable|jqGrid)\s{0,9}\(|\.DataTable\s{0,9}\([^)]{0,200}ajax|"
    r"\.infiniteScroll\s{0,9}\(|\.dropload\s{0,9}\(|\bflow\.load\s{0,9}\(|new\s{1,9}MeScroll",
    re.IGNORECASE,
)
_SAID_BEHIND = 200
# What pages ask for beside their lists.
_COUNTS = re.compile(
    r"count|visit|stat|hits?\b|tongji|hm\.baidu|login|sso|search|share|weather|tianqi|token|message|online|click|cnzz|bshare|"
    r"user|session|captcha|verify|head(?:er)?\b|foot(?:er)?\b|\bnav|menu|\btop\b|bottom|banner|praise|favou?r|collect|comment|"
    r"feedback|survey|vote|weixin|wechat|wx\b|jssdk|signature|accessib|wza|ipv6|servertime|systemtime|\blog\b|track",
    re.IGNORECASE,
)
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
_INCLUDE = re.compile(r"^\s{0,9}#include\b", re.IGNORECASE)
_LONGEST = 500_000
_LONG_VALUE = 200


def islands(
    page: Page, reading: PageReading, mentioned: Callable[[str], frozenset[str]], known: frozenset[str]
) -> Iterator[Piece]:
    """Every script, frame, form and hidden text of a page; ``known``: the agencies that its entries name."""
    files = {one.address for one in attachments_in(page)} if page.tree.find(".//iframe") is not None else set()
    for element in page.tree.iter("script", "textarea", "template", "noscript", "xmp", "input"):
        if element.tag == "input" and len(element.get("value") or "") < _LONG_VALUE:
            continue
        yield _script(element, reading, mentioned, known)
    for element in page.tree.iter(*FRAMES):
        yield _frame(page, element, reading, files)
    for element in page.tree.iter("form"):
        yield _form(element)
    yield from _drawn(page, reading)


def _drawn(page: Page, reading: PageReading) -> Iterator[Piece]:
    """Rows that a script repeats from a pattern, and files that the server ought to have put into the page."""
    if not reading.leads_on:
        for element in page.tree.iter(etree.Element):
            if any(name in element.attrib for name in _REPEATS):
                yield Piece(PieceKind.ISLAND, visible_text(element)[:LONGEST_TEXT], PieceName.UNKNOWN)
                break
    for comment in page.tree.iter(etree.Comment):
        if _INCLUDE.match((comment.text or "")[:_LONG_VALUE]):
            yield Piece(PieceKind.ISLAND, " ".join((comment.text or "").split())[:LONGEST_TEXT], PieceName.UNKNOWN)


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
    element: HtmlElement, reading: PageReading, mentioned: Callable[[str], frozenset[str]], known: frozenset[str]
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
    if REPORTISH.search(text) and _ROWS.search(text) and not reading.entries and not reading.leads_on:
        return Piece(kind, _excerpt(text), PieceName.UNKNOWN)
    if not reading.leads_on and not reading.folders:
        # What a script asks for is read where the family asks for it too.
        asked = _asks_for_rows(text) or (
            _ANSWERED.search(element.get("src") or "") and not _COUNTS.search(element.get("src") or "")
        )
        if asked or (not plain and _FILLED.search(text)):
            return Piece(kind, _excerpt(text) or (element.get("src") or "")[:LONGEST_TEXT], PieceName.UNKNOWN)
    elif _ASKS.search(text):
        return Piece(kind, _excerpt(text), PieceName.ROWS)
    statistics = _COUNTS.search(element.get("src") or text) is not None
    return Piece(kind, element.tag, PieceName.STATISTICS if statistics else PieceName.BEHAVIOUR)


def _asks_for_rows(source: str) -> bool:
    """Whether a script asks for something that is not named as one of the things beside a list."""
    return any(
        not _COUNTS.search(source[match.start() : match.end() + _SAID_BEHIND].partition("\n\n")[0])
        for match in _ASKS.finditer(source)
    )


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
    if urlsplit(address).netloc != urlsplit(page.address).netloc:
        return Piece(PieceKind.FRAME, said, PieceName.OTHER_SITE, address)
    if is_aside(element):
        return Piece(PieceKind.FRAME, said, PieceName.NAVIGATION, address)
    file = any(one in written or one == address for one in files)
    return Piece(PieceKind.FRAME, said, PieceName.OTHER_DOCUMENT if file else PieceName.UNKNOWN, address)


def _form(element: HtmlElement) -> Piece:
    words = f"{element.get('action') or ''} {element.get('class') or ''} {element.get('id') or ''}"
    said = visible_text(element)[:LONGEST_TEXT]
    fields = " ".join(str(one.get("type") or "text") for one in element.iter("input"))
    if re.search(r"search|query|so\b|检索|搜索|查询", f"{words} {said}", re.IGNORECASE):
        return Piece(PieceKind.FORM, said, PieceName.SEARCH)
    filtered = element.find(".//select") is not None or "hidden" in fields
    return Piece(PieceKind.FORM, said, PieceName.FILTER if filtered else PieceName.BEHAVIOUR)
