"""Rows as real portals lay them out: tables with 索引号 and 文号, trees, accordions, panes, cards, headings."""

# ruff: noqa: E501 - lines of HTML
from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from tests.portals.crawling.cases import LIST, TITLES, article, articles, each, page, row, rows
from tests.portals.crawling.serving import UNITS, Case, Page
from tests.portals.odd.making import LAST_MISSING, ON, all_undated, case, file_rows, pdf, site, undated

M = "on_time|unverifiable"
MISSING = "missing|unverifiable"
DAY = "2026-01-20"


def old(n: int) -> str:
    """The page of a unit's report of the year before."""
    return article(n).replace("2026-01-20", "2025-01-20").replace("2025", "2024").replace("2024-01-20", "2025-01-20")


def former() -> dict[str, Page]:
    """All four of them."""
    return {f"/gknb/o{n}.html": old(n) for n in range(4)}


def of(form: Callable[[int], str], numbers: range = range(4)) -> str:
    """Rows one after the other."""
    return "".join(form(n) for n in numbers)


def files(*names: str) -> Mapping[str, Page]:
    """PDF files by address."""
    return {name: pdf(number) for number, name in enumerate(names)}


def cases() -> Iterator[tuple[str, Case]]:
    """Every case by its name."""
    head = "<tr><th>索引号</th><th>文号</th><th>名称</th><th>成文日期</th><th>发布日期</th></tr>"

    def indexed(n: int) -> str:
        return f'<tr><td>00829{n}/2026-0000{n}</td><td>无</td><td><a href="t{n}.html">{TITLES[n]}</a></td><td>2026-02-0{n + 1}</td><td>{DAY}</td></tr>'

    yield (
        "l01",
        case(
            "索引号, 文号, 名称, 成文日期 after the due date, 发布日期",
            site(f"<table>{head}{of(indexed)}</table>", all_undated()),
        ),
    )
    yield (
        "l02",
        case(
            "the same, the last truly missing",
            site(f"<table>{head}{of(indexed, range(3))}</table>", all_undated()),
            LAST_MISSING,
        ),
    )
    yield (
        "l03",
        case(
            "each row a table of its own: 索引号 and 发布机构 above, 名称 and 发布日期 beneath",
            site(
                of(
                    lambda n: (
                        f'<table class=row><tr><td>索引号：</td><td>0082/2026-{n}</td><td>发布机构：</td><td>{UNITS[n]}</td></tr><tr><td>名称：</td><td><a href="t{n}.html">{TITLES[n]}</a></td><td>发布日期：</td><td>{DAY}</td></tr></table>'
                    )
                ),
                all_undated(),
            ),
        ),
    )
    yield (
        "l04",
        case(
            "发布机构 names the unit, the title nobody, PDFs",
            file_rows(
                "<table><tr><th>名称</th><th>发布机构</th><th>发布日期</th></tr>"
                + of(
                    lambda n: (
                        f'<tr><td><a href="/f/{n}.pdf">2025年政府信息公开工作年度报告</a></td><td>{UNITS[n]}</td><td>{DAY}</td></tr>'
                    )
                )
                + "</table>"
            ),
        ),
    )
    yield (
        "l05",
        case(
            "a tree at the left names all units, the list shows three (the last truly missing)",
            site(
                "<div class=tree><ul><li><span>街道</span><ul>"
                + of(lambda n: f'<li><a href="/{n}/">{UNITS[n]}</a></li>')
                + f"</ul></li></ul></div>{rows(0, 3)}"
            ),
            (ON, ON, ON, MISSING),
        ),
    )
    yield (
        "l06",
        case(
            "a tree whose nodes filter the list by script",
            site(
                "<div class=tree><ul>"
                + of(lambda n: f"<li><a href='javascript:;' onclick='show({n})'>{UNITS[n]}</a></li>")
                + f"</ul></div>{rows(0, 2)}"
            ),
            (ON, ON, M, M),
        ),
    )
    yield (
        "l07",
        case(
            "tabs by year, the year's pane is not displayed",
            site(
                "<ul class=tab><li class=on>2024</li><li>2025</li></ul><div class=pane><ul>"
                + of(
                    lambda n: (
                        f'<li><a href="o{n}.html">{UNITS[n]}2024年政府信息公开工作年度报告</a><span>2025-01-20</span></li>'
                    )
                )
                + f'</ul></div><div class=pane style="display:none">{rows()}</div>',
                articles() | former(),
            ),
        ),
    )
    yield (
        "l08",
        case(
            "tabs by year, titles without a year in panes, PDFs",
            file_rows(
                "<div class=tabs><a href='#y25'>2025年</a><a href='#y24'>2024年</a></div>"
                + "<div id=y25><h4>2025年</h4><ul>"
                + of(lambda n: f'<li><a href="/f/{n}.pdf">{UNITS[n]}政府信息公开年度报告</a><span>{DAY}</span></li>')
                + "</ul></div><div id=y24><h4>2024年</h4><ul>"
                + of(
                    lambda n: (
                        f'<li><a href="/f/o{n}.pdf">{UNITS[n]}政府信息公开年度报告</a><span>2025-01-20</span></li>'
                    )
                )
                + "</ul></div>"
            ),
            ("on_time|unverifiable|date_disputed",) * 4,
        ),
    )
    yield (
        "l09",
        case(
            "an accordion: a button for each unit, its reports beneath, PDFs",
            file_rows(
                of(
                    lambda n: (
                        f'<div class=card><button data-toggle=collapse>{UNITS[n]}</button><div class=collapse><p><a href="/f/{n}.pdf">2025年政府信息公开工作年度报告</a> {DAY}</p><p><a href="/f/o{n}.pdf">2024年政府信息公开工作年度报告</a> 2025-01-20</p></div></div>'
                    )
                )
            ),
            (M,) * 4,
        ),
    )
    yield (
        "l10",
        case(
            "an accordion whose last unit has last year's report only",
            file_rows(
                of(
                    lambda n: (
                        f"<dl><dt>{UNITS[n]}</dt>"
                        + (f'<dd><a href="/f/{n}.pdf">2025年年度报告</a><em>{DAY}</em></dd>' if n < 3 else "")
                        + f'<dd><a href="/f/o{n}.pdf">2024年年度报告</a><em>2025-01-20</em></dd></dl>'
                    )
                )
            ),
            (ON, ON, ON, MISSING),
        ),
    )
    yield (
        "l11",
        case(
            "a list for each agency on a page of its own, reached by the units' names",
            {
                LIST: page(
                    "<ul class=units>" + of(lambda n: f'<li><a href="/u{n}/index.html">{UNITS[n]}</a></li>') + "</ul>"
                )
            }
            | {
                f"/u{n}/index.html": page(
                    f'<ul><li><a href="t{n}.html">{TITLES[n]}</a><span>{DAY}</span></li><li><a href="o{n}.html">{UNITS[n]}2024年政府信息公开工作年度报告</a><span>2025-01-20</span></li></ul>'
                )
                for n in range(4)
            }
            | {f"/u{n}/t{n}.html": article(n) for n in range(4)}
            | {f"/u{n}/o{n}.html": old(n) for n in range(4)},
            (M,) * 4,
        ),
    )
    yield (
        "l12",
        case(
            "year folders",
            {LIST: page("<ul><li><a href='2024/'>2024年</a></li><li><a href='2025/'>2025年</a></li></ul>")}
            | {
                "/gknb/2025/": page(rows()),
                "/gknb/2024/": page(
                    of(
                        lambda n: (
                            f'<li><a href="o{n}.html">{UNITS[n]}2024年政府信息公开工作年度报告</a><span>2025-01-20</span></li>'
                        )
                    )
                ),
            }
            | {f"/gknb/2025/t{n}.html": article(n) for n in range(4)}
            | {f"/gknb/2024/o{n}.html": old(n) for n in range(4)},
        ),
    )
    yield (
        "l13",
        case(
            "year folders, the one of the year is empty but for a note",
            {LIST: page("<ul><li><a href='2024/'>2024年</a></li><li><a href='2025/'>2025年</a></li></ul>")}
            | {
                "/gknb/2025/": page("<p>暂无内容</p>"),
                "/gknb/2024/": page(
                    "<ul>"
                    + of(
                        lambda n: (
                            f'<li><a href="o{n}.html">{UNITS[n]}2024年政府信息公开工作年度报告</a><span>2025-01-20</span></li>'
                        )
                    )
                    + "</ul>"
                ),
            }
            | {f"/gknb/2024/o{n}.html": old(n) for n in range(4)},
            (MISSING,) * 4,
        ),
    )
    yield (
        "l14",
        case(
            "the way to the page in every row",
            site(
                each(
                    '<li><a href="/">首页</a> &gt; <a href="/zwgk/">政务公开</a> &gt; <a href="t{n}.html">{title}</a> <span>2026-01-20</span></li>'
                )
            ),
        ),
    )
    yield (
        "l15",
        case(
            "the column's name before each title, in brackets and a link",
            site(
                each('<li><a href="/gknb/">[年度报告]</a><a href="t{n}.html">{title}</a><span>2026-01-20</span></li>')
            ),
        ),
    )
    yield (
        "l16",
        case(
            "titles cut with …, the whole in the title attribute",
            site(
                "<ul>"
                + of(
                    lambda n: f'<li><a href="t{n}.html" title="{TITLES[n]}">{TITLES[n][:9]}…</a><span>{DAY}</span></li>'
                )
                + "</ul>"
            ),
        ),
    )
    yield (
        "l17",
        case(
            "titles cut with … at the unit's name, nothing whole",
            site(
                "<ul>"
                + of(lambda n: f'<li><a href="t{n}.html">l17区人民政府{UNITS[n][:2]}…</a><span>{DAY}</span></li>')
                + "</ul>"
            ),
            (M,) * 4,
        ),
    )
    yield (
        "l18",
        case(
            "the agency only in a heading, one list each, dates without year",
            file_rows(
                of(
                    lambda n: (
                        f'<div class=unit><h3>{UNITS[n]}</h3><!-- list --><div class=clear></div><ul><li><a href="/f/{n}.pdf">2025年政府信息公开工作年度报告</a><i>01-20</i></li></ul></div>'
                    )
                )
            ),
        ),
    )
    yield (
        "l19",
        case(
            "several agencies in a row, a cell each",
            site(
                "<table><tr>"
                + of(lambda n: f'<td><a href="t{n}.html">{UNITS[n]}2025年政府信息公开工作年度报告</a><br>{DAY}</td>')
                + "</tr></table>",
                all_undated(),
            ),
        ),
    )
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
            (ON, ON, ON, MISSING),
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
            (M,) * 4,
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
                (ON, ON, ON, M),
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
            (ON, ON, ON, M),
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
            (ON, ON, ON, M),
        ),
    )
