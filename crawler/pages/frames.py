"""Framesets and iframes: pages whose content stands in another page."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from crawler.pages.attachments import attachments_in
from crawler.pages.page import Page, visible_text

_SHORT_TEXT = 60
_BESIDE = 2
_MOST_FRAMES = 10
_MAIN = re.compile(r"main|content|list|right|body|center|iframe", re.IGNORECASE)
# Whole words: static is no stat, and a layout no out.
_ASIDE = re.compile(
    r"(?<![a-z])(?:top|head|left|menu|nav|foot|bottom|search|count|stat|statistics|visit|tree|login|share|weather|tianqi|"
    r"clock|calendar|banner)(?:er|bar|frame|menu|nav|box|div|line|link|count|s)*(?![a-z])",
    re.IGNORECASE,
)
_LISTS = re.compile(r"(?<![a-z])(?:list|rows?|data|article|content|xxgk|gk|gknb|nb|nianbao)s?(?![a-z])", re.IGNORECASE)
_PAGE = re.compile(r"\.(?:s?html?|jspx?|aspx?|php)(?:[?#]|$)", re.IGNORECASE)
# No list fits into a frame so many points high or wide.
_TOO_LOW, _TOO_NARROW = 40, 60
_LONGEST_ADDRESS = 500
_LATE = ("data-src", "data-original", "lay-src", "_src")
FRAMES = ("frame", "iframe", "object", "embed")


def frame_target(page: Page) -> str | None:
    """The address of the frame that holds the content of a page with hardly any text of its own; None where none does.

    A viewer that shows a file is no frame in this sense: the file is an attachment.
    """
    if page.status != 200 or not page.is_html or len(_own_text(page)) > _SHORT_TEXT:
        return None
    return framed(page)


def framed(page: Page) -> str | None:
    """The address of the page in the main frame: the one so named, else the first not named as something else."""
    found = list(page.tree.iter("frame", "iframe"))
    files = {attachment.address for attachment in attachments_in(page)} if found else set()
    frames = []
    for frame in found:
        address = page.link(frame.get("src", ""))
        shows_file = any(file.rpartition("/")[2] in frame.get("src", "") for file in files)
        if address is None or address == page.address or shows_file:
            continue
        frames.append((_rank(frame), address))
    named = [pair for pair in frames if pair[0] < _BESIDE]
    return min(named, key=lambda pair: pair[0])[1] if named else None


def inner_lists(page: Page) -> list[str]:
    """The addresses of frames on the page's own host that may hold a list beside what the page itself shows."""
    if not page.is_html:
        return []
    host = urlsplit(page.address).netloc
    frames = list(page.tree.iter(*FRAMES))
    files = {attachment.address for attachment in attachments_in(page)} if frames else set()
    found: dict[str, None] = {}
    for frame in frames:
        written = source_of(frame)
        address = page.link(written)
        if address is None or is_aside(frame) or urlsplit(address).netloc != host or address == page.address:
            continue
        if not any(file in (address, written) or file.rpartition("/")[2] in written for file in files):
            found[address] = None
    return list(found)[:_MOST_FRAMES]


def source_of(frame: HtmlElement) -> str:
    """What a frame shows, be it loaded late; of an object only a page."""
    if frame.tag in ("object", "embed"):
        written = frame.get("data") or frame.get("src") or ""
        is_page = (frame.get("type") or "").strip().lower() == "text/html" or _PAGE.search(written[:2000]) is not None
        return written if is_page else ""
    return frame.get("src") or next((frame.get(name) or "" for name in _LATE if frame.get(name)), "")


def is_aside(frame: HtmlElement) -> bool:
    """Whether a frame is named as something beside the content (a menu, a search field, a counter), or has no size."""
    return _rank(frame) == _BESIDE


def _rank(frame: HtmlElement) -> int:
    path = source_of(frame)[:_LONGEST_ADDRESS].partition("?")[0]
    if _LISTS.search(path.rpartition("/")[2]):
        return 1
    name = f"{frame.get('name', '')} {frame.get('id', '')} {path}"
    if _MAIN.search(f"{frame.get('name', '')} {frame.get('id', '')}"):
        return 0
    small = _is_below(frame.get("height"), _TOO_LOW) or _is_below(frame.get("width"), _TOO_NARROW)
    return _BESIDE if _ASIDE.search(name) or small else 1


def _is_below(written: str | None, least: int) -> bool:
    digits = (written or "").strip().removesuffix("px")
    return digits.isdecimal() and len(digits) < 6 and int(digits) < least


def _own_text(page: Page) -> str:
    """What the page itself says; what stands in ``noframes`` is for browsers that have none."""
    aside = " ".join(visible_text(element) for element in page.tree.iter("noframes"))
    return page.visible_text.replace(aside, "") if aside else page.visible_text
