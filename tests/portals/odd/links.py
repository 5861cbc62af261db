"""What leads to a report: scripts, boxes, buttons, addresses that change."""

# ruff: noqa: E501, UP031 - lines of HTML
from __future__ import annotations

from collections.abc import Iterator

from tests.portals.crawling.cases import LIST, TITLES, _changing, article, articles, each, page, rows
from tests.portals.crawling.serving import UNITS, Case
from tests.portals.odd.making import MISSING_OR_OPEN, ON, ON_OR_OPEN, all_undated, case, site


def cases() -> Iterator[tuple[str, Case]]:
    """Every case by its name."""
    yield (
        "c21",
        case(
            "table rows opened by a function of the page",
            site(
                "<script>function openWin(id){window.open('/gknb/t'+id+'.html','_blank');}</script><table>"
                + "".join(
                    f"""<tr onclick="openWin('{n}')"><td>{TITLES[n]}</td><td>2026-01-20</td></tr>""" for n in range(4)
                )
                + "</table>"
            ),
            (ON_OR_OPEN,) * 4,
        ),
    )
    yield (
        "c22",
        case(
            "data-href on rows, script elsewhere",
            site(
                "<script src=/js/row.js></script><ul>"
                + "".join(
                    f'<li data-href="/gknb/t{n}.html" class=item>{TITLES[n]}<span>2026-01-20</span></li>'
                    for n in range(4)
                )
                + "</ul>"
            ),
            (ON_OR_OPEN,) * 4,
        ),
    )
    yield (
        "c22b",
        case(
            "the last row by data-href alone",
            site(
                rows(0, 3)
                + f'<ul><li data-href="/gknb/t3.html" class=item>{TITLES[3]}<span>2026-01-20</span></li></ul>'
            ),
            (ON, ON, ON, ON_OR_OPEN),
        ),
    )
    yield (
        "c23",
        case(
            "links that call view('0'), with its function",
            site(
                "<script>function view(id){location.href='t'+id+'.html'}</script>"
                + each("""<li><a href="javascript:view('{n}')">{title}</a><span>2026-01-20</span></li>""")
            ),
            (ON_OR_OPEN,) * 4,
        ),
    )
    yield (
        "c24",
        case(
            "javascript:; with data-url",
            site(each('<li><a href="javascript:;" data-url="t{n}.html">{title}</a><span>2026-01-20</span></li>')),
            (ON_OR_OPEN,) * 4,
        ),
    )
    yield "c25", case("base target without href", site(rows(), head='<meta charset=utf-8><base target="_blank">'))
    yield (
        "c26",
        case(
            "a row leads to WeChat",
            site(
                rows(0, 3)
                + f'<ul><li><a href="http://mp.weixin.qq.invalid/s/abc">{TITLES[3]}</a><span>2026-01-20</span></li></ul>'
            ),
            (ON, ON, ON, ON_OR_OPEN),
        ),
    )
    yield (
        "c27",
        case(
            "a sticky copy of a row on top, with another date",
            site(f'<ul><li><a href="t0.html">【置顶】{TITLES[0]}</a><span>2026-02-04</span></li></ul>' + rows()),
        ),
    )
    yield (
        "c28",
        case(
            "sticky copies of undated pages: the list's dates differ",
            site(f'<div class=hot><a href="t0.html">{TITLES[0]}</a></div>' + rows(), all_undated()),
        ),
    )
    yield (
        "c29",
        case(
            "jsessionid in paths, new each load",
            articles()
            | {
                LIST: _changing(
                    lambda m: page(
                        each(
                            '<li><a href="t{n}.html;jsessionid=%s.node1">{title}</a><span>2026-01-20</span></li>'
                            % (m * 4)
                        )
                    )
                )
            }
            | {
                f"/gknb/t{n}.html;jsessionid={m}.node1": article(n)
                for n in range(4)
                for m in [f"{0x5A3C_91D0 + 7919 * k:08x}" * 4 for k in range(8)]
            },
        ),
    )
    yield (
        "c30",
        case(
            "a random number in every link",
            articles()
            | {
                LIST: _changing(
                    lambda m: page(
                        each('<li><a href="t{n}.html?r=0.%d">{title}</a><span>2026-01-20</span></li>' % int(m, 16))
                    )
                )
            },
        ),
    )
    yield (
        "c31",
        case(
            "full width blanks around addresses",
            site(each('<li><a href="　t{n}.html&nbsp;">{title}</a><span>2026-01-20</span></li>')),
        ),
    )
    yield (
        "c32",
        case(
            "no scheme in the address",
            {
                LIST: lambda a: (
                    200,
                    {},
                    page(
                        each(
                            '<li><a href="//%s/gknb/t{n}.html">{title}</a><span>2026-01-20</span></li>'
                            % a.headers["Host"]
                        )
                    ).encode(),
                )
            }
            | articles(),
        ),
    )
    yield (
        "c33",
        case(
            "unclosed and unquoted markup in capitals",
            site(
                "<TABLE>"
                + "".join(
                    f"<TR><TD>·<A HREF=t{n}.html TARGET=_blank TITLE={TITLES[n]}>{TITLES[n]}<TD>2026-01-20"
                    for n in range(4)
                )
                + "</TABLE>"
            ),
        ),
    )
    yield (
        "c34",
        case(
            "links in links",
            site(
                "<ul>"
                + "".join(
                    f'<li><a href="#"><a href="t{n}.html">{TITLES[n]}</a></a><span>2026-01-20</span></li>'
                    for n in range(4)
                )
                + "</ul>"
            ),
        ),
    )
    yield (
        "c35",
        case(
            "every row is a form button",
            site("".join(f'<form action="t{n}.html"><input type=submit value="{TITLES[n]}"></form>' for n in range(4))),
            (ON_OR_OPEN,) * 4,
        ),
    )
    yield (
        "c35b",
        case(
            "the last row is a form button",
            site(rows(0, 3) + f'<form action="t3.html"><input type=submit value="{TITLES[3]}"></form>'),
            (ON, ON, ON, ON_OR_OPEN),
        ),
    )
    yield (
        "c36",
        case(
            "a select box of reports",
            site(
                "<select onchange='location.href=this.value'><option>请选择</option>"
                + "".join(f'<option value="t{n}.html">{TITLES[n]}</option>' for n in range(4))
                + "</select>"
            ),
            (ON_OR_OPEN,) * 4,
        ),
    )
    yield (
        "c36b",
        case(
            "older reports as links, this year's in a select box",
            site(
                "<ul>"
                + "".join(
                    f'<li><a href="/o{n}.html">{TITLES[n].replace("2025", "2024")}</a><span>2025-01-20</span></li>'
                    for n in range(4)
                )
                + "</ul><select onchange='location.href=this.value'>"
                + "".join(f'<option value="t{n}.html">{TITLES[n]}</option>' for n in range(4))
                + "</select>",
                articles()
                | {f"/o{n}.html": article(n).replace("2025", "2024").replace("2026", "2025") for n in range(4)},
            ),
            (ON_OR_OPEN,) * 4,
        ),
    )
    yield (
        "c36c",
        case(
            "links for three, the last in a select box",
            site(
                rows(0, 3)
                + f"<select onchange='location.href=this.value'><option value='t3.html'>{TITLES[3]}</option></select>"
            ),
            (ON, ON, ON, ON_OR_OPEN),
        ),
    )
    yield (
        "c36d",
        case(
            "links for three, the last unit in a select box that says units only",
            site(
                rows(0, 3)
                + f"<select onchange='query(this.value)'><option value=1>{UNITS[0]}</option><option value=4>{UNITS[3]}</option></select>"
            ),
            (ON, ON, ON, MISSING_OR_OPEN),
        ),
    )
