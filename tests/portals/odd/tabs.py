"""What leads to the rest of a list: tabs, sections, folders, trees."""

# ruff: noqa: E501 - lines of HTML
from __future__ import annotations

from collections.abc import Iterator

from tests.portals.crawling.cases import LIST, TITLES, article, articles, page, row, rows
from tests.portals.crawling.serving import SUBDISTRICTS, UNITS, Case
from tests.portals.odd.making import LAST_MISSING, ON, ON_OR_OPEN, case, pdf, site, undated


def cases() -> Iterator[tuple[str, Case]]:
    """Every case by its name."""
    yield (
        "c37",
        case(
            "unit picker: the first unit's reports shown, others by script",
            site(
                "<select name=dept onchange='query(this.value)'>"
                + "".join(f"<option value={n}>{u}</option>" for n, u in enumerate(UNITS))
                + f"</select><ul><li><a href=t0.html>{TITLES[0]}</a><span>2026-01-20</span></li><li><a href=o.html>{TITLES[0].replace('2025', '2024')}</a><span>2025-01-20</span></li></ul><script>function query(v){{$('#list').load('/api/list?dept='+v)}}</script>",
                articles() | {"/gknb/o.html": article(0).replace("2025", "2024").replace("2026", "2025")},
            ),
            (ON,) + (ON_OR_OPEN,) * 3,
        ),
    )
    yield (
        "c38",
        case(
            "unit tabs by script",
            site(
                "<ul class=tab>"
                + "".join(f'<li onclick="show({n})">{u}</li>' for n, u in enumerate(UNITS))
                + f"</ul><div id=list><ul><li><a href=t0.html>{TITLES[0]}</a><span>2026-01-20</span></li></ul></div><script src=/js/tab.js></script>"
            ),
            (ON,) + (ON_OR_OPEN,) * 3,
        ),
    )
    yield (
        "c39",
        case(
            "kind tabs by script, one kind shown",
            site(
                "<ul class=tab><li class=on onclick=\"load('jd')\">街道</li><li onclick=\"load('zf')\">政府部门</li></ul><div id=list>"
                + rows(0, 3)
                + "</div><script src=/js/tab.js></script>",
                articles(),
            ),
            (ON, ON, ON, ON_OR_OPEN),
            agencies=(*SUBDISTRICTS[:3], {"name": "财政局", "short": "财政局", "kind": "department"}),
        ),
    )
    yield (
        "c40",
        case(
            "kind tabs as links to lists elsewhere, one kind shown",
            site(
                '<ul class=tab><li class=on><a href="/gknb/index.html">街道年报</a></li><li><a href="/bmnb/index.html">部门年报</a></li></ul>'
                + rows(0, 3)
            )
            | {
                "/bmnb/index.html": page(
                    '<ul><li><a href="/gknb/f.html">财政局2025年政府信息公开工作年度报告</a><span>2026-01-20</span></li></ul>'
                ),
                "/gknb/f.html": undated(0, "财政局2025年政府信息公开工作年度报告", more="<p>发布日期：2026-01-20</p>"),
            },
            (ON, ON, ON, ON_OR_OPEN),
            agencies=(*SUBDISTRICTS[:3], {"name": "财政局", "short": "财政局", "kind": "department"}),
        ),
    )
    yield (
        "c41",
        case(
            "section headings lead to the whole lists, two rows of each are shown",
            site(
                f'<div><h3><a href="/gknb/dj/">东片街道年报</a></h3>{rows(0, 2)}</div><div><h3><a href="/gknb/xj/">西片街道年报</a></h3><ul>{row(2)}</ul></div>'
            )
            | {
                "/gknb/dj/": page(rows(0, 2).replace('href="', 'href="../')),
                "/gknb/xj/": page(rows(2, 4).replace('href="', 'href="../')),
            },
            (ON, ON, ON, ON_OR_OPEN),
        ),
    )
    yield (
        "c42",
        case(
            "sections with 更多",
            site(
                f'<div class=box><h3>东片</h3><a class=more href="/gknb/dj/index.html">更多&gt;&gt;</a>{rows(0, 2)}</div><div class=box><h3>西片</h3><a class=more href="/gknb/xj/index.html">更多&gt;&gt;</a><ul>{row(2)}</ul></div>'
            )
            | {
                "/gknb/dj/index.html": page(rows(0, 2).replace('href="', 'href="../')),
                "/gknb/xj/index.html": page(rows(2, 4).replace('href="', 'href="../')),
            },
            (ON, ON, ON, ON_OR_OPEN),
        ),
    )
    yield (
        "c43",
        case(
            "查看全部 as the way to the whole list",
            site(rows(0, 3) + '<p><a href="all.html">查看全部年报</a></p>') | {"/gknb/all.html": page(rows())},
            (ON, ON, ON, ON_OR_OPEN),
        ),
    )
    yield (
        "c44",
        case(
            "year tabs as links; the year wanted is the second",
            site(
                '<div class=years><a href="index.html" class=on>2024年</a> <a href="2025.html">2025年</a></div><ul>'
                + "".join(
                    f'<li><a href="/o{n}.html">{TITLES[n].replace("2025", "2024")}</a><span>2025-01-20</span></li>'
                    for n in range(4)
                )
                + "</ul>",
                articles()
                | {f"/o{n}.html": article(n).replace("2025", "2024").replace("2026", "2025") for n in range(4)}
                | {"/gknb/2025.html": page(rows())},
            ),
            (ON_OR_OPEN,) * 4,
        ),
    )
    yield (
        "c45",
        case(
            "a folder for each unit",
            {
                LIST: page(
                    "<ul>" + "".join(f'<li><a href="/gknb/u{n}/">{u}</a></li>' for n, u in enumerate(UNITS)) + "</ul>"
                )
            }
            | {
                f"/gknb/u{n}/": page(
                    f'<ul><li><a href="../t{n}.html">2025年政府信息公开工作年度报告</a><span>2026-01-20</span></li><li><a href="../o{n}.html">2024年政府信息公开工作年度报告</a><span>2025-01-20</span></li></ul>'
                ).replace("政府信息公开年报 列表", f"{UNITS[n]}政府信息公开年报")
                for n in range(4)
            }
            | {
                f"/gknb/t{n}.html": undated(n, "2025年政府信息公开工作年度报告", more="<p>发布日期：2026-01-20</p>")
                for n in range(4)
            }
            | {
                f"/gknb/o{n}.html": undated(n, "2024年政府信息公开工作年度报告", more="<p>发布日期：2025-01-20</p>")
                for n in range(4)
            },
            (ON_OR_OPEN,) * 4,
        ),
    )
    yield (
        "c46",
        case(
            "the unit's folders, one unit truly has none for the year",
            {
                LIST: page(
                    "<ul>" + "".join(f'<li><a href="/gknb/u{n}/">{u}</a></li>' for n, u in enumerate(UNITS)) + "</ul>"
                )
            }
            | {
                f"/gknb/u{n}/": page(
                    "<ul>"
                    + ("" if n == 3 else f'<li><a href="../t{n}.html">{TITLES[n]}</a><span>2026-01-20</span></li>')
                    + f'<li><a href="../o{n}.html">{TITLES[n].replace("2025", "2024")}</a><span>2025-01-20</span></li></ul>'
                )
                for n in range(4)
            }
            | articles()
            | {f"/gknb/o{n}.html": article(n).replace("2025", "2024").replace("2026", "2025") for n in range(4)},
            LAST_MISSING,
        ),
    )
    yield (
        "c47",
        case(
            "details and summary",
            site(
                "".join(
                    f'<details><summary>{UNITS[n]}</summary><a href="t{n}.html">2025年度报告</a></details>'
                    for n in range(4)
                )
            ),
        ),
    )
    yield (
        "c48",
        case(
            "a tree of nested lists: unit, year, report",
            site(
                "<ul>"
                + "".join(
                    f'<li>{UNITS[n]}<ul><li>2025<ul><li><a href="t{n}.html">年度报告</a></li></ul></li><li>2024<ul><li><a href="/o{n}.html">年度报告</a></li></ul></li></ul></li>'
                    for n in range(4)
                )
                + "</ul>",
                articles()
                | {f"/o{n}.html": article(n).replace("2025", "2024").replace("2026", "2025") for n in range(4)},
            ),
            (ON_OR_OPEN,) * 4,
        ),
    )
    yield (
        "c49",
        case(
            "the same with PDFs",
            {
                LIST: page(
                    "<ul>"
                    + "".join(
                        f'<li>{UNITS[n]}<ul><li>2025年<ul><li><a href="/f/{n}.pdf">年度报告</a></li></ul></li><li>2024年<ul><li><a href="/f/o{n}.pdf">年度报告</a></li></ul></li></ul></li>'
                        for n in range(4)
                    )
                    + "</ul>"
                )
            }
            | {f"/f/{n}.pdf": pdf(n) for n in range(4)}
            | {f"/f/o{n}.pdf": pdf(n + 10) for n in range(4)},
            ("date_disputed|unverifiable",) * 4,
        ),
    )
