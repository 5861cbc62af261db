"""Which family a page is of, and the signs that speak for it. Nothing is fetched here.

The families that may fit come with the likeliest first. What is built by a system whose rows come from an endpoint is
read there, unless the page itself has reports and paging that can be followed; a directory of folders is told from a
list by what its links lead to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from config.families import FamilyFile
from config.portals import PortalColumn, PortalFile
from crawler.families.folders import ColumnOfColumns, NumberedColumns, YearFolders
from crawler.families.paging.pager import ShownPager
from crawler.families.static_list import StaticList
from crawler.pages.kinds import is_data
from crawler.pages.page import Page, visible_text
from report.titles import judge_title

_FEED = re.compile(rb"<(?:rss|feed|urlset|sitemapindex|rdf:RDF)[\s>]", re.IGNORECASE)
_UNIT = re.compile(r"(?:街道|镇|乡|地区|办事处|[局委办]|中心)$")
LIST_FAMILIES = ("static-list", "trs")
# Signs of what has a class of its own, or is read by one: place, expression, what it says.
_SIGNS: Mapping[str, tuple[tuple[str, re.Pattern[str], str], ...]] = {
    "hanweb": (
        ("source", re.compile(r"<datastore>", re.IGNORECASE), "数据存储 <datastore>"),
        ("source", re.compile(r"dataproxy\.jsp"), "接口 dataproxy.jsp"),
        ("source", re.compile(r"messageController/getMessage\.do"), "接口 getMessage.do（TrueCMS）"),
        ("address", re.compile(r"/col/col\d+/"), "网址 /col/col数字/"),
    ),
    "hanweb-xxgk": (
        ("source", re.compile(r"module/xxgk/search\.jsp"), "接口 module/xxgk/search.jsp"),
        ("source", re.compile(r"module/xxgk/tree\.jsp|tree\.jsp\?area="), "目录树 tree.jsp?area="),
    ),
    "trs": (("source", re.compile(r"createPageHTML\s{0,9}\("), "翻页脚本 createPageHTML"),),
    "static-list": (
        ("source", re.compile(r"_simple_list_gotopage_fun|p_next p_fun"), "博达的翻页"),
        ("source", re.compile(r"wp_paging|wp_article"), "webplus 的翻页"),
        ("source", re.compile(r"plus/list\.php\?tid="), "DedeCMS 的翻页"),
    ),
}
_SYSTEMS = ("hanweb", "hanweb-xxgk")


@dataclass(frozen=True, slots=True)
class Fit:
    """A family that fits a page, and the signs on the page that speak for it, as a person reads them."""

    family: str
    signs: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """For ``probe`` and the ledger."""
        return {"family": self.family, "signs": list(self.signs)}


def fits(page: Page, portal: PortalFile, column: PortalColumn, presets: Mapping[str, FamilyFile]) -> list[Fit]:
    """The families that a column's page may be of, the likeliest first; at least one."""
    return _Examined(page, portal, column, presets).fits


def of_system(
    page: Page, portal: PortalFile, column: PortalColumn, presets: Mapping[str, FamilyFile], named: str
) -> tuple[Fit, Fit | None]:
    """How the family that a portal's file names fits a page, and the system of the page where that is another one."""
    examined = _Examined(page, portal, column, presets)
    systems = examined.systems
    own = next((fit for fit in systems if fit.family == named), None)
    if (
        own is None
        and systems
        and named not in (*presets, *_SYSTEMS, "json-list", "feed")
        and not examined.reads_itself
    ):
        return Fit(named, ()), systems[0]
    return own or Fit(named, examined.said_of(named)), None


def is_feed(page: Page) -> bool:
    """Whether the page is RSS, Atom or a sitemap."""
    return _FEED.search(page.body[:2000]) is not None and b"<html" not in page.body[:2000].lower()


@dataclass(frozen=True)
class _Examined:
    page: Page
    portal: PortalFile
    column: PortalColumn
    presets: Mapping[str, FamilyFile]

    @cached_property
    def fits(self) -> list[Fit]:
        if is_feed(self.page):
            return [Fit("feed", ("RSS、Atom 或网站地图",))]
        systems = self.systems
        if not self.page.is_html or is_data(self.page):
            if self.portal.json_rows is not None:
                return [Fit("json-list", ("门户文件写明 json_rows",)), *systems]
            return systems or [Fit("json-list", ("回答不是网页",))]
        if self.column.units:
            return [Fit("unit-codes", ("栏目写明 units",))]
        lists, folders = self._lists(), list(self._folders())
        if self.reads_itself:
            return (
                [*folders, *lists, *systems]
                if folders and folders[0].family == "year-folders"
                else [*lists, *systems, *folders]
            )
        return [*systems, *folders, *lists] if systems or not self._reports else [*lists, *folders]

    @cached_property
    def systems(self) -> list[Fit]:
        """The systems with an endpoint that left signs on the page, the one with most of them first."""
        found = [*self._of_presets()]
        if self.page.is_html:
            found += [fit for name in _SYSTEMS if (fit := self._of_class(name)) is not None]
        return sorted(found, key=lambda fit: -len(fit.signs))

    def said_of(self, name: str) -> tuple[str, ...]:
        """The signs of a family that has no endpoint."""
        signs = _SIGNS.get(name, ())
        return tuple(says for place, pattern, says in signs if pattern.search(self._place(place)))

    @cached_property
    def _reports(self) -> int:
        entries = StaticList(self.portal).entries(self.page)
        return sum(judge_title(entry.title).is_report for entry in entries)

    @cached_property
    def _pagers(self) -> list[ShownPager]:
        return StaticList(self.portal).pagers(self.page, self.column)

    @property
    def reads_itself(self) -> bool:
        """Whether the page has reports, and no pager whose pages cannot be told."""
        return self._reports > 0 and all(pager.followable for pager in self._pagers)

    def _of_class(self, name: str) -> Fit | None:
        found = [says for place, pattern, says in _SIGNS[name] if pattern.search(self._place(place))]
        if name == "hanweb-xxgk" and "<datastore>" in self.page.text.lower():
            return None
        # The address alone is that of pages of all kinds.
        strong = [says for place, pattern, says in _SIGNS[name] if place == "source" and says in found]
        return Fit(name, tuple(found)) if strong else None

    def _of_presets(self) -> Iterator[Fit]:
        for name, preset in sorted(self.presets.items()):
            found = [sign.says for sign in preset.signs if re.search(sign.pattern, self._place(sign.place))]
            if found:
                yield Fit(name, tuple(found))

    def _place(self, place: str) -> str:
        return f"{self.column.address} {self.page.asked} {self.page.address}" if place == "address" else self.page.text

    def _lists(self) -> list[Fit]:
        trs, plain = self.said_of("trs"), self.said_of("static-list")
        shown = tuple(dict.fromkeys(f"翻页：{pager.text}" for pager in self._pagers if pager.pages))[:3]
        reports = (f"页面上有 {self._reports} 条年度报告",) if self._reports else ()
        found = [Fit("trs", (*trs, *reports))] if trs else []
        return [*found, Fit("static-list", (*plain, *shown, *reports) or ("没有其他类型的特征",))]

    def _folders(self) -> Iterator[Fit]:
        if not urlsplit(self.page.address).path.strip("/"):
            return  # below a home page lies everything; its links say where to go on
        here = YearFolders(self.portal).lists(self.column)[0]
        years = YearFolders(self.portal).sublists(self.page, self.column, here)
        if years:
            yield Fit("year-folders", (f"{len(years)} 个以年度命名的下级目录",))
        numbered = NumberedColumns(self.portal).sublists(self.page, self.column, here)
        below = ColumnOfColumns(self.portal).sublists(self.page, self.column, here)
        named_by_number = any(NumberedColumns.is_numbered(one.address) for one in numbered)
        if len(numbered) > len(below) or (named_by_number and len(numbered) == len(below)):
            yield Fit("numbered-columns", (f"{len(numbered)} 个编号的下级栏目",))
        if below:
            yield Fit("column-of-columns", (f"{len(below)} 个下级目录",))
        units = [link for link in self.page.tree.iter("a") if _UNIT.search(visible_text(link))]
        if len(units) > 1:
            yield Fit("unit-pages", (f"{len(units)} 个链接是单位名称",))


def same_list(one: str, other: str) -> bool:
    """Whether two families read a page alike: a plain list may begin or cease to draw its pager by script."""
    return one == other or (one in LIST_FAMILIES and other in LIST_FAMILIES)
