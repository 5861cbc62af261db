"""Nothing vanishes from a list page: every link, every name, every report stands in its account as something."""

# ruff: noqa: E501 - lines of HTML
from __future__ import annotations

import asyncio
import random
from datetime import date

import pytest

from config.agencies import AgencyEntry, DistrictFile, Watched
from config.portals import PortalColumn, PortalFile
from crawler.accounts.account import PageAccount
from crawler.accounts.accountant import Accountant
from crawler.families import family_of
from crawler.pages.page import Page
from crawler.visiting.register import Register
from ledger.crawling.account_kinds import Fate, PieceKind, PieceName

START = "http://www.example.gov.cn/"
COLUMN = PortalColumn(id="gknb", name="政府信息公开年报", address="/gknb/index.html")
PORTAL = PortalFile(
    portal="x",
    name="云山区人民政府",
    district="云山区",
    start=START,
    family="static-list",
    observed=date(2026, 1, 1),
    columns=(COLUMN,),
)
NAMES = ("东街街道", "西街街道", "南街街道", "北街街道", "青山镇", "绿水乡", "教育局", "财政局")
REGISTER = Register(
    DistrictFile(
        district="云山区",
        portal="x",
        watched=Watched(first=2025),
        agencies=tuple(
            AgencyEntry(id=f"a{n}", name=f"云山区{name}", short=name, kind="department") for n, name in enumerate(NAMES)
        ),
    )
)
SEEDS = range(60)


def account(body: str, head: str = "") -> PageAccount:
    address = f"{START}gknb/index.html"
    source = f"<html><head><meta charset=utf-8>{head}</head><body>{body}</body></html>"
    page = Page(address, address, 200, source.encode(), {"content-type": "text/html"})
    accountant = Accountant(PORTAL, COLUMN, REGISTER)
    asyncio.run(accountant.page(page, family_of(PORTAL, COLUMN).entries(page), (), ()))
    return accountant.pages[0]


def whole(pieces: PageAccount, agency: str) -> set[tuple[PieceName, Fate]]:
    return {(piece.name, piece.fate) for piece in pieces.pieces if agency in piece.agencies}


class Writer:
    """Writes a page by seed: lists, menus, tables, scripts, with agencies and reports in all of them."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self.named: set[str] = set()
        self.reports: set[str] = set()
        self.links = 0

    def page(self) -> str:
        return "".join(self._block(3) for _ in range(self._random.randint(3, 9)))

    def _block(self, depth: int) -> str:
        made = self._random.choice
        if depth == 0 or self._random.random() < 0.5:
            return made((self._link, self._text, self._island, self._report, self._loose))()
        inner = "".join(self._block(depth - 1) for _ in range(self._random.randint(1, 4)))
        outer = made(
            ('<ul class="list"><li>{}</li></ul>', "<div>{}</div>", '<div class="tab-nav content">{}</div>', "<p>{}</p>",
             "<table><tr><td>{}</td><td>2026-01-20</td></tr></table>", "<nav>{}</nav>", '<div class="right"><h3>{}</h3></div>',
             "<section><span>{}</span></section>", '<li><span>01-20</span>{}</li>')
        )  # fmt: skip
        return str(outer).format(inner)

    def _name(self) -> str:
        number = self._random.randrange(len(NAMES))
        self.named.add(f"a{number}")
        return NAMES[number]

    def _href(self) -> str:
        self.links += 1
        number = self._random.randrange(10_000)
        return self._random.choice((f"t{number}.html", f"/x/{number}/", f"?id={number}", "javascript:void(0)", "#", f"http://o{number}.cn/", f"/f{number}.pdf"))  # fmt: skip

    def _link(self) -> str:
        words = self._random.choice(("{}", "{}召开会议", "{}2025年", "首页", "查看", ""))
        words = words.format(self._name()) if "{}" in words else words
        onclick = self._random.choice(("", "", " onclick=\"show('7')\""))
        return f'<a href="{self._href()}"{onclick}>{words}</a>'

    def _text(self) -> str:
        return f"{self._random.choice(('<b>{}</b>', '{}', '<em>{}</em>')).format(self._name())}{self._random.choice(('', '：', '的报告正在整理'))}<br>"

    def _island(self) -> str:
        name = self._name()
        escaped = "".join(f"\\u{ord(letter):04x}" for letter in name)
        return self._random.choice(
            (f'<script>var rows=[{{"title":"{name}"}}]</script>', f'<script>var rows=[{{"title":"{escaped}"}}]</script>',
             f"<textarea hidden>{name}</textarea>", f'<div data-title="{name}"></div>', f"<template><li>{name}</li></template>",
             f'<input type="hidden" value="{name}">', f'<span title="{name}">…</span>')
        )  # fmt: skip

    def _report(self) -> str:
        number = self._random.randrange(len(NAMES))
        self.named.add(f"a{number}")
        self.reports.add(f"a{number}")
        title = f"{NAMES[number]}2025年政府信息公开工作年度报告"
        return f'<a href="{self._href()}" title="{self._random.choice(("", title, "点击查看"))}">{title}</a>'

    def _loose(self) -> str:
        number = self._random.randrange(len(NAMES))
        self.named.add(f"a{number}")
        self.reports.add(f"a{number}")
        return f"<p>{NAMES[number]}2025年政府信息公开工作年度报告</p>"


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_vanishes_from_a_page(seed: int) -> None:
    writer = Writer(seed)
    body = writer.page()
    pieces = account(body)
    kinds = [piece.kind for piece in pieces.pieces]
    assert kinds.count(PieceKind.LINK) + kinds.count(PieceKind.SCRIPTED) >= writer.links, body
    accounted = {agency for piece in pieces.pieces for agency in piece.agencies}
    assert writer.named <= accounted, (writer.named - accounted, body)
    # What is a report of the year by its title is taken as one, or nobody is accused for want of it.
    held = {PieceName.REPORT, PieceName.TO_OPEN, PieceName.UNKNOWN}
    for agency in writer.reports:
        assert {name for name, _ in whole(pieces, agency)} & held, (agency, body)
    figures = pieces.accounted
    assert figures.pieces == figures.understood + figures.named + figures.unaccounted == len(pieces.pieces)


def test_the_account_of_an_unchanged_page_is_the_same_whatever_changes_at_every_load() -> None:
    row = '<ul><li><a href="t1.html?PHPSESSID={0}">东街街道2025年政府信息公开工作年度报告</a><span>2026-01-20</span></li></ul>'
    page = row + '<a href="/tq/">今日{0}度</a><p>浏览次数：{0}</p><script>var token="{0}"</script><!-- {0} -->'
    first, second = account(page.format("7")), account(page.format("8"))
    other = account(page.format("7").replace("东街", "西街"))
    assert first.sha256 == second.sha256 != other.sha256


@pytest.mark.parametrize(
    ("body", "fates"),
    [
        ('<p>东街街道2025年政府信息公开工作年度报告</p>', {PieceName.UNKNOWN}),
        ('<ul><li>东街街道</li></ul>', {PieceName.UNKNOWN}),
        ('<div class="footer">云山区东街街道</div>', {PieceName.NAVIGATION}),
        ('<p>主办：云山区东街街道 备案号1</p>', {PieceName.IMPRINT}),
        ('<div>当前位置：首页 &gt; 东街街道</div>', {PieceName.BREADCRUMB}),
        ('<h2>东街街道</h2>', {PieceName.HEADING}),
        ('<a href="/dongjie/">东街街道</a>', {PieceName.NAVIGATION}),
        ('<a href="t20260120_7.html">东街街道</a>', {PieceName.UNKNOWN}),
        ('<a href="javascript:show(7)">东街街道2025年政府信息公开工作年度报告</a>', {PieceName.UNKNOWN}),
        ('<a href="t1.html">《东街街道2025年政府信息公开工作年度报告》解读</a>', {PieceName.INTERPRETATION}),
        ('<ul><li><a href="t1.html">东街街道2024年政府信息公开工作年度报告</a></li></ul>', {PieceName.REPORT}),
        ('<script>var a=[{title:"东街街道2025年年报"}]</script>', {PieceName.UNKNOWN}),
        ('<a href="t1.html" title="关于做好东街街道2025年政府信息公开工作年度报告编制工作的通知">关于做好东街街道2025年政府信…</a><ul><li><a href="n.html">会议</a><span>2026-01-20</span></li></ul>', {PieceName.NOTICE}),
    ],
)  # fmt: skip
def test_where_a_name_stands_says_what_it_is(body: str, fates: set[PieceName]) -> None:
    pieces = account(body)
    assert {name for name, _ in whole(pieces, "a0")} == fates, [piece.as_json() for piece in pieces.pieces]


def test_two_titles_that_lead_to_one_page_are_not_both_taken_for_it() -> None:
    rows = "".join(
        f'<li><a href="t1.html">{name}2025年政府信息公开工作年度报告</a><span>2026-01-20</span></li>'
        for name in NAMES[:2]
    )
    pieces = account(f"<ul>{rows}</ul>")
    unknown = {agency for piece in pieces.pieces if piece.fate is Fate.UNACCOUNTED for agency in piece.agencies}
    assert len(unknown) == 1


def test_a_page_in_another_encoding_than_it_says_is_garbled() -> None:
    address = f"{START}gknb/index.html"
    page = Page(address, address, 200, ("<meta charset=utf-8>" + "政府信息公开工作年度报告" * 9).encode("gbk"), {})
    assert page.garbled


@pytest.mark.parametrize(
    ("body", "mention"),
    [
        ('<a href="t1.html">一图读懂东街街道2025年政府信息公开工作年度报告</a>', (2025, True)),
        ('<a href="t1.html">东街街道2025年部门预算</a>', (2025, False)),
        ('<ul class="nav"><li><a href="/dongjie/2025/">东街街道2025年度</a></li></ul>', (2025, False)),
        ('<a href="/dongjie/">东街街道</a>', None),
        ('<ul class="nav"><li><a href="/dongjie/">东街街道</a></li></ul><h2>东街街道</h2>', None),
        ('<p>主办：云山区东街街道 2025年</p>', None),
        ('<ul><li><a href="t1.html">东街街道2024年政府信息公开工作年度报告</a></li></ul>', None),
    ],
)  # fmt: skip
def test_what_names_an_agency_and_is_not_its_report_is_kept_for_the_proof(
    body: str, mention: tuple[int | None, bool] | None
) -> None:
    page = account(body)
    kept = [one for one in page.as_row()["unaccounted"]["mentions"] if "a0" in one["agencies"]]
    found = [(one.get("year"), one["report"]) for one in kept]
    assert found == ([] if mention is None else [mention]), [piece.as_json() for piece in page.pieces]
