"""Pagers of bare numbers, and reports under names, files and pictures that say too little."""

# ruff: noqa: E501 - lines of HTML
from __future__ import annotations

from collections.abc import Iterator

from tests.portals.crawling.cases import LIST, TITLES, articles, page, rows
from tests.portals.crawling.serving import Case
from tests.portals.odd.making import HALF, ON, ON_OR_OPEN, case, site, undated
from tests.portals.odd.turns import two

LAST = (ON, ON, ON, ON_OR_OPEN)


def cases() -> Iterator[tuple[str, Case]]:
    """Every case by its name."""
    yield (
        "w01",
        case(
            "iframe below static",
            site(rows(0, 2) + '<iframe src="/static/gk/rest.html" width=100% height=500></iframe>')
            | {"/static/gk/rest.html": page(rows(2, 4))},
            HALF,
        ),
    )
    yield (
        "w02",
        case(
            "asp.net numbers only",
            site(
                rows(0, 2)
                + "<div><a href=\"javascript:__doPostBack('P','1')\">1</a> <a href=\"javascript:__doPostBack('P','2')\">2</a></div>"
            ),
            HALF,
        ),
    )
    yield (
        "w03",
        case(
            "span numbers onclick",
            site(rows(0, 2) + "<div><span onclick='go(1)'>1</span> <span onclick='go(2)'>2</span></div>"),
            HALF,
        ),
    )
    yield (
        "w04",
        case(
            "data-page numbers",
            site(
                rows(0, 2)
                + "<ul><li data-page=1 class=on>1</li><li data-page=2>2</li></ul><script src=/js/p.js></script>"
            ),
            HALF,
        ),
    )
    yield (
        "w05",
        case(
            "href # numbers",
            site(
                rows(0, 2)
                + '<div class=pager><a href="#" class=cur>1</a><a href="#" data-page=2>2</a></div><script src=/js/p.js></script>'
            ),
            HALF,
        ),
    )
    yield "w06", case("ellipsis link", two('<a href="index_1.html">...</a>'), HALF)
    yield (
        "w07",
        case(
            "numbers in brackets as buttons",
            site(rows(0, 2) + "<button>[1]</button><button>[2]</button><script src=/js/p.js></script>"),
            HALF,
        ),
    )
    yield (
        "w08",
        case(
            "numbers in a table row with goto field",
            site(
                rows(0, 2)
                + "<table><tr><td>1</td><td>2</td><td>转到<input size=2>页</td></tr></table><script src=/js/p.js></script>"
            ),
            HALF,
        ),
    )
    yield "w09", case("下十页", two('<a href="index_1.html">下十页</a>'), HALF)
    yield (
        "w10",
        case(
            "text row not linked",
            site(rows(0, 3) + "<p>北街街道2025年政府信息公开工作年度报告（扫描二维码查看）</p>"),
            (ON, ON, ON, ON_OR_OPEN),
        ),
    )
    yield (
        "w11",
        case(
            "qr image alt",
            site(rows(0, 3) + "<p><img src=/q.png alt='北街街道2025年政府信息公开工作年度报告'></p>"),
            (ON, ON, ON, ON_OR_OPEN),
        ),
    )
    yield (
        "w12",
        case(
            "title attr only on li",
            site(rows(0, 3) + f"<ul><li title='{TITLES[3]}' onclick=\"location='t3.html'\">查看</li></ul>"),
            (ON, ON, ON, ON_OR_OPEN),
        ),
    )
    yield (
        "w13",
        case(
            "aria-label",
            site(rows(0, 3) + f"<ul><li><a href='t3.html' aria-label='{TITLES[3]}'><i class=icon></i></a></li></ul>"),
            (ON, ON, ON, ON_OR_OPEN),
        ),
    )
    yield (
        "w14",
        case(
            "css content / data-title",
            site(rows(0, 3) + f"<ul><li><a href='t3.html' data-title='{TITLES[3]}'></a></li></ul>"),
            (ON, ON, ON, ON_OR_OPEN),
        ),
    )
    yield (
        "w15",
        case(
            "svg text",
            site(rows(0, 3) + f"<svg><a href='t3.html'><text>{TITLES[3]}</text></a></svg>"),
            (ON, ON, ON, ON_OR_OPEN),
        ),
    )
    yield (
        "w16",
        case(
            "list as one image map",
            site("<img src=/list.png usemap=#m><map name=m><area href=t0.html><area href=t1.html></map>"),
            (ON_OR_OPEN,) * 4,
        ),
    )
    yield (
        "w17",
        case(
            "short names by zone",
            site(rows(0, 3) + '<ul><li><a href="t3.html">2025年北街年报</a><span>2026-01-20</span></li></ul>'),
            (ON, ON, ON, ON_OR_OPEN),
        ),
    )
    yield (
        "w18",
        case(
            "wrong kind: 北街 办事处",
            site(
                rows(0, 3)
                + '<ul><li><a href="t3.html">北街办事处2025年政府信息公开工作年度报告</a><span>2026-01-20</span></li></ul>'
            ),
            (ON, ON, ON, ON_OR_OPEN),
        ),
    )
    yield (
        "w19",
        case(
            "typo in name",
            site(
                rows(0, 3)
                + '<ul><li><a href="t3.html">北衔街道2025年政府信息公开工作年度报告</a><span>2026-01-20</span></li></ul>'
            ),
            (ON, ON, ON, ON_OR_OPEN),
        ),
    )
    yield (
        "w20",
        case(
            "two units in one file for the last",
            site(
                rows(0, 3)
                + '<ul><li><a href="x.pdf">南街等2个街道2025年政府信息公开工作年度报告</a><span>2026-01-20</span></li></ul>'
            ),
            (ON, ON, ON, ON_OR_OPEN),
        ),
    )
    yield (
        "w21",
        case(
            "zip of all",
            site(rows(0, 3) + '<ul><li><a href="all.zip">附件：各街道年度报告.zip</a></li></ul>'),
            (ON, ON, ON, ON_OR_OPEN),
        ),
    )
    yield (
        "w22",
        case(
            "xls list", site(rows(0, 3) + '<p>附件：<a href="a.xlsx">年报网址一览表</a></p>'), (ON, ON, ON, ON_OR_OPEN)
        ),
    )
    yield (
        "w23",
        case(
            "电子书 flip",
            site(rows(0, 3) + '<a href="/flip/index.html">在线阅读年报电子书</a>'),
            (ON, ON, ON, ON_OR_OPEN),
        ),
    )
    yield (
        "w24",
        case(
            "relative year 上年度",
            site(
                rows(0, 3)
                + '<ul><li><a href="t3.html">北街街道上一年度政府信息公开工作年度报告</a><span>2026-01-20</span></li></ul>'
            ),
            (ON, ON, ON, ON_OR_OPEN),
        ),
    )
    yield (
        "w25",
        case(
            "year 2025—2026",
            site(
                rows(0, 3)
                + '<ul><li><a href="t3.html">北街街道2024-2025年政府信息公开工作年度报告</a><span>2026-01-20</span></li></ul>'
            ),
            (ON, ON, ON, ON_OR_OPEN),
        ),
    )
    yield (
        "w26",
        case(
            "25年度",
            site(
                rows(0, 3)
                + '<ul><li><a href="t3.html">北街街道25年度政府信息公开工作年度报告</a><span>2026-01-20</span></li></ul>'
            ),
            (ON, ON, ON, ON_OR_OPEN),
        ),
    )
    yield (
        "w27",
        case(
            "news with the same words",
            site(
                rows(0, 3) + '<ul><li><a href="t3.html">北街街道政府信息公开2025</a><span>2026-01-20</span></li></ul>'
            ),
            (ON, ON, ON, ON_OR_OPEN),
        ),
    )
    yield (
        "w28",
        case(
            "title wraps over rows",
            site(
                rows(0, 3)
                + '<table><tr><td><a href="t3.html">北街街道</a></td></tr><tr><td><a href="t3.html">2025年年度报告</a></td></tr></table>'
            ),
            (ON, ON, ON, ON_OR_OPEN),
        ),
    )
    yield (
        "w29",
        case(
            "hidden by css but there",
            site(rows(0, 3) + '<ul style="display:none"><li><a href="t3.html">' + TITLES[3] + "</a></li></ul>"),
            (ON, ON, ON, ON_OR_OPEN),
        ),
    )
    yield (
        "w30",
        case(
            "list in details closed",
            site(
                rows(0, 3)
                + '<details><summary>更多街道</summary><ul><li><a href="t3.html">'
                + TITLES[3]
                + "</a></li></ul></details>"
            ),
            (ON, ON, ON, ON_OR_OPEN),
        ),
    )
    yield (
        "w31",
        case(
            "date late in list of box, page in time",
            site(rows(0, 3) + '<ul><li><a href="t3.html">' + TITLES[3] + "</a><span>2026-02-03</span></li></ul>"),
            (ON, ON, ON, "date_disputed"),
        ),
    )
    yield (
        "w32",
        case(
            "age after due while page says nothing",
            {
                LIST: page(
                    rows(
                        0,
                        3,
                    )
                    + '<ul><li><a href="t3.html">'
                    + TITLES[3]
                    + "</a><span>1小时前</span></li></ul>"
                )
            }
            | articles()
            | {"/gknb/t3.html": undated(3)},
            (ON, ON, ON, "date_disputed"),
        ),
    )
