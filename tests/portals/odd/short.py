"""Reports under names, files and pictures that say too little, and pagers of few words."""

# ruff: noqa: E501 - lines of HTML
from __future__ import annotations

from collections.abc import Iterator

from tests.portals.crawling.cases import LIST, TITLES, articles, page, rows
from tests.portals.crawling.serving import Case
from tests.portals.odd.making import HALF, ON, ON_OR_OPEN, all_undated, case, site

LAST = (ON, ON, ON, ON_OR_OPEN)


def cases() -> Iterator[tuple[str, Case]]:
    """Every case by its name."""
    yield (
        "v05",
        case(
            "bare unit under heading to pdf",
            site(rows(0, 3) + '<h3>2025年度政府信息公开年报</h3><p><a href="/f/3.pdf">北街街道</a></p>'),
            LAST,
        ),
    )
    yield (
        "v06",
        case(
            "short unit to pdf",
            site(rows(0, 3) + '<h3>2025年度政府信息公开年报</h3><p><a href="/f/3.pdf">北街</a></p>'),
            LAST,
        ),
    )
    yield (
        "v06b",
        case(
            "short unit to page",
            site(rows(0, 3) + '<h3>2025年度政府信息公开年报</h3><p><a href="/x/3.html">北街</a></p>'),
            LAST,
        ),
    )
    yield (
        "v06c",
        case(
            "number to pdf", site(rows(0, 3) + '<h3>2025年度政府信息公开年报</h3><p><a href="/f/3.pdf">4</a></p>'), LAST
        ),
    )
    yield "v06d", case("file name", site(rows(0, 3) + '<p><a href="/f/bjjd2025nb.pdf">bjjd2025nb.pdf</a></p>'), LAST)
    yield "v06e", case("附件4", site(rows(0, 3) + '<p><a href="/f/4.pdf">附件4</a></p>'), LAST)
    yield (
        "v12",
        case(
            "option",
            site(rows(0, 3) + f'<select onchange="go()"><option value="t3.html">{TITLES[3]}</option></select>'),
            LAST,
        ),
    )
    yield (
        "v16",
        case(
            "modal",
            site(
                rows(0, 3)
                + f'<ul><li><a href="#m3" data-toggle=modal>{TITLES[3]}</a></li></ul><div id=m3 style="display:none"><p>本年度报告</p></div>'
            ),
            LAST,
        ),
    )
    yield (
        "v17",
        case(
            "row without year nor name: 本机关",
            site(
                rows(0, 3)
                + '<ul><li><a href="t3.html">本机关2025年政府信息公开工作年度报告</a><span>2026-01-20</span></li></ul>'
            ),
            LAST,
        ),
    )
    yield (
        "v18",
        case(
            "row: 我街道",
            site(
                rows(0, 3) + '<ul><li><a href="t3.html">我街道2025年度信息公开年报</a><span>2026-01-20</span></li></ul>'
            ),
            LAST,
        ),
    )
    yield (
        "v19",
        case(
            "信息公开年度数据统计",
            site(
                rows(0, 3)
                + '<ul><li><a href="t3.html">北街街道2025年度政府信息公开统计表及说明</a><span>2026-01-20</span></li></ul>'
            ),
            LAST,
        ),
    )
    yield (
        "v20",
        case(
            "工作总结",
            site(
                rows(0, 3)
                + '<ul><li><a href="t3.html">北街街道2025年政府信息公开工作总结</a><span>2026-01-20</span></li></ul>'
            ),
            LAST,
        ),
    )
    yield (
        "v21",
        case(
            "两个街道 with 、",
            site(
                rows(0, 2)
                + '<ul><li><a href="t2.html">南街、北街街道2025年政府信息公开工作年度报告</a><span>2026-01-20</span></li></ul>'
            ),
            HALF,
        ),
    )
    yield (
        "v22",
        case(
            "title in two links",
            site(
                rows(0, 3)
                + '<ul><li><a href="t3.html">北街街道2025年</a><a href="t3.html">政府信息公开工作年度报告</a><span>2026-01-20</span></li></ul>'
            ),
            LAST,
        ),
    )
    yield (
        "v23",
        case(
            "first letters drop cap",
            site(
                rows(0, 3)
                + '<ul><li><a href="t3.html"><big>北</big>街街道2025年政府信息公开工作年度报告</a><span>2026-01-20</span></li></ul>'
            ),
            LAST,
        ),
    )
    yield "v24", case("label for", site(rows(0, 3) + '<label onclick="open3()">北街街道2025年报</label>'), LAST)
    yield (
        "v25",
        case(
            "ruby",
            site(
                rows(0, 3)
                + '<ul><li><a href="t3.html"><ruby>北<rt>bei</rt></ruby>街街道2025年政府信息公开工作年度报告</a><span>2026-01-20</span></li></ul>'
            ),
            LAST,
        ),
    )
    yield (
        "v26",
        case(
            "blinking font tags & nbsp in name",
            site(
                rows(0, 3)
                + '<ul><li><a href="t3.html">北&nbsp;街&emsp;街道２０２５年政府信息公开工作年度报告</a><span>2026-01-20</span></li></ul>'
            ),
            LAST,
        ),
    )
    yield (
        "v27",
        case(
            "date in title attr only",
            {
                LIST: page(
                    "<ul>"
                    + "".join(
                        f'<li><a href="t{n}.html" title="{TITLES[n]} 2026-01-20">{TITLES[n]}</a></li>' for n in range(4)
                    )
                    + "</ul>"
                )
            }
            | all_undated(),
            ("on_time|date_disputed",) * 4,
        ),
    )
    yield (
        "v28",
        case(
            "prev/next in English",
            {LIST: page(rows(0, 2) + '<a href="index_1.html">Next Page</a>'), "/gknb/index_1.html": page(rows(2, 4))}
            | articles(),
        ),
    )
    yield (
        "v29",
        case(
            "load more button data",
            site(rows(0, 2) + "<button class=btn-more data-offset=2>Show more</button><script src=/js/m.js></script>"),
            HALF,
        ),
    )
    yield "v30", case("arrow only", site(rows(0, 2) + '<span class="arrow" onclick="nextPage()">▶</span>'), HALF)
    yield (
        "v31",
        case(
            "下一页 in a disabled-looking class though more",
            {
                LIST: page(
                    rows(0, 2) + '<div class=page><a class="next disabled" href="index_1.html">下一页</a></div>'
                ),
                "/gknb/index_1.html": page(rows(2, 4)),
            }
            | articles(),
            HALF,
        ),
    )
    yield "v32", case("共 2 页 in picture alt", site(rows(0, 2) + '<img src=/p.png alt="共2页">'), HALF)
