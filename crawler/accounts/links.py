"""What a link of a list page is when no entry claims it: navigation, another site, a document, or unaccounted."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import parse_qsl, urlsplit

from lxml.html import HtmlElement

from config.portals import PortalColumn
from crawler.accounts.account import LONGEST_TEXT, REPORTISH, Piece
from crawler.accounts.reading import PageReading, Understood
from crawler.families.folders import kinds_called
from crawler.families.paging.words import Word, number_of, word_of
from crawler.pages.canonical import canonical
from crawler.pages.page import Page, visible_text
from crawler.rows.targets import is_scripted, target_of
from crawler.rows.titles import is_poor, said_by
from crawler.visiting.entries import LOST, judge_entry
from crawler.visiting.register import Register
from ledger.crawling.account_kinds import PieceKind, PieceName
from report.titles import year_in

# An address as lists and home pages have it: a folder, an index, a file with a name and no number.
_LIST = re.compile(
    r"(?:^|/|/(?:index|default|list|main)[^/]{0,40}|/[a-z_-]{1,40}\.(?:s?html?|jsp|aspx?|php))$", re.IGNORECASE
)
_FILE = re.compile(r"\.(?:pdf|docx?|wps|ofd|xlsx?|zip|rar)$", re.IGNORECASE)
_LEADS_ON = re.compile(
    r"^\W*(?:[首上下前后尾末]一?页|最后一页|加载更多|查看更多|next|prev|\[?\d{1,4}\]?|[<>«»‹›]+)\W*$", re.IGNORECASE
)
# A part of a kind (西片街道, 其他部门), and what a collection of reports of a year is called (2025年度年报专栏).
_PART_OF_KIND = re.compile(
    r"(?:[东西南北中]片区?|[东西南北中]部|片区|城区|郊区|其[他它]|另外|双管|垂管|垂直管理|[驻中]央?直?)(?:政府)?(?:工作)?"
    r"(?:部门|街道|街镇|镇街|乡镇|镇乡|委办局|办事处|单位|机构)(?:政府)?(?:信息公开)?(?:工作)?(?:年度?报告?)?"
)
_COLLECTED = re.compile(r"专栏|专题|汇总|汇编|合集|集中|专区|专页|电子书|合订|一览|网址|翻阅")
# What a list of one kind of agencies is called on a tab: 街道, 部门年报.
_TAB_OF_KIND = re.compile(
    r"(?:[区县市]|各)?(?:政府)?(?:工作)?(?:部门|街道|街镇|镇街|乡镇|镇乡|委办局|办事处){1,2}(?:政府)?(?:信息公开)?(?:工作)?(?:年度?报告?)?"
)
_LONGEST_NAME = 12
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_MONTH = re.compile(r"20\d{2}\s?[年./-]\s?(?:\d{1,2}|[一二三四五六七八九十]{1,3})\s?(?:月|$)")
_DIGITS = re.compile(r"\d+")
# The number of a page, not a year.
_NUMBERED = re.compile(r"[_-]?(?!20\d\d$)\d{1,4}$")
_EXTENSION = re.compile(r"\.\w{1,6}$")
_PAGE_PARAMETER = re.compile(
    r"p|pn|pg|n|(?:cur|to|start)?_?(?:page|pager)(?:_?(?:no|num|number|index|id))?|cur|start|offset", re.IGNORECASE
)


@dataclass(frozen=True)
class LinkSettler:
    """Settles the links of one page."""

    page: Page
    reading: PageReading
    register: Register
    column: PortalColumn
    start: str

    def settle(self, link: HtmlElement, seen: set[str], rows: Mapping[HtmlElement, Understood]) -> Piece:
        """The piece that a link is; ``seen`` are the entries met before, ``rows`` the elements of entries' rows."""
        said = _said(link)
        target = target_of(self.page, link)
        address = canonical(target, self.start) if target is not None else None
        kind = PieceKind.LINK if target is not None else PieceKind.SCRIPTED
        text = said[:LONGEST_TEXT]
        named = self.register.mentioned(said)
        entry = self.reading.entries.get(address) if address is not None else None
        if entry is not None and address is not None:
            return self._entry(kind, text, address, named, first=address not in seen)
        name = self._name(link, said, target, address, named, rows)
        # What leads to a month may lead to any report that was published in it.
        tells = said and (name is PieceName.UNKNOWN or named) and not _MONTH.search(said)
        year = judge_entry(said, "", self.column, self.register).year if tells else None
        return Piece(kind, text, name, address, named, year, REPORTISH.search(said) is not None)

    def _entry(self, kind: PieceKind, text: str, address: str, named: frozenset[str], *, first: bool) -> Piece:
        entry = self.reading.entries[address]
        whose = frozenset({entry.agency}) if entry.agency else self.register.mentioned(entry.title)
        if named - whose and entry.agency and not self._is_same(text, entry.agency):
            # Two that are named differently and lead to the same page: one of the links is wrong.
            return Piece(kind, text, PieceName.UNKNOWN, address, named - whose)
        if not first:
            return Piece(kind, text, PieceName.REPEATED, address, whose)
        return Piece(kind, entry.title[:LONGEST_TEXT], entry.name, address, whose, entry.year)

    def _is_same(self, text: str, agency: str) -> bool:
        judged = judge_entry(text, "", self.column, self.register)
        return judged.agency == agency

    def _name(
        self,
        link: HtmlElement,
        said: str,
        target: str | None,
        address: str | None,
        named: frozenset[str],
        rows: Mapping[HtmlElement, Understood],
    ) -> PieceName:
        if target is not None and (target in self.reading.folders or address in self.reading.folders):
            return PieceName.FOLDER
        if target is not None and (target in self.reading.pages or address in self.reading.pages):
            return PieceName.PAGER
        if _in_row(link, rows) and is_poor(said):
            return PieceName.OTHER_FORM
        if address is not None and address in self.reading.columns:
            return PieceName.NAVIGATION
        if not self.page.menus.hold(link) and self._is_of_absent_kind(said):
            return PieceName.UNKNOWN
        if target is None:
            return self._without_target(link, said, named)
        return self._with_target(link, said, target, named)

    def _without_target(self, link: HtmlElement, said: str, named: frozenset[str]) -> PieceName:
        judged = judge_entry(said, "", self.column, self.register) if said else None
        if (judged is not None and judged.is_report) or LOST.search(said):
            return PieceName.UNKNOWN
        if named and not self.page.menus.hold(link):
            return PieceName.UNKNOWN
        if is_scripted(link):
            poor_row = is_poor(said) and bool(said) and self._row_says(link)
            return PieceName.UNKNOWN if poor_row else PieceName.BEHAVIOUR
        return PieceName.SAME_PAGE

    def _with_target(self, link: HtmlElement, said: str, target: str, named: frozenset[str]) -> PieceName:
        same_site = urlsplit(target).netloc == urlsplit(self.page.address).netloc
        leads_back = number_of(said) == 1 or word_of(said) is Word.BACK
        if LOST.search(said) or (same_site and not leads_back and self._may_turn(target)):
            return PieceName.UNKNOWN
        if not said:
            like_a_row = _shape(target) in self._shapes and not self.page.menus.hold(link)
            if _FILE.search(urlsplit(target).path) or like_a_row:
                return PieceName.UNKNOWN
            return PieceName.PICTURE if same_site else PieceName.OTHER_SITE
        if same_site and self._may_be_short_for_a_report(link, said, target):
            return PieceName.UNKNOWN
        if _LEADS_ON.match(said):
            return PieceName.NAVIGATION
        if is_poor(said):
            return PieceName.UNKNOWN if self._row_says(link) else PieceName.NAVIGATION
        judged = judge_entry(said, target, self.column, self.register)
        if not judged.is_report:
            if same_site and self._may_lead_to_reports(link, said, judged.year):
                return PieceName.UNKNOWN
            if judged.name is not PieceName.OTHER_SUBJECT or named:
                return judged.name
            return PieceName.NAVIGATION if same_site else PieceName.OTHER_SITE
        if not judged.needs_page:
            return PieceName.UNKNOWN
        # Only the page could tell. A unit's bare name leads to its list or its home page where the address looks so.
        is_name = bool(named) and self.register.agency_in(said, self.column.kinds) is not None
        leads_to_list = _LIST.search(urlsplit(target).path) is not None
        if leads_to_list and (is_name or self.page.menus.hold(link)):
            return PieceName.NAVIGATION
        return PieceName.UNKNOWN

    def _may_be_short_for_a_report(self, link: HtmlElement, said: str, target: str) -> bool:
        """Whether a link says no more than a part of an agency's name, or nothing of the file that it leads to."""
        if self.page.menus.hold(link):
            return False
        path = urlsplit(target).path
        if _FILE.search(path) and (is_poor(said) or not _CHINESE.search(said)):
            return True
        return self.register.begins_a_name(said) and _LIST.search(path) is None

    def _may_lead_to_reports(self, link: HtmlElement, said: str, year: int | None) -> bool:
        """Whether something beside the list is called like another place of this year's reports, or of some of them."""
        if self.page.menus.hold(link):
            return False
        words = said.strip("[]【】（）()·> ")
        if _PART_OF_KIND.fullmatch(words):
            return True
        year = year if year is not None else year_in(words)
        about = REPORTISH.search(words) is not None or (year is not None and len(words) <= _LONGEST_NAME)
        return _COLLECTED.search(words) is not None and about and self.register.watches(year)

    @cached_property
    def _shapes(self) -> frozenset[str]:
        """The addresses of the page's entries, whatever their numbers."""
        return frozenset(_shape(address) for address in self.reading.entries)

    @cached_property
    def _kinds(self) -> frozenset[str]:
        """The kinds of the agencies whose reports are among the page's entries."""
        return self.register.kinds_of(entry.agency for entry in self.reading.entries.values() if entry.agency)

    def _is_of_absent_kind(self, said: str) -> bool:
        """Whether something is called like the list of a kind of agencies of which nobody's report stands here."""
        if not _TAB_OF_KIND.fullmatch(said.strip("[]【】（）()·> ")):
            return False
        called = kinds_called(said) or frozenset[str]()
        wanted = self.register.kinds & self.reading.kinds & called
        return bool(wanted) and not wanted & self._kinds

    @cached_property
    def _here(self) -> tuple[str, dict[str, str], str]:
        """The page's own path and query, and the path without the number that other pages of the list have."""
        here = urlsplit(self.page.address)
        stem = _NUMBERED.sub("", _EXTENSION.sub("", f"{here.path}index" if here.path.endswith("/") else here.path))
        return here.path, dict(parse_qsl(here.query)), stem

    def _may_turn(self, target: str) -> bool:
        """Whether an address is numbered like another page of this list."""
        (path, own, stem), there = self._here, urlsplit(target)
        other = dict(parse_qsl(there.query)) if there.query else {}
        if path == there.path and own != other:
            differing = [name for name in other if own.get(name) != other[name]]
            added = bool(differing) and differing[0] not in own
            is_number = len(differing) == 1 and other[differing[0]].isdigit() and len(other[differing[0]]) < 5
            return is_number and own.keys() <= other.keys() and (added or bool(_PAGE_PARAMETER.fullmatch(differing[0])))
        if own != other or not there.path.startswith(stem):
            return False
        left = _EXTENSION.sub("", there.path).removeprefix(stem)
        return _NUMBERED.fullmatch(left.removeprefix("/")) is not None

    def _row_says(self, link: HtmlElement) -> bool:
        """Whether what stands around a link that says nothing names an agency or a report."""
        for height, outer in enumerate(link.iterancestors()):
            if height == 4 or outer.tag in ("body", "ul", "ol", "table", "tbody"):
                return False
            text = visible_text(outer)
            if len(text) > 400:
                return False
            if self.register.mentioned(text) or REPORTISH.search(text):
                return True
            if outer.tag in ("li", "tr", "dd"):
                return False
        return False


def _shape(address: str) -> str:
    parts = urlsplit(address)
    names = ",".join(sorted(name for name, _ in parse_qsl(parts.query, keep_blank_values=True)))
    return f"{_DIGITS.sub('#', parts.path)}?{names}"


def _said(link: HtmlElement) -> str:
    text = said_by(link)
    if text:
        return text
    picture = link.find(".//img")
    written = link.get("title") or ("" if picture is None else picture.get("alt") or picture.get("title") or "")
    return " ".join(written.split())[:500]


def _in_row(link: HtmlElement, rows: Mapping[HtmlElement, Understood]) -> bool:
    return any(outer in rows for outer in (link, *link.iterancestors()))
