"""Portals with folders: a year, a group or a unit has a list of its own, as they were observed.

大兴, 东城, 怀柔, 密云 and 通州 have a folder a year; 丰台 and 昌平 numbered columns; 门头沟 a code a unit; 房山 and 延庆 a
folder a unit.
"""

# ruff: noqa: E501 - lines of HTML
from __future__ import annotations

from datetime import datetime

from cli.demo.site import Answer
from tests.portals.season.look import Look
from tests.portals.season.plan import TITLES, District, day
from tests.portals.season.units import INVENTED, departments, government, registered, subdistricts, towns

# Where the folder names the year, titles need not.
WITHOUT_YEAR = (*TITLES[:3], "{name}政府信息公开工作年度报告", "{short}政府信息公开工作年度报告")


def dongcheng() -> District:
    """东城: 2025nb/dcqjd2025 and its like; PDF files; a folder of another year that is misspelt; redirect shells."""
    streets = registered("东城区")
    offices = [government("dongcheng", "东城区"), *departments("dongcheng", "东城区", 14)]
    made = District("dongcheng", "东城区", [*offices, *streets], Look("北京市东城区人民政府"))
    root = "/zfxxgkzl/zfxxgknb/"
    made.pages[root] = made.look.directory([(f"./{year}nb/", f"{year}年") for year in (2025, 2024, 2023, 2018)])
    groups = (("./dcqzf2025/", "区政府"), ("./dcqzfbm2025/", "政府部门"), ("./dcqjd2025/", "街道"))
    made.pages[f"{root}2025nb/"] = made.look.directory(groups, "2025年")
    made.pages[f"{root}2025nb/dcqzf2025/"] = made.look.bare(
        '<html><script>location.replace("./index.html")</script></html>'
    )
    made.pages[f"{root}2025nb/dcqzf2025/index.html"] = made.look.listing((), "<p>暂无内容</p>", "区政府")
    made.standings[offices[0].id] = "pending"
    folder = f"{root}2025nb/dcqzfbm2025/"
    rows = made.season(folder, offices[1:], ("html", "pdf", "html", "docx"), missing={5}, titles=WITHOUT_YEAR)
    made.lists(folder, [*rows, *made.negatives(folder, 4)], per=10)
    folder = f"{root}2025nb/dcqjd2025/"
    rows = made.season(folder, streets, ("pdf", "shell-script", "shell-meta", "html"), missing={3}, late={9})
    # Filed under the wrong year: a report of 2024 beside those of 2025.
    made.lists(folder, [*rows, made.old(folder, streets[4], 2024), *made.negatives(folder, 2)])
    return made


def huairou() -> District:
    """怀柔: 2025nb with zxjd2025 and qzfbm2025; the list spills onto a second page; a report in last year's folder."""
    local = [*towns("huairou", "怀柔区", INVENTED[:14]), *subdistricts("huairou", "怀柔区", INVENTED[14:16])]
    offices = [government("huairou", "怀柔区"), *departments("huairou", "怀柔区", 9)]
    made = District(
        "huairou", "怀柔区", [*offices, *local], Look("北京市怀柔区人民政府", dated="日期：%Y-%m-%d　来源：")
    )
    root = "/zfxxgkzl/gknb/"
    made.pages[root] = made.look.directory((("./2025nb/", "2025年"), ("./2024nb/", "2024年")))
    groups = (("./qzfbm2025/", "区政府部门"), ("./zxjd2025/", "镇乡街道"))
    made.pages[f"{root}2025nb/"] = made.look.directory(groups, "2025年")
    made.pages[f"{root}2024nb/"] = made.look.directory((("./zxjd2024/", "镇乡街道"),), "2024年")
    folder = f"{root}2025nb/qzfbm2025/"
    rows = made.season(folder, offices, ("html", "both", "html", "doc"), missing={0, 8}, titles=WITHOUT_YEAR)
    made.lists(folder, [*rows, *made.negatives(folder, 3)])
    folder = f"{root}2025nb/zxjd2025/"
    rows = made.season(folder, local[:-1], titles=WITHOUT_YEAR, missing={6})
    made.lists(folder, rows, per=12)
    folder = f"{root}2024nb/zxjd2024/"
    misplaced = made.report(folder, local[-1], day(1, 22), title=TITLES[0])
    made.standings[local[-1].id] = "on_time"
    made.findings.add(("P07", local[-1].id))
    made.lists(folder, [misplaced, *(made.old(folder, unit, 2024) for unit in local)])
    return made


def miyun() -> District:
    """密云: gknb2025, everybody in one folder; /zfxxgk/ is a redirect shell; two articles of one report."""
    local = [*towns("miyun", "密云区", [*INVENTED[:15], "高岭"]), *subdistricts("miyun", "密云区", INVENTED[15:17])]
    units = [government("miyun", "密云区"), *departments("miyun", "密云区", 8), *local]
    look = Look("北京市密云区人民政府", labels=False, dated="%Y-%m-%d", list_day="%Y.%m.%d")
    made = District("miyun", "密云区", units, look)
    root = "/zwgk/zfxxgk/zfxxgknb/"
    made.pages["/zfxxgk/"] = look.bare(f'<html><script>window.location.href="{root}"</script></html>')
    made.file = {"columns": [{"id": "gknb", "name": "政府信息公开年报", "address": "/zfxxgk/"}]}
    made.pages[root] = look.directory([(f"./gknb{year}/", f"{year}年") for year in (2025, 2024, 2017)])
    folder = f"{root}gknb2025/"
    rows = made.season(folder, units, ("html", "html", "html", "ofd"), missing={0, 9, 12}, late={14})
    # The record was made anew in a migration after the due date: the page says January, the address February.
    row = made.report(folder, units[12], day(2, 2), shown=day(1, 15))
    made.standings[units[12].id] = "date_disputed"
    # And one that was written before its year was over.
    early = made.report(folder, units[9], day(12, 30, year=2025), shown=day(1, 9))
    made.standings[units[9].id] = "on_time"
    made.findings |= {("P03", units[12].id), ("P04", units[9].id), ("P06", units[4].id)}
    twice = made.report(folder, units[4], day(1, 28), "pdf", TITLES[1])
    made.lists(folder, [*rows, row, early, twice, *made.negatives(folder, 5)], per=12)
    folder = f"{root}gknb2024/"
    made.lists(folder, [made.old(folder, unit, 2024) for unit in local], per=12)
    folder = f"{root}gknb2017/"
    made.lists(folder, [made.old(folder, unit, 2017, day(2, 23, year=2018)) for unit in local[:6]])
    return made


def daxing() -> District:
    """大兴: folders by ids, whose links say the year and the group; articles are folders too, and name no day."""
    local = [*towns("daxing", "大兴区", ["瀛海", *INVENTED[:12]]), *subdistricts("daxing", "大兴区", INVENTED[12:15])]
    offices = [government("daxing", "大兴区"), *departments("daxing", "大兴区", 7)]
    look = Look("北京市大兴区人民政府", dated="发布时间：%Y-%m-%d %H:%M", list_day="%Y-%m-%d")
    made = District("daxing", "大兴区", [*offices, *local], look, lambda number, at: f"{number}/index.html")
    root = "/bjsdxqrmzf/zwfw/zfxxgk/dxqzf69/"
    made.pages[root] = look.directory((("2291822/index.html", "2025年"), ("2215369/index.html", "2024年")))
    groups = (("2291823/index.html", "区政府部门"), ("2291825/index.html", "镇、街道"))
    made.pages[f"{root}2291822/index.html"] = look.directory(groups, "2025年")
    made.pages[f"{root}2215369/index.html"] = look.directory((("2215371/index.html", "镇、街道"),), "2024年")
    folder = f"{root}2291822/2291823/"
    rows = made.season(folder, offices, ("html", "docx", "html"), missing={0}, titles=(TITLES[4], *TITLES[:3]))
    made.lists(folder, rows)
    folder = f"{root}2291822/2291825/"
    rows = made.season(folder, local, ("html", "html", "pdf"), missing={5}, late={8}, titles=(TITLES[4], *TITLES[:3]))
    made.lists(folder, [*rows, *made.negatives(folder, 2)], per=9)
    folder = f"{root}2215369/2215371/"
    made.lists(folder, [made.old(folder, unit, 2024) for unit in local])
    return made


def tongzhou() -> District:
    """通州: slow; year folders with odd suffixes (2024n78 holds the reports of 2025); ids of nineteen digits."""
    local = [
        *towns("tongzhou", "通州区", ["西集", *INVENTED[:10]]),
        *subdistricts("tongzhou", "通州区", INVENTED[10:16]),
    ]
    units = [government("tongzhou", "通州区"), *departments("tongzhou", "通州区", 6), *local]
    look = Look("北京市通州区人民政府", header=False, meta="", dated="生成日期：%Y-%m-%d %H:%M:%S", list_day="%Y-%m-%d")

    def snowflake(number: int, at: datetime) -> str:
        milliseconds = int(at.timestamp() * 1000) - 1_288_834_974_657
        return f"{at:%Y%m}/{(milliseconds << 22) + number}.shtml"

    made = District("tongzhou", "通州区", units, look, snowflake)
    root = "/tzzfxxgk/"
    slow = look.directory((("./2024n78/", "2025年"), ("./c109617fbdgn2024/", "2024年"), ("./zcwj/", "政策文件")))
    made.pages[root] = Answer(slow.content, slow.media_type, seconds=0.6)
    made.pages[f"{root}zcwj/"] = look.directory(())
    folder = f"{root}2024n78/"
    stray = "{name}{year}年\n政府信息公开工作年度报告\n工作年度报"
    rows = made.season(folder, units, ("html", "html", "docx"), missing={0, 9}, late={19}, titles=(stray, *TITLES[:4]))
    # Pictures of the pages instead of a report: nobody can read them, and nobody says that there is none.
    row = made.report(folder, units[9], day(1, 21))
    pictures = "".join(f'<p><img src="./W020260121_{page}.jpg"></p>' for page in range(1, 5))
    made.pages[row.href] = look.article(row.title, pictures, day(1, 21), units[9].short)
    made.otherwise_known(row, outcome="no_document", documents=())
    made.standings[units[9].id] = "unverifiable"
    made.lists(folder, [*rows, row, *made.negatives(folder, 6)], suffix="shtml")
    folder = f"{root}c109617fbdgn2024/"
    made.lists(folder, [made.old(folder, unit, 2024) for unit in local], suffix="shtml")
    return made


def fengtai() -> District:
    """丰台: columns are numbered without a pattern, and lie in each other or beside; an article that is gone."""
    streets = subdistricts("fengtai", "丰台区", ["马家堡", *INVENTED[:13]]) + towns(
        "fengtai", "丰台区", ["北宫", "王佐"]
    )
    offices = [government("fengtai", "丰台区"), *departments("fengtai", "丰台区", 8)]
    look = Look("北京市丰台区人民政府", header=False, dated="发布时间：%Y-%m-%d %H:%M")
    made = District(
        "fengtai", "丰台区", [*offices, *streets], look, lambda number, at: f"{at:%Y%m}/t{at:%Y%m%d}_{number}.shtml"
    )
    root = "/xxfb/xxgk/c100226/"
    made.pages[root] = look.directory(
        (("c100279/", "2025年年报"), ("/xxfb/xxgk/c100281/", "2024年年报"), ("/xxfb/xxgk/c100300/", "政策解读"))
    )
    made.pages[f"{root}c100279/"] = look.directory(
        (("c100280/", "区政府部门年报"), ("c100282/", "街道、镇年报")), "2025年年报"
    )
    folder = f"{root}c100279/c100280/"
    rows = made.season(folder, offices, ("html", "docx"), missing={0, 6})
    made.lists(folder, [*rows, *made.negatives(folder, 2)], suffix="shtml")
    folder = f"{root}c100279/c100282/"
    rows = made.season(folder, streets, ("html", "html", "direct"), missing={4}, late={7})
    row = made.report(folder, streets[4], day(1, 27))
    del made.pages[row.href]
    made.otherwise_known(row, outcome="not_found", documents=())
    made.standings[streets[4].id] = "unverifiable"
    made.lists(folder, [*rows, row], suffix="shtml", per=9)
    folder = "/xxfb/xxgk/c100281/"
    made.lists(folder, [made.old(folder, unit, 2024) for unit in streets], suffix="shtml")
    return made


def mentougou() -> District:
    """门头沟: a tree a unit under its code; a folder that is missing answers 301 to the home page, not 404."""
    local = towns("mentougou", "门头沟区", INVENTED[:9])
    streets = subdistricts("mentougou", "门头沟区", INVENTED[9:13])
    look = Look("北京市门头沟区人民政府", header=False, meta="")
    made = District("mentougou", "门头沟区", [*local, *streets], look, state="layout_changed")
    made.otherwise = Answer(b"", status=301, headers=(("Location", "/"),))
    for place, unit in enumerate([*local, *streets]):
        if place == 8:
            made.standings[unit.id] = "unverifiable"
            continue
        tree = f"/mtg11J{201 + place}/"
        made.pages[tree] = look.directory((("zfxxgknb/", "政府信息公开年报"), ("tpxw/", "图片新闻")), unit.short)
        folder = f"{tree}zfxxgknb/"
        missing = {0} if place in (4, 11) else ()
        rows = made.season(folder, [unit], ("html",) if place % 3 else ("pdf",), missing=missing)
        made.lists(folder, [*rows, made.old(folder, unit, 2024), made.old(folder, unit, 2022)])
    # One town's folder is gone, so that of the towns nobody can be said to have published nothing.
    made.standings[local[4].id] = "unverifiable"
    return made


def fangshan() -> District:
    """房山: folders whose names are history, under a parent that answers 403; a report of an agency nobody knows."""
    local = [*towns("fangshan", "房山区", INVENTED[:12]), *subdistricts("fangshan", "房山区", INVENTED[12:16])]
    units = [*departments("fangshan", "房山区", 6), *local]
    look = Look("北京市房山区人民政府", header=False, list_day="%Y/%m/%d")
    made = District("fangshan", "房山区", units, look)
    root = "/zwgk/ndbgjz/"
    made.file = {
        "family": "column-of-columns",
        "columns": [{"id": "gknb", "name": "政府信息公开年报", "address": f"{root}index.html"}],
    }
    made.pages["/zwgk/"] = Answer(b"<html><title>403 Forbidden</title><h1>403 Forbidden</h1></html>", status=403)
    groups = (("fsqwbj/", "区政府部门"), ("xzjdold2008/", "乡镇街道"))
    made.pages[f"{root}index.html"] = look.directory(groups)
    folder = f"{root}fsqwbj/"
    made.lists(folder, [*made.season(folder, units[:6], missing={2}), *made.negatives(folder, 3)])
    # The list stands in a frame.
    made.pages[f"{folder}list.html"] = made.pages.pop(f"{folder}index.html")
    frames = '<frame name="left" src="menu.html"><frame name="mainFrame" src="list.html">'
    made.pages[folder] = look.bare(f'<html><frameset cols="200,*">{frames}</frameset></html>')
    folder = f"{root}xzjdold2008/"
    rows = made.season(folder, local, ("html", "pdf", "html"), missing={6}, late={1})
    rows += [made.old(folder, unit, year) for unit in local[:5] for year in (2019, 2023)]
    (unknown,) = subdistricts("nobody", "房山区", ["无名"])
    stranger = made.report(folder, unknown, day(1, 25))
    made.otherwise_known(stranger, outcome="unassigned", agency=None)
    made.lists(folder, [*rows, stranger], per=13)
    # It may be anybody's: nobody of this column is called missing.
    for unit in units:
        if made.standings.get(unit.id) == "missing":
            made.standings[unit.id] = "unverifiable"
    return made


def changping() -> District:
    """昌平: each town and subdistrict has a column with an arbitrary number."""
    local = [*towns("changping", "昌平区", INVENTED[:12]), *subdistricts("changping", "昌平区", INVENTED[12:18])]
    made = District("changping", "昌平区", local, Look("北京市昌平区人民政府"))
    root = "/cpqzf/zj/"
    names = [f"u{place:02}" for place in range(len(local))]
    numbers = [12 + place * 7 % 40 for place in range(len(local))]
    links = [
        (f"{root}{name}/xxgk{number}/index.html", unit.short)
        for name, number, unit in zip(names, numbers, local, strict=True)
    ]
    made.pages[root] = made.look.directory(links, "镇街")
    for place, (name, number, unit) in enumerate(zip(names, numbers, local, strict=True)):
        folder = f"{root}{name}/xxgk{number}/"
        rows = made.season(folder, [unit], missing={0} if place == 7 else (), late={0} if place == 3 else ())
        made.lists(folder, [*rows, made.old(folder, unit, 2024), *made.negatives(folder, 1)])
    return made


def yanqing() -> District:
    """延庆: http only; each town and subdistrict has a folder of its own, whose home page is a redirect shell."""
    local = [*towns("yanqing", "延庆区", INVENTED[:11]), *subdistricts("yanqing", "延庆区", INVENTED[11:14])]
    made = District("yanqing", "延庆区", local, Look("北京市延庆区人民政府"))
    root = "/yanqing/zwgk/zfgs1669/xzjd/"
    made.pages[root] = made.look.directory(
        [(f"./n{place:02}/index.shtml", unit.short) for place, unit in enumerate(local)], "镇街"
    )
    for place, unit in enumerate(local):
        folder = f"{root}n{place:02}/nb/"
        made.pages[f"{root}n{place:02}/index.shtml"] = made.look.bare(
            '<script>location.replace("./nb/index.shtml")</script>'
        )
        rows = made.season(folder, [unit], missing={0} if place == 5 else ())
        rows += [made.old(folder, unit, year) for year in (2024, 2023)]
        made.lists(folder, rows, suffix="shtml")
    return made


FOLDERS = (dongcheng, huairou, miyun, daxing, tongzhou, fengtai, mentougou, fangshan, changping, yanqing)
