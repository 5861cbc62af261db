"""Rows as real portals draw them: grids, cards, mixed news, English beside, titles that are cut anywhere."""

# ruff: noqa: E501 - lines of HTML
from __future__ import annotations

from collections.abc import Iterator

from tests.portals.crawling.cases import TITLES, article, articles, each, row, rows
from tests.portals.crawling.serving import UNITS, Case
from tests.portals.odd.layouts import DAY, of
from tests.portals.odd.making import MISSING_OR_OPEN, ON, ON_OR_OPEN, all_undated, case, file_rows, pdf, site, undated


def cases() -> Iterator[tuple[str, Case]]:
    """Every case by its name."""
    yield (
        "l20",
        case(
            "a grid of units: name above, 查看 beneath, PDFs (the last has a dash)",
            file_rows(
                "<h2>2025年度政府信息公开年报</h2><table><tr>"
                + of(lambda n: f"<td>{UNITS[n]}</td>")
                + "</tr><tr>"
                + of(lambda n: f'<td><a href="/f/{n}.pdf">查看</a></td>' if n < 3 else "<td>—</td>")
                + "</tr></table>"
            ),
            ("on_time|unverifiable|date_disputed",) * 3 + ("unverifiable|missing",),
        ),
    )
    yield (
        "l21",
        case(
            "PDF icons before the titles",
            file_rows(
                "<ul>"
                + of(
                    lambda n: (
                        f'<li><img src="/i/pdf.png"><a href="/f/{n}.pdf">{TITLES[n]}</a><a href="/f/{n}.pdf"><img src="/i/down.png"></a><span>{DAY}</span></li>'
                    )
                )
                + "</ul>"
            ),
        ),
    )
    yield (
        "l22",
        case(
            "news among the reports",
            site(
                '<ul><li><a href="n1.html">东街街道召开政府信息公开工作培训会</a><span>2026-01-21</span></li>'
                + of(row)
                + '<li><a href="n2.html">全区2025年政务公开工作综述</a><span>2026-01-19</span></li></ul>'
            ),
        ),
    )
    yield (
        "l23",
        case(
            "news that names the missing one, and nothing of its report",
            site(
                rows(0, 3) + '<ul><li><a href="n1.html">北街街道开展春节慰问活动</a><span>2026-01-21</span></li></ul>'
            ),
            (ON, ON, ON, MISSING_OR_OPEN),
        ),
    )
    yield (
        "l24",
        case(
            "English beside each Chinese title",
            site(
                each(
                    '<li><a href="t{n}.html">{title}</a><p>Annual Report on Government Information Disclosure 2025</p><span>Jan 20, 2026</span></li>'
                )
            ),
        ),
    )
    yield (
        "l25",
        case(
            "an English half of the page with its own list",
            site(
                rows()
                + "<div lang=en><h2>Annual Reports</h2><ul><li><a href='/en/1.html'>Annual Report 2025 of Dongjie</a><span>2026-01-20</span></li></ul></div>"
            ),
            (ON_OR_OPEN,) * 4,
        ),
    )
    yield (
        "l26",
        case(
            "cards: picture, unit, 2025年度报告, date in pieces",
            site(
                of(
                    lambda n: (
                        f'<div class=card><a href="t{n}.html"><img src="/c{n}.jpg"><h4>{UNITS[n]}</h4><p>2025年政府信息公开工作年度报告</p><div><b>20</b><span>2026-01</span></div></a></div>'
                    )
                )
            ),
        ),
    )
    yield (
        "l27",
        case(
            "the year in a caption, units as rows, 下载 and 查看 beside",
            site(
                "<table><caption>2025年度政府信息公开工作年度报告</caption>"
                + of(
                    lambda n: (
                        f'<tr><td>{n + 1}</td><td>{UNITS[n]}</td><td><a href="t{n}.html">查看</a> <a href="/f/{n}.pdf">下载</a></td></tr>'
                    )
                )
                + "</table>",
                articles() | {f"/f/{n}.pdf": pdf(n) for n in range(4)},
            ),
        ),
    )
    yield (
        "l28",
        case(
            "a table in a table in a table",
            site(
                "<table><tr><td><table><tr><td>"
                + "<table>"
                + of(
                    lambda n: (
                        f'<tr><td><table><tr><td>·</td><td><a href="t{n}.html">{TITLES[n]}</a></td><td>({DAY})</td></tr></table></td></tr>'
                    )
                )
                + "</table></td></tr></table></td></tr></table>",
                all_undated(),
            ),
        ),
    )
    yield (
        "l29",
        case(
            "rows parted by <br> with full-width blanks and a number",
            site(
                "<div>" + of(lambda n: f'{n + 1}．<a href="t{n}.html">{TITLES[n]}</a>　　{DAY}<br>') + "</div>",
                all_undated(),
            ),
        ),
    )
    yield (
        "l30",
        case(
            "a definition list whose terms are dates, several reports to a date",
            site(
                f'<dl><dt>{DAY}</dt><dd><a href="t0.html">{TITLES[0]}</a></dd><dd><a href="t1.html">{TITLES[1]}</a></dd><dt>2026-01-21</dt><dd><a href="t2.html">{TITLES[2]}</a></dd><dd><a href="t3.html">{TITLES[3]}</a></dd></dl>',
                all_undated(),
            ),
            ("on_time|date_disputed",) * 4,
        ),
    )
    yield (
        "l31",
        case(
            "a revised report late beside the first one in time, both pages dated",
            site(
                rows()
                + '<ul><li><a href="r3.html">北街街道2025年政府信息公开工作年度报告（更正）</a><span>2026-02-03</span></li></ul>',
                articles() | {"/gknb/r3.html": article(3).replace(DAY, "2026-02-03")},
            ),
        ),
    )
    yield (
        "l32",
        case(
            "the one report of the column's newest stands above the list, large and undated",
            site(f'<div class=top><h1><a href="t0.html">{TITLES[0]}</a></h1></div>{rows(1, 4)}'),
        ),
    )
    yield (
        "l33",
        case(
            "the title is only a heading; the link says 阅读全文",
            site(
                of(
                    lambda n: (
                        f'<div class=item><h3>{TITLES[n]}</h3><p>根据条例编制。</p><p>{DAY} <a href="t{n}.html">阅读全文&gt;&gt;</a></p></div>'
                    )
                ),
                {f"/gknb/t{n}.html": undated(n, more=f"<p>发布日期：{DAY}</p>") for n in range(4)},
            ),
        ),
    )
    for number, cut in enumerate(
        (
            "l4{number}区人民政府北街…",
            "2025年北街…",
            "北街…",
            "l4{number}区人民政府…",
            "2025年度…",
            "关于公布北街街道2025年政…",
        )
    ):
        title = cut.format(number=number)
        yield (
            f"l4{number}",
            case(
                f"the last title is cut at {title}",
                site(rows(0, 3) + f'<ul><li><a href="t3.html">{title}</a><span>{DAY}</span></li></ul>'),
                (ON, ON, ON, ON_OR_OPEN),
            ),
        )
    yield (
        "l46",
        case(
            "three in a list, the last in a table beneath: a number, the unit, a person, 查看",
            site(
                rows(0, 3)
                + f"<table><caption>2025年度政府信息公开工作年度报告</caption><tr><td>4</td><td>{UNITS[3]}</td><td>张三</td><td><a href='t3.html'>查看</a></td></tr></table>"
            ),
            (ON, ON, ON, ON_OR_OPEN),
        ),
    )
    yield (
        "l47",
        case(
            "three in a list, the last as a card with 阅读全文",
            site(
                rows(0, 3)
                + f"<div class=card><h4>{UNITS[3]}</h4><p>2025年政府信息公开工作年度报告</p><p><a href='t3.html'>阅读全文&gt;&gt;</a></p></div>"
            ),
            (ON, ON, ON, ON_OR_OPEN),
        ),
    )
