"""Makes the account of a list page: every piece of the document first, then what each of them was understood as.

Nothing vanishes: links, elements that do something by script, scripts, frames, forms, and every run of text that names
an agency or a report are listed from the document itself, and after them what names are left in its source.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from lxml.html import HtmlElement

from config.portals import PortalColumn
from crawler.accounts.account import LONGEST_TEXT, REPORTISH, PageAccount, Piece
from crawler.accounts.islands import islands, unescaped
from crawler.accounts.links import LinkSettler
from crawler.accounts.reading import PageReading, Understood
from crawler.accounts.texts import text_runs
from crawler.pages.canonical import canonical
from crawler.pages.menus import Menus, is_menu
from crawler.pages.page import Page
from crawler.rows.rows import MOST_LINKS
from crawler.visiting.entries import judge_entry
from crawler.visiting.register import Register
from ledger.crawling.account_kinds import Fate, PieceKind, PieceName

_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_IMPRINT = re.compile(
    r"主办|承办|版权|备案|标识码|联系电话|地址[:：]|copyright|技术支持|ICP|公网安备|邮编", re.IGNORECASE
)
_WAY = re.compile(r"当前(?:的)?位置|(?:您|你)(?:现在)?(?:的|所在)?(?:的)?位置|首页\s*[>»|/]")
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "caption", "th", "legend"))
_CHOICES = frozenset(("option", "select", "label", "button"))
_LONGEST_TITLE = 80
# So many letters lost are no title that a server has cut in the middle of one.
_LOST = 4


def settle_again(account: PageAccount, entries: Mapping[str, Understood]) -> PageAccount:
    """The account once all pages of its list were read: a link to an entry of another page is that entry again.

    One that names another agency than the entry's stays unaccounted: one of the two is wrong.
    """
    pieces = tuple(
        replace(piece, name=PieceName.REPEATED) if _is_entry_again(piece, entries) else piece
        for piece in account.pieces
    )
    return PageAccount(account.address, pieces, account.garbled)


def _is_entry_again(piece: Piece, entries: Mapping[str, Understood]) -> bool:
    entry = entries.get(piece.address) if piece.address is not None else None
    if entry is None or piece.fate is not Fate.UNACCOUNTED or entry.name is PieceName.UNKNOWN:
        return False
    return entry.agency is None or piece.agencies <= {entry.agency}


def account_of(page: Page, reading: PageReading, register: Register, column: PortalColumn, start: str) -> PageAccount:
    """The account of one list page; ``start`` is the portal's own address."""
    address = canonical(page.asked, start)
    if not page.is_html:
        return PageAccount(address, tuple(_data(page, reading, register)))
    return PageAccount(
        address, tuple(_html(page, reading, register, column, start)), page.garbled and not page.garbled_in_parts
    )


def _html(page: Page, reading: PageReading, register: Register, column: PortalColumn, start: str) -> Iterator[Piece]:
    settler = LinkSettler(page, reading, register, column, start)
    links = list(_clickable(page))
    rows = _rows(page, links, reading, start)
    seen: set[str] = set()
    covered: set[str] = set()
    for link in links[:MOST_LINKS]:
        piece = settler.settle(link, seen, rows)
        if piece.address is not None:
            seen.add(piece.address)
        covered |= piece.agencies
        yield piece
    if len(links) > MOST_LINKS:
        yield Piece(PieceKind.LINK, f"第 {MOST_LINKS} 个以后的链接", PieceName.UNKNOWN)
    unlinked: set[str] = set()
    for found, entry in reading.entries.items():
        if found not in seen:
            # A family has read it where no link stands: a record in a script, a page of a unit.
            whose = frozenset({entry.agency}) if entry.agency else register.mentioned(entry.title)
            covered |= whose
            unlinked |= whose
            yield Piece(PieceKind.ROW, entry.title[:LONGEST_TEXT], entry.name, found, whose, entry.year)
    for piece in _texts(page, rows, register, column, reading, unlinked):
        covered |= piece.agencies
        yield piece
    for piece in islands(page, reading, register.mentioned, frozenset(covered)):
        covered |= piece.agencies
        yield piece
    left = register.mentioned(unescaped(_COMMENT.sub(" ", page.text))) - covered - register.mentioned(page.title)
    if left:
        yield Piece(PieceKind.ISLAND, "网页源码中另有机关名称", PieceName.UNKNOWN, agencies=left)


def _data(page: Page, reading: PageReading, register: Register) -> Iterator[Piece]:
    """The pieces of an answer that is no page for people: its rows, and the names that stand in no row."""
    covered: set[str] = set()
    for address, entry in reading.entries.items():
        whose = frozenset({entry.agency}) if entry.agency else register.mentioned(entry.title)
        covered |= whose
        yield Piece(PieceKind.ROW, entry.title[:LONGEST_TEXT], entry.name, address, whose, entry.year)
    for address in sorted(reading.folders):
        yield Piece(PieceKind.LINK, "", PieceName.FOLDER, address)
    left = register.mentioned(unescaped(page.text)) - covered
    if left:
        yield Piece(PieceKind.ISLAND, "回答中另有机关名称", PieceName.UNKNOWN, agencies=left)


def _clickable(page: Page) -> Iterator[HtmlElement]:
    for element in page.tree.iter():
        if element.tag in ("a", "area") or ((element.get("onclick") or "").strip() and element.tag != "body"):
            yield element


def _rows(page: Page, links: list[HtmlElement], reading: PageReading, start: str) -> dict[HtmlElement, Understood]:
    """The elements in which one entry alone stands, with that entry."""
    found: dict[HtmlElement, Understood] = {}
    shared: set[HtmlElement] = set()
    holds: dict[HtmlElement, str] = {}
    for link in links:
        target = page.link(link.get("href") or "")
        address = canonical(target, start) if target is not None else ""
        if address not in reading.entries:
            continue
        for outer in link.iterancestors("li", "tr", "dd", "td", "p", "div", "article"):
            if holds.setdefault(outer, address) != address:
                shared.add(outer)
                break
            found[outer] = reading.entries[address]
            if outer.tag in ("li", "tr", "dd", "article"):
                break
    return {element: entry for element, entry in found.items() if element not in shared}


def _texts(
    page: Page,
    rows: dict[HtmlElement, Understood],
    register: Register,
    column: PortalColumn,
    reading: PageReading,
    unlinked: set[str],
) -> Iterator[Piece]:
    """Every run of text that names an agency or a report; ``unlinked`` are named by entries that no link shows."""
    body = page.tree.find("body")
    reports = sum(entry.name is PieceName.REPORT for entry in rows.values())
    for block, text in text_runs(body if body is not None else page.tree):
        named = register.mentioned(text)
        if text.count("\ufffd") >= _LOST and not (page.menus.hold(block) or is_menu(block)):
            yield Piece(PieceKind.TEXT, text[:LONGEST_TEXT], PieceName.UNKNOWN)
            continue
        if not named and not REPORTISH.search(text):
            continue
        name, year = _name_of_text(page.menus, block, text, named, rows, register, column, reports)
        if name is PieceName.UNKNOWN and named and (named <= unlinked or reading.has(named, year)):
            name = PieceName.REPEATED
        if name is PieceName.UNKNOWN or named:
            report = REPORTISH.search(text) is not None
            yield Piece(PieceKind.TEXT, text[:LONGEST_TEXT], name, None, named, year, report)
        else:
            yield Piece(PieceKind.TEXT, text[:LONGEST_TEXT], name)


def _shows_others(option: HtmlElement) -> bool:
    """Whether something is chosen by script that names no address: what it shows does not stand in the page."""
    box = next(option.iterancestors("select"), None)
    if box is None or "/" in (option.get("value") or "") or "." in (option.get("value") or ""):
        return False
    return bool(box.get("onchange")) or next(box.iterancestors("form"), None) is None


def _name_of_text(
    menus: Menus,
    block: HtmlElement,
    text: str,
    named: frozenset[str],
    rows: dict[HtmlElement, Understood],
    register: Register,
    column: PortalColumn,
    reports: int,
) -> tuple[PieceName, int | None]:
    """What a run of text is. ``reports``: on a page with reports a title that names nobody is that of the list."""
    judged = judge_entry(text.strip("| "), "", column, register)
    row = next((outer for outer in (block, *block.iterancestors()) if outer in rows), None)
    if row is not None:
        is_title = judged.is_report and not judged.needs_page and bool(named)
        is_same = rows[row].name is PieceName.TO_OPEN or judged.agency == rows[row].agency
        return PieceName.UNKNOWN if is_title and not is_same else PieceName.REPEATED, judged.year
    if _WAY.search(text):
        return PieceName.BREADCRUMB, None
    if _IMPRINT.search(text):
        return PieceName.IMPRINT, None
    if judged.is_report and not judged.needs_page and (named or not reports):
        return (PieceName.UNKNOWN if named or block.tag not in _HEADINGS else PieceName.HEADING), judged.year
    if menus.hold(block) or is_menu(block):
        return PieceName.NAVIGATION, None
    if block.tag in _CHOICES:
        return PieceName.UNKNOWN if named and _shows_others(block) else PieceName.FILTER, None
    if not judged.is_report and judged.name is not PieceName.OTHER_SUBJECT:
        return judged.name, judged.year
    is_name = judged.needs_page and register.agency_in(text, column.kinds) is not None
    if block.tag in _HEADINGS and (is_name or not (judged.is_report and named)):
        return PieceName.HEADING, None
    if judged.is_report and named:
        return PieceName.UNKNOWN, judged.year
    if len(text) > _LONGEST_TITLE or not named:
        return PieceName.OTHER_SUBJECT, None
    return PieceName.UNKNOWN, judged.year
