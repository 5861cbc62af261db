"""The date of a row: in an element of its own, in the words beside the link, split over two elements, or before it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from crawler.pages.page import visible_text

DATE = re.compile(
    r"(?<!\d)20\d{2}\s{0,3}(?:[-/.]|年)\s{0,3}\d{1,2}\s{0,3}(?:[-/.]|月)\s{0,3}\d{1,2}(?!\d)\s{0,3}日?"
    r"(?:\s{1,3}\d{1,2}:\d{2}(?::\d{2})?)?"
)
_ALONE = re.compile(rf"^[^\w]*(?:发布|公开|公布|发表)?(?:日期|时间)?\s*[:：]?[^\w]*({DATE.pattern})[^\w]*$")
_MONTH_AND_DAY = re.compile(r"^[^\w]*(\d{1,2})\s{0,3}[-/.月]\s{0,3}(\d{1,2})日?[^\w]*$")
_YEAR = re.compile(r"^[^\w]*(20\d{2})年?[^\w]*$")
_YEAR_AND_MONTH = re.compile(r"^[^\w]*(20\d{2})\s{0,3}[-/.年]\s{0,3}(\d{1,2})月?[^\w]*$")
_DAY = re.compile(r"^[^\w]*(\d{1,2})日?[^\w]*$")
_NOT_PUBLISHED = re.compile(r"更新|修改|成文|截止|截至|打印|有效")
_EDGES = re.compile(rf"^[\[【（(]?\s*{DATE.pattern}\s*[\]】）)]?|[\[【（(]?\s*{DATE.pattern}\s*[\]】）)]?$")
_MONTH_DAY_AT_END = re.compile(r"\s*[\[【（(]\d{1,2}[-/.月]\d{1,2}日?[\]】）)]$|\s+\d{2}-\d{2}$")
_MOST_ELEMENTS = 60
_LONGEST_DATE = 40
_LONGEST_ROW = 400


def without_dates(text: str) -> str:
    """Words without a date at their beginning or end."""
    said = " ".join(text.split())
    bare = _MONTH_DAY_AT_END.sub("", _EDGES.sub(" ", said)).strip(" |·-—")
    return bare if bare else said


def date_of(row: HtmlElement, title: str) -> str | None:
    """The date that a row shows as that of its entry, as written; None where it shows none with a year."""
    short = [*_short_texts(row)]
    for text in short:
        if (match := _ALONE.match(text)) is not None:
            return None if _NOT_PUBLISHED.search(text) else match[1]
    if (split := _split(short)) is not None:
        return split
    text = visible_text(row)
    beside = text.replace(title, " ", 1) if title else text
    if len(beside) <= _LONGEST_ROW and (match := DATE.search(beside)) is not None:
        return None if _NOT_PUBLISHED.search(beside[max(0, match.start() - 8) : match.start()]) else match[0]
    edge = _EDGES.search(text)
    if edge is not None and (match := DATE.search(edge[0])) is not None:
        return match[0]
    following = row.getnext()
    if following is not None and following.tag in ("dd", "span", "em", "i", "td", "div", "p"):
        said = visible_text(following)[: 2 * _LONGEST_DATE]
        if (match := _ALONE.match(said)) is not None:
            return match[1]
    return None


def is_dated(row: HtmlElement, listed: str | None) -> bool:
    """Whether a row has a date beside its link, be it one without a year."""
    return listed is not None or any(_MONTH_AND_DAY.match(text) for text in _short_texts(row)) or _ends_dated(row)


def _ends_dated(row: HtmlElement) -> bool:
    return _MONTH_DAY_AT_END.search(visible_text(row)[-_LONGEST_DATE:]) is not None


def _split(short: list[str]) -> str | None:
    """A date of which one element has the year and another the day."""
    for first, second in ((_YEAR, _MONTH_AND_DAY), (_YEAR_AND_MONTH, _DAY)):
        years = [match for text in short if (match := first.match(text)) is not None]
        rests = [match for text in short if (match := second.match(text)) is not None]
        if len(years) == 1 and len(rests) == 1:
            return "-".join([*years[0].groups(), *rests[0].groups()])
    return None


def _short_texts(row: HtmlElement) -> Iterator[str]:
    for number, inner in enumerate(row.iter()):
        if number == _MOST_ELEMENTS:
            return
        if not isinstance(inner.tag, str) or len(inner) > 2:
            continue
        text = visible_text(inner)
        if text and len(text) <= _LONGEST_DATE:
            yield text
        tail = " ".join((inner.tail or "").split()) if inner is not row else ""
        if tail and len(tail) <= _LONGEST_DATE:
            yield tail
