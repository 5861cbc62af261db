"""A first look at a page that no portal file describes: which family it is of, and where its columns of reports are.

It fetches as a round does (robots.txt, private addresses, sizes, pace), keeps nothing, and proposes; what it proposes
is a draft for a person (cli/new_portal.py), never a portal that is watched.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlsplit

from config.families import JsonRows
from config.portals import JSON_LIST, AgencyKind, Pace, PortalColumn, PortalFile
from crawler.families import family_of, presets
from crawler.families.detection import Fit, fits, is_feed
from crawler.families.folders import kinds_called
from crawler.families.unit_pages import UnitPages
from crawler.fetching.fetcher import Fetched, Fetcher
from crawler.pages.article_page import ArticlePage
from crawler.pages.canonical import resolve
from crawler.pages.page import Page
from crawler.pages.quality import Quality
from crawler.spider import RoundOrder, RoundSpider
from crawler.storing.clock import Clock
from crawler.survey.recognise import (
    FoundRows,
    endpoints_in,
    named_links,
    paged,
    report_columns,
    rows_in,
    scripts_of,
    unit_code,
    unit_codes_beside,
)
from crawler.visiting.entries import year_of_place
from crawler.visiting.list_reading import ReadColumn, read_list
from ledger.states import PortalState
from report.titles import judge_title

MOST_PAGES = 60
MOST_COLUMNS = 4
MOST_ENDPOINTS = 4
MOST_SCRIPTS = 3
DEEPEST = 3
_BEYOND = Quality(PortalState.LAYOUT_CHANGED, f"试读最多取 {MOST_PAGES} 页，其余未读")
_SLUG = re.compile(r"[^a-z0-9]+")
_INDEX = re.compile(r"/(?:index[^/]*)?$")


@dataclass(frozen=True)
class SurveyOrder(RoundOrder):
    """What a survey is to do: the addresses by which the page may be reached; the first that answers is taken."""

    addresses: tuple[str, ...] = ()


@dataclass(frozen=True)
class SurveyedColumn:
    """A column as it was found: what the portal file would say, and the list pages that were read.

    ``signs`` speak for the family. ``complete``: the list was read to its end. ``doubts`` are sentences on what a
    person has to look at.
    """

    column: PortalColumn
    family: str
    signs: tuple[str, ...]
    entries: int
    reports: int
    complete: bool
    sentence: str
    pages: tuple[Page, ...]
    json_rows: JsonRows | None = None
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Survey:
    """What a survey found. ``trouble`` is one sentence where the page could not be read; then all else is empty.

    ``page`` is the page that was asked for, ``home`` the portal's home page if that could be read.
    """

    trouble: str = ""
    page: Page | None = None
    home: Page | None = None
    columns: tuple[SurveyedColumn, ...] = ()


def provisional_portal(address: str, pace: Pace, order_day: date) -> PortalFile:
    """A portal file for a site of which only an address is known, seen on ``order_day``."""
    parts = urlsplit(address)
    column = PortalColumn(id="c1", name="年报", address=address)
    return PortalFile(
        portal="new",
        name=parts.netloc,
        district=parts.netloc,
        start=f"{parts.scheme}://{parts.netloc}/",
        family="static-list",
        observed=order_day,
        pace=pace,
        columns=(column,),
    )


class SurveySpider(RoundSpider):
    """Surveys ``order.addresses``; neither ledger nor archive is opened."""

    name = "survey"
    order: SurveyOrder

    async def work(self) -> None:
        """One survey."""
        trouble = ""
        for address in self.order.addresses:
            portal = next(one for one in self.order.portals if address.startswith(one.start))
            surveyor = _Surveyor(Fetcher(self.crawler.engine, portal, self.order.settings), portal, self.order)
            fetched = await surveyor.fetch(address)
            if fetched.page is not None and fetched.quality.good:
                self.results.append(await surveyor.survey(fetched.page))
                return
            trouble = trouble or fetched.quality.sentence
            if fetched.quality.found is not PortalState.UNREACHABLE:
                break  # it has answered; the other scheme is for sites that do not
        self.results.append(Survey(trouble))


class _Surveyor:
    """One site's survey; a page that was read is not asked for again."""

    def __init__(self, fetcher: Fetcher, portal: PortalFile, order: SurveyOrder) -> None:
        self._fetcher = fetcher
        self._portal = portal
        self._clock = Clock(order.at)
        self._known: dict[str, Fetched] = {}

    async def fetch(self, address: str) -> Fetched:
        """Fetches an address once."""
        if address not in self._known:
            if len(self._known) >= MOST_PAGES:
                return Fetched(None, _BEYOND)
            self._known[address] = await self._fetcher.fetch(address)
        return self._known[address]

    async def survey(self, page: Page) -> Survey:
        """Surveys the site from a page on."""
        home = await self.fetch(self._portal.start)
        found: list[SurveyedColumn] = []
        for column in await self._columns(page, DEEPEST):
            if column.column.address not in {one.column.address for one in found}:
                found.append(_with_id(column, found))
        good = home.page if home.page is not None and home.quality.good else None
        return Survey("", _plain(page), _plain(good) if good is not None else None, tuple(found))

    async def _columns(self, page: Page, depth: int, name: str = "") -> list[SurveyedColumn]:
        """The columns that a page is, or that its links lead to; ``name`` is what the link to the page says."""
        best = await self._as_list(page)
        if best is not None and best.reports:
            return [_called(best, name)]
        found: list[SurveyedColumn] = []
        if page.is_html and depth:
            for address, name in report_columns(page)[:MOST_COLUMNS]:
                below = await self.fetch(address)
                if below.page is not None and below.quality.good:
                    found += [one for one in await self._columns(below.page, depth - 1, name) if one.reports]
        found = found or await self._endpoints(page)
        return found or ([best] if best is not None and depth == DEEPEST else [])

    async def _as_list(self, page: Page) -> SurveyedColumn | None:
        """The page read as a list of the family that finds most reports there; of several the likeliest."""
        if page.is_html and unit_code(page.address) is not None:
            return await self._unit_codes(page)
        rows = rows_in(page) if not page.is_html and not is_feed(page) else None
        if rows is not None:
            return await self._json(page, rows)
        place = self._portal.columns[0].model_copy(update={"address": page.asked})
        trials = []
        for fit in fits(page, self._portal, place, presets()):
            readable = page.is_html or fit.family != JSON_LIST  # whose map nobody has written yet
            if readable and (fit.family != "unit-pages" or await self._are_units(page)):
                trials.append(await self._trial(fit, page, page.asked))
        return max(trials, key=lambda one: one.reports, default=None)

    async def _trial(
        self,
        fit: Fit,
        page: Page,
        address: str,
        *,
        units: tuple[str, ...] = (),
        json_rows: JsonRows | None = None,
        doubts: tuple[str, ...] = (),
    ) -> SurveyedColumn:
        """The page read with one family that fits it."""
        family = fit.family
        year = None if is_feed(page) else year_of_place(page.asked, self._portal.columns[0])
        column = PortalColumn(
            id="c1",
            name=_name(page),
            address=f"/{address.removeprefix(self._portal.start)}"
            if address.startswith(self._portal.start)
            else address,
            units=units,
            years=() if year is None else (year,),
        )
        portal = self._portal.model_copy(update={"family": family, "columns": (column,), "json_rows": json_rows})
        pages: dict[str, Page] = {}

        async def fetch(wanted: str) -> Fetched:
            fetched = await self.fetch(wanted)
            if fetched.page is not None and fetched.quality.good:
                pages[wanted] = fetched.page
            return fetched

        self._known.setdefault(page.asked, Fetched(page, Quality(PortalState.HEALTHY)))
        read = await read_list(family_of(portal, column), column, fetch, self._clock)
        column = column.model_copy(update={"kinds": _kinds(column.name, list(pages.values()), family)})
        reports = sum(_may_be_report(entry.title) for entry in read.entries.values())
        return SurveyedColumn(
            column,
            family,
            fit.signs,
            len(read.entries),
            reports,
            read.complete,
            read.said,
            tuple(_plain(one) for one in pages.values()),
            json_rows,
            (*doubts, *_doubts(read)),
        )

    async def _unit_codes(self, page: Page) -> SurveyedColumn:
        pattern, code = unit_code(page.address) or ("", "")
        home = await self.fetch(self._portal.start)
        beside = unit_codes_beside(page, pattern)
        beside += unit_codes_beside(home.page, pattern) if home.page is not None and home.quality.good else []
        units = tuple(dict.fromkeys((code, *beside)))
        rest = urlsplit(page.asked).path.partition(f"{code}/")[2]
        doubt = f"units 只列出了从网页链接中认出的代码（{'、'.join(units)}），其余单位的代码须自行补上"
        fit = Fit("unit-codes", (f"网址以单位代码开头（{code}）",))
        return await self._trial(fit, page, pattern + rest, units=units, doubts=(doubt,))

    async def _are_units(self, page: Page) -> bool:
        """Whether the links that are named like units lead to reports, and not to lists of them."""
        entries = UnitPages(self._portal).entries(page)
        if not entries:
            return False
        fetched = await self.fetch(entries[0].link)
        if fetched.page is None or not fetched.quality.good:
            return False
        article = ArticlePage(fetched.page)
        return article.body_is_report or judge_title(article.title).is_report

    async def _endpoints(self, page: Page) -> list[SurveyedColumn]:
        """The list behind a page that a script fills, if the endpoint is named in its scripts."""
        if not page.is_html:
            return []
        sources = [script.text_content() for script in page.tree.iter("script")]
        for address in scripts_of(page)[:MOST_SCRIPTS]:
            fetched = await self.fetch(address)
            if fetched.page is not None and fetched.page.status == 200:
                sources.append(fetched.page.text)
        source = "\n".join(sources)
        for address in endpoints_in(source, page.address)[:MOST_ENDPOINTS]:
            fetched = await self.fetch(address)
            rows = rows_in(fetched.page, source) if fetched.page is not None and fetched.quality.good else None
            if fetched.page is not None and rows is not None:
                return [_called(await self._json(fetched.page, rows), _name(page))]
        return []

    async def _json(self, page: Page, rows: FoundRows) -> SurveyedColumn:
        address, _ = paged(page.asked)
        doubts = [] if rows.link_known else [
            f"接口的行里没有文章网址，json_rows.link 暂写作“{rows.rows.link}”；请打开一篇文章，按其网址改正"
        ]  # fmt: skip
        if rows.rows.pages is None:
            doubts.append("接口没有写明共几页（json_rows.pages），只读第一页；请核对")
            address = page.asked
        if "{page}" not in address:
            rows = replace(rows, rows=rows.rows.model_copy(update={"pages": None}))
        fit = Fit(JSON_LIST, (f"回答中 {rows.rows.rows} 处有带标题的行",))
        return await self._trial(fit, page, address, json_rows=rows.rows, doubts=tuple(doubts))


def _may_be_report(title: str) -> bool:
    """Whether a title is a report's, or cut short, so that only the page can tell."""
    return judge_title(title).is_report or title.endswith("…")


def _doubts(read: ReadColumn) -> list[str]:
    doubts = [] if read.complete else [f"没有读完：{read.sentence}"]
    entries = list(read.entries.values())
    if entries and not any(entry.listed for entry in entries):
        doubts.append("条目旁没有日期；公布日期只能由文章页和网址判断")
    return doubts


def _kinds(name: str, pages: Sequence[Page], family: str) -> tuple[AgencyKind, ...]:
    """Whose reports belong to a column, by its name, or by the names of its folders where each of them tells."""
    called = kinds_called(name)
    if called is None and family in ("column-of-columns", "unit-pages") and pages:
        lists = {page.asked for page in pages}
        folders = [kinds_called(name) for address, name in named_links(pages[0]) if address in lists]
        if folders and all(folders):
            called = frozenset[AgencyKind]().union(*(kinds for kinds in folders if kinds))
    order: tuple[AgencyKind, ...] = ("government", "department", "subdistrict", "town")
    return tuple(kind for kind in order if called is not None and len(called) < len(order) and kind in called)


def _name(page: Page) -> str:
    name = page.labels.get("columnname", "") or re.split(r"[_\-—|]", page.title)[0]
    return " ".join(name.split())[:60] or "政府信息公开年报"


def _called(column: SurveyedColumn, name: str) -> SurveyedColumn:
    """The column under the name by which a link leads to it, if one does."""
    if not name:
        return column
    kinds = column.column.kinds or _kinds(name, (), column.family)
    return replace(column, column=column.column.model_copy(update={"name": name, "kinds": kinds}))


def _with_id(column: SurveyedColumn, others: Sequence[SurveyedColumn]) -> SurveyedColumn:
    """The column under an id of its own, made of the last folder of its address."""
    path = _INDEX.sub("", urlsplit(column.column.address.replace("{unit}", "")).path.partition("{")[0])
    slug = _SLUG.sub("-", path.rpartition("/")[2].rpartition(".")[0].lower() or path.rpartition("/")[2].lower())
    wanted = slug.strip("-") or "gknb"
    taken = {one.column.id for one in others}
    names = [wanted, *(f"{wanted}-{number}" for number in range(2, MOST_COLUMNS * DEEPEST + 2))]
    chosen = next(name for name in names if name not in taken)
    return replace(column, column=column.column.model_copy(update={"id": chosen}))


def _plain(page: Page) -> Page:
    """The page without what was worked out from it, so that it can go through a pipe."""
    return replace(page)


def addresses_of(written: str) -> tuple[str, ...]:
    """The addresses to try for what a person wrote: as written, then with the other of https and http.

    Raises ValueError where that is no address of a page.
    """
    text = written.strip()
    rest = re.sub(r"^https?://", "", text, flags=re.IGNORECASE)
    schemes = ("http", "https") if text.lower().startswith("http://") else ("https", "http")
    found = [resolve(f"{scheme}://{rest}", f"{scheme}://{rest}") for scheme in schemes]
    if "://" in rest or "{" in rest or any(one is None or "." not in (urlsplit(one).hostname or "") for one in found):
        raise ValueError(written)
    return tuple(one for one in found if one is not None)
