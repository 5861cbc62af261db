"""The date of a row: as lists write it, in the cell whose head says so, and never that of something else."""

# ruff: noqa: E501 - lines of HTML
from __future__ import annotations

from datetime import datetime

import pytest

from config.time_zone import SHANGHAI
from crawler.pages.page import Page
from crawler.rows.dates import with_year
from crawler.rows.rows import Row, rows_of

ADDRESS = "http://www.example.gov.cn/gknb/index.html"
TITLE = "东街街道2025年政府信息公开工作年度报告"
LINK = f'<a href="t0.html">{TITLE}</a>'


def rows(body: str, known: set[tuple[str, ...]] | None = None) -> list[Row]:
    source = f"<html><head><meta charset=utf-8></head><body>{body}</body></html>"
    page = Page(ADDRESS, ADDRESS, 200, source.encode(), {"content-type": "text/html"})
    return rows_of(page, lambda address: address, known)


@pytest.mark.parametrize(
    ("body", "listed"),
    [
        (f"<table><tr><td>{LINK}</td><td>2026</td><td>01</td><td>20</td></tr></table>", "2026-01-20"),
        (f"<ul><li><p><em>20</em><i>1月</i><u>2026</u></p>{LINK}</li></ul>", "2026-1-20"),
        (f"<ul><li>{LINK}<span>20260120</span></li></ul>", "2026-01-20"),
        (f"<ul><li>{LINK}<span>２０２６－０１－２０</span></li></ul>", "2026-01-20"),
        (f"<ul><li>{LINK}<span>二〇二六年一月二十日</span></li></ul>", "2026-1-20"),
        (f'<ul><li>{LINK}<time datetime="2026-01-20T10:00">16天前</time></li></ul>', "2026-01-20"),
        (f"<ul><li>{LINK}<span>01-20</span></li></ul>", "01-20"),
        (f'<ul><li><a href="t0.html">{TITLE}（1月20日）</a></li></ul>', "01-20"),
        (f"<dl><dt>2026-01-20</dt><dd>{LINK}</dd></dl>", "2026-01-20"),
        (f"<div>{LINK}<!-- end --> [2026-01-20]<br></div>", "2026-01-20"),
        (f"<div>{LINK}<!-- date --><script>var a=1;</script><span>2026-01-20</span></div>", "2026-01-20"),
        (f"<ul><li>{LINK}<span>2026<!-- - -->-01-20</span></li></ul>", "2026-01-20"),
        (f"<ul><li>{LINK}<span>3天前</span></li></ul>", "3天前"),
        (f"<ul><li>{LINK}<em>[昨天 08:30]</em></li></ul>", "昨天 08:30"),
        (f"<ul><li>{LINK}<em>更新于3天前</em></li></ul>", None),
        (f'<div>{LINK} [2026-01-20]<br><a href="t1.html">西街街道2025年政府信息公开工作年度报告</a> [2026-02-03]</div>', "2026-01-20"),
        (f'<div><span>2026-01-20</span>{LINK}<span>2026-02-03</span><a href="t1.html">西街街道2025年政府信息公开工作年度报告</a></div>', "2026-01-20"),
        (f"<table><tr><th>标题</th><th>更新时间</th><th>发布时间</th></tr><tr><td>{LINK}</td><td>2026-02-03</td><td>2026-01-20</td></tr></table>", "2026-01-20"),
        (f"<table><tr><td>信息名称</td><td>更新日期</td></tr><tr><td>{LINK}</td><td>2026-02-03</td></tr></table>", None),
        (f"<table><tr><th>名称</th><th>成文日期</th><th>公开日期</th></tr><tr><td>{LINK}</td><td>2026-01-08</td><td>2026-02-03</td></tr></table>", "2026-02-03"),
        (f"<table><tr><td>1</td><td>{LINK}</td><td>3</td><td>2026</td></tr></table>", None),
        (f"<ul><li>{LINK}<span>更新时间：2026-02-03</span></li></ul>", None),
        (f"<ul><li>{LINK}<span>2026-02-03</span><span>2026-01-20</span></li></ul>", "不晚于2026-02-03"),
        (f"<ul><li>{LINK}<span>2026-02-03 至 2026-12-31</span></li></ul>", None),
        (f"<ul><li>{LINK}<span>公示期至2026-02-03</span></li></ul>", None),
        (f"<ul><li>{LINK}<del>2026-02-03</del><ins>2026-01-20</ins></li></ul>", "2026-01-20"),
        (f'<ul><li>{LINK}<i style="display:none">2026-02-03</i><i>2026-01-20</i></li></ul>', "2026-01-20"),
        (f"<ul><li>{LINK}<span>2026年元月20日</span></li></ul>", "2026年1月20日"),
    ],
)  # fmt: skip
def test_a_row_shows_its_date(body: str, listed: str | None) -> None:
    assert rows(body)[0].listed == listed


def test_a_row_put_on_top_with_a_new_date_keeps_its_first() -> None:
    body = f"<ul><li>{LINK}<span>2026-02-04</span></li></ul><ul><li>{LINK}<span>2026-01-20</span></li></ul>"
    assert [row.listed for row in rows(body)] == ["2026-01-20"]


@pytest.mark.parametrize(
    ("listed", "year", "now", "dated"),
    [
        ("01-20", 2025, datetime(2026, 2, 5, 9, tzinfo=SHANGHAI), "2026-01-20"),
        ("12-20", 2025, datetime(2026, 2, 5, 9, tzinfo=SHANGHAI), "12-20"),  # before its period was over
        ("01-20", 2024, datetime(2026, 2, 5, 9, tzinfo=SHANGHAI), "01-20"),  # of two years
        ("02-30", 2025, datetime(2026, 4, 5, 9, tzinfo=SHANGHAI), "02-30"),
        ("01-20", None, datetime(2026, 2, 5, 9, tzinfo=SHANGHAI), "01-20"),
        ("2026-01-20", 2025, datetime(2026, 2, 5, 9, tzinfo=SHANGHAI), "2026-01-20"),
    ],
)
def test_a_date_without_a_year_has_the_only_one_that_is_possible(
    listed: str, year: int | None, now: datetime, dated: str
) -> None:
    assert with_year(listed, year, now) == dated


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ("<table><tr><td rowspan=2>东街街道</td><td><a href='a.pdf'>2024年度报告</a></td></tr><tr><td><a href='t0.html'>2025年度报告</a></td></tr></table>", "东街街道"),
        ("<h3>东街街道</h3><ul><li><a href='t0.html'>2025年度报告</a></li></ul>", "东街街道"),
        ("<dl><dt>东街街道</dt><dd><a href='a.pdf'>2024年度报告</a></dd><dd><a href='t0.html'>2025年度报告</a></dd></dl>", "东街街道"),
        ("<ul><li>东街街道<ul><li>2025<ul><li><a href='t0.html'>年度报告</a></li></ul></li></ul></li></ul>", "东街街道"),
        ("<table><tr><th>单位</th><th>2024</th><th>2025</th></tr><tr><td>东街街道</td><td><a href='a.html'>查看</a></td><td><a href='t0.html'>查看</a></td></tr></table>", "2025"),
    ],
)  # fmt: skip
def test_a_row_that_says_little_stands_in_a_place_that_says_more(body: str, place: str) -> None:
    found = next(row for row in rows(body) if row.address.endswith("t0.html"))
    assert place in found.place


def test_another_list_between_ends_what_a_heading_is_over() -> None:
    body = "<h3>东街街道</h3><ul><li><a href='a.html'>2024年度报告</a></li></ul><ul><li><a href='t0.html'>2025年度报告</a></li></ul>"
    found = next(row for row in rows(body) if row.address.endswith("t0.html"))
    assert "东街街道" not in found.place


@pytest.mark.parametrize(
    "between",
    [
        "<!-- 列表开始 -->",
        "<script>var n=4;</script>",
        "<a name=a></a>",
        "<div class=clear></div>",
        "<!--a--><br><!--b-->",
    ],
)
def test_nothing_that_is_not_seen_parts_a_heading_from_its_list(between: str) -> None:
    (row,) = rows(f'<div><h3>东街街道</h3>{between}<ul><li><a href="t.html">2025年年度报告</a></li></ul></div>')
    assert "东街街道" in row.place


def test_the_place_of_reports_is_that_of_their_list_on_every_page() -> None:
    box = '<div class="side"><ul><li><a href="/x/1.html">春节假期值班安排</a><span>2026-01-28</span></li></ul></div>'
    first = f'<div class="main2"><ul><li>{LINK}</li><li><a href="n1.html">全区工作会议</a></li></ul></div>{box}'
    last = f'<div class="main3"><ul><li><a href="n2.html">安全生产会议</a></li></ul></div>{box}'
    known: set[tuple[str, ...]] = set()
    assert [(row.title, row.beside) for row in rows(first, known)] == [
        (TITLE, False),
        ("全区工作会议", False),
        ("春节假期值班安排", True),
    ]
    assert [(row.title, row.beside) for row in rows(last, known)] == [
        ("安全生产会议", False),
        ("春节假期值班安排", True),
    ]
