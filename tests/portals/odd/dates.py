"""Dates of rows and of reports."""

# ruff: noqa: E501 - lines of HTML
from __future__ import annotations

from collections.abc import Iterator

from tests.portals.crawling.cases import TITLES, article, each
from tests.portals.crawling.serving import UNITS, Case
from tests.portals.odd.making import ON, all_undated, case, site, undated

D = "on_time|date_disputed"


def cases() -> Iterator[tuple[str, Case]]:
    """Every case by its name."""
    yield (
        "a01",
        case(
            "date split over cells",
            site(
                "<table>"
                + "".join(
                    f'<tr><td><a href="t{n}.html">{TITLES[n]}</a></td><td>2026</td><td>01</td><td>20</td></tr>'
                    for n in range(4)
                )
                + "</table>",
                all_undated(),
            ),
        ),
    )
    yield (
        "a02",
        case(
            "big day, year-month beneath",
            site(
                each('<li><div class=date><b>20</b><span>2026-01</span></div><a href="t{n}.html">{title}</a></li>'),
                all_undated(),
            ),
        ),
    )
    yield (
        "a03",
        case(
            "day, month, year in three elements",
            site(
                each('<li><p class=d><em>20</em><i>1月</i><u>2026</u></p><a href="t{n}.html">{title}</a></li>'),
                all_undated(),
            ),
        ),
    )
    yield (
        "a04",
        case(
            "compact date", site(each('<li><a href="t{n}.html">{title}</a><span>20260120</span></li>'), all_undated())
        ),
    )
    yield (
        "a05",
        case(
            "full width date",
            site(each('<li><a href="t{n}.html">{title}</a><span>２０２６－０１－２０</span></li>'), all_undated()),
        ),
    )
    yield (
        "a06",
        case(
            "relative dates: yesterday is late",
            site(
                "<ul>"
                + "".join(
                    f'<li><a href="t{n}.html">{TITLES[n]}</a><span>{d}</span></li>'
                    for n, d in enumerate(("昨天", "6天前", "今天 08:30", "2026-01-20"))
                )
                + "</ul>",
                all_undated(),
            ),
            ("date_disputed", ON, "date_disputed", ON),
        ),
    )
    yield (
        "a07",
        case(
            "month and day, year in a heading",
            site(
                "<h3>2026年</h3>"
                + each('<li><a href="t{n}.html">{title}</a><span>01-20</span></li>')
                + "<h3>2025年</h3><ul><li><a href='o.html'>东街街道2024年政府信息公开工作年度报告</a><span>01-22</span></li></ul>",
                all_undated(),
            ),
        ),
    )
    yield (
        "a08",
        case(
            "month and day only, no year anywhere",
            site(each('<li><a href="t{n}.html">{title}</a><span>01-20</span></li>'), all_undated()),
        ),
    )
    yield (
        "a09",
        case(
            "1月20日 behind the title in the link",
            site(each('<li><a href="t{n}.html">{title}（1月20日）</a></li>'), all_undated()),
        ),
    )
    yield (
        "a10",
        case(
            "the list's date is one of an update, after the due date",
            site(each('<li><a href="t{n}.html">{title}</a><span>更新时间：2026-02-03</span></li>')),
        ),
    )
    yield (
        "a10b",
        case(
            "the list's date is one of an update, the page has none",
            site(each('<li><a href="t{n}.html">{title}</a><span>更新时间：2026-02-03</span></li>'), all_undated()),
            "date_disputed",
        ),
    )
    H = "<table><tr><th>序号</th><th>标题</th><th>更新时间</th><th>发布时间</th></tr>"
    yield (
        "a11",
        case(
            "header row: update date before publication date",
            site(
                H
                + "".join(
                    f'<tr><td>{n + 1}</td><td><a href="t{n}.html">{TITLES[n]}</a></td><td>2026-02-03</td><td>2026-01-20</td></tr>'
                    for n in range(4)
                )
                + "</table>",
                all_undated(),
            ),
        ),
    )
    H = "<table><thead><tr><td>信息名称</td><td>更新日期</td></tr></thead><tbody>"
    yield (
        "a12",
        case(
            "header row: only an update date, after the due date",
            site(
                H
                + "".join(f'<tr><td><a href="t{n}.html">{TITLES[n]}</a></td><td>2026-02-03</td></tr>' for n in range(4))
                + "</tbody></table>",
                all_undated(),
            ),
            "date_disputed",
        ),
    )
    H = "<table><tr><th>文件名称</th><th>成文日期</th><th>公开日期</th></tr>"
    yield (
        "a13",
        case(
            "header row: the document's own date, then that of publication (late)",
            site(
                H
                + "".join(
                    f'<tr><td><a href="t{n}.html">{TITLES[n]}</a></td><td>2026-01-08</td><td>2026-02-{3 if n == 3 else 1 if n > 3 else 3 if n == 2 else 0:02d}</td></tr>'.replace(
                        "2026-02-00", "2026-01-20"
                    )
                    for n in range(4)
                )
                + "</table>",
                all_undated(),
            ),
            (ON, ON, "late|date_disputed", "late|date_disputed"),
        ),
    )
    yield (
        "a14",
        case(
            "date in Chinese numerals",
            site(each('<li><a href="t{n}.html">{title}</a><span>二〇二六年一月二十日</span></li>'), all_undated()),
        ),
    )
    yield (
        "a15",
        case(
            "time element: 16天前 with its datetime",
            site(
                each(
                    '<li><a href="t{n}.html">{title}</a><time datetime="2026-01-20T10:00:00+08:00">16天前</time></li>'
                ),
                all_undated(),
            ),
        ),
    )
    yield (
        "a16",
        case(
            "year with two digits",
            site(each('<li><a href="t{n}.html">{title}</a><span>[26-01-20]</span></li>'), all_undated()),
            D,
        ),
    )
    yield (
        "a17",
        case(
            "PubDate in other forms",
            site(
                each('<li><a href="t{n}.html">{title}</a></li>'),
                {
                    f"/gknb/t{n}.html": undated(n).replace(
                        "<meta charset=utf-8>", f'<meta charset=utf-8><meta name="PubDate" content="{d}">'
                    )
                    for n, d in enumerate(("2026/1/20 9:05", "20260120", "2026年01月20日", "2026-01-20T09:05:00"))
                },
            ),
        ),
    )
    yield (
        "a18",
        case(
            "bare date in the line beneath the title",
            site(
                each('<li><a href="t{n}.html">{title}</a></li>'),
                {
                    f"/gknb/t{n}.html": undated(n, more=d)
                    for n, d in enumerate(
                        (
                            "<div class=info>2026-01-20 10:00　来源：办公室　浏览次数：12</div>",
                            "<p><span>来源：西街街道</span> <span>2026-01-20</span> <span>【字体：大 中 小】</span></p>",
                            "<div>2026年01月20日 09:12 来源：南街街道 字号：默认 大 超大 | 打印 |</div>",
                            "<p>作者：办公室 时间：2026-01-20 点击：5</p>",
                        )
                    )
                },
            ),
        ),
    )
    yield (
        "a19",
        case(
            "report year in one cell, date in another",
            site(
                "<table><tr><th>年度</th><th>单位</th><th>报告</th><th>公开时间</th></tr>"
                + "".join(
                    f'<tr><td>2025</td><td>{UNITS[n]}</td><td><a href="t{n}.html">查看</a></td><td>2026-01-20</td></tr>'
                    for n in range(4)
                )
                + "</table>",
                all_undated(),
            ),
        ),
    )
    yield (
        "a20",
        case(
            "blanks inside the date",
            site(
                each('<li><a href="t{n}.html">{title}</a><span>2026&nbsp;-&nbsp;01&nbsp;-&nbsp;20</span></li>'),
                all_undated(),
            ),
        ),
    )
    yield (
        "a21",
        case(
            "two columns side by side, each with its date (the second is late)",
            site(
                "<table>"
                + "".join(
                    f'<tr><td><a href="t{n}.html">{TITLES[n]}</a></td><td>2026-01-20</td><td><a href="t{n + 1}.html">{TITLES[n + 1]}</a></td><td>2026-02-03</td></tr>'
                    for n in (0, 2)
                )
                + "</table>",
                all_undated(),
            ),
            (ON, "late|date_disputed", ON, "late|date_disputed"),
        ),
    )
    yield (
        "a22",
        case(
            "the date stands before the title in a sibling",
            site(
                "<div>"
                + "".join(f'<span class=t>2026-01-20</span><a href="t{n}.html">{TITLES[n]}</a><br>' for n in range(4))
                + "</div>",
                all_undated(),
            ),
            D,
        ),
    )
    yield (
        "a23",
        case(
            "dates behind br-separated links; the last is late",
            site(
                "<div>"
                + "".join(
                    f'<a href="t{n}.html">{TITLES[n]}</a> [2026-0{2 if n == 3 else 1}-{3 if n == 3 else 20:02d}]<br>'
                    for n in range(4)
                )
                + "</div>",
                all_undated(),
            ),
            (ON, ON, ON, "late|date_disputed"),
        ),
    )
    yield (
        "a24",
        case(
            "English dates",
            site(each('<li><a href="t{n}.html">{title}</a><span>Jan 20, 2026</span></li>'), all_undated()),
            D,
        ),
    )
    yield (
        "a25",
        case(
            "the page's own update line beside its publication",
            site(
                each('<li><a href="t{n}.html">{title}</a></li>'),
                {
                    f"/gknb/t{n}.html": undated(n, more="<p>更新时间：2026-02-03 发布时间：2026-01-20</p>")
                    for n in range(4)
                },
            ),
        ),
    )
    yield (
        "a26",
        case(
            "a deadline in the row: 公示期",
            site(
                each(
                    '<li><a href="t{n}.html">{title}</a><span>有效期至：2026-12-31</span><span>2026-01-20</span></li>'
                ),
                all_undated(),
            ),
        ),
    )
    yield (
        "a27",
        case(
            "the list's heading has the date of its last change",
            site("<p>最后更新：2026-02-04</p>" + each('<li><a href="t{n}.html">{title}</a></li>'), all_undated()),
            "date_disputed",
        ),
    )
    yield (
        "a28",
        case(
            "dl: dt has the date",
            site(
                "<dl>"
                + "".join(f'<dt>2026-01-20</dt><dd><a href="t{n}.html">{TITLES[n]}</a></dd>' for n in range(4))
                + "</dl>",
                all_undated(),
            ),
        ),
    )
    yield (
        "a29",
        case(
            "dl: dt has the title, dd the date; the second is late",
            site(
                "<dl>"
                + "".join(
                    f'<dt><a href="t{n}.html">{TITLES[n]}</a></dt><dd>2026-0{2 if n == 1 else 1}-{3 if n == 1 else 20:02d}</dd>'
                    for n in range(4)
                )
                + "</dl>",
                all_undated(),
            ),
            (ON, "late|date_disputed", ON, ON),
        ),
    )
    yield (
        "a30",
        case(
            "date groups: a heading for each day, rows beneath",
            site(
                "".join(
                    f'<div><h4>2026-01-{20 + n}</h4><ul><li><a href="t{n}.html">{TITLES[n]}</a></li></ul></div>'
                    for n in range(4)
                ),
                all_undated(),
            ),
            D,
        ),
    )
    yield (
        "a31",
        case(
            "issue date under 发文日期, publication late on the page",
            site(
                each('<li><a href="t{n}.html">{title}</a><span>发文日期：2026-01-09</span></li>'),
                {f"/gknb/t{n}.html": article(n).replace("2026-01-20", "2026-02-03") for n in range(4)},
            ),
            "late|date_disputed",
        ),
    )
