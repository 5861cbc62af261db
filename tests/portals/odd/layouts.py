"""Rows as real portals lay them out: tables with 索引号 and 文号, trees, accordions, panes, cards, headings."""

# ruff: noqa: E501 - lines of HTML
from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.portals.crawling.cases import LIST, TITLES, article, articles, each, page, rows
from tests.portals.crawling.serving import UNITS, Case
from tests.portals.odd.making import (
    HALF,
    LAST_MISSING,
    MISSING_OR_OPEN,
    ON,
    ON_OR_OPEN,
    all_undated,
    case,
    file_rows,
    former,
    former_rows,
    site,
)

DAY = "2026-01-20"


def of(form: Callable[[int], str], numbers: range = range(4)) -> str:
    """Rows one after the other."""
    return "".join(form(n) for n in numbers)


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
            (ON, ON, ON, MISSING_OR_OPEN),
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
            HALF,
        ),
    )
    yield (
        "l07",
        case(
            "tabs by year, the year's pane is not displayed",
            site(
                "<ul class=tab><li class=on>2024</li><li>2025</li></ul><div class=pane><ul>"
                + former_rows()
                + f'</ul></div><div class=pane style="display:none">{rows()}</div>',
                articles() | {f"/gknb/o{n}.html": former(n) for n in range(4)},
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
            (ON_OR_OPEN,) * 4,
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
            (ON, ON, ON, MISSING_OR_OPEN),
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
            | {f"/u{n}/o{n}.html": former(n) for n in range(4)},
            (ON_OR_OPEN,) * 4,
        ),
    )
    yield (
        "l12",
        case(
            "year folders",
            {LIST: page("<ul><li><a href='2024/'>2024年</a></li><li><a href='2025/'>2025年</a></li></ul>")}
            | {
                "/gknb/2025/": page(rows()),
                "/gknb/2024/": page(former_rows()),
            }
            | {f"/gknb/2025/t{n}.html": article(n) for n in range(4)}
            | {f"/gknb/2024/o{n}.html": former(n) for n in range(4)},
        ),
    )
    yield (
        "l13",
        case(
            "year folders, the one of the year is empty but for a note",
            {LIST: page("<ul><li><a href='2024/'>2024年</a></li><li><a href='2025/'>2025年</a></li></ul>")}
            | {
                "/gknb/2025/": page("<p>暂无内容</p>"),
                "/gknb/2024/": page("<ul>" + former_rows() + "</ul>"),
            }
            | {f"/gknb/2024/o{n}.html": former(n) for n in range(4)},
            (MISSING_OR_OPEN,) * 4,
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
            (ON_OR_OPEN,) * 4,
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
