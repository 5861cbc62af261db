"""The title of a row: the link's own words, its title attribute where that is fuller, else what the row says."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from crawler.pages.page import visible_text
from crawler.rows.dates import DATE, without_dates
from report.titles import BESIDE_A_REPORT, TitleKind, judge_title

CUT = ("…", "...", "．．．", "\ufffd")
# Words of a link that say how to open something, and nothing of what it is.
POOR = re.compile(
    r"^[\[【（(]?(?:点击|点此|在线)?(?:下载|查看|阅读|浏览|打开|预览)?(?:pdf|word|docx?|wps|ofd|excel|图片|文字|文本|网页|扫描|盖章|图解|电子)?(?:版|格式|文件|文档|件)?"
    r"(?:下载|查看|预览|打开|阅读|浏览|全文|原文|正文|详情|详细|详细内容|查看详情|链接|附件\d{0,2})?[\]】）)]?[>»]*$",
    re.IGNORECASE,
)
_TOOLTIP = re.compile(r"[\r\n]|(?:作者|来源|更新时间|发布时间|发布日期|点击数|点击次数|浏览次数|时间)\s{0,9}[:：]")
_TOOLTIP_TITLE = re.compile(r"(?:文章)?标题\s{0,9}[:：]\s{0,9}")
# Attributes that a browser or a script of the page shows in place of a title.
_READ_OUT = re.compile(r"(?:data-.*|aria-label|alt)$")
_MOST_PIECES = 12
_LONGEST = 120
_LONGEST_SHOWN = 500


def is_poor(text: str) -> bool:
    """Whether words say only how to open something; no words say nothing either."""
    return len(text) <= 12 and POOR.match(text.replace(" ", "")) is not None


def title_of(link: HtmlElement, row: HtmlElement) -> str:
    """The title that a row shows for a link."""
    shown = without_dates(visible_text(link)[: 4 * _LONGEST_SHOWN])
    own = _whole(link, shown)
    judged = judge_title(own)
    if judged.is_report or judged.kind in BESIDE_A_REPORT or own.endswith(CUT):
        return own[:_LONGEST_SHOWN]
    if judged.kind in (TitleKind.NO_TITLE, TitleKind.ABOUT_REPORT):
        # The whole row is one link, with an abstract or a date in it.
        for piece in _pieces(link):
            if judge_title(piece).is_report:
                return piece
    if is_poor(own):
        around = without_dates(_around(link, row))
        if judge_title(around).is_report:
            return around
        for piece in _pieces(row):
            if judge_title(piece).is_report:
                return piece
        # What speaks of no report, and of nothing else that has a name, is no title: who reads the row knows more.
        is_title = 0 < len(around) <= _LONGEST and (judge_title(around).kind is not TitleKind.NO_WORDS or not own)
        return around if is_title else own or _of_the_picture(link)
    return own[:_LONGEST_SHOWN]


def said_by(link: HtmlElement) -> str:
    """What a link says of itself: its words, or its title attribute where that is the whole of what is cut short."""
    shown = visible_text(link)[:_LONGEST_SHOWN]
    return _whole(link, shown) if shown.endswith(CUT) else shown


def score(title: str) -> tuple[bool, bool, bool, int]:
    """How good a title is among several for the same address: the more it says of a report, the better."""
    judged = judge_title(title)
    return (
        judged.is_report,
        judged.agency_text is not None,
        judged.year is not None,
        0 if is_poor(title) else len(title),
    )


def _whole(link: HtmlElement, shown: str) -> str:
    """What a link shows, or the attribute that holds the whole of it: its title; for what is cut any."""
    said = [link.get("title") or ""]
    if shown.endswith(CUT):
        said += [value for name, value in link.attrib.items() if _READ_OUT.match(name)]
    return next((fuller for one in said if (fuller := _fuller(shown, one))), shown)


def _fuller(shown: str, attribute: str) -> str:
    """The title attribute where it is the whole of what the link shows cut short, or all that there is."""
    whole = attribute[: 2 * _LONGEST_SHOWN]
    if (named := _TOOLTIP_TITLE.search(whole)) is not None:
        whole = whole[named.end() :]
    if (tooltip := _TOOLTIP.search(whole)) is not None:
        whole = whole[: tooltip.start()]
    whole = " ".join(whole.split())
    if not whole:
        return ""
    begins = "".join(shown.split()).rstrip("….．\ufffd")
    letters = "".join(whole.split())
    if is_poor(shown) and not is_poor(whole):
        return whole
    if shown.endswith(CUT) and len(letters) > len(begins):
        return whole if letters.startswith(begins[: max(4, len(begins) - 2)]) else ""
    return whole if letters.startswith(begins) and len(letters) > len(begins) else ""


def _pieces(link: HtmlElement) -> Iterator[str]:
    for number, inner in enumerate(link.iterdescendants()):
        if number == 4 * _MOST_PIECES:
            return
        if (text := visible_text(inner)[:_LONGEST_SHOWN]) and len(text) <= _LONGEST:
            yield without_dates(text)
    text = visible_text(link)[:_LONGEST_SHOWN]
    head = DATE.split(text)[0].strip()
    if head:
        yield head


def _around(link: HtmlElement, row: HtmlElement) -> str:
    """What a row says beside its links."""
    if row is link:
        return ""
    text = visible_text(row)[: 4 * _LONGEST_SHOWN]
    for other in row.iter("a"):
        said = visible_text(other)
        if said and is_poor(said):
            text = text.replace(said, " ", 1)
    return " ".join(text.split())


def _of_the_picture(link: HtmlElement) -> str:
    picture = link.find(".//img")
    said = "" if picture is None else picture.get("alt") or picture.get("title") or ""
    return " ".join(said.split())[:_LONGEST]
