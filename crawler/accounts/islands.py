"""Scripts, frames, forms and other places of a page in which rows may lie where no link shows them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from crawler.accounts.account import LONGEST_TEXT, REPORTISH, Piece
from crawler.accounts.reading import PageReading
from crawler.pages.attachments import attachments_in
from crawler.pages.frames import is_aside
from crawler.pages.page import Page, visible_text
from ledger.crawling.account_kinds import PieceKind, PieceName

_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_SCRIPTS = ("", "text/javascript", "application/javascript", "application/x-javascript", "module", "text/ecmascript")
_ROWS = re.compile(r"<record\b|<li\b|<tr\b|[\"'](?:title|biaoti|url|linkurl|infourl)[\"']\s{0,5}:", re.IGNORECASE)
_ASKS = re.compile(
    r"\.ajax\s*\(|\bfetch\s*\(|XMLHttpRequest|\$\.(?:get|post|getJSON)\s*\(|axios|dataproxy|getgovinfolist|jpaas-publish",
    re.IGNORECASE,
)
_COUNTS = re.compile(
    r"count|visit|stat|hits?\b|tongji|hm\.baidu|login|sso|search|share|weather|token|message|online|click|cnzz|bshare",
    re.IGNORECASE,
)
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
    for element in page.tree.iter("iframe", "frame"):
        yield _frame(page, element, reading, files)
    for element in page.tree.iter("form"):
        yield _form(element)


def unescaped(source: str) -> str:
    """A source in which letters that are written as numbers are letters."""
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), source) if "\\u" in source else source


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
    if _ASKS.search(text) and not reading.entries and not reading.folders and not _COUNTS.search(text):
        # What the script asks for is read where the family asks for it too.
        return Piece(kind, _excerpt(text), PieceName.ROWS if reading.leads_on else PieceName.UNKNOWN)
    statistics = _COUNTS.search(element.get("src") or text) is not None
    return Piece(kind, element.tag, PieceName.STATISTICS if statistics else PieceName.BEHAVIOUR)


def _excerpt(text: str) -> str:
    match = REPORTISH.search(text)
    start = max(0, match.start() - LONGEST_TEXT // 2) if match is not None else 0
    return " ".join(text[start : start + LONGEST_TEXT].split())


def _frame(page: Page, element: HtmlElement, reading: PageReading, files: set[str]) -> Piece:
    written = element.get("src") or ""
    address = page.link(written)
    said = (element.get("title") or element.get("name") or written)[:LONGEST_TEXT]
    if address is None:
        return Piece(PieceKind.FRAME, said, PieceName.EMPTY)
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
