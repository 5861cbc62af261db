"""洪泽区 as a portal of the second kind: utf-8, articles that have only a title and a PDF attached to them, and pages
that say when they were last modified. The report is the published one for 2023.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

from cli.demo.site import Answer, Site

DOCUMENTS = Path(__file__).resolve().parents[1] / "documents"
COLUMN = "/zfxxgk/zfxxgknb"
PUBLISHED = datetime(2024, 3, 20, 0, 36, tzinfo=UTC)
ARTICLE = f"{COLUMN}/202403/t20240320_512907.html"
PDF = f"{COLUMN}/202403/P020240320310842119065.pdf"
TITLE = "洪泽区人民政府2023年政府信息公开工作年度报告"
OLDER = {
    year: f"{COLUMN}/{year + 1}03/t{year + 1}03{12 + year % 7}_{480000 + year}.html"
    for year in (2016, 2017, 2018, 2020, 2021, 2022)
}

_HEAD = """<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8">
<meta name="SiteName" content="淮安市洪泽区人民政府"><meta name="SiteDomain" content="www.hongze.gov.cn">"""
_TOP = """<nav><a href="/">网站首页</a><a href="/zfxxgk/">政府信息公开</a></nav>
<div class="crumb">当前位置：<a href="/">首页</a> / <a href="/zfxxgk/">政府信息公开</a> / 政府信息公开年报</div>"""
_LIST = f"""{_HEAD}<meta name="ColumnName" content="政府信息公开年报">
<title>政府信息公开年报_淮安市洪泽区人民政府</title></head><body>{_TOP}
<table class="list"><tbody>
{{rows}}
</tbody></table></body></html>"""
_ARTICLE = f"""{_HEAD}<meta name="ColumnName" content="政府信息公开年报"><meta name="ArticleTitle" content="{{title}}">
<meta name="PubDate" content="{{published}}"><title>{{title}}</title></head><body>{_TOP}
<h2 class="title">{{title}}</h2><p class="source">发布日期：{{published}}　来源：区政府办公室</p>
<div class="content"><p>附件：<a href="{{href}}">{{title}}.pdf</a></p></div></body></html>"""


def _row(address: str, title: str, day: date) -> str:
    return f'<tr><td><a href="{address}">{title}</a></td><td>{day:%Y-%m-%d}</td></tr>'


def _older_pages(today: date) -> tuple[list[str], dict[str, Answer]]:
    """The other years so far, each an article with the same kind of attachment (only their list entries matter)."""
    rows, pages = [], {}
    for year, address in sorted(OLDER.items(), reverse=True):
        title = f"洪泽区人民政府{year}年政府信息公开工作年度报告"
        day = date(year + 1, 3, 12 + year % 7)
        if day > today:
            continue
        rows.append(_row(address, title, day))
        text = _ARTICLE.format(title=title, published=f"{day:%Y-%m-%d} 09:12", href=f"P{year}.pdf")
        modified = datetime(day.year, day.month, day.day, 1, 12, tzinfo=UTC)
        pages[address] = Answer(text.encode(), "text/html; charset=utf-8", modified=modified)
        pages[f"{address.rpartition('/')[0]}/P{year}.pdf"] = Answer(
            b"%PDF-1.4\n% " + str(year).encode() + b"\n%%EOF\n", "application/pdf", modified=modified
        )
    return rows, pages


def _pages(today: date) -> Mapping[str, Answer]:
    rows, pages = _older_pages(today)
    if today >= date(2024, 3, 20):
        rows.insert(0, _row(ARTICLE, TITLE, date(2024, 3, 20)))
        text = _ARTICLE.format(title=TITLE, published="2024-03-20 08:36", href=f"./{PDF.rpartition('/')[2]}")
        pages[ARTICLE] = Answer(text.encode(), "text/html; charset=utf-8", modified=PUBLISHED)
        pages[PDF] = Answer((DOCUMENTS / "hongze-2023.pdf").read_bytes(), "application/pdf", modified=PUBLISHED)
    listed = _LIST.format(rows="\n".join(rows)).encode()
    pages[f"{COLUMN}/index.html"] = Answer(listed, "text/html; charset=utf-8")
    pages["/robots.txt"] = Answer(b"User-agent: *\nAllow: /\n", "text/plain")
    return pages


SITE = Site(_pages)
