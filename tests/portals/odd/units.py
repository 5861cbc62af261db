"""Whose report it is: names that are shortened, former, or stand in another place."""

# ruff: noqa: E501 - lines of HTML
from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from tests.portals.crawling.cases import LIST, TITLES, article, articles, each, page, rows
from tests.portals.crawling.serving import SUBDISTRICTS, UNITS, Case
from tests.portals.odd.making import (
    LAST_MISSING,
    MISSING_OR_OPEN,
    ON,
    ON_OR_OPEN,
    case,
    departments,
    file_rows,
    formed,
    pdf,
    site,
    undated,
)


def cases() -> Iterator[tuple[str, Case]]:
    """Every case by its name."""
    a = departments("市场监督管理局", "财政局", "教育局", "发展和改革委员会")
    at = (
        "b21区市场监管局2025年政府信息公开工作年度报告",
        "b21区财政局2025年政府信息公开工作年度报告",
        "b21区教育局2025年政府信息公开工作年度报告",
        "b21区发改委2025年政府信息公开工作年度报告",
    )
    yield (
        "b21",
        case(
            "names shortened, not in the register",
            {
                LIST: page(
                    "<ul>"
                    + "".join(f'<li><a href="t{n}.html">{t}</a><span>2026-01-20</span></li>' for n, t in enumerate(at))
                    + "</ul>"
                )
            }
            | {f"/gknb/t{n}.html": undated(n, t, more="<p>发布日期：2026-01-20</p>") for n, t in enumerate(at)},
            (ON_OR_OPEN, ON, ON, ON_OR_OPEN),
            agencies=a,
        ),
    )
    at2 = [t.replace("b21区", "b22区") for t in at]
    at2[1] = "b22区财政局国库支付中心2025年政府信息公开工作年度报告"
    at2[0] = "b22区市场监督管理局（知识产权局）2025年政府信息公开工作年度报告"
    at2[3] = "b22区发展和改革委员会（粮食和物资储备局）2025年政府信息公开工作年度报告"
    yield (
        "b22",
        case(
            "a subordinate's report beside, second names in brackets",
            {
                LIST: page(
                    "<ul>"
                    + "".join(f'<li><a href="t{n}.html">{t}</a><span>2026-01-20</span></li>' for n, t in enumerate(at2))
                    + "</ul>"
                )
            }
            | {f"/gknb/t{n}.html": undated(n, t, more="<p>发布日期：2026-01-20</p>") for n, t in enumerate(at2)},
            (ON_OR_OPEN, MISSING_OR_OPEN, ON, ON_OR_OPEN),
            agencies=a,
        ),
    )
    yield (
        "b23",
        case(
            "an old report listed anew: its year is another",
            site(
                rows(0, 3)
                + '<ul><li><a href="o.html">北街街道2024年政府信息公开工作年度报告</a><span>2026-01-20</span></li></ul>',
                articles() | {"/gknb/o.html": article(3).replace("2025", "2024")},
            ),
            LAST_MISSING,
        ),
    )
    yield (
        "b24",
        case(
            "only the interpretation of one",
            site(
                rows(0, 3)
                + '<ul><li><a href="o.html">图解：北街街道2025年政府信息公开工作年度报告</a><span>2026-01-20</span></li></ul>',
                articles() | {"/gknb/o.html": article(3)},
            ),
            (ON, ON, ON, MISSING_OR_OPEN),
        ),
    )
    yield (
        "b25",
        case(
            "a row in a comment",
            site(rows(0, 3) + f'<!-- <ul><li><a href="t3.html">{TITLES[3]}</a><span>2026-01-20</span></li></ul> -->'),
            (ON, ON, ON, MISSING_OR_OPEN),
        ),
    )
    yield (
        "b26",
        case(
            "a template row that is not displayed",
            site(rows(0, 3) + '<ul style="display:none"><li><a href="#">{title}</a><span>{date}</span></li></ul>'),
            LAST_MISSING,
        ),
    )
    yield (
        "b27",
        case(
            "tabs whose content is hidden until chosen",
            site(
                "<div class=tab><span>东片</span><span>西片</span></div><div>"
                + rows(0, 2)
                + '</div><div style="display:none">'
                + rows(2, 4)
                + "</div>"
            ),
        ),
    )
    yield (
        "b28",
        case(
            "rows of PDFs with an icon and no words",
            file_rows(
                "<ul>"
                + "".join(
                    f'<li><a href="/f/{n}.pdf"><img src="/i/pdf.gif"></a> {TITLES[n]} <span>2026-01-20</span></li>'
                    for n in range(4)
                )
                + "</ul>"
            ),
        ),
    )
    yield (
        "b29",
        case(
            "file names in the address are the titles",
            {
                LIST: page(
                    "<ul>"
                    + "".join(
                        f'<li><a href="/f/{TITLES[n]}.pdf"><img src="/i/pdf.gif"></a><span>2026-01-20</span></li>'
                        for n in range(4)
                    )
                    + "</ul>"
                )
            }
            | {"/f/" + quote(TITLES[n]) + ".pdf": pdf(n) for n in range(4)},
            (ON_OR_OPEN,) * 4,
        ),
    )
    yield (
        "b30",
        case(
            "title as text, 下载 beside",
            file_rows(
                "<table>"
                + "".join(
                    f'<tr><td>{TITLES[n]}</td><td>2026-01-20</td><td><a href="/f/{n}.pdf">下载</a> <a href="/f/{n}.pdf">预览</a></td></tr>'
                    for n in range(4)
                )
                + "</table>"
            ),
        ),
    )
    yield (
        "b31",
        case(
            "the unit stands behind the title in brackets or in a span",
            site(
                "<ul>"
                + "".join(
                    f'<li><a href="t{n}.html">2025年政府信息公开工作年度报告</a><em>[{UNITS[n]}]</em><span>2026-01-20</span></li>'
                    for n in range(4)
                )
                + "</ul>",
                {f"/gknb/t{n}.html": undated(n, "2025年政府信息公开工作年度报告") for n in range(4)},
            ),
        ),
    )
    yield (
        "b32",
        case(
            "unit cell is a link to the unit's home",
            site(
                "<table>"
                + "".join(
                    f'<tr><td><a href="http://{"abcd"[n]}.example.invalid/">{UNITS[n]}</a></td><td><a href="t{n}.html">2025年政府信息公开工作年度报告</a></td><td>2026-01-20</td></tr>'
                    for n in range(4)
                )
                + "</table>",
                {f"/gknb/t{n}.html": undated(n, "2025年政府信息公开工作年度报告") for n in range(4)},
            ),
        ),
    )
    yield (
        "b33",
        case(
            "unit home linked beside, the report is truly there under a link 年报",
            site(
                "<table>"
                + "".join(
                    f'<tr><td><a href="/u{n}/index.html">{UNITS[n]}</a></td><td><a href="t{n}.html">2025年年报</a></td></tr>'
                    for n in range(4)
                )
                + "</table>"
            ),
            (ON_OR_OPEN,) * 4,
        ),
    )
    yield (
        "b34",
        case(
            "title is only the unit's name, year in the heading",
            site(
                "<h3>2025年度</h3>"
                + "<ul>"
                + "".join(f'<li><a href="t{n}.html">{UNITS[n]}</a></li>' for n in range(4))
                + "</ul><h3>2024年度</h3><ul>"
                + "".join(f'<li><a href="/o{n}.html">{UNITS[n]}</a></li>' for n in range(4))
                + "</ul>",
                articles()
                | {
                    f"/o{n}.html": article(n).replace("2025", "2024").replace("2026-01-20", "2025-01-20")
                    for n in range(4)
                },
            ),
        ),
    )
    yield (
        "b35",
        case(
            "PDFs named by the unit alone, year in the heading; last truly has none",
            file_rows(
                "<h3>2025年度政府信息公开年报</h3>"
                + "<ul>"
                + "".join(f'<li><a href="/f/{n}.pdf">{UNITS[n]}</a><span>2026-01-20</span></li>' for n in range(3))
                + "</ul><h3>2024年度政府信息公开年报</h3><ul>"
                + "".join(f'<li><a href="/f/o{n}.pdf">{UNITS[n]}</a><span>2025-01-20</span></li>' for n in range(4))
                + "</ul>"
            ),
            (ON_OR_OPEN,) * 3 + (MISSING_OR_OPEN,),
        ),
    )
    ren = tuple(
        {**s, **({"short": "东关街道", "name": "人民政府东关街道办事处", "aliases": ["东街街道"]} if n == 0 else {})}
        for n, s in enumerate(SUBDISTRICTS)
    )
    yield "b36", case("a unit's former name (an alias)", site(rows()), agencies=ren)
    ren2 = tuple(
        {**s, **({"short": "东关街道", "name": "人民政府东关街道办事处"} if n == 0 else {})}
        for n, s in enumerate(SUBDISTRICTS)
    )
    yield (
        "b37",
        case(
            "a unit's former name that the register does not know",
            site(rows()),
            ("unverifiable", ON, ON, ON),
            agencies=ren2,
        ),
    )
    yield formed(
        "b39",
        (
            "{u}2025年政府信息公开工作年度报告",
            "{u}2025年政府信息公开工作年度报告",
            "{u}2025年政府信息公开工作年度报告",
            "{u}2026年政府信息公开工作年度报告",
        ),
        "a slip: next year's number in the title",
        (ON, ON, ON, ON_OR_OPEN),
    )
    yield formed(
        "b40",
        (
            "{u}2025年政府信息公开工作年度报告",
            "{u}2025年政府信息公开工作年度报告",
            "{u}2025年政府信息公开工作年度报告",
            "{u}2024年政府信息公开工作年度报告",
        ),
        "a slip: last year's number in the title, listed this January, the page is of the year",
        (ON, ON, ON, ON_OR_OPEN),
    )
    yield (
        "b38",
        case(
            "titles behind a document number and in book marks",
            site(each('<li><a href="t{n}.html">街办发〔2026〕1号　《{title}》</a><span>2026-01-20</span></li>')),
        ),
    )
