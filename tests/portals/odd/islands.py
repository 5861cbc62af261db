"""Rows that no link shows: in scripts, attributes, frames, or asked for later."""

# ruff: noqa: E501 - lines of HTML
from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from urllib.parse import quote

from tests.portals.crawling.cases import LIST, TITLES, articles, page, row, rows
from tests.portals.crawling.serving import Case
from tests.portals.odd.making import HALF, LAST_MISSING, ON_OR_OPEN, case, site


def records(first: int, last: int) -> str:
    """Records of a script."""
    return json.dumps(_rows(first, last), ensure_ascii=False)


def escaped(first: int, last: int) -> str:
    """The same with escapes."""
    return json.dumps(_rows(first, last))


def _rows(first: int, last: int) -> list[dict[str, str]]:
    return [{"title": TITLES[n], "url": f"/gknb/t{n}.html", "date": "2026-01-20"} for n in range(first, last)]


def cases() -> Iterator[tuple[str, Case]]:
    """Every case by its name."""
    S = rows(0, 2)
    yield (
        "i01",
        case(
            "all rows in a script's JSON",
            site(f"<div id=list></div><script>var list={records(0, 4)};render(list);</script>"),
            ON_OR_OPEN,
        ),
    )
    yield (
        "i02",
        case(
            "half of the rows in a script's JSON",
            site(S + f"<div id=list></div><script>var list={records(2, 4)};render(list);</script>"),
            HALF,
        ),
    )
    yield "i03", case("half in JSON with escapes", site(S + f"<script>var list={escaped(2, 4)};</script>"), HALF)
    yield (
        "i04",
        case(
            "half percent-encoded in a script",
            site(S + f'<script>var list=JSON.parse(decodeURIComponent("{quote(records(2, 4))}"));</script>'),
            HALF,
        ),
    )
    yield (
        "i05",
        case(
            "half in base64 in a script",
            site(
                S + f'<script>var list=JSON.parse(b64("{base64.b64encode(records(2, 4).encode()).decode()}"));</script>'
            ),
            HALF,
        ),
    )
    yield (
        "i06",
        case(
            "half in an attribute, as entities",
            site(
                S + f"""<list-view :rows='{records(2, 4).encode("ascii", "xmlcharrefreplace").decode()}'></list-view>"""
            ),
            HALF,
        ),
    )
    yield "i06b", case("half in an attribute, plain", site(S + f"""<div data-rows='{records(2, 4)}'></div>"""), HALF)
    yield (
        "i07",
        case(
            "half by document.write",
            site(S + f"""<script>document.write('<ul>{row(2)}{row(3)}</ul>');</script>"""),
            HALF,
        ),
    )
    yield (
        "i08",
        case(
            "half by a script of the list's own (an include)",
            site(S + '<ul><script src="/plus/js.asp?cat=7&amp;n=10"></script></ul>')
            | {"/plus/js.asp": f"document.write('{row(2)}{row(3)}')"},
            HALF,
        ),
    )
    yield (
        "i09",
        case(
            "half by $.load",
            site(S + '<div id=rest></div><script>$("#rest").load("rest.html");</script>')
            | {"/gknb/rest.html": rows(2, 4)},
            HALF,
        ),
    )
    yield (
        "i10",
        case(
            "half by scrolling",
            site(
                S
                + """<script>var page=1;$(window).scroll(function(){if(near()){page++;$.ajax({url:'/gknb/data.jsp?p='+page,success:function(r){$('ul').append(r)}})}});</script>"""
            )
            | {"/gknb/data.jsp": rows(2, 4)},
            HALF,
        ),
    )
    yield (
        "i10b",
        case(
            "half by scrolling, by fetch, in a module",
            site(
                S
                + """<script type=module>const io=new IntersectionObserver(async()=>{const r=await fetch(`/api/rows?page=${++p}`);add(await r.json())});io.observe(document.querySelector('#end'));</script><div id=end></div>"""
            ),
            HALF,
        ),
    )
    yield (
        "i10c",
        case(
            "half by scrolling, all of it in a script file",
            site(
                S
                + """<script src="/js/infinite-scroll.min.js"></script><script>$('.list').infiniteScroll({path:'.next'});</script>"""
            ),
            HALF,
        ),
    )
    yield (
        "i11",
        case(
            "a box with two static reports, the list drawn by Vue",
            site(
                "<div class=tj><h4>推荐</h4>"
                + S
                + '</div><div id=app><ul><li v-for="item in list"><a :href="item.url">{{item.title}}</a><span>{{item.date}}</span></li></ul></div><script src="/js/app.3f2a.js"></script>'
            ),
            HALF,
        ),
    )
    yield (
        "i12",
        case(
            "an iframe whose source a script sets",
            site(
                S
                + '<iframe id=f width=100% height=600></iframe><script>document.getElementById("f").src="rest.html";</script>'
            )
            | {"/gknb/rest.html": page(rows(2, 4))},
            HALF,
        ),
    )
    yield (
        "i13",
        case(
            "an iframe with data-src",
            site(S + '<iframe data-src="rest.html" class=lazy></iframe>') | {"/gknb/rest.html": page(rows(2, 4))},
            HALF,
        ),
    )
    yield (
        "i14",
        case(
            "an iframe with srcdoc",
            site(S + f'<iframe srcdoc="{rows(2, 4).replace(chr(34), "&quot;")}"></iframe>'),
            HALF,
        ),
    )
    yield (
        "i15",
        case(
            "an iframe of the same site",
            site(S + '<iframe src="rest.html" frameborder=0></iframe>') | {"/gknb/rest.html": page(rows(2, 4))},
        ),
    )
    yield (
        "i16",
        case(
            "an include of the server that was not run",
            site(S + '<!--#include virtual="rest.html"-->') | {"/gknb/rest.html": rows(2, 4)},
            HALF,
        ),
    )
    yield (
        "i17",
        case(
            "an XML island",
            site(
                S
                + "<xml id=d><records>"
                + "".join(f"<record><title>{TITLES[n]}</title><url>t{n}.html</url></record>" for n in (2, 3))
                + "</records></xml>"
            ),
            HALF,
        ),
    )
    yield "i18", case("half in noscript", site(S + "<noscript>" + rows(2, 4) + "</noscript>"), HALF)
    yield "i19", case("half in a template element", site(S + "<template>" + rows(2, 4) + "</template>"), HALF)
    yield (
        "i20",
        case(
            "half in a hidden textarea", site(S + '<textarea style="display:none">' + rows(2, 4) + "</textarea>"), HALF
        ),
    )
    yield "i21", case("half in a hidden input", site(S + f"<input type=hidden id=data value='{records(2, 4)}'>"), HALF)
    yield (
        "i22",
        case(
            "frameset",
            {
                LIST: "<html><head><title>年报</title></head><frameset cols='20%,80%'><frame src=menu.html name=left><frame src=main.html name=right></frameset></html>",
                "/gknb/menu.html": "<html><body><a href=main.html target=right>年报</a></body></html>",
                "/gknb/main.html": page(rows()),
            }
            | articles(),
        ),
    )
    yield (
        "i23",
        case(
            "meta refresh",
            {
                LIST: '<html><head><meta http-equiv="refresh" content="0;url=real.html"><title>年报</title></head><body></body></html>',
                "/gknb/real.html": page(rows()),
            }
            | articles(),
        ),
    )
    yield (
        "i24",
        case(
            "a script that goes to the list",
            {
                LIST: '<html><head><title>年报</title></head><body><script>setTimeout(function(){window.location.href="real.html"},100)</script></body></html>',
                "/gknb/real.html": page(rows()),
            }
            | articles(),
        ),
    )
    yield (
        "i25",
        case(
            "object element with the list",
            site(S + '<object type="text/html" data="rest.html" width=100%></object>')
            | {"/gknb/rest.html": page(rows(2, 4))},
            HALF,
        ),
    )
    yield (
        "i26",
        case(
            "half in an own element's shadow root",
            site(S + f"<my-list><template shadowrootmode=open>{rows(2, 4)}</template></my-list>"),
            HALF,
        ),
    )
    yield (
        "i27",
        case(
            "half in a JSONP include",
            site(S + '<script src="/api/list?callback=show&amp;page=1"></script>')
            | {"/api/list": f"show({records(2, 4)})"},
            HALF,
        ),
    )
    yield (
        "i28",
        case(
            "half by axios in a script, with unrelated words",
            site(
                S
                + """<script>function visitCount(){} axios.get('/api/v1/articles',{params:{channel:7}}).then(r=>{app.list=r.data})</script>"""
            ),
            HALF,
        ),
    )
    yield (
        "i29",
        case(
            "layui table drawn by script beside a static box",
            site(
                S
                + """<table id=t lay-filter=t></table><script>layui.use('table',function(){var table=layui.table;table.render({elem:'#t',url:'/api/list',cols:[[{field:'title'}]]})})</script>"""
            ),
            HALF,
        ),
    )
    yield (
        "i30",
        case(
            "a counter and a share script beside a plain list (truly one missing)",
            site(
                rows(0, 3)
                + """<script>$.get('/hits.jsp?id=3',function(n){$('#hits').html(n)});</script><script src="//hm.baidu.com/hm.js?x"></script><script src="/js/jquery.min.js"></script><script src="/js/common.js"></script><script>$(function(){$('.nav li').hover(function(){$(this).find('ul').show()})})</script>"""
            ),
            LAST_MISSING,
        ),
    )
    yield (
        "i31",
        case(
            "weather and login frames beside a plain list (truly one missing)",
            site(
                rows(0, 3)
                + '<iframe src="/weather.html" width=200 height=20></iframe><script>$.ajax({url:"/user/isLogin",success:function(d){}});</script>'
            ),
            LAST_MISSING,
        ),
    )
