"""Pagers, and lists that say how long they are."""

# ruff: noqa: E501, UP031 - lines of HTML
from __future__ import annotations

from collections.abc import Iterator, Sequence

from tests.portals.crawling.cases import LIST, TITLES, article, articles, page, rows
from tests.portals.crawling.serving import Case
from tests.portals.odd.making import HALF, LAST_MISSING, ON, ON_OR_OPEN, UNVERIFIABLE, case


def two(
    pg: str, second: str = "/gknb/index_1.html", p2: str = "", truth: Sequence[str] = (ON,) * 4, note: str = ""
) -> Case:
    """Two pages of two rows each; ``pg`` is the pager on the first, ``p2`` that on the second."""
    return case(note, {LIST: page(rows(0, 2) + pg), second: page(rows(2, 4) + p2)} | articles(), truth)


def cases() -> Iterator[tuple[str, Case]]:
    """Every case by its name."""
    yield (
        "p01",
        two(
            '<div class=pg><a href="index_1.html"><img src="/i/next.gif" alt="下页"></a></div>',
            note="the next page is a picture with alt",
        ),
    )
    yield (
        "p02",
        two(
            '<div class=pg><a href="index_1.html"><img src="/i/next.gif"></a></div>',
            note="the next page is a picture without words",
            truth=HALF,
        ),
    )
    yield "p03", two('<p>1 <a href="?p=2">2</a></p>', LIST + "?p=2", note="numbers only, ?p=2, no class")
    yield (
        "p04",
        case(
            "后页 and /p/2",
            {
                LIST: page(rows(0, 2) + '<div><a href="/gknb/p/2">后页</a></div>'),
                "/gknb/p/2": page(rows(2, 4).replace('href="', 'href="/gknb/')),
            }
            | articles(),
        ),
    )
    yield (
        "p05",
        case(
            "pager that posts a form",
            {
                LIST: lambda a: (
                    200,
                    {},
                    (
                        page(rows(2, 4))
                        if "pageNo=2" in a.path
                        else page(
                            rows(0, 2)
                            + '<form id=f method=post action="/gknb/index.html"><input type=hidden name=pageNo value=1></form><a href="javascript:go(2)">下一页</a><script>function go(n){document.f.pageNo.value=n;document.f.submit()}</script>'
                        )
                    ).encode(),
                )
            }
            | articles(),
            HALF,
        ),
    )
    yield (
        "p06",
        two('<script>createPageHTML("2","0","index","html");</script>', note="createPageHTML with quoted numbers"),
    )
    yield (
        "p07",
        two(
            '<script>createPageHTML(\n 2 ,\n 0 ,\n "index" , "html" , "black_text" ,\n 30 );</script>',
            note="createPageHTML with style arguments",
        ),
    )
    yield (
        "p08",
        two(
            '<script>var p=parseInt("2");createPageHTML(p,0,"index","html");</script>',
            note="createPageHTML with an expression",
            truth=HALF,
        ),
    )
    yield (
        "p09",
        two(
            "<div id=loadMore class=btn>点击加载更多</div><script src=/js/l.js></script>",
            note="a button to load more",
            truth=HALF,
        ),
    )
    yield (
        "p10",
        two(
            '<select onchange="go(this.value)"><option value=1>1</option><option value=2>2</option></select><script src=/js/p.js></script>',
            note="select of page numbers, script elsewhere",
            truth=HALF,
        ),
    )
    yield (
        "p11",
        case(
            "ascending order, the newest on the last page",
            {
                LIST: page(
                    "<ul>"
                    + "".join(
                        f'<li><a href="o{n}.html">{TITLES[n].replace("2025", "2024")}</a><span>2025-01-20</span></li>'
                        for n in range(4)
                    )
                    + '</ul><div class=page><a href="index_1.html">下一页</a></div>'
                ),
                "/gknb/index_1.html": page(rows()),
            }
            | articles()
            | {f"/gknb/o{n}.html": article(n).replace("2025", "2024").replace("2026", "2025") for n in range(4)},
        ),
    )
    yield "p12", two('<div class=page><a href="index_1.html">next »</a></div>', note="next »")
    yield (
        "p13",
        case(
            "rel=next in the head alone",
            {
                LIST: page(rows(0, 2), head='<meta charset=utf-8><link rel="next" href="index_1.html">'),
                "/gknb/index_1.html": page(rows(2, 4)),
            }
            | articles(),
            HALF,
        ),
    )
    yield (
        "p14",
        two(
            "<p>显示第 1 至 2 项结果，共 4 项</p><script src=/js/dt.js></script>",
            note="a count of DataTables",
            truth=HALF,
        ),
    )
    yield (
        "p15",
        two(
            '<p>第<input value=1>页 / 共 2 页 <button onclick="jump()">跳转</button></p>',
            note="a field to jump with the number of pages",
            truth=HALF,
        ),
    )
    yield (
        "p16",
        two(
            "<div id=pg></div><script>layui.laypage.render({elem:'pg',count:4,limit:2,jump:function(o){load(o.curr)}})</script>",
            note="laypage",
            truth=HALF,
        ),
    )
    yield (
        "p17",
        two(
            '<div id=page data-total="2" data-current="1"></div><script src=/js/page.js></script>',
            note="an empty pager with data attributes",
            truth=HALF,
        ),
    )
    yield (
        "p18",
        two(
            "<input type=hidden id=totalPage value=2><input type=hidden id=currentPage value=1><script src=/js/page.js></script>",
            note="hidden inputs with the number of pages",
            truth=HALF,
        ),
    )
    yield (
        "p19",
        case(
            "a page beyond the end repeats page one",
            {
                LIST: lambda a: (
                    200,
                    {},
                    page(
                        (rows(2, 4) if "page=2" in a.path else rows(0, 2))
                        + '<div class=page><a href="?page=1">1</a> <a href="?page=2">2</a> <a href="?page=%d">下一页</a></div>'
                        % (3 if "page=2" in a.path else 2)
                    ).encode(),
                )
            }
            | articles(),
        ),
    )
    yield (
        "p20",
        case(
            "the last page's next leads to the first",
            {
                LIST: page(rows(0, 2) + '<div class=page><a href="index_1.html">下一页</a></div>'),
                "/gknb/index_1.html": page(rows(2, 4) + '<div class=page><a href="index.html">下一页</a></div>'),
            }
            | articles(),
        ),
    )
    yield (
        "p21",
        case(
            "beyond the end comes another column's news",
            {
                LIST: page(rows(0, 2) + '<div class=page><a href="index_1.html">下一页</a></div>'),
                "/gknb/index_1.html": page(rows(2, 4) + '<div class=page><a href="index_2.html">下一页</a></div>'),
                "/gknb/index_2.html": page(
                    '<ul><li><a href="/xw/1.html">全区召开安全生产会议</a><span>2026-01-29</span></li></ul>'
                ),
            }
            | articles(),
        ),
    )
    yield (
        "p22",
        case(
            "page two is not there",
            {LIST: page(rows(0, 2) + '<div class=page><a href="index_1.html">下一页</a></div>')} | articles(),
            (ON, ON, UNVERIFIABLE, UNVERIFIABLE),
        ),
    )
    yield (
        "p23",
        two(
            "<div class=page><button onclick=\"location='index_1.html'\">下一页</button></div>",
            note="location= in a button",
        ),
    )
    yield (
        "p24",
        two(
            "<ul class=pagination><li><a data-page=2>2</a></li><li><a data-page=2>&raquo;</a></li></ul><script src=/js/p.js></script>",
            note="links without addresses",
            truth=HALF,
        ),
    )
    yield (
        "p25",
        two(
            """<div><a href="javascript:__doPostBack('AspNetPager1','2')">2</a> <a href="javascript:__doPostBack('AspNetPager1','2')">下一页</a></div>""",
            note="ASP.NET's pager",
            truth=HALF,
        ),
    )
    yield (
        "p26",
        two(
            '<div class=page><a href="#page=2">2</a> <a href="#page=2">下一页</a></div><script src=/js/p.js></script>',
            note="a pager of hashes",
            truth=HALF,
        ),
    )
    yield (
        "p29",
        two("<div>总页数：2　当前页：1</div><script src=/js/p.js></script>", note="总页数, without links", truth=HALF),
    )
    yield (
        "p30",
        two(
            '<div>[1] <a href="index_1.html">[2]</a> <a href="index_1.html">下1页</a> <a href="index_1.html">末页</a></div>',
            note="下1页",
        ),
    )
    yield "p31", two('<div><a href="index_1.html">往下翻</a></div>', note="a pager of unknown words", truth=HALF)
    yield "p32", two('<div><a href="index_1.html">更多年报</a></div>', note="更多年报", truth=HALF)
    yield (
        "p33",
        two(
            '<div><a href="/gknb/list.html">更多…</a></div>',
            "/gknb/list.html",
            note="更多… leads to the whole list",
            truth=HALF,
        ),
    )
    yield (
        "p34",
        two(
            '<div class="pages"><span>共<b>4</b>条</span><span>第<b>1</b>/<b>2</b>页</span><a title="下一页" href="index_1.html"><i class=icon></i></a></div>',
            note="the next page is an icon with a title",
        ),
    )
    yield (
        "p35",
        two(
            '<div class="pages"><a class="next" href="index_1.html"><i class="fa fa-angle-right"></i></a></div>',
            note="the next page is an icon by its class",
        ),
    )
    yield (
        "p36",
        two(
            '<div class="pages"><a class="arrow-right" href="index_1.html"></a></div>',
            note="an empty link in a pager",
            truth=HALF,
        ),
    )
    yield (
        "p37",
        two(
            '<div class=page><a href="index_1.html">下一页</a></div>',
            p2='<div class=page><a href="index_2.html">下一页</a></div>',
            note="the last page names one more, which is not there",
            truth=(ON, ON, ON, ON),
        ),
    )
    yield "p38", two('<center>1 <a href="index_1.html">2</a></center>', note="a number alone, in center")
    yield (
        "p39",
        two(
            '<div class=page><a onclick="gotoPage(2);return false;" href="#">下一页</a></div><script>function gotoPage(p){var url="index";if(p>1){url+="_"+(p-1);}window.location.href=url+".html";}</script>',
            note="a function with a branch",
            truth=HALF,
        ),
    )
    yield (
        "p40",
        case(
            "page one asks for the newest, pages differ by a cookie",
            {
                LIST: page(rows(0, 2) + '<div class=page>1/2 <a href="index.html?page=2&amp;_=99">下一页</a></div>'),
                LIST + "?page=2&_=99": page(rows(2, 4)),
            }
            | articles(),
        ),
    )
    yield (
        "p41",
        case(
            "one truly missing, two plain pages",
            {
                LIST: page(rows(0, 2) + '<div class=page>共2页 <a href="index_1.html">下一页</a></div>'),
                "/gknb/index_1.html": page(rows(2, 3) + '<div class=page>共2页 <a href="index.html">上一页</a></div>'),
            }
            | articles(),
            LAST_MISSING,
        ),
    )
    yield (
        "p42",
        case(
            "one truly missing, a pager that says one page",
            {LIST: page(rows(0, 3) + "<div class=page>共3条 1/1 首页 上一页 下一页 尾页</div>")} | articles(),
            LAST_MISSING,
        ),
    )
    yield (
        "p43",
        case(
            "one truly missing, createPageHTML(1,0)",
            {LIST: page(rows(0, 3) + '<script>createPageHTML(1, 0, "index", "html");</script>')} | articles(),
            LAST_MISSING,
        ),
    )
    yield (
        "p44",
        case(
            "one truly missing, disabled pager links",
            {
                LIST: page(
                    rows(0, 3)
                    + '<div class=page><a href="javascript:;" class=disabled>上一页</a><a class=cur>1</a><a href="javascript:;" class=disabled>下一页</a></div>'
                )
            }
            | articles(),
            LAST_MISSING,
        ),
    )
    yield (
        "p45",
        case(
            "a count without unit: 总数 4",
            {LIST: page(rows(0, 3) + "<div class=page>总数 4　每页 3</div><script src=/js/p.js></script>")}
            | articles(),
            (ON, ON, ON, ON_OR_OPEN),
        ),
    )
    yield (
        "p46",
        case(
            "每页20条 is no count (truly one missing)",
            {LIST: page(rows(0, 3) + "<div class=page>每页20条 共1页</div>")} | articles(),
            LAST_MISSING,
        ),
    )
    box = '<div class=side><ul><li><a href="/x/1.html">春节值班安排</a><span>2026-01-28</span></li><li><a href="/x/2.html">便民服务安排</a><span>2026-01-27</span></li></ul></div>'
    yield (
        "p47",
        case(
            "a count that only the rows of a box beside the list would reach",
            {LIST: page(rows(0, 2) + '<div class=page>共4条 <a href="javascript:go(2)">下一页</a></div>' + box)}
            | articles(),
            HALF,
        ),
    )
