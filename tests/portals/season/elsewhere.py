"""Portals of families that no district of Beijing has: hanweb, JSON lists, one page a unit, feeds and sitemaps."""

# ruff: noqa: E501 - lines of HTML
from __future__ import annotations

import json
from datetime import datetime
from email.utils import format_datetime
from functools import partial
from html import escape

from cli.demo.site import Answer
from tests.portals.season.look import Look, Row
from tests.portals.season.plan import TITLES, District, day
from tests.portals.season.units import INVENTED, departments, subdistricts

NAMED = ("{name}{year}年政府信息公开工作年度报告",)


def file_of(family: str, *columns: dict[str, str], **more: object) -> dict[str, object]:
    """What the portal file of a family says of its columns."""
    kept = [{"id": f"c{number}", "name": "政府信息公开年报", **one} for number, one in enumerate(columns)]
    return {"family": family, "columns": kept, **more}


def hanweb() -> District:
    """义乌's kind: records in CDATA inside a script, the following ones from an endpoint."""
    units = [*departments("hanweb", "义安区", 5), *subdistricts("hanweb", "义安区", INVENTED[:6])]
    look = Look("义安区人民政府")
    made = District(
        "hanweb", "义安区", units, look, lambda number, at: f"{at.year}/{at.month}/{at.day}/art_77_{number}.html"
    )
    rows = made.season("/art/", units, ("html", "doc", "html"), missing={3}, titles=NAMED)
    rows += [*made.negatives("/art/", 3), *(made.old("/art/", unit, 2024) for unit in units[5:])]
    more = "/module/web/jpage/dataproxy.jsp?page=1&amp;webid=1&amp;columnid=77"

    def store(some: list[Row], following: str) -> str:
        kept = "".join(
            f'<record><![CDATA[<li><a href="{row.href}" title="{escape(row.title)}">{row.title[:9]}…</a>'
            f"<span>{row.day}</span></li>]]></record>"
            for row in some
        )
        group = f'<nextgroup><![CDATA[<a href="{following}"></a>]]></nextgroup>' if following else ""
        return f"<datastore>{group}<recordset>{kept}</recordset></datastore>"

    script = f'<div id="77"><script type="text/xml">{store(rows[:10], more)}</script></div>'
    made.pages["/col/col77/index.html"] = look.page(script, "政府信息公开年报")
    made.pages[more.replace("&amp;", "&")] = Answer(store(rows[10:], "").encode(), "text/xml; charset=utf-8")
    made.file = file_of("hanweb", {"address": "/col/col77/index.html"})
    return made


def json_list() -> District:
    """宝山's kind: a list that a script fills from an endpoint of two pages; ids that say nothing."""
    units = [*departments("json", "宝安区", 5), *subdistricts("json", "宝安区", INVENTED[:6])]
    made = District("json", "宝安区", units, Look("宝安区人民政府"), lambda number, at: f"?infoid={number:x}")
    rows = made.season("/article.html", units, missing={4}, late={8}, titles=NAMED)
    rows += [*made.negatives("/article.html", 3), *(made.old("/article.html", unit, 2024) for unit in units[5:])]
    for page in (1, 2):
        some = rows[:10] if page == 1 else rows[10:]
        listed = [
            {"infoid": row.href.partition("=")[2], "biaoti": f"<b>{row.title}</b>", "fbsj": f"{row.day} 09:00:00"}
            for row in some
        ]
        answer = json.dumps({"data": {"list": listed, "totalPage": 2}}, ensure_ascii=False)
        made.pages[f"/api/list?col=nb&page={page}"] = Answer(answer.encode(), "application/json")
    keys = {
        "rows": "data.list",
        "title": "biaoti",
        "link": "/article.html?infoid={infoid}",
        "date": "fbsj",
        "pages": "data.totalPage",
    }
    made.file = file_of("json-list", {"address": "/api/list?col=nb&page={page}"}, json_rows=keys)
    return made


def unit_pages() -> District:
    """邹城's kind: one page a unit; for some the year is in the address, for the others next year's report comes there."""
    units = [*departments("unitpages", "邹安区", 5), *subdistricts("unitpages", "邹安区", INVENTED[:6])]
    path = "/module/xxgk/xxgkAnnualReport.jsp"
    made = District("unitpages", "邹安区", units, Look("邹安区人民政府"))
    links = []
    for place, unit in enumerate(units):
        if place % 2:
            made.number = partial(_with_year, unit.id)
            row = made.report(path, unit, day(1, 10 + place))
            links.append((row.href, unit.short))
            links.append((made.old(path, unit, 2024).href, unit.short))
        else:
            made.number = partial(_without_year, unit.id)
            row = made.report("/", unit, day(1, 10 + place))
            known = f"{row.href}#2025"
            made.otherwise_known(row, path=known, documents=(("body", known),))
            links.append((row.href, unit.short))
        made.standings[unit.id] = "on_time"
    made.pages["/units.html"] = made.look.directory([*links, ("/help.html", "使用帮助")])
    made.file = file_of("unit-pages", {"address": "/units.html"})
    return made


def _with_year(code: str, _number: int, at: datetime) -> str:
    return f"?area={code}&fbtime={at.year - 1}"


def _without_year(code: str, _number: int, _at: datetime) -> str:
    return f"{code}/nb.html"


def feed() -> District:
    """RSS for the newest, and a sitemap (by an index) for what is older; a sitemap has no titles."""
    units = [*departments("feed", "云安区", 5), *subdistricts("feed", "云安区", INVENTED[:6])]
    made = District("feed", "云安区", units, Look("云安区人民政府"), lambda number, at: f"{at:%Y%m%d}/{number}.html")
    rows = made.season("/xxgknb/", units, ("html", "html", "pdf"), missing={6}, titles=(TITLES[0],))
    recent = [*rows[:4], *made.negatives("/xxgknb/", 2)]
    stamp = {row.href: format_datetime(day(*map(int, row.day.split("-")[1:]))) for row in recent}
    items = "".join(
        f"<item><title>{escape(row.title)}</title><link>{row.href}</link><pubDate>{stamp[row.href]}</pubDate></item>"
        for row in recent
    )
    made.pages["/rss.xml"] = Answer(
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>x</title>{items}</channel></rss>'.encode(),
        "application/rss+xml",
    )
    space = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    index = f"<sitemapindex {space}><sitemap><loc>/sitemaps/map1.xml</loc></sitemap></sitemapindex>"
    made.pages["/sitemap.xml"] = Answer(index.encode(), "text/xml")
    places = "".join(f"<url><loc>{row.href}</loc></url>" for row in [*rows[4:], made.old("/xxgknb/", units[0], 2024)])
    made.pages["/sitemaps/map1.xml"] = Answer(
        f"<urlset {space}>{places}<url><loc>/news/1.html</loc></url></urlset>".encode(), "text/xml"
    )
    made.file = file_of("feed", {"address": "/rss.xml"}, {"address": "/sitemap.xml"})
    # A feed carries the newest entries and never says that it carries all: absence is not proven by it (decision 17).
    made.standings |= {unit: "unverifiable" for unit, standing in made.standings.items() if standing == "missing"}
    return made


ELSEWHERE = (hanweb, json_list, unit_pages, feed)
