"""A portal for each family, built from what the real ones are like, with the reports that a crawl has to find there.

Each has the same two agencies (青山街道, 绿水街道, see sites.write_office) and reports for 2018 and 2019; beside them
stand explanations, notices and news that are none.
"""

# ruff: noqa: E501 - lines of HTML
from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from cli.demo.site import Answer, Site
from tests.portals.sites import FRAME, LUSHUI, QINGSHAN, Row, article, listing, page, report, site, write_office

OLD = "云山区青山街道2018年政府信息公开工作年度报告"
EXPLAINED = "一图读懂青山街道2019年政府信息公开工作年度报告"
NOTICE = "关于做好2019年政府信息公开工作年度报告编制工作的通知"
NEWS = "云山区召开工作会议"
BOTH = frozenset({("qingshan", 2019), ("lushui", 2019)})
ALL = BOTH | {("qingshan", 2018)}


@dataclass(frozen=True)
class FamilyPortal:
    """A portal: its pages, what its file says beyond the usual, and the reports (agency, year) on it."""

    pages: Mapping[str, Answer]
    family: str
    columns: tuple[Mapping[str, Any], ...]
    reports: frozenset[tuple[str, int]] = ALL
    facts: Mapping[str, Any] = field(default_factory=dict)
    otherwise: Answer | None = None

    @property
    def site(self) -> Site:
        """The portal for the server."""
        return site(self.pages) if self.otherwise is None else site(self.pages, self.otherwise)


def write_family_office(home: Path, addresses: Mapping[str, str], portals: Mapping[str, FamilyPortal]) -> None:
    """The files of an office that watches ``portals`` at ``addresses``; 2018 and 2019 are watched."""
    write_office(home, addresses)
    for name, portal in portals.items():
        path = home / "config" / "portals" / f"{name}.yaml"
        known = yaml.safe_load(path.read_text(encoding="utf-8"))
        columns = [{"id": f"c{n}", "name": "年报", **column} for n, column in enumerate(portal.columns)]
        changed = {**known, "family": portal.family, "columns": columns, **portal.facts}
        path.write_text(yaml.safe_dump(changed, allow_unicode=True), encoding="utf-8")
        path = home / "config" / "agencies" / f"{name}.yaml"
        register = yaml.safe_load(path.read_text(encoding="utf-8"))
        register["watched"] = {"first": 2018, "last": 2019}
        path.write_text(yaml.safe_dump(register, allow_unicode=True), encoding="utf-8")


def folder(*links: tuple[str, str], title: str = "政府信息公开年报", more: str = "") -> Answer:
    """A directory page: links with names, no dates; and the menu that stands on every page."""
    items = "".join(f'<li><a href="{href}">{name}</a></li>' for href, name in links)
    return page(
        FRAME.format(head=f'<meta name="ColumnName" content="{title}"><title>{title}</title>', body=items + more)
    )


def lushui() -> Answer:
    """绿水街道's report for 2019."""
    return report(LUSHUI, "绿水街道办事处")


def old() -> Answer:
    """青山街道's report for 2018, as an article whose date lies a year before the others."""
    return report(OLD, "青山街道办事处")


def year_folders() -> FamilyPortal:
    """怀柔, 通州: a folder a year with an odd suffix, groups in it, one misspelt, and a list that spills over."""
    rows: list[Row] = [
        (f"./202001/t20200116_{n}.html", title, "2020-01-16") for n, title in ((1, QINGSHAN), (2, EXPLAINED))
    ]
    pages = {
        "/zfxxgkzl/gknb/": folder(("./2018nb/", "2018年"), ("./2018n78/", "2019年"), ("./about/", "栏目说明")),
        "/zfxxgkzl/gknb/about/": folder(title="栏目说明"),
        "/zfxxgkzl/gknb/2018n78/": folder(("./qzfbm2019/", "区政府部门"), ("./zxid2019/", "镇乡街道")),
        "/zfxxgkzl/gknb/2018n78/qzfbm2019/": listing([("./202001/t20200110_9.html", NOTICE, "2020-01-10")]),
        "/zfxxgkzl/gknb/2018n78/zxid2019/": listing(rows, '<script>createPageHTML(2, 0, "index", "html")</script>'),
        "/zfxxgkzl/gknb/2018n78/zxid2019/index_1.html": listing(
            [("./202001/t20200117_3.html", "绿水街道政府信息公开工作年度报告", "2020-01-17")]
        ),
        "/zfxxgkzl/gknb/2018n78/zxid2019/202001/t20200116_1.html": report(),
        "/zfxxgkzl/gknb/2018n78/zxid2019/202001/t20200117_3.html": report(
            "绿水街道政府信息公开工作年度报告", "绿水街道办事处"
        ),
        "/zfxxgkzl/gknb/2018nb/": listing([("./201901/t20190116_1.html", OLD, "2019-01-16")]),
        "/zfxxgkzl/gknb/2018nb/201901/t20190116_1.html": old(),
    }
    return FamilyPortal(pages, "year-folders", ({"address": "/zfxxgkzl/gknb/"},))


def columns_of_columns() -> FamilyPortal:
    """延庆, 昌平: the directory links to a folder a unit; home pages of units are redirect shells."""
    pages = {
        "/xzjd/index.shtml": folder(("qs/index.shtml", "青山街道"), ("ls/index.shtml", "绿水街道"), ("/hd/", "互动")),
        "/xzjd/qs/index.shtml": page('<script>location.replace("./nb/index.shtml")</script>'),
        "/xzjd/qs/nb/index.shtml": listing([("t1.shtml", QINGSHAN, "2020-01-16"), ("t2.shtml", OLD, "2019-01-16")]),
        "/xzjd/qs/nb/t1.shtml": report(),
        "/xzjd/qs/nb/t2.shtml": old(),
        "/xzjd/ls/index.shtml": listing([("t3.shtml", LUSHUI, "2020-01-17"), ("t4.shtml", NEWS, "2020-01-18")]),
        "/xzjd/ls/t3.shtml": lushui(),
    }
    return FamilyPortal(
        pages, "column-of-columns", ({"address": "/xzjd/index.shtml", "kinds": ["subdistrict", "town"]},)
    )


def numbered_columns() -> FamilyPortal:
    """丰台: c100226 leads to c100279 and c100281, which lie in it or beside it; other numbers are other things."""
    pages = {
        "/xxfb/xxgk/c100226/": folder(
            ("c100279/", "2018年年报"), ("/xxfb/xxgk/c100281/", "2019年度街道年报"), ("/xxfb/xxgk/c100300/", "政策解读")
        ),
        "/xxfb/xxgk/c100226/c100279/": listing([("201901/t20190116_1.shtml", OLD, "2019-01-16")]),
        "/xxfb/xxgk/c100226/c100279/201901/t20190116_1.shtml": old(),
        "/xxfb/xxgk/c100281/": listing(
            [("202001/t1.shtml", QINGSHAN, "2020-01-16"), ("202001/t2.shtml", LUSHUI, "2020-01-16")]
        ),
        "/xxfb/xxgk/c100281/202001/t1.shtml": report(),
        "/xxfb/xxgk/c100281/202001/t2.shtml": lushui(),
    }
    return FamilyPortal(pages, "numbered-columns", ({"address": "/xxfb/xxgk/c100226/"},))


def unit_codes() -> FamilyPortal:
    """门头沟: a tree a unit under its code."""
    pages = {
        "/mtg11J210/": folder(("zfxxgknb/", "政府信息公开年报"), ("tpxw/", "图片新闻")),
        "/mtg11J210/tpxw/": listing([("a.html", QINGSHAN, "2020-01-16")]),
        "/mtg11J210/zfxxgknb/": listing([("a.html", QINGSHAN, "2020-01-16"), ("b.html", OLD, "2019-01-16")]),
        "/mtg11J210/zfxxgknb/a.html": report(),
        "/mtg11J210/zfxxgknb/b.html": old(),
        "/mtg11J211/": listing([("a.html", LUSHUI, "2020-01-16")]),
        "/mtg11J211/a.html": lushui(),
    }
    column = {"address": "/mtg11{unit}/", "units": ["J210", "J211"], "kinds": ["subdistrict"]}
    return FamilyPortal(pages, "unit-codes", (column,))


def _store(records: list[Row], following: str = "") -> str:
    kept = "".join(
        f'<record><![CDATA[<li><a href="{href}" title="{title}">{title[:9]}…</a><span>{day}</span></li>]]></record>'
        for href, title, day in records
    )
    group = f'<nextgroup><![CDATA[<a href="{following}"></a>]]></nextgroup>' if following else ""
    return f"<datastore>{group}<recordset>{kept}</recordset></datastore>"


def hanweb() -> FamilyPortal:
    """义乌 and others: records in CDATA inside a script, the rest from the endpoint of the next group."""
    more = "/module/web/jpage/dataproxy.jsp?page=1&amp;webid=1&amp;columnid=77"
    first = _store(
        [
            ("/art/2020/1/16/art_77_1.html", QINGSHAN, "2020-01-16"),
            ("/art/2020/1/15/art_77_4.html", NOTICE, "2020-01-15"),
        ],
        more,
    )
    second = _store(
        [("/art/2020/1/17/art_77_2.html", LUSHUI, "2020-01-17"), ("/art/2019/1/16/art_77_3.html", OLD, "2019-01-16")]
    )
    pages = {
        "/col/col77/index.html": folder(title="政府信息公开年报", more=f'<div id="77"><script type="text/xml">{first}</script></div>'),
        "/module/web/jpage/dataproxy.jsp?page=1&webid=1&columnid=77": Answer(second.encode(), "text/xml; charset=utf-8"),
        "/art/2020/1/16/art_77_1.html": report(),
        "/art/2020/1/17/art_77_2.html": lushui(),
        "/art/2019/1/16/art_77_3.html": old(),
    }  # fmt: skip
    return FamilyPortal(pages, "hanweb", ({"address": "/col/col77/index.html"},))


def unit_pages() -> FamilyPortal:
    """xxgkAnnualReport.jsp: one address a unit and year by ``fbtime``, and a unit whose only page is replaced each year."""
    path = "/module/xxgk/xxgkAnnualReport.jsp"
    pages = {
        "/units.html": folder(
            (f"{path}?area=qs&fbtime=2019", "青山街道"), (f"{path}?area=qs&fbtime=2018", "青山街道"), ("/ls/nb.html", "绿水街道"), ("/help.html", "使用帮助")
        ),
        f"{path}?area=qs&fbtime=2019": report(),
        f"{path}?area=qs&fbtime=2018": old(),
        "/ls/nb.html": lushui(),
    }  # fmt: skip
    return FamilyPortal(pages, "unit-pages", ({"address": "/units.html"},))


def json_list() -> FamilyPortal:
    """A list that a script fills: the endpoint's answer has two pages."""

    def rows(*found: tuple[str, str, str], pages: int = 2) -> Answer:
        made = [{"infoid": one, "biaoti": f"<b>{title}</b>", "fbsj": f"{day} 09:00:00"} for one, title, day in found]
        return Answer(
            json.dumps({"data": {"list": made, "totalPage": pages}}, ensure_ascii=False).encode(), "application/json"
        )

    pages = {
        "/api/list?col=nb&page=1": rows(("q", QINGSHAN, "2020-01-16"), ("n", NOTICE, "2020-01-02")),
        "/api/list?col=nb&page=2": rows(("l", LUSHUI, "2020-01-17"), ("o", OLD, "2019-01-16")),
        "/article.html?infoid=q": report(),
        "/article.html?infoid=l": lushui(),
        "/article.html?infoid=o": old(),
    }
    keys = {
        "rows": "data.list",
        "title": "biaoti",
        "link": "/article.html?infoid={infoid}",
        "date": "fbsj",
        "pages": "data.totalPage",
    }
    return FamilyPortal(pages, "json-list", ({"address": "/api/list?col=nb&page={page}"},), facts={"json_rows": keys})


def feed() -> FamilyPortal:
    """RSS for the newest, and a sitemap (by an index) for what is older."""
    item = "<item><title>{}</title><link>/nb/{}.html</link><pubDate>Thu, 16 Jan 2020 01:00:00 GMT</pubDate></item>"
    rss = f'<rss version="2.0"><channel><title>x</title><link>/</link>{item.format(QINGSHAN, "q")}{item.format(NOTICE, "n")}</channel></rss>'
    namespace = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    pages = {
        "/rss.xml": Answer(f'<?xml version="1.0" encoding="utf-8"?>{rss}'.encode(), "application/rss+xml"),
        "/sitemap.xml": Answer(f"<sitemapindex {namespace}><sitemap><loc>/sitemaps/government/open/map1.xml</loc></sitemap></sitemapindex>".encode(), "text/xml"),
        "/sitemaps/government/open/map1.xml": Answer(
            f"<urlset {namespace}>{''.join(f'<url><loc>{one}</loc></url>' for one in ('/xxgknb/l.html', '/xxgknb/o.html', '/xxgknb/e.html', '/news/1.html'))}</urlset>".encode(),
            "text/xml",
        ),
        "/nb/q.html": report(),
        "/xxgknb/l.html": lushui(),
        "/xxgknb/o.html": old(),
        "/xxgknb/e.html": article(EXPLAINED, "<p>青山街道2019年收到政府信息公开申请3件。</p>"),
    }  # fmt: skip
    return FamilyPortal(pages, "feed", ({"address": "/rss.xml"}, {"address": "/sitemap.xml"}))


def framed() -> FamilyPortal:
    """A list in a frameset, an article in an iframe, and one that is nothing but a viewer of a file."""
    pages = {
        "/gknb/index.html": page('<html><frameset cols="200,*"><frame name="left" src="menu.html"><frame name="mainFrame" src="list.html"><noframes>您的浏览器不支持框架，请升级后再访问本站，谢谢合作。</noframes></frameset></html>'),
        "/gknb/menu.html": folder(("x.html", "菜单")),
        "/gknb/list.html": listing([("a.html", QINGSHAN, "2020-01-16"), ("b.html", LUSHUI, "2020-01-16"), ("c.html", OLD, "2019-01-16")]),
        "/gknb/a.html": article(QINGSHAN, '<iframe id="search" src="/so.html"></iframe><iframe name="content" src="a_body.html"></iframe>'),
        "/gknb/a_body.html": report(),
        "/gknb/b.html": page('<iframe src="/real/b.html"></iframe>'),
        "/real/b.html": lushui(),
        "/gknb/c.html": article(OLD, '<iframe src="/viewer.html?file=/files/c.pdf"></iframe>'),
        "/files/c.pdf": Answer(b"%PDF-1.4 old", "application/pdf"),
    }  # fmt: skip
    return FamilyPortal(pages, "static-list", ({"address": "/gknb/index.html"},))


def family_portals() -> dict[str, FamilyPortal]:
    """All of them by portal id."""
    return {
        "year-folders": year_folders(),
        "columns": columns_of_columns(),
        "numbered": numbered_columns(),
        "unit-codes": unit_codes(),
        "hanweb": hanweb(),
        "unit-pages": unit_pages(),
        "json-list": json_list(),
        "feed": feed(),
        "framed": framed(),
    }
