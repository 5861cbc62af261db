"""Portals with one list: 朝阳, 西城, 石景山, 海淀, 顺义 and 平谷, as they were observed."""

from __future__ import annotations

from datetime import datetime

from cli.demo.site import Answer
from tests.portals.season.look import Look, Row
from tests.portals.season.plan import TITLES, District, day
from tests.portals.season.units import INVENTED, XICHENG, departments, government, registered, subdistricts, towns

GBK = Look("北京市朝阳区人民政府", charset="gb18030", meta="gb2312", header=False, dated="日期：%Y-%m-%d %H:%M")


def _record(number: int, at: datetime) -> str:
    """32 hex digits, the seventeenth to twenty-eighth of them milliseconds; before 2020 the id of the migration."""
    if at.year < 2020:
        return f"5e2411a0ab75c16cfc{number % 0x1000000:06x}.html"
    return f"8a24fe837702e9df{int(at.timestamp() * 1000):012x}{number % 0x10000:04x}.html"


def chaoyang() -> District:
    """朝阳: http only, gb2312 that only the meta tag names, record ids as addresses, one column for all years."""
    streets = registered("朝阳区")
    units = [government("chaoyang", "朝阳区"), *departments("chaoyang", "朝阳区", 9), *streets]
    made = District("chaoyang", "朝阳区", units, GBK, _record)
    column = "/zfxxgk/gknb/"
    ways = ("html", "html", "html", "docx", "html", "html", "doc", "html", "both", "html", "html")
    rows = made.season(column, units, ways, missing={0, 7, 20, 33}, late={15, 41}, titles=TITLES[:4] + TITLES[6:])
    for unit in units[10:40:6]:
        rows += [made.old(column, unit, year) for year in (2014, 2017, 2020, 2022, 2024)]
    # The list cuts this one's title short, and its title attribute with it: only the page can tell.
    cut = made.report(column, units[20], day(1, 20), "html")
    made.standings[units[20].id] = "on_time"
    rows.append(Row(cut.href, cut.title, cut.day, cut.title[:18] + "…", whole_title=False))
    rows += made.negatives(column)
    made.lists(column, rows, per=20)
    return made


def xicheng() -> District:
    """西城: many PDF files, behind viewers and scripts; the address codes kind and year and names no day."""
    names = XICHENG
    units = [
        government("xicheng", "西城区"),
        *departments("xicheng", "西城区", 9),
        *subdistricts("xicheng", "西城区", names),
    ]
    look = Look("北京市西城区人民政府", list_day="[%Y-%m-%d]", row="<tr><td>{link}</td><td>{day}</td></tr>")
    made = District(
        "xicheng", "西城区", units, look, lambda number, at: f"pnidpv{number}pntypepvnbpnnfpv{at.year - 1}.html"
    )
    column = "/zt/xxgkzl/gknbxq/"
    ways = ("pdf", "viewer", "html", "onclick", "embed", "object", "pdf", "scan", "explained", "both-differ")
    rows = made.season(column, units, ways, missing={0, 11}, late={17})
    rows += [made.old(column, unit, year) for unit in units[10:16] for year in (2021, 2023)]
    rows += made.negatives(column, 4)
    per, ordered = 12, sorted(rows, key=lambda row: row.day, reverse=True)
    count = -(-len(ordered) // per)
    for number in range(1, count + 1):
        links = "".join(f'<a href="/zt/xxgkzl/gknbxq/?page={one}">{one}</a> ' for one in range(1, count + 1))
        listing = look.listing(
            ordered[(number - 1) * per : number * per], f'<div class="pages">共 {count} 页 {links}</div>'
        )
        made.pages[f"{column}?page={number}"] = listing
    made.pages[column] = made.pages[f"{column}?page=1"]
    return made


def shijingshan() -> District:
    """石景山: one column for everything the government makes public; the home page is a redirect shell."""
    names = INVENTED[:9]
    units = [government("shijingshan", "石景山区"), *departments("shijingshan", "石景山区", 10)]
    units += subdistricts("shijingshan", "石景山区", names)
    look = Look(
        "北京市石景山区人民政府", header=False, labels=False, dated="发布日期：%Y年%m月%d日", list_day="%Y年%m月%d日"
    )
    made = District("shijingshan", "石景山区", units, look)
    made.pages["/"] = look.bare('<html><script>window.location.href="/gongkai/";</script></html>')
    column = "/gongkai/"
    rows = made.season(column, units, ("html", "html", "shell-script", "pdf", "html"), missing={13}, late={16})
    rows += [made.old(column, unit, 2024) for unit in units[12:18]]
    for number in range(90):
        title = (
            "{district}第{n}次政府常务会议召开",
            "关于公布第{n}批行政许可事项的公告",
            "{district}{n}月财政收支情况",
        )[number % 3]
        rows.append(made.nothing(column, title.replace("{n}", str(number + 1)), day(1, 1 + number % 30, year=2025)))
    rows += made.negatives(column)
    made.lists(column, rows, per=20, column="政府信息公开")
    return made


def haidian() -> District:
    """海淀: no charset anywhere but in the bytes; a directory of groups, a folder a year for subdistricts and towns."""
    streets = [*subdistricts("haidian", "海淀区", INVENTED[:8]), *towns("haidian", "海淀区", INVENTED[8:12])]
    offices = [government("haidian", "海淀区"), *departments("haidian", "海淀区", 10)]
    look = Look("北京市海淀区人民政府", header=False, meta="", list_day="%Y-%m-%d", dated="时间：%Y-%m-%d %H:%M:%S")
    made = District("haidian", "海淀区", [*offices, *streets], look)
    root = "/jbdt/zfxxgknb/"
    made.pages[root] = look.directory(
        (("./nb/qzfbm/", "区政府及部门"), ("./nb/jdbsc/", "街道（镇）"), ("/jbdt/zcjd/", "政策解读"))
    )
    made.pages[f"{root}nb/jdbsc/"] = look.directory((("./25jdbsc/", "2025年"), ("./24jdbsc/", "2024年")), "街道（镇）")
    rows = made.season(f"{root}nb/qzfbm/", offices, ("html", "iframe", "html", "docx"), missing={0, 4})
    made.lists(f"{root}nb/qzfbm/", [*rows, *made.negatives(f"{root}nb/qzfbm/", 3)])
    folder = f"{root}nb/jdbsc/25jdbsc/"
    rows = made.season(folder, streets, ("html", "zip", "rtf", "html", "wps"), missing={9}, late={2})
    made.lists(folder, [*rows, *made.negatives(folder, 5)], per=10)
    folder = f"{root}nb/jdbsc/24jdbsc/"
    made.lists(folder, [made.old(folder, unit, 2024) for unit in streets], per=10)
    return made


def shunyi() -> District:
    """顺义: robots.txt forbids everything, and that is all there is to say."""
    units = [
        government("shunyi", "顺义区"),
        *departments("shunyi", "顺义区", 5),
        *towns("shunyi", "顺义区", INVENTED[:4]),
    ]
    made = District("shunyi", "顺义区", units, Look("北京市顺义区人民政府"), state="not_permitted")
    made.pages["/robots.txt"] = Answer(b"User-agent: *\nDisallow: /\n", "text/plain")
    made.standings = {unit.id: "pending" if unit.kind == "government" else "unverifiable" for unit in units}
    return made


def pinggu() -> District:
    """平谷: the column has moved, and where it was stands an English error page in iso-8859-1."""
    units = [
        government("pinggu", "平谷区"),
        *departments("pinggu", "平谷区", 4),
        *towns("pinggu", "平谷区", INVENTED[:4]),
    ]
    made = District("pinggu", "平谷区", units, Look("北京市平谷区人民政府"), state="layout_changed")
    error = (
        "<html><head><title>Error Page</title></head><body><h1>HTTP Status – Not Found</h1><p>Sorry…</p></body></html>"
    )
    made.file = {"columns": [{"id": "gknb", "name": "政府信息公开年报", "address": "/pgqrmzf/zwxxw0/gknb/"}]}
    made.pages["/pgqrmzf/zwxxw0/gknb/"] = Answer(
        error.replace("…", "\xa0").replace("–", "-").encode("latin-1"), "text/html; charset=iso-8859-1"
    )
    made.standings = {unit.id: "pending" if unit.kind == "government" else "unverifiable" for unit in units}
    return made


LISTS = (chaoyang, xicheng, shijingshan, haidian, shunyi, pinggu)
