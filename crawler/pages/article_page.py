"""Reads an article: its own title, the part that a person reads, whether that is the report, and what is attached."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

from lxml import etree
from lxml.html import HtmlElement

from crawler.pages.attachments import Attachment, attachments_in, offers_by_script
from crawler.pages.page import Page, shown_text, visible_text
from report.period import find_period

_MOST_OF_IT = 0.85
_ENOUGH_TEXT = 150
_REPORT_ROWS = 8
# What changes at every load and is no change of the article.
_COUNTERS = re.compile(r"(?:浏览|阅读|点击|访问)(?:次数|量|数)?\s*[:：]?\s*\d*\s*次?")
_WEIGHT = etree.XPath("string-length(normalize-space(.))")
_NEEDS_SCRIPTS = re.compile(r"(?:启用|支持|开启|打开)\s?(?:java)?(?:script|脚本)|enable javascript", re.IGNORECASE)
_SHORT_TEXT = 300
_TITLE_END = re.compile(r"[_|]|\s[-—–]\s|-(?=[^-]*(?:政府|门户|网)[^-]*$)")


@dataclass(frozen=True)
class ArticlePage:
    """An article as fetched."""

    page: Page

    @cached_property
    def title(self) -> str:
        """The title by the page label, the heading, or the title element, in this order."""
        label = self.page.labels.get("articletitle", "")
        if label:
            return " ".join(label.split())
        headings = [visible_text(heading) for heading in self.page.tree.iter("h1", "h2", "h3")]
        reportish = [heading for heading in headings if "信息公开" in heading]
        return reportish[0] if reportish else _TITLE_END.split(self.page.title)[0].strip()

    @cached_property
    def main(self) -> HtmlElement:
        """The smallest element that holds most of the text: the article without the frame of the portal."""
        element = self.page.shown.find("body")
        if element is None:
            return self.page.shown
        length = _weight(element)
        while True:
            weighed = [(_weight(child), child) for child in element]
            weight, heaviest = max(weighed, key=lambda one: one[0], default=(0.0, None))
            if heaviest is None or length == 0 or weight < _MOST_OF_IT * length or heaviest.tag == "table":
                return element
            element, length = heaviest, weight

    @cached_property
    def text(self) -> str:
        """What a person reads in the article, without counters of visits."""
        return _COUNTERS.sub("", self.page.visible_text if self._is_all else shown_text(self.main))

    @property
    def _is_all(self) -> bool:
        """Whether the article is all of the page's body, and nothing is written beside that."""
        root = self.page.shown
        beside = (root.text, *(one.tail for one in root))
        named = {one.tag for one in root} <= {"head", "body"}
        return self.main.tag == "body" and named and not any((text or "").strip() for text in beside)

    @property
    def content_sha256(self) -> str:
        """The hash of the title and the text: the same for two loads of the same article."""
        return hashlib.sha256(f"{self.title}\n{self.text}".encode()).hexdigest()

    @cached_property
    def body_is_report(self) -> bool:
        """Whether the article's own text is a report: tables with its rows, or enough text about requests."""
        if "申请" not in self.text:
            return False
        rows = sum(1 for _ in self.main.iter("tr"))
        return rows >= _REPORT_ROWS or (len(self.text) >= _ENOUGH_TEXT and "信息公开" in self.text)

    @cached_property
    def attachments(self) -> list[Attachment]:
        """The attached files, in order."""
        return attachments_in(self.page)

    @property
    def year_of_period(self) -> int | None:
        """The year of the statistical period that the text names."""
        period = find_period(self.text)
        return period[0].year if period else None

    @property
    def needs_browser(self) -> bool:
        """Whether only a browser shows what it has: a route behind a hash, a file that a script fetches."""
        is_route = bool(urlsplit(self.page.asked).fragment)
        says_so = len(self.page.visible_text) < _SHORT_TEXT and _NEEDS_SCRIPTS.search(self.page.text) is not None
        return is_route or says_so or offers_by_script(self.page)

    @property
    def why_no_document(self) -> str:
        """One sentence for an article that has neither."""
        if self.needs_browser:
            return "正文或附件只有用浏览器才能打开，程序没有读到"
        if any(True for _ in self.main.iter("img")):
            return "正文只有图片，没有可读的文字和附件"
        return "正文没有报告内容，也没有附件"


def _weight(element: HtmlElement) -> float:
    weight = _WEIGHT(element)
    assert isinstance(weight, float)  # noqa: S101 - narrows the type: the expression is a number
    return weight
