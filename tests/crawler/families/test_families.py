"""List pages of both families: entries with their titles and dates, the pages that follow, and what is no entry."""

# ruff: noqa: E501 - lines of HTML
from __future__ import annotations

from datetime import date

import pytest

from config.portals import PortalColumn, PortalFile
from config.yaml_file import ConfigurationError
from crawler.families import family_of
from crawler.families.paging.pager import pages_stated, rows_stated
from crawler.pages.page import Page

START = "http://www.example.gov.cn/"
COLUMN = PortalColumn(id="gknb", name="政府信息公开年报", address="/zfxxgk/gknb/index.html")


def portal(family: str) -> PortalFile:
    return PortalFile(
        portal="x", name="某区人民政府", district="某区", start=START, family=family, observed=date(2026, 1, 1), columns=(COLUMN,)
    )  # fmt: skip


def page(body: str, path: str = "zfxxgk/gknb/index.html") -> Page:
    return Page(START + path, START + path, 200, f"<html><body>{body}</body></html>".encode(), {})


ROW = '<li><a href="./202601/t20260119_1.html" title="{title}">{shown}</a><span>2026-01-19</span></li>'


def test_a_title_cut_short_is_taken_whole_from_its_attribute() -> None:
    whole = "北京市东城区人民政府东四街道办事处2025年政府信息公开工作年度报告"
    (entry,) = family_of(portal("trs"), COLUMN).entries(
        page(f"<ul>{ROW.format(title=whole, shown=whole[:12] + '…')}</ul>")
    )
    assert (entry.title, entry.listed) == (whole, "2026-01-19")
    assert entry.link == entry.address == "http://www.example.gov.cn/zfxxgk/gknb/202601/t20260119_1.html"


def test_menus_breadcrumbs_and_links_that_lead_nowhere_are_no_entries() -> None:
    body = """<ul class="nav"><li><a href="/xw/">要闻 2026-01-20</a></li></ul><nav><li><a href="/a.html">2026-01-20</a></li></nav>
    <div class="crumb"><a href="/">首页</a> 2026-01-19</div>
    <table><tr><td><a href="a.html">甲街道年度报告</a></td><td>2026年1月19日</td></tr>
    <tr><td><a href="b.html">乙街道年度报告</a></td><td></td></tr>
    <tr><td><a href="javascript:void(0)">丙</a></td><td>2026-01-18</td></tr><tr><td><a href="#top">丁</a></td><td>2026-01-18</td></tr>
    </table><div class="friend"><p><a href="http://other.cn/">友情链接</a></p></div>"""
    entries = family_of(portal("static-list"), COLUMN).entries(page(body))
    assert [(entry.title, entry.listed) for entry in entries] == [
        ("甲街道年度报告", "2026年1月19日"),
        ("乙街道年度报告", None),
    ]


def test_a_list_without_dates_gives_what_is_named_like_a_report() -> None:
    body = (
        '<ul><li><a href="a.html">甲街道2025年政府信息公开工作年度报告</a></li><li><a href="b.html">更多</a></li></ul>'
    )
    assert [entry.title for entry in family_of(portal("static-list"), COLUMN).entries(page(body))] == [
        "甲街道2025年政府信息公开工作年度报告"
    ]


def test_the_same_entry_twice_is_one() -> None:
    body = '<ul><li><a href="a/">报告</a> 2026-01-19</li><li><a href="a/index.html">报告</a> 2026-01-19</li></ul>'
    assert len(family_of(portal("static-list"), COLUMN).entries(page(body))) == 1


@pytest.mark.parametrize(
    ("script", "names"),
    [
        ('createPageHTML(3, 0, "index", "html");', ["index_1.html", "index_2.html"]),
        ('createPageHTML("pager", 3, 1, "index", "shtml");', ["index_2.shtml", "index_3.shtml"]),
        ('createPageHTML("page_div", 3, 1, "list", "shtml", 54);', ["list_2.shtml", "list_3.shtml"]),
        ('createPageHTML("page_div", 1, 1, "list", "shtml", 7);', []),
        (
            'var countPage = 3; var now = 0;createPageHTML(countPage, now, "index", "html");',
            ["index_1.html", "index_2.html"],
        ),
        ("createPageHTML(1, 0, 'index', 'html');", []),
        ("function createPageHTML(a, b, c, d) {} createPageHTML(2,0,'index','html')", ["index_1.html"]),
        ("", []),
    ],
)
def test_trs_pages_stand_in_a_script(script: str, names: list[str]) -> None:
    family = family_of(portal("trs"), COLUMN)
    listed = page(f"<ul></ul><script>{script}</script>")
    assert family.next_pages(listed, COLUMN) == [f"{START}zfxxgk/gknb/{name}" for name in names]
    assert family.is_list(listed) == bool(script)


@pytest.mark.parametrize(
    ("body", "empty"),
    [
        ("<ul></ul><p>暂无内容</p>", True),
        ("<p>共 0 条记录</p>", True),
        ("<ul></ul>", False),
        ('<ul id="list"></ul><p v-if="!rows.length">暂无数据</p>', False),
        ("<p>{{ rows.length }} 暂无数据</p>", False),
    ],
)
def test_only_a_page_that_says_so_is_an_empty_list(body: str, empty: bool) -> None:
    assert family_of(portal("static-list"), COLUMN).is_list(page(body)) is empty


@pytest.mark.parametrize(
    ("body", "pages", "rows"),
    [
        ("共 12 页", 12, None),
        ("第 1/7 页", 7, None),
        ("共 30 条", None, 30),
        ('<div class="page"><a href="?p=2">下一页</a> 1/11</div>', 11, None),
        ("<span>总共 <em>54</em> 记录</span>", None, 54),
        ('<ul><li><a href="a.html">共 3 页的通知，共 5 条</a> 2026-01-19</li></ul>', None, None),
        ('<script>createPageHTML(4,0,"index","html")</script>', 4, None),
        ('<script>createPageHTML("page_div",4,1,"list","shtml",54)</script>', 4, 54),
    ],
)
def test_the_number_of_pages_and_rows_that_a_list_states(body: str, pages: int | None, rows: int | None) -> None:
    pagers = family_of(portal("trs"), COLUMN).pagers(page(body), COLUMN)
    assert (pages_stated(pagers), rows_stated(pagers)) == (pages, rows)


def test_a_plain_pager_is_followed_on_its_own_host_only() -> None:
    body = """<ul><li><a href="a.html">报告</a> 2026-01-19</li></ul><div class="pages"><a href="index.html">1</a>
    <a href="index_2.html">2</a><a href="?page=3">3</a><a href="index_2.html">下一页</a><a href="http://other.cn/index_4.html">4</a>
    <a href="/elsewhere/list_5.html">5</a><a href="/zfxxgk/gknb/t20260101_5.html">另一篇</a></div>"""
    assert family_of(portal("static-list"), COLUMN).next_pages(page(body), COLUMN) == [
        f"{START}zfxxgk/gknb/index_2.html",
        f"{START}zfxxgk/gknb/index.html?page=3",
    ]


def test_a_family_that_does_not_exist_is_said_with_those_that_do() -> None:
    with pytest.raises(
        ConfigurationError, match=r"没有名为“drupal”的门户类型；可用的类型：auto、column-of-columns、.*year-folders$"
    ):
        family_of(portal("drupal"), COLUMN)


@pytest.mark.parametrize(
    "shown",
    [
        "<p>向下滑动加载更多</p>",
        "<p>上拉加载更多数据</p>",
        "<div>正在加载…</div>",
        "<button>展开全部</button>",
        "<p>当前第1页/总2页</p>",
        "<p>Page 1 of 2</p>",
        "<div data-pages=2></div>",
        """<div><a href="javascript:__doPostBack('P','1')">1</a> <a href="javascript:__doPostBack('P','2')">2</a></div>""",
        "<ul><li data-page=1>1</li><li data-page=2>2</li></ul>",
        "<div><span onclick='go(1)'>1</span> <span onclick='go(2)'>2</span></div>",
        "<p>转到<input size=2>页</p>",
        "<button>Show more</button>",
        "<span onclick='nextPage()'>▶</span>",
    ],
)
def test_what_says_that_there_is_more_is_a_pager(shown: str) -> None:
    list_page = page(f"<ul><li><a href='t.html'>甲街道2025年政府信息公开工作年度报告</a></li></ul>{shown}")
    pagers = family_of(portal("static-list"), COLUMN).pagers(list_page, COLUMN)
    assert any(not one.followable or (one.pages_stated or 0) > 1 for one in pagers)


@pytest.mark.parametrize(
    "shown",
    [
        "<ul class=slide-num><li data-index=1>1</li><li data-index=2>2</li></ul>",
        "<table class=calendar><tr><td onclick=d(1)>1</td><td onclick=d(2)>2</td></tr></table>",
        "<p>1</p><p>2</p>",
        "<p>跳转到正文</p><input name=q>",
    ],
)
def test_numbers_that_turn_no_page_are_no_pager(shown: str) -> None:
    list_page = page(f"<ul><li><a href='t.html'>甲街道2025年政府信息公开工作年度报告</a></li></ul>{shown}")
    assert family_of(portal("static-list"), COLUMN).pagers(list_page, COLUMN) == []
