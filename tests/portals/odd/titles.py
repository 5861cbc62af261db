"""Titles as they are worded, and reports whose title leaves out whose they are."""

# ruff: noqa: E501 - lines of HTML
from __future__ import annotations

from collections.abc import Iterator

from tests.portals.crawling.cases import LIST, TITLES, article, articles, each, page, rows
from tests.portals.crawling.serving import UNITS, Case
from tests.portals.odd.making import HALF, MISSING_OR_OPEN, ON, ON_OR_OPEN, case, file_rows, formed, site, undated


def cases() -> Iterator[tuple[str, Case]]:
    """Every case by its name."""
    sp = (
        "<table border=1><tr><th>单位</th><th>年度</th><th>报告</th><th>发布日期</th></tr>"
        + "".join(
            f'<tr><td rowspan=2>{UNITS[n]}</td><td>2025</td><td><a href="/f/{n}.pdf">2025年度报告</a></td><td>2026-01-20</td></tr><tr><td>2024</td><td><a href="/f/o{n}.pdf">2024年度报告</a></td><td>2025-01-21</td></tr>'
            for n in range(4)
        )
        + "</table>"
    )
    yield "b01", case("unit in a rowspan cell, PDFs, newest first", file_rows(sp))
    sp = (
        "<table border=1><tr><th>单位</th><th>年度</th><th>报告</th><th>发布日期</th></tr>"
        + "".join(
            f'<tr><td rowspan=2>{UNITS[n]}</td><td>2024</td><td><a href="/f/o{n}.pdf">2024年度报告</a></td><td>2025-01-21</td></tr><tr><td>2025</td><td><a href="/f/{n}.pdf">2025年度报告</a></td><td>2026-01-20</td></tr>'
            for n in range(4)
        )
        + "</table>"
    )
    yield "b02", case("unit in a rowspan cell, PDFs, newest in the second row (no unit in its row)", file_rows(sp))
    hd = "".join(
        f'<h3>{UNITS[n]}</h3><ul><li><a href="/f/{n}.pdf">2025年政府信息公开工作年度报告</a><span>2026-01-20</span></li><li><a href="/f/o{n}.pdf">2024年政府信息公开工作年度报告</a><span>2025-01-21</span></li></ul>'
        for n in range(4)
    )
    yield "b03", case("a heading for each unit, titles name none, PDFs", file_rows(hd))
    yield (
        "b03h",
        case(
            "a heading for each unit, titles name none, pages that name the unit",
            site(hd.replace("/f/o", "/o").replace("/f/", "t").replace(".pdf", ".html")),
        ),
    )
    yield (
        "b04",
        case(
            "dt is the unit, dd its reports, PDFs",
            file_rows(
                "<dl>"
                + "".join(
                    f'<dt>{UNITS[n]}</dt><dd><a href="/f/{n}.pdf">2025年度报告</a> <i>2026-01-20</i></dd><dd><a href="/f/o{n}.pdf">2024年度报告</a> <i>2025-01-20</i></dd>'
                    for n in range(4)
                )
                + "</dl>"
            ),
        ),
    )
    mx = (
        "<table><tr><th>单位</th><th>2023</th><th>2024</th><th>2025</th></tr>"
        + "".join(
            f'<tr><td>{UNITS[n]}</td><td>—</td><td><a href="/f/o{n}.pdf">查看</a></td><td>{"" if n == 3 else f"""<a href="/f/{n}.pdf">查看</a>"""}</td></tr>'
            for n in range(4)
        )
        + "</table>"
    )
    yield (
        "b05",
        case(
            "matrix: unit by year, 查看; the last has none for the year; no dates",
            file_rows(mx),
            ("date_disputed|unverifiable",) * 3 + (MISSING_OR_OPEN,),
        ),
    )
    mxh = mx.replace("/f/o", "/o").replace("/f/", "t").replace(".pdf", ".html")
    yield (
        "b05h",
        case(
            "the same with pages",
            site(
                mxh,
                articles()
                | {
                    f"/o{n}.html": article(n).replace("2025", "2024").replace("2026-01-20", "2025-01-20")
                    for n in range(4)
                },
            ),
            (ON, ON, ON, MISSING_OR_OPEN),
        ),
    )
    yy = (
        "<table>"
        + "".join(
            f'<tr><td>{UNITS[n]}</td><td><a href="/o{n}.html">2024</a> <a href="t{n}.html">2025</a></td></tr>'
            for n in range(4)
        )
        + "</table>"
    )
    yield (
        "b06",
        case(
            "a row for each unit, links named by the year alone",
            site(
                yy,
                articles()
                | {
                    f"/o{n}.html": article(n).replace("2025", "2024").replace("2026-01-20", "2025-01-20")
                    for n in range(4)
                },
            ),
        ),
    )
    yield (
        "b07",
        case(
            "title cut, tooltip says 点击查看",
            site(
                each('<li><a href="t{n}.html" title="点击查看">{title}</a><span>2026-01-20</span></li>').replace(
                    "工作年度报告</a>", "工…</a>"
                )
            ),
        ),
    )
    yield (
        "b08",
        case(
            "the title attribute of every row is that of the first (copied template)",
            site(
                "<ul>"
                + "".join(
                    f'<li><a href="t{n}.html" title="{TITLES[0]}">{TITLES[n]}</a><span>2026-01-20</span></li>'
                    for n in range(4)
                )
                + "</ul>"
            ),
        ),
    )
    yield (
        "b09",
        case(
            "one report for two units",
            site(
                rows(0, 2)
                + '<ul><li><a href="t2.html">南街街道、北街街道2025年政府信息公开工作年度报告</a><span>2026-01-20</span></li></ul>',
                articles() | {"/gknb/t2.html": article(2).replace("南街街道", "南街街道、北街街道")},
            ),
            HALF,
        ),
    )
    g = (
        {"name": "人民政府", "short": "b10区政府", "kind": "government", "aliases": ["b10区"]},
        {"name": "人民政府办公室", "short": "区政府办公室", "kind": "department", "aliases": ["区政府办"]},
        {"name": "财政局", "short": "财政局", "kind": "department"},
    )
    tt = (
        "b10区2025年政府信息公开工作年度报告",
        "b10区人民政府办公室2025年政府信息公开工作年度报告",
        "b10区财政局2025年政府信息公开工作年度报告",
    )
    yield (
        "b10",
        case(
            "the government's report and that of its office",
            {
                LIST: page(
                    "<ul>"
                    + "".join(f'<li><a href="t{n}.html">{t}</a><span>2026-01-20</span></li>' for n, t in enumerate(tt))
                    + "</ul>"
                )
            }
            | {f"/gknb/t{n}.html": undated(n, t, more="<p>发布日期：2026-01-20</p>") for n, t in enumerate(tt)},
            (ON,) * 3,
            agencies=g,
        ),
    )
    g2 = tuple(
        {
            **x,
            "short": str(x["short"]).replace("b10", "b11"),
            **({"aliases": ["b11区"]} if x.get("kind") == "government" else {}),
        }
        for x in g
    )
    yield (
        "b11",
        case(
            "the same, the office has none",
            {
                LIST: page(
                    "<ul>"
                    + "".join(
                        f'<li><a href="t{n}.html">{t.replace("b10", "b11")}</a><span>2026-01-20</span></li>'
                        for n, t in enumerate(tt)
                        if n != 1
                    )
                    + "</ul>"
                )
            }
            | {
                f"/gknb/t{n}.html": undated(n, t.replace("b10", "b11"), more="<p>发布日期：2026-01-20</p>")
                for n, t in enumerate(tt)
            },
            (ON, "missing", ON),
            agencies=g2,
        ),
    )
    forms = (
        "{u}办事处政府信息公开年报（2025年）",
        "2025年度b12区{u}办事处信息公开工作报告",
        "{u}关于2025年度政府信息公开工作情况的报告",
        "{u}政府信息公开年度报告(2025)",
    )

    yield formed("b12", forms, "titles worded otherwise")
    yield formed(
        "b13",
        (
            "{u}2025年政府信息公开工作年度报告.docx",
            "{u}2025年政府信息公开工作年度报告[图]",
            "{u}2025年政府信息公开工作年度报告（盖章版）",
            "{u}2025年政府信息公开工作年度报告 阅读全文>>",
        ),
        "marks behind the title",
    )
    yield formed(
        "b14",
        (
            "【年报】{u}2025年政府信息公开工作年度报告",
            "[{u}]2025年政府信息公开工作年度报告",
            "{u}：2025年政府信息公开工作年度报告",
            "1、{u}2025年政府信息公开工作年度报告",
        ),
        "marks before the title",
    )
    yield formed(
        "b15",
        (
            "关于公布{u}2025年政府信息公开工作年度报告的公告",
            "关于印发《{u}2025年政府信息公开工作年度报告》的通知",
            "{u}2025年政府信息公开工作年度报告公示",
            "{u}公开2025年政府信息公开工作年度报告",
        ),
        "titles of announcements that carry the report",
        (ON_OR_OPEN,) * 4,
    )
    yield formed(
        "b16",
        (
            "{u}2025年年政府信息公开工作年度报告",
            "{u} 2025 年 政府信息公开 工作年度报告",
            "{u}2025年政府信息公开工作年度报告年度报告",
            "{u}二○二五年政府信息公开工作年度报告",
        ),
        "slips and blanks in titles",
    )
    yield formed(
        "b17",
        (
            "东街&#8203;街道2025年政府信息公开工作年度报告",
            "西街&shy;街道2025年政府信息公开工作年度报告",
            "南街<wbr>街道2025年<br>政府信息公开工作年度报告",
            "北街街道2025年政府信息公开&#65279;工作年度报告",
        ),
        "invisible characters in titles",
    )
    yield formed(
        "b18",
        (
            "<b>{u}</b><font color=red>2025</font>年政府信息公开工作年度报告",
            "<span>{u}</span><span>2025年</span><span>政府信息公开工作年度报告</span>",
            "{u}2025年政府信息公开工作<em>年度</em><em>报告</em>",
            "&nbsp;&nbsp;{u}2025年政府信息公开工作年度报告&nbsp;",
        ),
        "titles in pieces",
    )
    yield formed(
        "b19",
        (
            "{u}2025年政务公开工作年度报告",
            "{u}2025年度政府信息公开情况年度报告",
            "{u}2025年政府信息公开工作报告",
            "{u}2025年信息公开年报",
        ),
        "titles with other words",
    )
    yield formed(
        "b20",
        (
            "{u}2025年政府信息公开工作年度报告（2026年1月）",
            "2026年{u}政府信息公开工作年度报告（2025年度）",
            "{u}2025年1月1日至2025年12月31日政府信息公开工作年度报告",
            "{u}2025-政府信息公开工作年度报告",
        ),
        "other years and dates in titles",
        (ON, ON_OR_OPEN, ON, "on_time"),
    )
