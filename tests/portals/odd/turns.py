"""How real portals lead on and load: pagers in pictures and boxes, scrolling, frames, includes, encodings, empty panes."""

# ruff: noqa: E501 - lines of HTML
from __future__ import annotations

from collections.abc import Iterator

from tests.portals.crawling.cases import LIST, TITLES, article, articles, page, row, rows
from tests.portals.crawling.serving import UNITS, Answer, Case, Page
from tests.portals.odd.making import (
    HALF,
    LAST_MISSING,
    MISSING_OR_OPEN,
    ON,
    ON_OR_OPEN,
    case,
    former,
    former_rows,
    site,
)


def two(pager: str, second: str = "/gknb/index_1.html", last: str = "") -> dict[str, Page]:
    """Two pages of two rows, with a pager on the first and perhaps another on the last."""
    return {LIST: page(rows(0, 2) + pager), second: page(rows(2, 4) + last)} | articles()


def _in(encoding: str, text: str, media_type: str) -> Answer:
    return 200, {"Content-Type": media_type}, text.encode(encoding, "replace")


def cases() -> Iterator[tuple[str, Case]]:
    """Every case by its name."""
    pictures = '<div class=pages><a href="index.html"><img src="/i/first.gif"></a><a href="index_1.html"><img src="/i/next.gif" alt=""></a></div>'
    yield "t01", case("上一页 and 下一页 are pictures", two(pictures))
    yield (
        "t02",
        case(
            "pictures without a telling name",
            two(
                '<div class=f><a href="index_1.html"><img src="/i/a02.gif"></a><a href="index_1.html"><img src="/i/a03.gif"></a></div>'
            ),
            HALF,
        ),
    )
    yield (
        "t03",
        case(
            "pictures in a form of old: input type=image",
            two('<form action="index_1.html" method=get><input type=image src="/i/next.gif" alt="下一页"></form>'),
            HALF,
        ),
    )
    yield (
        "t04",
        case(
            "a select of addresses",
            two(
                '跳转到 <select onchange="location=this.value"><option value="index.html">第1页</option><option value="index_1.html">第2页</option></select>'
            ),
        ),
    )
    yield (
        "t05",
        case(
            "a select of numbers that a script takes",
            two(
                '跳转到 <select onchange="go(this.value)"><option value=1>1</option><option value=2>2</option></select>'
            ),
            HALF,
        ),
    )
    yield (
        "t06",
        case(
            "a select of pages by its numbers, the function in the page",
            two(
                '<select onchange="go(this.value)"><option value=1>1</option><option value=2>2</option></select><script>function go(n){location.href="index_"+(n-1)+".html"}</script>'
            ),
            HALF,
        ),
    )
    yield (
        "t07",
        case(
            "scrolling: data-page, data-total and a script file",
            two(
                '<div id=more data-page=1 data-pages=2 data-url="/gknb/index_1.html">正在加载…</div><script src="/js/scroll.js"></script>'
            ),
            HALF,
        ),
    )
    yield (
        "t08",
        case(
            "scrolling: 向下滑动加载更多",
            two("<p class=tip>向下滑动加载更多</p><script src='/js/l.js'></script>"),
            HALF,
        ),
    )
    yield "t09", case("上拉加载", two("<p>上拉加载更多数据</p><script src='/js/l.js'></script>"), HALF)
    yield "t10", case("a button 展开全部", two("<button class=unfold>展开全部</button>"), HALF)
    yield "t11", case("a link 查看全部年报 to the whole list", two('<a href="index_1.html">查看全部年报</a>'))
    yield (
        "t12",
        case(
            "当前第1页/总2页",
            two("<p>当前第1页/总2页</p><script src=/js/p.js></script>"),
            HALF,
        ),
    )
    yield "t13", case("显示1-2条，共4条", two("<p>显示1-2条，共4条</p><script src=/js/p.js></script>"), HALF)
    yield "t14", case("Page 1 of 2", two("<p>Page 1 of 2</p><script src=/js/p.js></script>"), HALF)
    yield (
        "t15",
        case(
            "页码：1/2 in a hidden field",
            two("<input type=hidden id=pageCount value=2><div id=page></div><script src=/js/p.js></script>"),
            HALF,
        ),
    )
    yield (
        "t16",
        case(
            "the last page's 下一页 leads to itself (truly one missing)",
            {
                LIST: page(
                    rows(0, 3)
                    + '<div class=page><a href="index.html">上一页</a><a href="index.html">下一页</a><a href="index.html">尾页</a></div>'
                )
            }
            | articles(),
            LAST_MISSING,
        ),
    )
    yield (
        "t17",
        case(
            "a pager for another box (tabs of news) beside a whole list (truly one missing)",
            {
                LIST: page(
                    rows(0, 3)
                    + '<div class=news><ul><li><a href="/x/1.html">全区会议</a><span>2026-01-28</span></li></ul><a href="/x/index_1.html">更多&gt;&gt;</a></div>'
                )
            }
            | articles(),
            LAST_MISSING,
        ),
    )
    frames = "<html><head><title>年报</title></head><frameset rows='80,*'><frame src='/top.html'><frameset cols='200,*'><frame src='/left.html' name=l><frame src='/gknb/main.html' name=m></frameset></frameset><noframes>请升级浏览器</noframes></html>"
    yield (
        "t18",
        case(
            "frames in frames",
            {
                LIST: frames,
                "/top.html": page("<h1>欢迎</h1>"),
                "/left.html": page("<ul><li><a href='/gknb/main.html' target=m>年报</a></li></ul>"),
                "/gknb/main.html": page(rows()),
            }
            | articles(),
            (ON_OR_OPEN,) * 4,
        ),
    )
    yield (
        "t19",
        case(
            "an iframe of another host beside the list (truly one missing)",
            site(rows(0, 3) + '<iframe src="http://tianqi.example.org/widget.html" width=300 height=40></iframe>'),
            (ON, ON, ON, MISSING_OR_OPEN),
        ),
    )
    yield (
        "t20",
        case(
            "the list in an iframe of another host, a short list of the newest beside it",
            site(
                rows(0, 2)
                + '<iframe src="http://xxgk.example.org/list.html" width=100% height=900 id=listframe></iframe>'
            ),
            HALF,
        ),
    )
    yield (
        "t21",
        case(
            "noscript holds the plain list of all",
            site("<div id=app></div><noscript>" + rows() + "</noscript>"),
            (ON_OR_OPEN,) * 4,
        ),
    )
    yield (
        "t22",
        case(
            "noscript says that scripts are needed, the list stands there (truly one missing)",
            site(rows(0, 3) + "<noscript>请启用JavaScript</noscript>"),
            LAST_MISSING,
        ),
    )
    yield (
        "t23",
        case(
            "the whole list in an included file by script",
            site('<div class=list><script src="/gknb/list_rows.js"></script></div>'),
            (ON_OR_OPEN,) * 4,
        ),
    )
    yield (
        "t24",
        case(
            "half of the list in a file by script, called a file",
            site(rows(0, 2) + '<script src="/gknb/rows.json.js"></script>'),
            HALF,
        ),
    )
    big5 = (
        page(rows(), head="<meta charset=big5>")
        .replace("东", "東")
        .replace("务", "務")
        .replace("开", "開")
        .replace("报", "報")
        .replace("办", "辦")
    )
    yield (
        "t25",
        case(
            "Big5 with some traditional letters",
            articles() | {LIST: _in("big5", big5, "text/html; charset=big5")},
            (ON_OR_OPEN,) * 4,
        ),
    )
    yield (
        "t26",
        case(
            "UTF-16 big endian with its mark",
            articles()
            | {LIST: (200, {"Content-Type": "text/html"}, b"\xfe\xff" + page(rows(), head="").encode("utf-16-be"))},
        ),
    )
    yield (
        "t27",
        case(
            "GBK, untold, with English in its head",
            articles()
            | {
                LIST: _in(
                    "gbk",
                    page("<p>Government Information Disclosure Annual Reports of the District</p>" + rows(), head=""),
                    "text/html",
                )
            },
        ),
    )
    yield (
        "t28",
        case(
            "GB2312 in capitals with quotes: charset='GB2312'",
            articles()
            | {
                LIST: _in(
                    "gbk",
                    page(rows(), head="<META HTTP-EQUIV='Content-Type' CONTENT=\"text/html; CHARSET='GB2312'\">"),
                    "text/html",
                )
            },
        ),
    )
    yield (
        "t29",
        case(
            "a pane that is empty until it is chosen, by data-url",
            site(
                rows(0, 2)
                + '<ul class=tabs><li data-url="/gknb/rest.html">街道二</li></ul><div class=pane id=p2></div><script src="/js/tabs.js"></script>'
            )
            | {"/gknb/rest.html": page(rows(2, 4))},
            HALF,
        ),
    )
    yield (
        "t30",
        case(
            "kind tabs: 街道 here, 乡镇 behind a link elsewhere (all four are subdistricts; the last truly missing)",
            site('<div class=tab><a class=on>街道</a><a href="/xz/">乡镇</a></div>' + rows(0, 3)),
            (ON, ON, ON, MISSING_OR_OPEN),
        ),
    )
    yield (
        "t31",
        case(
            "a list by letters: A B C as links to other pages of it",
            two('<div class=az><a href="index.html">A-M</a><a href="index_1.html">N-Z</a></div>'),
            HALF,
        ),
    )
    yield (
        "t32",
        case(
            "a list by month: 一月 二月 as links",
            two('<div><a href="index.html">2026年1月</a> <a href="index_1.html">2026年2月</a></div>'),
            HALF,
        ),
    )
    yield (
        "t33",
        case(
            "往期 leads to the older rows of this very list",
            two('<p><a href="index_1.html">往期回顾</a></p>'),
            HALF,
        ),
    )
    yield (
        "t34",
        case(
            "街道 in two halves under 东片 and 西片, the second by a link",
            two(
                '<div><a href="index.html" class=on>东片街道</a> <a href="xp/index.html">西片街道</a></div>',
                "/gknb/xp/index.html",
            ),
            HALF,
        ),
    )
    yield (
        "t35",
        case(
            "a search by unit is all there is, but for the two newest",
            site(
                rows(0, 2)
                + '<form action="/so" method=get>单位 <input name=q> 年度 <select name=y><option>2025</option></select> <input type=submit value=查询></form>'
            ),
            HALF,
        ),
    )
    yield (
        "t36",
        case(
            "rows that a script writes from an array of letters in pieces",
            site(
                rows(0, 2)
                + "<script>var a=['南街'+'街道','2025年政府信息公开'+'工作年度报告'];document.write('<li><a href=t2.html>'+a.join('')+'</a></li>');</script>"
            ),
            HALF,
        ),
    )
    yield (
        "t37",
        case(
            "a notice in place of the list: under maintenance",
            {LIST: page("<p>栏目维护中，敬请期待。本栏目正在升级改造，给您带来不便敬请谅解。</p>")} | articles(),
            ("unverifiable",) * 4,
        ),
    )
    elsewhere = {
        "t38": ("behind a banner's picture", '<a href="/zt/2025/index.html"><img src="/i/nb2025.jpg"></a>'),
        "t39": ("behind a link called 2025年专栏", '<p><a href="/zt/2025/index.html">2025年专栏</a></p>'),
    }
    for name, (note, link) in elsewhere.items():
        yield (
            name,
            case(
                f"a list of former years only, the year's {note}",
                {LIST: page(f"{link}<ul>{former_rows()}</ul>"), "/zt/2025/index.html": page(rows())}
                | {f"/gknb/o{n}.html": former(n) for n in range(4)}
                | {f"/zt/2025/t{n}.html": article(n) for n in range(4)},
                (ON_OR_OPEN,) * 4,
            ),
        )
    yield (
        "t40",
        case(
            "three of the year in the list, a banner's picture leads to the rest",
            site(rows(0, 3) + '<a href="/zt/nb2025/"><img src="/i/nb2025.jpg" alt="2025年度政府信息公开年报专栏"></a>')
            | {"/zt/nb2025/": page("<ul>" + row(3) + "</ul>"), "/zt/nb2025/t3.html": article(3)},
            (ON, ON, ON, ON_OR_OPEN),
        ),
    )
    yield (
        "t41",
        case(
            "a map whose areas lead to the units' lists; the page shows three",
            site(
                rows(0, 3)
                + '<img src="/map.png" usemap="#m"><map name=m>'
                + "".join(f'<area shape=rect coords="0,0,9,9" href="/u{n}/" alt="{UNITS[n]}">' for n in range(4))
                + "</map>"
            ),
            (ON, ON, ON, MISSING_OR_OPEN),
        ),
    )
    yield (
        "t42",
        case(
            "a marquee of the newest above an empty list",
            site(
                f'<marquee><a href="t0.html">{TITLES[0]}</a> <a href="t1.html">{TITLES[1]}</a></marquee><div class=list id=list></div><script src="/js/list.js"></script>'
            ),
            HALF,
        ),
    )
