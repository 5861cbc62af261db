"""What pagers say: their words, the pages that they number, and how many pages and rows a list states."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from functools import lru_cache

from lxml import etree
from lxml.html import HtmlElement

from crawler.families.paging.pager import MOST_PAGES, MOST_ROWS, ShownPager, System
from crawler.pages.page import Page, shown_text

_ARROWS = r"[\s>›»＞→》]{0,6}"
_WORDS = (
    ("NEXT", rf"(?:下[一1]?[页頁]|[后後]一?[页頁]|next(?: ?page)?){_ARROWS}|>{{1,2}}|›|»|＞{{1,2}}|→|▶|►|❯|〉"),
    ("LAST", rf"(?:尾[页頁]|末[页頁]|最[后後末]一?[页頁]|last(?: ?page)?){_ARROWS}|>+\||»\|"),
    (
        "MORE",
        rf"(?:(?:点击|点此|[向往]?[上下]拉|[向往]?[上下]滑动?|滑动到底部?|滚动)?(?:加载|查看|显示|展开|阅读|浏览)?更多"
        rf"(?:内容|信息|数据|年报|年度报告|报告)?|(?:load|show|view|see) more|more|(?:正在|努力)加载中?|"
        rf"(?:数据)?加载中|loading|"
        rf"(?:查看|浏览|显示|展开)(?:全部|所有)(?:内容|信息|数据|年报|年度报告|报告)?){_ARROWS}[.…]{{0,6}}{_ARROWS}",
    ),
    ("BACK", r"[\s<‹«＜←《|]{0,6}(?:首[页頁]|第一[页頁]|上一?[页頁]|前一?[页頁]|first|prev(?:ious)?)|<{1,2}|‹|«|＜"),
)
_NUMBER = re.compile(r"[\[【(（]?\s*(?:第\s*)?(\d{1,4})\s*(?:页)?\s*[\]】)）]?$")
_LONGEST_WORD = 16
_STATED_PAGES = re.compile(
    r"共\s*(\d{1,6})\s*页|总页[数码]\s*[:：]?\s*(\d{1,6})|第\s*\d{1,6}\s*页?\s*/\s*[共总]?\s*(\d{1,6})\s*页?|\bpage\s*\d{1,6}\s*(?:of|/)\s*(\d{1,6})|页[码次数]?\s*[:：]?\s*\d{1,6}\s*/\s*(\d{1,6})(?!\d)",
    re.IGNORECASE,
)
_PAGE_OF = re.compile(r"(?<![\d/.-])\d{1,4}\s*/\s*(\d{1,4})(?![\d/.-])")
_STATED_ROWS = re.compile(
    r"(?:共有?|总共|总计|合计|总数|总条数|总记录数?)\s*[:：]?\s*(\d{1,7})\s*(?:条|个?记录|篇|则)|"
    r"(?<!\d)(\d{1,7})\s*条(?:记录|信息|数据|结果)|(?:总记录数?|总条数|总数)\s*[:：]?\s*(\d{1,7})|第\s*\d{1,7}\s*[至到~-]\s*\d{1,7}\s*项.{0,10}共\s*(\d{1,7})\s*项"
)
_LONGEST_STATEMENT = 60
_LONGEST_PAGER = 240
_LEVELS = 4
_MOST_STATEMENTS = 200
_MAY_STATE = re.compile(r"\d\s*(?:页|条|个?记录|篇|则)|\d\s*(?:/|of)\s*\d|总(?:记录|条|页)?[数码]|\d\s*项")
_KEYWORD = re.compile(r"[共总条页篇则项/]|记录|合计|\bof\b")
# Fields and attributes in which a script finds how long the list is.
_NAMED_PAGES = re.compile(
    r"(?:data-)?(?:total|max|sum)_?-?pages?(?:_?-?(?:count|num|size))?|(?:data-)?pages?_?-?(?:count|total)|count_?page|data-pages",
    re.IGNORECASE,
)
_NAMED_ROWS = re.compile(
    r"(?:data-)?(?:total_?-?(?:records?|rows?|counts?)|(?:record|row)s?_?-?(?:count|total))", re.IGNORECASE
)
_IN_SCRIPT = re.compile(
    r"(?<![\w.])(totalPages?|totalPageCount|pageCount|countPage|pageTotal|totalRecords?|totalRecordCount|recordCount|totalCount|totalRows?)"
    r"[\"']?\s{0,9}[:=]\s{0,9}[\"']?(\d{1,7})(?![\d.])",
    re.IGNORECASE,
)
_LONGEST_SCRIPT = 200_000
_BLOCK_NAMES = re.compile(
    r"(?:^|[\s_-])(?:page|pages|pager|paging|pagination|pagenav|pagebar|pagebox|pagelist|pagecode|page[-_]?(?:div|num|nav|bar|box)|"
    r"fenye|fanye|laypage|jpage|wp_paging|p_pages)\d{0,6}(?:$|[\s_-])",
    re.IGNORECASE,
)


class Word(Enum):
    """What a link or a button of a pager is called."""

    NEXT = "next"
    LAST = "last"
    MORE = "more"
    BACK = "back"
    NUMBER = "number"


_PATTERNS = {Word[name]: re.compile(rf"(?:{pattern})$", re.IGNORECASE) for name, pattern in _WORDS}


@lru_cache(maxsize=4096)
def word_of(name: str) -> Word | None:
    """What a name means on a pager; None where it is none of a pager's. A portal's pages have the same menus."""
    if not name or len(name) > _LONGEST_WORD:
        return None
    for word, pattern in _PATTERNS.items():
        if pattern.match(name):
            return word
    return Word.NUMBER if number_of(name) is not None else None


def number_of(name: str) -> int | None:
    """The page that a name numbers (``2``, ``[2]``, ``第2页``)."""
    match = _NUMBER.match(name) if len(name) <= _LONGEST_WORD else None
    return int(match[1]) if match is not None else None


def is_block(element: HtmlElement) -> bool:
    """Whether an element is named like the place of a pager."""
    return _BLOCK_NAMES.search(f"{element.get('class') or ''} {element.get('id') or ''}"[:300]) is not None


def stated(page: Page) -> list[ShownPager]:
    """The numbers of pages and rows that the page states in words (``共12页``, ``1/11``, ``共54条``)."""
    found: dict[str, ShownPager] = {}
    for text, in_pager in _statements(page):
        pages = [int(number) for match in _STATED_PAGES.finditer(text) for number in match.groups() if number]
        if in_pager:
            pages += [int(match[1]) for match in _PAGE_OF.finditer(text)]
        rows = [int(number) for match in _STATED_ROWS.finditer(text) for number in match.groups() if number]
        if pages or rows:
            found[text] = ShownPager(
                System.STATED,
                text[:80],
                pages_stated=min(max(pages), MOST_PAGES + 1) if pages else None,
                rows_stated=min(max(rows), MOST_ROWS) if rows else None,
            )
    return list(found.values())


def stated_by_fields(page: Page) -> list[ShownPager]:
    """The numbers of pages and rows that stand in hidden fields, in attributes, or in variables of a script."""
    found: dict[str, ShownPager] = {}
    named: list[tuple[str, str]] = []
    for element in page.tree.iter("input"):
        named.append((element.get("id") or element.get("name") or "", element.get("value") or ""))
    for element in page.tree.iter("div", "span", "ul", "nav", "table"):
        named += [(str(name), str(value)) for name, value in element.attrib.items() if str(name).startswith("data-")]
    for script in page.tree.iter("script"):
        if not script.get("src"):
            named += [(match[1], match[2]) for match in _IN_SCRIPT.finditer(script.text_content()[:_LONGEST_SCRIPT])]
    for name, value in named:
        if len(name) > _LONGEST_STATEMENT or not value.isascii() or not value.isdigit() or len(value) > 7:
            continue
        says = f"{name}={value}"
        if _NAMED_PAGES.fullmatch(name):
            found[says] = ShownPager(System.STATED, says, pages_stated=min(int(value), MOST_PAGES + 1))
        elif _NAMED_ROWS.fullmatch(name):
            found[says] = ShownPager(System.STATED, says, rows_stated=min(int(value), MOST_ROWS))
    return list(found.values())


def _speaking(page: Page) -> list[HtmlElement]:
    """The elements whose own text has a word of a statement."""
    found = []
    for element in page.shown.iter(etree.Element):
        if any(_KEYWORD.search(text) for text in _own(element) if len(text) <= _LONGEST_PAGER):
            found.append(element)
    return found


def _own(element: HtmlElement) -> list[str]:
    return [element.text or "", *(child.tail or "" for child in element)]


def _statements(page: Page) -> Iterator[tuple[str, bool]]:
    """The short texts that may state a number, and whether they stand in a pager; titles of links are none."""
    for picture in page.tree.iter("img"):
        if picture.get("alt") and len(picture.get("alt") or "") <= _LONGEST_STATEMENT:
            yield picture.get("alt") or "", False
    if _MAY_STATE.search(page.visible_text) is None:
        return
    for element in _speaking(page)[:_MOST_STATEMENTS]:
        if element.tag == "body":
            yield from ((text, False) for text in _own(element) if len(text) <= _LONGEST_STATEMENT)
        for _ in range(_LEVELS):
            if element is None or element.tag in ("a", "body", "html", "option"):
                break
            text = shown_text(element)
            links = [shown_text(link) for link in element.iter("a")] if len(text) <= _LONGEST_PAGER else []
            in_pager = is_block(element) or any(word_of(name) is not None for name in links)
            if len(text) > (_LONGEST_PAGER if in_pager else _LONGEST_STATEMENT):
                break
            if in_pager or not links:  # else it is a row
                yield text, in_pager
            element = element.getparent()
