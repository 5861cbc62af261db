"""How list pages look: layouts of rows, forms of dates, and what else stands on such a page. Each is data for one draw."""

# ruff: noqa: E501 - lines of HTML
from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from tests.portals.lists.plan import Listed

DATES: Mapping[str, Callable[[date], str]] = {
    "hyphens": lambda day: f"{day:%Y-%m-%d}",
    "slashes": lambda day: f"{day:%Y/%m/%d}",
    "dots": lambda day: f"{day.year}.{day.month}.{day.day}",
    "brackets": lambda day: f"[{day:%Y-%m-%d}]",
    "round": lambda day: f"（{day:%Y-%m-%d}）",
    "chinese": lambda day: f"{day.year}年{day.month}月{day.day}日",
    "minutes": lambda day: f"{day:%Y-%m-%d} 09:30",
    "no-year": lambda day: f"{day:%m-%d}",
    "none": lambda day: "",
}

# What a row is: from address, title and date as it is shown.
LAYOUTS: Mapping[str, tuple[str, Callable[[str, Listed, str], str]]] = {
    "list": ("<ul class='list'>{rows}</ul>", lambda href, row, day: f'<li><a href="{href}" title="{row.title}" target="_blank">{row.title}</a><span>{day}</span></li>'),
    "table": ("<table width='100%'>{rows}</table>", lambda href, row, day: f'<tr><td><a href="{href}">{row.title}</a></td><td align="right">{day}</td></tr>'),
    "date-first": ("<ul>{rows}</ul>", lambda href, row, day: f'<li><em class="date">{day}</em> <a href="{href}">{row.title}</a></li>'),
    "whole-row": ("<div class='box'>{rows}</div>", lambda href, row, day: f'<a class="item" href="{href}"><p>{row.title}</p><i>{day}</i></a>'),
    "whole-row-list": ("<ul>{rows}</ul>", lambda href, row, day: f'<li><a href="{href}">{row.title}<span>{day}</span></a></li>'),
    "blocks": ("<div class='news'>{rows}</div>", lambda href, row, day: f'<div class="row"><div class="t"><a href="{href}">{row.title}</a></div><div class="d">{day}</div></div>'),
    "definition": ("<dl>{rows}</dl>", lambda href, row, day: f'<dd><a href="{href}">{row.title}</a> <span>{day}</span></dd>'),
    "cut": ("<ul>{rows}</ul>", lambda href, row, day: f'<li><a href="{href}" title="{row.title}">{row.title[:12]}…</a><span>{day}</span></li>'),
    "thumbnail": ("<ul>{rows}</ul>", lambda href, row, day: f'<li><a href="{href}"><img src="/i/{row.number}.jpg"></a><a href="{href}">{row.title}</a><span>{day}</span></li>'),
    "index-number": ("<table>{rows}</table>", lambda href, row, day: f'<tr><td>{row.number}</td><td><a href="{href}">{row.title}</a></td><td>政务公开办</td><td>{day}</td></tr>'),
    "heading": ("<div>{rows}</div>", lambda href, row, day: f'<div class="item"><h4><a href="{href}">{row.title}</a></h4><p class="sum">按照条例要求，现将本单位年度报告予以公布。</p><span class="time">{day}</span></div>'),
    "opened-by-script": ("<ul>{rows}</ul>", lambda href, row, day: f'<li><a href="javascript:void(0)" onclick="window.open(\'{href}\')">{row.title}</a><span>{day}</span></li>'),
    "marked-new": ("<ul>{rows}</ul>", lambda href, row, day: f'<li>·<a href="{href}">{row.title}</a> <img src="/new.gif" alt="NEW"><span>{day}</span></li>'),
    "cell-cut": ("<table><tr><th>标题</th><th>发布日期</th></tr>{rows}</table>", lambda href, row, day: f'<tr class="r"><td class="info"><a class="list" href="{href}" title="{row.title}">{row.title[:16]}...</a></td><td class="date">{day}</td></tr>'),
}  # fmt: skip

# What stands beside the list: before it and behind it.
ISLANDS: Mapping[str, tuple[str, str]] = {
    "nothing": ("", ""),
    "newest": ("", '<div class="side"><h3>最新信息</h3><ul><li><a href="/xw/1.html">全区召开安全生产会议</a><span>2026-01-29</span></li><li><a href="/xw/2.html">春节期间便民服务安排</a><span>2026-01-28</span></li></ul></div>'),
    "menu": ('<ul class="nav"><li><a href="/">首页</a></li><li><a href="/zwgk/">政务公开</a></li><li><a href="/gknb/2024.html">往年年报</a></li></ul>', ""),
    "crumbs": ('<div class="position">当前位置：<a href="/">首页</a> &gt; <a href="/zwgk/">政务公开</a> &gt; 政府信息公开年报</div>', ""),
    "search": ('<form action="/so" method="get"><input name="q" type="text"><input type="submit" value="搜索"></form>', ""),
    "friends": ("", '<div class="friend"><p>友情链接</p><select onchange="window.open(this.value)"><option>区直部门</option><option value="http://www.example.org/">某某网</option></select></div>'),
    "clock": ('<div class="top">今天是2026年2月5日 星期四</div>', ""),
    "counter": ("", '<div class="foot"><script>document.write("访问量：" + 123456)</script>访问量：<span>123456</span> 次</div>'),
    "share": ("", '<iframe src="/share.html" width="80" height="20"></iframe>'),
    "code": ('<script>var total = 99; var pageSize = 15; var siteId = 7;</script>', ""),
}  # fmt: skip

# Bytes of a page, what its header says, and what its meta element says.
ENCODINGS: Mapping[str, tuple[str, str, str]] = {
    "utf-8": ("utf-8", "text/html; charset=utf-8", '<meta charset="utf-8">'),
    "utf-8-in-meta": ("utf-8", "text/html", '<meta http-equiv="Content-Type" content="text/html; charset=utf-8">'),
    "utf-8-untold": ("utf-8", "text/html", ""),
    "utf-8-bom-under-gbk": ("utf-8-sig", "text/html; charset=GBK", '<meta charset="utf-8">'),
    "gbk": ("gb18030", "text/html; charset=GBK", ""),
    "gbk-in-meta": ("gb18030", "text/html", '<meta http-equiv="Content-Type" content="text/html; charset=gb2312">'),
    "gbk-untold": ("gb18030", "text/html", ""),
    "gbk-script-says-utf-8": ("gb18030", "text/html; charset=gb18030", '<script src="/a.js" charset="utf-8"></script>'),
    "utf-8-script-says-gbk": ("utf-8", "text/html", '<script src="/a.js" charset="gb2312"></script><meta charset="utf-8">'),
}  # fmt: skip
