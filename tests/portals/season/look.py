"""How the pages of a portal look: their encoding and where they say it, their labels, dates and frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape

from cli.demo.site import Answer

_FRAME = """<!DOCTYPE html><html><head>{meta}<meta name="SiteName" content="{site}">
<meta name="SiteDomain" content="www.example.gov.cn">{labels}<title>{title}</title>
<script>var total = 99;</script></head><body>
<div class="header"><ul class="nav"><li><a href="/">首页</a></li><li><a href="/zwgk/">政务公开</a></li>
<li><a href="/hd/">互动交流</a></li></ul></div>
{body}
<div class="footer">主办：{site}　政府网站标识码：1100000000　联系电话：010-00000000</div></body></html>"""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a list. ``shown`` is what the link says where that is not the title; ``day`` as it stands there."""

    href: str
    title: str
    day: str
    shown: str = ""
    whole_title: bool = True


@dataclass(frozen=True, slots=True)
class Look:
    """The look of one portal's pages.

    ``meta`` is the charset that the meta tag names ("": none), ``header`` whether the Content-Type names one.
    ``labels`` says whether there are page labels, ``dated`` how an article shows its date ("": not at all),
    ``list_day`` how a list does, ``row`` how a row is marked up.
    """

    site: str
    charset: str = "utf-8"
    meta: str = "utf-8"
    header: bool = True
    labels: bool = True
    dated: str = "发布时间：%Y-%m-%d %H:%M"
    list_day: str = "%Y-%m-%d"
    row: str = "<li>{link}<span>{day}</span></li>"

    def page(self, body: str, title: str = "", labels: str = "") -> Answer:
        """A page of the portal."""
        meta = f'<meta http-equiv="Content-Type" content="text/html; charset={self.meta}">' if self.meta else ""
        html = _FRAME.format(meta=meta, site=self.site, labels=labels, title=title, body=body)
        return self.bare(html)

    def bare(self, html: str) -> Answer:
        """A page without the portal's frame."""
        return Answer(html.encode(self.charset), f"text/html; charset={self.charset}" if self.header else "text/html")

    def listing(self, rows: Sequence[Row], pager: str = "", column: str = "政府信息公开年报") -> Answer:
        """A page of a list."""
        items = "\n".join(self._row(row) for row in rows)
        labels = f'<meta name="ColumnName" content="{column}"><meta name="ColumnType" content="信息公开年报">'
        place = f'<div class="position">您的位置：<a href="/">首页</a> &gt; {column}</div>'
        table = self.row.startswith("<tr")
        marked = f"<table>{items}</table>" if table else f'<ul class="list">{items}</ul>'
        return self.page(f"{place}{marked}{pager}", f"{column}_{self.site}", labels)

    def directory(self, links: Sequence[tuple[str, str]], column: str = "政府信息公开年报") -> Answer:
        """A page of links to folders."""
        items = "".join(f'<li><a href="{href}">{name}</a></li>' for href, name in links)
        labels = f'<meta name="ColumnName" content="{column}">'
        return self.page(f'<h2>{column}</h2><ul class="dir">{items}</ul>', f"{column}_{self.site}", labels)

    def article(self, title: str, body: str, published: datetime, source: str = "") -> Answer:
        """An article."""
        labels = ""
        if self.labels:
            labels = (
                f'<META Name="ArticleTitle" Content="{escape(title)}">'
                f'<meta name="PubDate" content="{published:%Y-%m-%d %H:%M}">'
                f'<meta name="ContentSource" content="{escape(source)}"><meta name="ColumnName" content="年报">'
            )
        shown = f'<div class="info">{published.strftime(self.dated)}　来源：{source}　浏览次数：<span></span></div>'
        place = '<div class="position">您的位置：<a href="/">首页</a> &gt; 政府信息公开年报</div>'
        heading = f"<h1>{escape(title)}</h1>{shown if self.dated else ''}"
        tools = '<div class="tools"><a href="javascript:print()">打印</a> <a href="javascript:close()">关闭</a></div>'
        return self.page(f'{place}{heading}<div id="zoom">{body}</div>{tools}', f"{escape(title)}_{self.site}", labels)

    def _row(self, row: Row) -> str:
        whole = f' title="{escape(row.title)}"' if row.whole_title else ""
        link = f'<a href="{row.href}"{whole} target="_blank">{escape(row.shown or row.title)}</a>'
        return self.row.format(link=link, day=row.day)
