"""Dates in English are witnesses where they say that they are of the publication, and else nothing."""

from __future__ import annotations

import pytest

from crawler.pages.page import Page
from crawler.rows.english_dates import labelled_day
from crawler.rows.rows import rows_of

TITLE = "北街街道2025年政府信息公开工作年度报告"


def _listed(inner: str) -> str | None:
    source = f"<html><head><meta charset=utf-8></head><body>{inner}</body></html>"
    (row,) = rows_of(Page("http://a.cn/", "http://a.cn/", 200, source.encode()), lambda address: address)
    return row.listed


@pytest.mark.parametrize(
    "said",
    [
        "Date: 30 Jan 2026",
        "发布日期：Jan 30, 2026",
        "Published: January 30th, 2026 08:00 AM",
        "Posted on 30-Jan-2026",
        "Publish time: 30 Jan 2026 8:00 p.m.",
        "Release Date：Jan. 30 2026",
    ],
)
def test_a_date_that_says_what_it_is_is_the_rows(said: str) -> None:
    assert labelled_day(said) == "2026-01-30"
    assert _listed(f'<ul><li><a href="t.html">{TITLE}</a><span>{said}</span></li></ul>') == "2026-01-30"


@pytest.mark.parametrize(
    "said",
    [
        "30 Jan 2026",
        "Feb 5, 2026",
        "Updated: Feb 5, 2026",
        "Last modified on 5 Feb 2026",
        "Date: 31 Feb 2026",
        "Date: 5 Feb 2026 to 9 Feb 2026",
        "Up-to-date: 5 Feb 2026",
        "Event date: 5 Feb 2026",
        "更新日期：Feb 5, 2026",
    ],
)
def test_a_date_that_does_not_is_none(said: str) -> None:
    assert labelled_day(said) is None
    assert _listed(f'<ul><li><a href="t.html">{TITLE}</a><span>{said}</span></li></ul>') is None


def test_the_head_of_a_column_says_what_a_date_is() -> None:
    table = (
        "<table><tr><td>Title</td><td>{}</td></tr>"
        f'<tr><td><a href="t.html">{TITLE}</a></td><td>30 Jan 2026</td></tr></table>'
    )
    assert _listed(table.format("Published")) == "2026-01-30"
    assert _listed(table.format("发布日期")) == "2026-01-30"
    assert _listed(table.format("Updated")) is None
    assert _listed(table.format("更新时间")) is None


def test_two_dates_that_differ_are_none() -> None:
    both = "<span>Date: 30 Jan 2026</span><span>Published: Feb 5, 2026</span>"
    assert _listed(f'<ul><li><a href="t.html">{TITLE}</a>{both}</li></ul>') is None


@pytest.mark.parametrize("clock", ["08:00 AM", "11:59 PM", "8:00:05 p.m."])
def test_a_date_in_figures_is_that_day_whichever_half_of_it_the_clock_means(clock: str) -> None:
    inner = f'<ul><li><a href="t.html">{TITLE}</a><span>2026/1/30 {clock}</span></li></ul>'
    assert (_listed(inner) or "").startswith("2026/1/30")
