"""What stands beside a list, and what its reports are like."""

# ruff: noqa: E501 - lines of HTML
from __future__ import annotations

from collections.abc import Iterator

from tests.portals.crawling.cases import LIST, TITLES, article, articles, each, page, rows
from tests.portals.crawling.serving import UNITS, Case
from tests.portals.odd.making import (
    HALF,
    LAST_MISSING,
    MISSING_OR_OPEN,
    NOTICE,
    ON,
    ON_OR_OPEN,
    case,
    pdf,
    site,
    undated,
)


def cases() -> Iterator[tuple[str, Case]]:
    """Every case by its name."""
    yield (
        "g01",
        case(
            "truly missing; its home page is linked in a menu",
            site(f'<div class=nav><a href="/jd/bj/">{UNITS[3]}</a><a href="/jd/dj/">{UNITS[0]}</a></div>' + rows(0, 3)),
            LAST_MISSING,
        ),
    )
    yield (
        "g02",
        case(
            "truly missing; the register of telephones names it",
            site(
                rows(0, 3)
                + "<div class=tel><h4>联系电话</h4><p>东街街道办事处 010-11111111</p><p>北街街道办事处 010-44444444</p></div>"
            ),
            (ON, ON, ON, MISSING_OR_OPEN),
        ),
    )
    yield (
        "g03",
        case(
            "truly missing; a select of sites names it",
            site(
                '<select onchange="window.open(this.value)"><option>区属网站</option>'
                + "".join(
                    f'<option value="http://{"abcd"[n]}.example.invalid/">{u}</option>' for n, u in enumerate(UNITS)
                )
                + "</select>"
                + rows(0, 3)
            ),
            LAST_MISSING,
        ),
    )
    yield (
        "g04",
        case(
            "truly missing; news of it beside the list",
            site(
                rows(0, 3)
                + '<div class=side><ul><li><a href="/xw/3.html">北街街道召开安全生产会议</a><span>2026-01-22</span></li></ul></div>'
            ),
            (ON, ON, ON, MISSING_OR_OPEN),
        ),
    )
    yield (
        "g05",
        case(
            "truly missing; its report of the year before stands there",
            site(
                rows(0, 3)
                + '<ul><li><a href="o.html">北街街道2024年政府信息公开工作年度报告</a><span>2025-01-20</span></li></ul>',
                articles() | {"/gknb/o.html": article(3).replace("2025", "2024").replace("2026", "2025")},
            ),
            LAST_MISSING,
        ),
    )
    yield (
        "g06",
        case(
            "truly missing; a notice of the office about the reports",
            site(rows(0, 3) + "<ul>" + NOTICE + "</ul>"),
            LAST_MISSING,
        ),
    )
    yield (
        "g07",
        case(
            "truly missing; sites of others at the foot",
            site(
                rows(0, 3)
                + '<div class=footer>主办：区人民政府办公室 <a href="http://www.gov.example.invalid/">中国政府网</a> 地址：北街街道人民路1号</div>'
            ),
            LAST_MISSING,
        ),
    )
    yield (
        "g08",
        case(
            "the report's page has no title of its own",
            site(
                each('<li><a href="t{n}.html">{title}</a></li>'),
                {
                    f"/gknb/t{n}.html": undated(n, "政府信息公开年报", more="<p>发布日期：2026-01-20</p>")
                    for n in range(4)
                },
            ),
        ),
    )
    yield (
        "g09",
        case(
            "pages lead on to the next unit's report",
            site(
                rows(),
                {
                    f"/gknb/t{n}.html": article(n).replace(
                        "</body>", f'<p>下一篇：<a href="t{(n + 1) % 4}.html">{TITLES[(n + 1) % 4]}</a></p></body>'
                    )
                    for n in range(4)
                },
            ),
        ),
    )
    yield (
        "g10",
        case(
            "the same address for two units",
            site(rows(0, 3) + f'<ul><li><a href="t2.html">{TITLES[3]}</a><span>2026-01-20</span></li></ul>'),
            HALF,
        ),
    )
    yield (
        "g11",
        case(
            "a copy of the list for telephones",
            site("<div class=pc>" + rows() + '</div><div class=mobile style="display:none">' + rows() + "</div>"),
        ),
    )
    yield (
        "g12",
        case(
            "articles redirect elsewhere",
            site(
                rows(),
                {f"/gknb/t{n}.html": (302, {"Location": f"/art/{n}.html"}, b"") for n in range(4)}
                | {f"/art/{n}.html": article(n) for n in range(4)},
            ),
        ),
    )
    yield (
        "g13",
        case(
            "documents in a viewer frame",
            site(
                rows(),
                {
                    f"/gknb/t{n}.html": f"<html><meta charset=utf-8><title>{TITLES[n]}</title><h1>{TITLES[n]}</h1><p>发布日期：2026-01-20</p><iframe src='/pdfjs/web/viewer.html?file=/f/{n}.pdf' width=100%></iframe></html>"
                    for n in range(4)
                }
                | {f"/f/{n}.pdf": pdf(n) for n in range(4)},
            ),
        ),
    )
    yield (
        "g14",
        case(
            "an embedded PDF",
            site(
                rows(),
                {
                    f"/gknb/t{n}.html": f"<html><meta charset=utf-8><title>{TITLES[n]}</title><h1>{TITLES[n]}</h1><p>发布日期：2026-01-20</p><embed src='/f/{n}.pdf' type='application/pdf'></html>"
                    for n in range(4)
                }
                | {f"/f/{n}.pdf": pdf(n) for n in range(4)},
            ),
        ),
    )
    yield (
        "g15",
        case(
            "pictures of the pages only",
            site(
                rows(),
                {
                    f"/gknb/t{n}.html": f"<html><meta charset=utf-8><title>{TITLES[n]}</title><h1>{TITLES[n]}</h1><p>发布日期：2026-01-20</p><p>{TITLES[n]}见下图，共三页，欢迎社会各界查阅并监督本单位的工作</p><img src='/f/{n}.jpg'></html>"
                    for n in range(4)
                },
            ),
            (ON_OR_OPEN,) * 4,
        ),
    )
    yield (
        "g16",
        case(
            "a page's address is refused (403), the list is plain",
            site(rows(), articles() | {"/gknb/t1.html": (403, {}, b"<html>forbidden</html>")}),
            (ON, ON_OR_OPEN, "*", "*"),
        ),
    )
    yield (
        "g17",
        case(
            "an attachment list instead of pages",
            {
                LIST: page(
                    "<p>2025年政府信息公开工作年度报告</p>"
                    + "".join(f'<p>附件{n + 1}：<a href="/f/{n}.doc">{UNITS[n]}.doc</a></p>' for n in range(4))
                )
            }
            | {
                f"/f/{n}.doc": (
                    200,
                    {"Content-Type": "application/msword"},
                    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600 + str(n).encode(),
                )
                for n in range(4)
            },
            ("on_time|date_disputed|unverifiable",) * 4,
        ),
    )
    yield (
        "g18",
        case(
            "one article holds all reports as attachments",
            {
                LIST: page(
                    '<ul><li><a href="all.html">2025年各街道政府信息公开工作年度报告汇总</a><span>2026-01-20</span></li></ul>'
                ),
                "/gknb/all.html": page(
                    "<h1>2025年各街道政府信息公开工作年度报告汇总</h1><p>发布日期：2026-01-20</p>"
                    + "".join(f'<p>附件{n + 1}：<a href="/f/{n}.pdf">{TITLES[n]}.pdf</a></p>' for n in range(4))
                ),
            }
            | {f"/f/{n}.pdf": pdf(n) for n in range(4)},
            (ON_OR_OPEN,) * 4,
        ),
    )
    yield (
        "g19",
        case(
            "three as rows, the rest in one article with attachments",
            {
                LIST: page(
                    rows(0, 3)
                    + '<ul><li><a href="all.html">关于公布2025年部分单位政府信息公开工作年度报告的通知</a><span>2026-01-20</span></li></ul>'
                ),
                "/gknb/all.html": page(
                    "<h1>关于公布2025年部分单位政府信息公开工作年度报告的通知</h1>"
                    + f'<p>附件：<a href="/f/3.pdf">{TITLES[3]}.pdf</a></p>'
                ),
            }
            | {"/f/3.pdf": pdf(3)}
            | articles(),
            (ON, ON, ON, ON_OR_OPEN),
        ),
    )
    yield (
        "g20",
        case(
            "three as rows, 镇街年报汇总 for the rest",
            {
                LIST: page(
                    rows(0, 3)
                    + '<ul><li><a href="all.html">2025年政府信息公开工作年度报告汇编</a><span>2026-01-20</span></li></ul>'
                ),
                "/gknb/all.html": page(
                    f"<h1>2025年政府信息公开工作年度报告汇编</h1><p>{UNITS[3]}：<a href='/f/3.pdf'>下载</a></p>"
                ),
            }
            | {"/f/3.pdf": pdf(3)}
            | articles(),
            (ON, ON, ON, ON_OR_OPEN),
        ),
    )
    yield (
        "g21",
        case(
            "a search form by unit, the list shows the newest three",
            site(
                '<form action="/search.jsp"><input name=kw placeholder="请输入单位名称"><input type=submit value=查询></form><h4>最新年报</h4>'
                + rows(0, 3)
            ),
            (ON, ON, ON, MISSING_OR_OPEN),
        ),
    )
    yield (
        "g22",
        case(
            "articles whose body is a scan with text layer link through 点击下载",
            site(
                rows(),
                {
                    f"/gknb/t{n}.html": f"<html><meta charset=utf-8><title>{TITLES[n]}</title><h1>{TITLES[n]}</h1><p>发布日期：2026-01-20</p><p><a href='/f/{n}.pdf'>点击下载</a></p></html>"
                    for n in range(4)
                }
                | {f"/f/{n}.pdf": pdf(n) for n in range(4)},
            ),
        ),
    )
    yield (
        "g23",
        case(
            "a unit's report under its long name in another order",
            site(
                rows(0, 3)
                + '<ul><li><a href="t3.html">2025年政府信息公开工作年度报告——g23区人民政府北街街道办事处</a><span>2026-01-20</span></li></ul>'
            ),
        ),
    )
    yield (
        "g24",
        case(
            "two reports of one unit: the first in time, a mended one late",
            site(
                rows()
                + '<ul><li><a href="t3b.html">北街街道2025年政府信息公开工作年度报告（修订版）</a><span>2026-02-03</span></li></ul>',
                articles() | {"/gknb/t3b.html": article(3).replace("2026-01-20", "2026-02-03")},
            ),
        ),
    )
    yield (
        "g25",
        case(
            "the government's title without its kind",
            {
                LIST: page(
                    '<ul><li><a href="t0.html">g25区2025年政府信息公开工作年度报告</a><span>2026-03-20</span></li></ul>'
                    + rows(1, 3)
                )
            }
            | articles(),
            ("*", ON, ON, "*"),
        ),
    )
    yield (
        "g26",
        case(
            "units by article pages with table of all units (titles are links in a table with merged year)",
            site(
                "<table><caption>2025年度</caption>"
                + "".join(
                    f'<tr><td>{n + 1}</td><td><a href="t{n}.html">{UNITS[n]}政府信息公开工作年度报告</a></td></tr>'
                    for n in range(4)
                )
                + "</table>"
            ),
        ),
    )
    yield (
        "g27",
        case(
            "year only in the page's heading, titles without year, PDFs",
            {
                LIST: page(
                    "<h2>2025年度政府信息公开年报</h2><ul>"
                    + "".join(
                        f'<li><a href="/f/{n}.pdf">{UNITS[n]}政府信息公开工作年度报告</a><span>2026-01-20</span></li>'
                        for n in range(4)
                    )
                    + "</ul>"
                )
            }
            | {f"/f/{n}.pdf": pdf(n) for n in range(4)},
            (ON_OR_OPEN,) * 4,
        ),
    )
