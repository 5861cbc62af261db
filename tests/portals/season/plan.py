"""What stands on one portal, built up page by page; beside each page the truth about it, for whoever tests a crawl.

Nothing here asks the crawler anything: agency, year, address, outcome and standing are written down as they are planned.
"""

# ruff: noqa: E501 - lines of HTML
from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from cli.demo.portals.sound_report import body_before_2019
from cli.demo.site import NOT_FOUND, Answer, Site
from tests.portals.season import documents
from tests.portals.season.look import Look, Row
from tests.portals.season.units import Unit

SHANGHAI = timezone(timedelta(hours=8))
YEAR = documents.YEAR
ROBOTS = Answer(b"User-agent: *\nDisallow: /admin/\n", "text/plain")
TITLES = (
    "{name}{year}年政府信息公开工作年度报告",
    "{year}年{name}政府信息公开工作年度报告",
    "{short}{year}年度政府信息公开工作年度报告",
    "{other}{year}年政府信息公开工作年度报告",
    "{name}\n{year}年政府信息公开工作年度报告",
    "{name}２０２５年政府信息公开工作年度报告",
    "{district}{short}{year}年政府信息公开年度报告",
    "{name}{year}年政府信息公开工作年度报告（超链版）",
)
NEGATIVES = (
    "一图读懂{short}{year}年政府信息公开工作年度报告",
    "《{name}{year}年政府信息公开工作年度报告》解读",
    "关于做好{year}年政府信息公开工作年度报告编制和发布工作的通知",
    "{district}政府信息公开指南",
    "{district}召开{year}年度政府信息公开年报编制和发布部署会",
    "政府信息公开工作年度报告制度",
    "{district}人民政府办公室关于报送{year}年政府信息公开工作年度报告的函",
    "{district}{year}年政务公开第三方评估报告",
)


def day(month: int, number: int, hour: int = 9, minute: int = 30, year: int = YEAR + 1) -> datetime:
    """A moment of the season in Shanghai."""
    return datetime(year, month, number, hour, minute, tzinfo=SHANGHAI)


@dataclass(frozen=True, slots=True, order=True)
class Planned:
    """One article: the path by which it is known, what it turns out to be, whose and of which year, its documents."""

    path: str
    outcome: str
    agency: str | None
    year: int | None
    documents: tuple[tuple[str, str], ...] = ()


@dataclass
class District:
    """One portal. ``state`` is how a round finds it, ``standings`` how each agency stands in the end.

    ``published`` is when each agency's report was published as the page shows it, ``findings`` which rules of
    publication are broken by whom.

    ``file`` is what its portal file says otherwise than the one that comes with the package; ``number`` names the page
    of an article from a running number and the moment of publication.
    """

    portal: str
    name: str
    units: Sequence[Unit]
    look: Look
    number: Callable[[int, datetime], str] = lambda number, at: f"{at:%Y%m}/t{at:%Y%m%d}_{number}.html"
    state: str = "healthy"
    file: Mapping[str, Any] = field(default_factory=dict)
    otherwise: Answer = NOT_FOUND
    pages: dict[str, Answer] = field(default_factory=dict)
    articles: dict[str, Planned] = field(default_factory=dict)
    dropped: set[str] = field(default_factory=set)
    standings: dict[str, str] = field(default_factory=dict)
    published: dict[str, datetime] = field(default_factory=dict)
    findings: set[tuple[str, str]] = field(default_factory=set)
    _count: int = 0

    def __post_init__(self) -> None:
        self._count = 526_900 + 1000 * len(self.portal)
        self.pages.setdefault("/robots.txt", ROBOTS)
        self.pages.setdefault("/", self.look.page("<h2>要闻</h2>" + "<p>区领导调研重点工作。</p>" * 30, self.look.site))

    @property
    def site(self) -> Site:
        """The portal for the server."""
        return Site(lambda _today: self.pages, self.otherwise)

    def season(
        self,
        folder: str,
        units: Sequence[Unit],
        ways: Sequence[str] = ("html",),
        *,
        missing: Collection[int] = (),
        late: Collection[int] = (),
        titles: Sequence[str] = TITLES,
    ) -> list[Row]:
        """The reports of ``units`` for 2025 below ``folder``, published from 8 to 30 January in the ``ways`` in turn.

        Those at the places ``missing`` publish none, those at ``late`` on 2 February.
        """
        rows = []
        for place, unit in enumerate(units):
            at = day(2, 2, 15, 10) if place in late else day(1, 8 + place * 5 % 23, 9 + place % 8, place * 7 % 60)
            if place in missing:
                self.standings[unit.id] = "pending" if unit.kind == "government" else "missing"
                continue
            self.standings[unit.id] = "late" if place in late else "on_time"
            title = titles[place % len(titles)]
            rows.append(self.report(folder, unit, at, ways[place % len(ways)], title))
        return rows

    def report(
        self,
        folder: str,
        unit: Unit,
        at: datetime,
        way: str = "html",
        title: str = TITLES[0],
        *,
        year: int = YEAR,
        shown: datetime | None = None,
    ) -> Row:
        """One report in one of the ways of :data:`WAYS`; its row for a list in ``folder``.

        ``at`` is when its record was made, ``shown`` what page and list say instead where that differs.
        """
        number = self._next()
        named = self.titled(title, unit, year)
        name = self.number(number, at)
        path = f"{folder}{name}"
        page = Written(self, unit, named, shown or at, path, year, number)
        kept = WAYS[way](page)
        if way == "both-differ":
            self.findings.add(("P06", unit.id))
        known = path if way != "direct" else kept[0][1]
        if year == YEAR:
            self.published[unit.id] = shown or at
        known = known.removesuffix("index.html")
        # The article's own text is known by the article's address.
        kept = tuple((role, known if role == "body" else place) for role, place in kept) if year == YEAR else ()
        found = Planned(known, "report", unit.id, year, kept)
        self.articles[found.path] = found
        href = path if way != "direct" else kept[0][1]
        return Row(href, " ".join(named.split()), (shown or at).strftime(self.look.list_day))

    def otherwise_known(self, row: Row, **values: Any) -> None:
        """Plans the article of a row otherwise than it was put: a page that is gone, an agency nobody knows."""
        self.articles[row.href] = replace(self.articles[row.href], **values)

    def old(self, folder: str, unit: Unit, year: int, at: datetime | None = None) -> Row:
        """A report of an earlier year: it is kept from the list, and not read."""
        at = at or datetime(year + 1, 1, 19, 10, 35, tzinfo=SHANGHAI)
        if year < 2019:
            number = self._next()
            title = f"{year}年{unit.name}政府信息公开工作年度报告"
            path = f"{folder}{self.number(number, at)}"
            self.pages[path] = self.look.article(title, body_before_2019(unit.short, year), at, unit.short)
            known = path.removesuffix("index.html")
            self.articles[known] = Planned(known, "report", unit.id, year)
            return Row(path, title, at.strftime(self.look.list_day))
        return self.report(folder, unit, at, "html", TITLES[1], year=year)

    def nothing(self, folder: str, title: str, at: datetime, unit: Unit | None = None) -> Row:
        """Something that is no report, and is told so by its title."""
        named = self.titled(title, unit or self.units[0], YEAR)
        path = f"{folder}{self.number(self._next(), at)}"
        text = f"<p>　　{named}。</p>" + "<p>　　各单位要按照规定公开政府信息，依法办理政府信息公开申请。</p>" * 6
        self.pages[path] = self.look.article(named, text, at, "区政府办公室")
        self.dropped.add(path.removesuffix("index.html"))
        return Row(path, named, at.strftime(self.look.list_day))

    def negatives(self, folder: str, count: int = len(NEGATIVES)) -> list[Row]:
        """The first ``count`` of what stands between the reports and is none."""
        return [self.nothing(folder, one, day(1, 9 + number)) for number, one in enumerate(NEGATIVES[:count])]

    def lists(
        self, folder: str, rows: Sequence[Row], *, per: int = 15, suffix: str = "html", column: str = "政府信息公开年报"
    ) -> None:
        """A list of TRS: ``index``, ``index_1`` …, the number of pages in a script; the newest first."""
        ordered = sorted(rows, key=lambda row: row.day, reverse=True)
        count = max(1, -(-len(ordered) // per))
        for number in range(count):
            script = f'<div class="page"><script>createPageHTML({count}, {number}, "index", "{suffix}");</script></div>'
            name = f"index_{number}.{suffix}" if number else f"index.{suffix}"
            shown = ordered[number * per : (number + 1) * per]
            self.pages[f"{folder}{name}"] = self.look.listing(shown, script, column)
        self.pages[folder] = self.pages[f"{folder}index.{suffix}"]

    def titled(self, title: str, unit: Unit, year: int) -> str:
        """A title made of a pattern."""
        return title.format(name=unit.name, short=unit.short, other=unit.other, district=self.name, year=year)

    def _next(self) -> int:
        self._count += 1
        return self._count


@dataclass(frozen=True, slots=True)
class Written:
    """A report that is being put on a portal: everything that a way of publishing needs."""

    district: District
    unit: Unit
    title: str
    at: datetime
    path: str
    year: int
    number: int

    @property
    def text(self) -> str:
        """Its body."""
        return documents.body(self.unit.name, self.year, self.number)

    @property
    def folder(self) -> str:
        """The folder of its page."""
        return self.path.rpartition("/")[0]

    def put(self, body: str, path: str = "") -> None:
        """Puts its article."""
        page = self.district.look.article(self.title, body, self.at, self.unit.short)
        self.district.pages[path or self.path] = page

    def attach(self, kind: str, data: bytes | None = None, folder: str = "") -> str:
        """Puts a file of a kind; returns its path."""
        suffix = kind.rpartition(".")[2]
        path = f"{folder or self.folder}/P{self.at:%Y%m%d}{self.number}.{suffix}"
        content = documents.file(kind, self.unit.id) if data is None else data
        self.district.pages[path] = Answer(content, "application/octet-stream", modified=self.at.astimezone(UTC))
        return path


Kept = tuple[tuple[str, str], ...]
LETTER = "<p>　　根据《中华人民共和国政府信息公开条例》，现将本机关年度报告予以公布。</p>"


def _html(page: Written) -> Kept:
    page.put(page.text)
    return (("body", page.path),)


def _linked(kind: str, markup: str, folder: str = "") -> Callable[[Written], Kept]:
    def put(page: Written) -> Kept:
        path = page.attach(kind, folder=folder)
        name = " ".join(page.title.split())
        page.put(LETTER + markup.format(path=path, file=path.rpartition("/")[2], title=name, kind=path[-4:].strip(".")))
        return (("attachment", path),)

    return put


def _explained(page: Written) -> Kept:
    """The report and its explanation, both attached: only one is the report."""
    path = page.attach("pdf")
    other = path.replace(".pdf", "-1.pdf")
    page.district.pages[other] = Answer(documents.file("pdf", f"{page.unit.id} 解读"), "application/pdf")
    page.district.dropped.add(other)
    name = " ".join(page.title.split())
    page.put(f'{LETTER}<p><a href="{other}">《{name}》解读.pdf</a></p><p><a href="{path}">{name}.pdf</a></p>')
    return (("attachment", path),)


def _both(page: Written, *, agree: bool) -> Kept:
    body, same, other = documents.copies(page.number)
    path = page.attach("docx", same if agree else other)
    page.put(f'<p><a href="{path}">【下载Word】</a></p>{body}')
    return (("attachment", path), ("body", page.path))


def _iframe(page: Written) -> Kept:
    inner = f"{page.folder}/c{page.number}.html"
    page.district.pages[inner] = page.district.look.bare(f"<html><body>{page.text}</body></html>")
    page.put(f'<iframe name="content" src="{inner}" width="100%"></iframe>')
    return (("body", page.path),)


def _shell(markup: str) -> Callable[[Written], Kept]:
    def put(page: Written) -> Kept:
        real = f"{page.folder}/real{page.number}.html"
        page.put(page.text, real)
        page.district.pages[page.path] = page.district.look.bare(markup.format(path=real))
        return (("body", page.path),)

    return put


def _direct(page: Written) -> Kept:
    path = page.attach("pdf")
    return (("attachment", path),)


WAYS: dict[str, Callable[[Written], Kept]] = {
    "html": _html,
    "pdf": _linked("pdf", '<p>附件：<a href="./{file}">{title}.pdf</a></p>'),
    "scan": _linked("scan.pdf", '<p>附件：<a href="./{file}">{title}（盖章版）.pdf</a></p>'),
    "docx": _linked("docx", '<p>附件：<a href="{path}">{title}.docx</a></p>'),
    "doc": _linked("doc", '<p>附件：<a href="{path}" title="{title}.doc">点击下载</a></p>'),
    "wps": _linked("wps", '<p><a href="{path}">{title}.wps</a></p>'),
    "rtf": _linked("rtf", '<p><a href="{path}">{title}</a></p>'),
    "ofd": _linked("ofd", '<p><a href="{path}">{title}.ofd</a></p>'),
    "zip": _linked("zip", '<p><a href="{path}">{title}.zip</a></p>'),
    "onclick": _linked("pdf", '<p><a href="javascript:void(0)" onclick="downFile(\'{path}\')">附件下载</a></p>'),
    "viewer": _linked("pdf", '<iframe src="/pdfjs/web/viewer.html?file={path}" width="100%"></iframe>'),
    "embed": _linked("pdf", '<embed src="{path}" type="application/pdf" width="100%">'),
    "object": _linked("pdf", '<object data="{path}" type="application/pdf">请下载</object>', "/files"),
    "explained": _explained,
    "both": lambda page: _both(page, agree=True),
    "both-differ": lambda page: _both(page, agree=False),
    "iframe": _iframe,
    "shell-script": _shell('<html><script>window.location.href="{path}";</script></html>'),
    "shell-meta": _shell('<html><head><meta http-equiv="refresh" content="0;url={path}"></head></html>'),
    "direct": _direct,
}
