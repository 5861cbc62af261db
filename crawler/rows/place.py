"""Where a row stands: what is said of it by the cells beside it, the head of its column, and the headings above it."""

from __future__ import annotations

from collections.abc import Iterator

from lxml.html import HtmlElement

from crawler.pages.page import visible_text
from crawler.rows.tables import Tables

_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "dt", "summary", "caption", "legend", "strong", "b"))
# What may be a heading where it leads nowhere and says little.
_MAY_HEAD = frozenset(("p", "div", "span", "a", "em", "li", "td", "th", "label", "button"))
_HIGHEST = 8
_MOST_BEFORE = 60
_MOST_SAID = 8
_LONGEST = 40


def place_of(row: HtmlElement, tables: Tables) -> tuple[str, ...]:
    """The short texts that say where a row stands, the nearest first."""
    said: dict[str, None] = {}
    for text in _said(row, tables):
        if text and len(text) <= _LONGEST:
            said.setdefault(text)
        if len(said) == _MOST_SAID:
            break
    return tuple(said)


def _said(row: HtmlElement, tables: Tables) -> Iterator[str]:
    for height, element in enumerate((row, *row.iterancestors())):
        if height > _HIGHEST or element.tag in ("body", "html"):
            if element.tag == "body":
                break
            continue
        if element.tag in ("td", "th"):
            yield tables.label_of(element)
            yield from (visible_text(cell) for cell in tables.beside(element))
        elif element.tag == "tr":
            yield from (visible_text(cell) for cell in tables.spanning(element))
        if element.tag != "tr":
            yield from _above(element)
        if element is not row and element.tag == "li":
            yield " ".join((element.text or "").split())


def _above(element: HtmlElement) -> Iterator[str]:
    """The heading over an element: the nearest before it, past others of its kind; another list ends the search."""
    for number, before in enumerate(element.itersiblings(preceding=True)):
        if number == _MOST_BEFORE:
            return
        if before.tag in _HEADINGS:
            yield visible_text(before)
            return
        if before.tag in ("ul", "ol", "table", "dl"):
            return
        if before.tag in _MAY_HEAD and before.tag != element.tag and next(before.iter("a"), None) is None:
            text = visible_text(before)
            if text:
                yield text
                return
