"""朝阳区 as the real portal behaves: http only, pages in gb2312 that only a meta tag declares, TRS list pages whose
number stands in a script, record ids as addresses with the time of creation in them, and the page labels for
government sites.

The reports of 左家庄 and 南磨房 for 2019 are the published ones. 示例街道 and 样板街道 do not exist: the one that is
late and the one that is missing are nobody's.
"""

# ruff: noqa: E501 - lines of HTML
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from html import escape
from pathlib import Path

from cli.demo.portals.sound_report import body_before_2019, sound_body
from cli.demo.site import Answer, Site
from config.time_zone import SHANGHAI

DOCUMENTS = Path(__file__).resolve().parents[1] / "documents"
PAGE_ROWS = 10
COLUMN = "/zfxxgk/gknb"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ROBOTS = Answer(b"User-agent: *\nDisallow: /admin/\n", "text/plain")


@dataclass(frozen=True)
class Entry:
    """One entry of the list: when it was published (Shanghai), its title, source, and body (HTML)."""

    published: datetime
    title: str
    source: str
    body: str

    @property
    def name(self) -> str:
        """The record id: thirty-two hex digits, the seventeenth to twenty-eighth of them milliseconds."""
        milliseconds = int(self.published.timestamp() * 1000)
        return f"8a24fe836f7b21c0{milliseconds:012x}{len(self.title):04x}.html"


def _at(year: int, month: int, day: int, hour: int, minute: int) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


def _document(name: str) -> str:
    return (DOCUMENTS / name).read_text(encoding="utf-8")


def _entries() -> list[Entry]:
    word = (
        f'<p>　　<a href="{COLUMN}/files/nanmofang-2019.docx">'
        "附件：北京市朝阳区南磨房地区办事处2019年政府信息公开工作年度报告.docx</a></p>"
    )
    explained = "<p>　　一、报告的主要内容</p><p>　　2019年，左家庄街道主动公开政府信息190条，收到申请3件。</p>"
    entries = [
        Entry(
            _at(2020, 1, 16, 8, 20),
            "北京市朝阳区左家庄街道2019年政府信息公开工作年度报告",
            "左家庄街道",
            _document("zuojiazhuang-2019.body.html"),
        ),
        Entry(_at(2020, 1, 17, 8, 5), "《左家庄街道2019年政府信息公开工作年度报告》解读", "左家庄街道", explained),
        Entry(
            _at(2020, 1, 19, 8, 40),
            "北京市朝阳区南磨房地区办事处2019年政府信息公开工作年度报告",
            "南磨房地区",
            word,
        ),
        Entry(
            _at(2020, 2, 12, 8, 30),
            "北京市朝阳区示例街道办事处2019年政府信息公开工作年度报告",
            "示例街道",
            sound_body("示例街道办事处", 2019),
        ),
    ]
    agencies = ("左家庄街道办事处", "南磨房地区办事处", "示例街道办事处", "样板街道办事处")
    for year in (2016, 2017, 2018):
        for place, agency in enumerate(agencies):
            title = f"{year}年北京市朝阳区{agency}政府信息公开工作年度报告"
            entries.append(Entry(_at(year + 1, 3, 12 + place, 10, 35), title, agency, body_before_2019(agency, year)))
    return sorted(entries, key=lambda entry: entry.published, reverse=True)


def _html(page: str) -> Answer:
    return Answer(page.encode("gb18030"), "text/html")


def _list_pages(entries: list[Entry]) -> dict[str, Answer]:
    count = max(1, -(-len(entries) // PAGE_ROWS))
    pages = {}
    for number in range(count):
        shown = entries[number * PAGE_ROWS : (number + 1) * PAGE_ROWS]
        rows = "\n".join(
            f'<li><a href="./{entry.name}" title="{escape(entry.title)}" target="_blank">{escape(entry.title[:30])}</a>'
            f"<span>{entry.published:%Y-%m-%d}</span></li>"
            for entry in shown
        )
        name = "index.html" if number == 0 else f"index_{number}.html"
        pages[f"{COLUMN}/{name}"] = _html(_LIST.format(rows=rows, count=count, number=number))
    pages[f"{COLUMN}/"] = pages[f"{COLUMN}/index.html"]
    return pages


def _article(entry: Entry) -> Answer:
    page = _ARTICLE.format(
        title=escape(entry.title), published=f"{entry.published:%Y-%m-%d %H:%M}", source=entry.source, body=entry.body
    )
    return _html(page)


def _pages(today: date) -> Mapping[str, Answer]:
    entries = [entry for entry in _ENTRIES if entry.published.date() <= today]
    pages = {"/robots.txt": ROBOTS, "/": _html(_HOME), "/index.html": _html(_HOME), **_list_pages(entries)}
    pages |= {f"{COLUMN}/{entry.name}": _article(entry) for entry in entries}
    word = DOCUMENTS / "nanmofang-2019.docx"
    pages[f"{COLUMN}/files/{word.name}"] = Answer(
        word.read_bytes(), WORD, modified=datetime(2020, 1, 19, 0, 40, tzinfo=UTC)
    )
    return pages


_HEAD = """<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml"><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312" />
<meta name="SiteName" content="北京市朝阳区人民政府" /><meta name="SiteDomain" content="www.bjchy.gov.cn" />
<meta name="SiteIDCode" content="1101050001" />"""
_TOP = """<div class="header"><ul class="nav"><li><a href="/">首页</a></li><li><a href="/zfxxgk/">政府信息公开</a></li>
<li><a href="/zmhd/">政民互动</a></li></ul></div>"""
_FOOT = """<div class="footer">主办：北京市朝阳区人民政府　京公网安备11010502000000号　政府网站标识码：1101050001</div></body></html>"""
_HOME = f"""{_HEAD}<title>北京市朝阳区人民政府</title></head><body>{_TOP}<h1>北京·朝阳</h1>{_FOOT}"""
_LIST = f"""{_HEAD}<meta name="ColumnName" content="政府信息公开年报" /><meta name="ColumnType" content="信息公开年报" />
<title>政府信息公开年报_北京市朝阳区人民政府</title></head><body>{_TOP}
<div class="position">您的位置：<a href="/">首页</a>&gt;&gt;<a href="/zfxxgk/">政府信息公开</a>&gt;&gt;政府信息公开年报</div>
<div class="list"><ul class="list_ul">
{{rows}}
</ul><div class="page"><script type="text/javascript">createPageHTML({{count}}, {{number}}, "index", "html");</script></div></div>
{_FOOT}"""
_ARTICLE = f"""{_HEAD}<meta name="ColumnName" content="政府信息公开年报" /><meta name="ColumnType" content="信息公开年报" />
<meta name="ArticleTitle" content="{{title}}" /><meta name="PubDate" content="{{published}}" />
<meta name="ContentSource" content="{{source}}" />
<title>{{title}}_政府信息公开年报_北京市朝阳区人民政府</title></head><body>{_TOP}
<div class="position">您的位置：<a href="/">首页</a>&gt;&gt;<a href="/zfxxgk/">政府信息公开</a>&gt;&gt;<a href="/zfxxgk/gknb/">政府信息公开年报</a></div>
<h1>{{title}}</h1>
<div class="info">日期：{{published}}&nbsp;&nbsp;来源：{{source}}&nbsp;&nbsp;浏览次数：<span id="hits"></span></div>
<div id="zoom">
{{body}}
</div><div class="tools"><a href="javascript:print()">打印本页</a> <a href="javascript:close()">关闭窗口</a></div>
{_FOOT}"""
_ENTRIES = _entries()
SITE = Site(_pages)
