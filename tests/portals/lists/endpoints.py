"""Systems whose rows come from an endpoint of their own: a shell of a page, and JSON, XML or a fragment behind it."""

# ruff: noqa: E501, E731 - lines of HTML, and an address is best said in a line
from __future__ import annotations

import json
from collections.abc import Callable, Sequence

from tests.portals.lists.pages import PER, Address, asked_for, framed, items, pages_of, served
from tests.portals.lists.plan import District, Listed
from tests.portals.lists.serving import Asked, ListPortal, Reply, html


def _json(value: object) -> Reply:
    return Reply(json.dumps(value, ensure_ascii=False).encode(), "application/json;charset=UTF-8")


_JPAGE = """<div id="4885671"><script type="text/xml"><datastore><totalrecord>{total}</totalrecord><totalpage>{pages}</totalpage><recordset>{records}</recordset></datastore></script></div>
<script>$('#4885671').jpage({{perPage:{per},showMode:'full',proxyUrl:'/module/web/jpage/dataproxy.jsp',{more}
ajaxParam:{{col:1,appid:1,webid:3077,path:'/',columnid:1229,sourceContentType:1,unitid:'4885671',webname:'{name}人民政府',permissiontype:0}},totalRecord:{total}}});</script>"""


def _records(rows: Sequence[Listed], address: Address) -> str:
    return "".join(f"<record><![CDATA[{items([row], address)}]]></record>" for row in rows)


def _hanweb(district: District, method: str, more: str = "") -> ListPortal:
    place: Address = lambda row: f"/art/{row.day.year}/{row.day.month}/{row.day.day}/art_1229_{row.number}.html"
    rows, per = district.rows, 6
    shown = _JPAGE.format(
        total=len(rows),
        pages=-(-len(rows) // per),
        records=_records(rows[: 3 * per], place),
        per=per,
        name=district.name,
        more=more,
    )

    def endpoint(asked: Asked) -> Reply | None:
        if asked.place != "/module/web/jpage/dataproxy.jsp":
            return None
        if asked.method != method:
            return Reply(b"<html><title>405</title><body>Method Not Allowed</body></html>", status=405)
        fields = asked_for(asked)
        if (fields.get("columnid"), fields.get("unitid")) != ("1229", "4885671"):
            return Reply(b"<datastore><recordset></recordset></datastore>", "text/xml;charset=UTF-8")
        if method == "GET":  # there the page alone counts
            start = (int(fields["page"]) - 1) * int(fields["perpage"])
            part = rows[start : start + int(fields["perpage"])]
        else:
            part = rows[int(fields["startrecord"]) - 1 : int(fields["endrecord"])]
        body = f"<datastore><totalrecord>{len(rows)}</totalrecord><recordset>{_records(part, place)}</recordset></datastore>"
        return Reply(body.encode(), "text/html;charset=UTF-8")

    pages = {"/col/col1229/index.html": framed(district, shown)}
    return ListPortal(district, served(district, place, pages, endpoint), {"address": "/col/col1229/index.html"})


def hanweb_post(district: District) -> ListPortal:
    """hanweb's data store whose further groups come by POST."""
    return _hanweb(district, "POST")


def hanweb_get(district: District) -> ListPortal:
    """The same where only GET is answered, and the page alone counts."""
    return _hanweb(district, "GET")


def hanweb_xxgk(district: District) -> ListPortal:
    """hanweb's xxgk module: a shell, and an endpoint that answers with the rows of the whole district."""
    place: Address = lambda row: f"/art/{row.day.year}/{row.day.month}/{row.day.day}/art_1229_{row.number}.html"
    foreign = [
        Listed(1000 + n, f"{district.name}第{n}号行政规范性文件", row.day) for n, row in enumerate(district.rows)
    ]
    rows = [one for pair in zip(district.rows, foreign, strict=True) for one in pair]
    own = {row.number for row in district.rows}
    address: Address = lambda row: place(row) if row.number in own else place(row).replace("art_1229", "art_1300")
    parts = pages_of(rows, 35)
    shell = """<iframe src="/module/xxgk/tree.jsp?area=&divid=div1229" width="200"></iframe><div id="list">加载中……</div><script>var divid='div1229';
    $.ajax({type:'POST',url:'/module/xxgk/search.jsp?standardXxgk=1&isAllList=1',data:{infotypeId:'A002',jdid:'3077',area:'',divid:divid,currpage:1}});</script>"""

    def endpoint(asked: Asked) -> Reply | None:
        if asked.place != "/module/xxgk/search.jsp" or asked.method != "POST":
            return None
        fields = asked_for(asked)
        if fields.get("infotypeId") != "A002" or fields.get("fbtime") != "-1":
            return html("<table></table>共&nbsp;0&nbsp;页，没有找到相关信息，请重新选择目录")
        part = parts[int(fields["currpage"]) - 1]
        shown = "".join(
            f'<tr class="tr_main_value_{"odd" if n % 2 else "even"}"><td><a href="{address(row)}">{row.title}</a></td><td>{row.day}</td></tr>'
            for n, row in enumerate(part)
        )
        return html(
            f'<table>{shown}</table><div>共&nbsp;{len(parts)}&nbsp;页　第&nbsp;{fields["currpage"]}&nbsp;页 <a href="javascript:goPage(2)">下一页</a></div>'
        )

    pages = {"/col/col1229/index.html": framed(district, shell)}
    return ListPortal(district, served(district, place, pages, endpoint), {"address": "/col/col1229/index.html"})


def jpaas(district: District) -> ListPortal:
    """hanweb's JPaaS: an empty place, an attribute with the parameters, a dated box beside it; paging inside paramJson."""
    place: Address = lambda row: f"/art/{row.day.year}/art_{row.number:032x}.html"
    parts = pages_of(district.rows, 15)
    shell = """<div class="page-content" id="unit"></div><script src="/script/unitbuild.js" queryData="{'parseType':'bulidstatic','webId':'3','tplSetId':'tpl9','pageType':'column','tagId':'政府信息公开年报','editType':'null','pageId':'col77'}"></script>
    <div class="side"><h3>最新信息</h3><ul><li><a href="/art/n1.html">春节假期值班安排</a><span>2026-01-28</span></li><li><a href="/art/n2.html">政务服务大厅公告</a><span>2026-01-27</span></li></ul></div>"""

    def endpoint(asked: Asked) -> Reply | None:
        if asked.place != "/api-gateway/jpaas-publish-server/front/page/build/unit":
            return None
        fields = asked_for(asked)
        if (fields.get("tagId"), fields.get("pageId"), fields.get("webId")) != ("政府信息公开年报", "col77", "3"):
            return _json({"success": False, "data": None})
        number = int(json.loads(fields.get("paramJson") or "{}").get("pageNo", 1))
        part = parts[number - 1] if number <= len(parts) else []
        rows = f'<div class="list" count="{len(district.rows)}"><ul>{items(part, place)}</ul></div>'
        return _json({"success": True, "code": 200, "data": {"html": rows}})

    return ListPortal(
        district,
        served(district, place, {"/col/nb/index.html": framed(district, shell)}, endpoint),
        {"address": "/col/nb/index.html"},
    )


def truecms(district: District) -> ListPortal:
    """TrueCMS: the data store as a string of a script, further rows by JSONP, long titles cut without a title attribute."""
    place: Address = lambda row: f"/q/nb/content/{row.number:08x}-0000-4000-8000-000000000000.html"
    cut: Callable[[Sequence[Listed]], str] = lambda part: "".join(
        f'<record><![CDATA[<li><a href="{place(row)}">{row.title[:30] + "..." if len(row.title) > 32 else row.title}</a><span>{row.day}</span></li>]]></record>'
        for row in part
    )
    first = cut(district.rows[:18]).replace("/", "\\/")
    shell = f"""<div id="nb"></div><script>$('#nb').page({{dataStore:'<datastore><totalrecord>{len(district.rows)}</totalrecord><recordset>{first}</recordset></datastore>',
    proxyUrl:'/truecms/messageController/getMessage.do',perPage:18,ajaxParam:{{columnId:'c0ffee00-1111'}}}});</script>"""

    def endpoint(asked: Asked) -> Reply | None:
        fields = asked_for(asked)
        if asked.place != "/truecms/messageController/getMessage.do" or fields.get("columnId") != "c0ffee00-1111":
            return None
        part = district.rows[int(fields["startrecord"]) - 1 : int(fields["endrecord"])]
        said = json.dumps({"result": f"<datastore><recordset>{cut(part)}</recordset></datastore>"}, ensure_ascii=False)
        return Reply(f"{fields['callback']}({said})".encode(), "text/javascript;charset=UTF-8")

    return ListPortal(
        district,
        served(district, place, {"/q/nb/nb.html": framed(district, shell)}, endpoint),
        {"address": "/q/nb/nb.html"},
    )


def gkmlpt(district: District) -> ListPortal:
    """gkmlpt: all by script; 100 rows a page, the number of rows but not of pages, days in seconds since 1970."""
    place: Address = lambda row: f"/gkmlpt/content/9/9738/post_{row.number}.html"
    rows = list(district.rows)
    more = [
        Listed(2000 + n, f"{district.name}{2010 + n % 12}年度部门决算公开第{n}号", rows[-1].day) for n in range(201)
    ]
    whole = [*rows[:20], *more[:90], *rows[20:40], *more[90:], *rows[40:]]
    host = f"http://host-of-{district.portal}"

    def endpoint(asked: Asked) -> Reply | None:
        if asked.place != "/gkmlpt/api/all/2629":
            return None
        fields = asked_for(asked)
        if fields.get("sid") != "755001":
            return _json({"articles": [], "total": 0})
        number = int(fields.get("page", "1"))
        articles = [
            {
                "id": row.number,
                "title": row.title,
                "url": place(row),
                "type": "normal",
                "create_time": int(row.moment.timestamp()),
                "date": int(row.moment.timestamp()) - 86400 * 30,
                "created_at": "2026-02-04 00:00:00",
            }
            for row in whole[(number - 1) * 100 : number * 100]
        ]
        return _json(
            {
                "classify": {"id": 2629, "name": "年报", "post_count": 726},
                "total": len(whole),
                "offset": (number - 1) * 100,
                "articles": articles,
            }
        )

    shell = f"<div id='app'>{district.name}政府信息公开目录，正在加载，请稍候……</div><script>window.CONFIG={{SITE_ID: 755001, host: '{host}'}}</script><script src='/gkmlpt/static/app.js'></script>"
    return ListPortal(
        district,
        served(district, place, {"/gkmlpt/annualreport": framed(district, shell)}, endpoint),
        {"address": "/gkmlpt/annualreport#2629"},
    )


def lonsun(district: District) -> ListPortal:
    """Lonsun: the first rows in the page, the pager by script, further pages as a fragment; titles cut, whole in title=."""
    place: Address = lambda row: f"/public/8001/{row.number}.html"
    parts = pages_of(district.rows)
    cut: Callable[[Sequence[Listed]], str] = lambda part: items(
        part, place, '<li><a href="{href}" title="{title}">{shown:.16}…</a><span class="date">{day}</span></li>'
    )
    shell = f'<div class="xxgk_navli"><ul>{cut(parts[0])}</ul></div><div id="page_public" class="pagination"></div><script>var siteId = "6795621"; Ls.pagination("page_public", {{url:"/site/label/165919", pageSize:{PER}}});</script>'

    def endpoint(asked: Asked) -> Reply | None:
        fields = asked_for(asked)
        if asked.place != "/site/label/165919":
            return None
        if (fields.get("siteId"), fields.get("organId"), fields.get("catId"), fields.get("pageSize")) != (
            "6795621",
            "8001",
            "6721",
            str(PER),
        ):
            return html("<div class='xxgk_navli'><ul></ul></div>暂无相关信息，请稍后再试，谢谢您的关注")
        part = parts[int(fields["pageIndex"]) - 1]
        return html(
            f"<div class='xxgk_navli'><ul>{cut(part)}</ul></div><script>Ls.pagination('x',{{pageCount:'{len(parts)}',pageIndex:'{fields['pageIndex']}'}})</script>"
        )

    column = {"address": "/public/column/8001?type=4&catId=6721&action=list&nav=3"}
    return ListPortal(district, served(district, place, {column["address"]: framed(district, shell)}, endpoint), column)


def epoint(district: District) -> ListPortal:
    """Epoint: a shell, the site's guid in a script file, a POST of JSON; pages counted from 0."""
    place: Address = lambda row: f"/zwgk/003006/{row.day:%Y%m%d}/{row.number:08d}.html"
    parts = pages_of(district.rows)
    shell = '<div class="ewb-list" id="list">列表加载中，请使用支持脚本的浏览器查看本栏目</div><script src="/js/webBuilderCommon.js"></script><script src="/js/govInfoPub.js"></script>'
    common = Reply(
        b'var siteInfo = {"siteGuid": "7eb5f7f1-9041-43ad-8e13-8fcb82ea831a", "projectName": "/EWB-FRONT"};',
        "application/javascript",
    )
    own = Reply(
        b'function list(){ $.ajax({url: "/EWB-FRONT/rest/lightfrontaction/getgovinfolist", data: {pageIndex: 0, pageSize: 20}}) }',
        "application/javascript",
    )

    def endpoint(asked: Asked) -> Reply | None:
        if asked.method != "POST" or asked.path != "/EWB-FRONT/rest/lightfrontaction/getgovinfolist":
            return None
        sent = json.loads(asked.body)
        if (sent["siteGuid"], sent["categorynum"]) != ("7eb5f7f1-9041-43ad-8e13-8fcb82ea831a", "003006"):
            return _json({"custom": {"data": [], "total": 0}})
        part = parts[int(sent["pageIndex"])] if int(sent["pageIndex"]) < len(parts) else []
        rows = [
            {
                "infourl": place(row),
                "title": f"<font>{row.title}</font>",
                "realtitle": row.title,
                "infodate": str(row.day),
            }
            for row in part
        ]
        return _json({"custom": {"code": 1, "data": rows, "total": len(district.rows)}})

    address = "/dynamic/zwgk/govInfoPub.html?deptcode=&categorynum=003006"
    pages = {address: framed(district, shell), "/js/webBuilderCommon.js": common, "/js/govInfoPub.js": own}
    return ListPortal(district, served(district, place, pages, endpoint), {"address": address})


def igs(district: District) -> ListPortal:
    """TRS's search server as a list: the column's address is the endpoint's."""
    place: Address = lambda row: f"/art/{row.number}.html"
    parts = pages_of(district.rows)

    def endpoint(asked: Asked) -> Reply | None:
        fields = asked_for(asked)
        if asked.place != "/igs/front/search/publish/data/list.html" or fields.get("index") != "nb":
            return None
        number = int(fields.get("pageNumber", "1"))
        part = parts[number - 1] if number <= len(parts) else []
        content = [
            {"url": place(row), "title": f"<em>{row.title}</em>", "trs_time": f"{row.moment:%Y-%m-%d %H:%M:%S}"}
            for row in part
        ]
        return _json({"page": {"content": content, "total": len(district.rows), "number": number}})

    return ListPortal(
        district,
        served(district, place, {}, endpoint),
        {"address": "/igs/front/search/publish/data/list.html?index=nb&siteId=12&pageSize=20"},
    )


def ucap_search(district: District) -> ListPortal:
    """ucap's search as a list: a page whose script names the endpoint."""
    place: Address = lambda row: f"/q/c100/{row.day:%Y%m}/c01_{row.number}.shtml"
    parts = pages_of(district.rows)
    shell = '<ul id="list"></ul><p>本栏目公开各单位年度报告，请稍候。</p><script>$.getJSON("/common/search/a1b2c3d4e5f6?_isAgg=true&_isJson=true&_pageSize=20&_template=index&page="+n, show)</script>'

    def endpoint(asked: Asked) -> Reply | None:
        if asked.place != "/common/search/a1b2c3d4e5f6":
            return None
        number = int(asked_for(asked).get("page", "1"))
        part = parts[number - 1] if number <= len(parts) else []
        rows = [
            {"title": row.title, "url": place(row), "publishedTimeStr": f"{row.moment:%Y-%m-%d %H:%M:%S}"}
            for row in part
        ]
        return _json({"code": 0, "data": {"results": rows, "rows": 20, "page": number, "total": len(district.rows)}})

    return ListPortal(
        district, served(district, place, {"/q/nb/": framed(district, shell)}, endpoint), {"address": "/q/nb/"}
    )
