"""The article among the furniture of a portal's page: found by the report's own headings and tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree, html

from report.labels import LabelBook
from report.numerals import without_space
from report.sections import is_heading
from workers.reading.formats.page_style import PageStyle

_LONGEST_HEADING = 60
_LONGEST_TITLE = 120
_NEIGHBOURS = 8
# Word and the editors of content systems write <p><b><span><font>.
_DEEPEST_RUN = 4
_BEGINS_HEADING = frozenset("一二三四五六七八九十（(第")
_MAY_HOLD_HEADING = ("p", "div", "td", "h1", "h2", "h3", "h4", "strong", "b", "span", "section", "li")
_MAY_HOLD_TITLE = ("p", "div", "td", "h3", "h4", "strong", "b", "span", "font")
_NO_CONTAINER = frozenset(
    {"p", "strong", "b", "span", "table", "tbody", "tr", "h1", "h2", "h3", "h4", "li", "ol", "ul", "dl", "font"}
)
_FIGURE_WORDS = ("信息内容", "第二十条", "申请人情况", "自然人", "行政复议", "结果维持", "统计")
_FURNITURE_TAGS = frozenset({"nav", "footer", "header", "aside"})
_FURNITURE = re.compile(
    r"(?:^|[\s_-])(?:nav|footer|foot|breadcrumbs?|crumbs?|position|share|toolbar|tools|copyright|sidebar|menu|print)(?:$|[\s_-])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Article:
    """The element that holds the report, and the elements in it that hold a heading or a table of its own."""

    element: html.HtmlElement
    kept: frozenset[html.HtmlElement]


def find_article(root: html.HtmlElement, headings: LabelBook, style: PageStyle) -> Article:
    """The smallest element that holds every section heading and every table of figures; else the body."""
    body = root.find("body")
    whole = body if body is not None else root
    anchors = [anchor for anchor in _anchors(root, headings) if not _is_hidden(anchor, style)]
    if not anchors:
        return Article(whole, frozenset())
    chains = [[*reversed(list(anchor.iterancestors())), anchor] for anchor in anchors]
    common = chains[0]
    for chain in chains[1:]:
        length = 0
        for one, other in zip(common, chain, strict=False):
            if one is not other:
                break
            length += 1
        common = common[:length]
    found = common[-1] if common else whole
    # A heading or a table alone is not all there is; what belongs to it stands around it.
    while found is not whole and (found.tag in _NO_CONTAINER or found in anchors):
        parent = found.getparent()
        if parent is None:
            return Article(whole, frozenset())
        found = parent
    return Article(found, frozenset(element for chain in chains for element in chain))


def _is_hidden(element: html.HtmlElement, style: PageStyle) -> bool:
    """Whether nobody sees an element: a second copy of the article for other screens is none of it."""
    return any(style.is_removed(one) for one in (element, *element.iterancestors()))


def texts_before(element: html.HtmlElement) -> Iterator[str]:
    """The short texts right before an element, the nearest first; links and furniture are no neighbours."""
    for inner in (element, *element.iterancestors()):
        for neighbour, _ in zip(inner.itersiblings(preceding=True), range(_NEIGHBOURS), strict=False):
            if not isinstance(neighbour.tag, str) or is_furniture(neighbour):
                continue
            for block in (*neighbour.iterdescendants(*_MAY_HOLD_TITLE), neighbour):
                text = _short_text(block, _LONGEST_TITLE)
                if text and block.find(".//a") is None:
                    yield text


def is_furniture(element: html.HtmlElement) -> bool:
    """Whether an element is by its name a part of the portal and not of the article: navigation, footer, tools."""
    if element.tag in _FURNITURE_TAGS:
        return True
    name = f"{element.get('class') or ''} {element.get('id') or ''}"
    return len(name) > 1 and _FURNITURE.search(name[:200]) is not None


def rows_of(table: html.HtmlElement) -> Iterator[html.HtmlElement]:
    """The rows of a table itself, those of tables inside it not counted."""
    for child in table:
        if child.tag == "tr":
            yield child
        elif child.tag in ("tbody", "thead", "tfoot"):
            yield from (row for row in child if row.tag == "tr")


def _anchors(root: html.HtmlElement, headings: LabelBook) -> Iterator[html.HtmlElement]:
    walk = etree.iterwalk(root, events=("start",), tag=(*_MAY_HOLD_HEADING, "table"))
    for _, element in walk:
        if element.tag == "table":
            if element.find(".//table") is None and _has_figures(element):
                yield element
                # Its cells are most of the page, and none of them leads further.
                walk.skip_subtree()
            continue
        text = _short_text(element, _LONGEST_HEADING)
        if len(text) > 2 and text[0] in _BEGINS_HEADING and is_heading(text, headings):
            yield element


def _short_text(element: html.HtmlElement, longest: int) -> str:
    """All the text of an element without white space; nothing where it is longer or nested deeper than runs are."""
    return _text_of_runs(element, longest, _DEEPEST_RUN) or ""


def _text_of_runs(element: html.HtmlElement, longest: int, runs: int) -> str | None:
    found = without_space(element.text or "")
    for child in element:
        inner = _text_of_runs(child, longest, runs - 1) if runs else None
        if inner is None:
            return None
        found += inner + without_space(child.tail or "")
    return found if len(found) <= longest else None


def _has_figures(table: html.HtmlElement) -> bool:
    rows = rows_of(table)
    text = without_space("".join("".join(row.itertext()) for _, row in zip(range(2), rows, strict=False)))
    return any(word in text for word in _FIGURE_WORDS)
