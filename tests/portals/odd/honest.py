"""Honest portals: whole lists in the furniture that real sites have around them; who is missing there is missing."""

# ruff: noqa: E501 - lines of HTML
from __future__ import annotations

from collections.abc import Iterator

from tests.portals.crawling.cases import LIST, TITLES, articles, rows
from tests.portals.crawling.serving import UNITS, Case, Page
from tests.portals.odd.making import LAST_MISSING, case

DAY = "2026-01-20"
_TRS = """<!DOCTYPE html><html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"><title>政府信息公开年报_{district}人民政府</title>
<meta name="SiteName" content="{district}人民政府"><meta name="ColumnName" content="政府信息公开年报"><link rel="stylesheet" href="/images/css.css">
<script src="/images/jquery.min.js"></script><script src="/images/common.js"></script></head><body>
<div class="header"><div class="top"><a href="/">首页</a><a href="/wza/">无障碍</a><a href="javascript:void(0)" onclick="StranBody()">繁體</a><span id="weather"></span>
<iframe src="http://i.tianqi.com/index.php?c=code" width="300" height="30" scrolling="no"></iframe></div>
<form name="searchform" action="/so/s" method="get" target="_blank"><input type="hidden" name="siteCode" value="1101"><input type="text" name="qt" placeholder="请输入关键词"><input type="submit" value="搜索"></form></div>
<ul class="nav"><li><a href="/">首页</a></li><li><a href="/xw/">要闻动态</a></li><li><a href="/zwgk/">政务公开</a></li><li><a href="/fw/">政务服务</a></li><li><a href="/hd/">互动交流</a></li></ul>
<div class="position">您现在的位置：<a href="/">首页</a> &gt; <a href="/zwgk/">政务公开</a> &gt; <a href="/gknb/">政府信息公开年报</a></div>
<div class="left"><h3>政府信息公开</h3><ul><li><a href="/zwgk/zn/">政府信息公开指南</a></li><li><a href="/zwgk/zd/">政府信息公开制度</a></li><li><a href="/zwgk/fdzdgk/">法定主动公开内容</a></li><li class="on"><a href="/gknb/">政府信息公开年报</a></li><li><a href="/zwgk/ysqgk/">依申请公开</a></li></ul></div>
<div class="main">{rows}<div class="page"><script>createPageHTML(1, 0, "index", "html");</script></div></div>
<div class="links"><select onchange="window.open(this.value)"><option>各街道网站</option>{options}</select></div>
<div class="footer"><p>主办：{district}人民政府办公室　网站标识码：1101000001　京ICP备05000000号</p><a href="http://bszs.conac.cn/sitename?method=show&id=1"><img src="/images/red.png"></a>
<script src="//dcs.conac.cn/js/02/000/0000/1.js" type="text/javascript"></script><script src="//pucha.kaipuyun.cn/exposure/jiucuo.js"></script></div>
<div class="share bdsharebuttonbox" data-tag="share_1"><a class="bds_weixin" data-cmd="weixin" href="#"></a></div>
<script>var _hmt=_hmt||[];(function(){{var hm=document.createElement("script");hm.src="https://hm.baidu.com/hm.js?1a";var s=document.getElementsByTagName("script")[0];s.parentNode.insertBefore(hm,s);}})();</script></body></html>"""
_UCAP = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>政府信息公开年度报告</title><script src="/static/common/js/jquery.js"></script></head><body>
<div class="wrap"><div class="logo"><a href="/"><img src="/logo.png" alt="{district}人民政府"></a></div>
<div class="search"><input id="allSearchWord" type="text"><a href="javascript:;" onclick="toSearch()">搜索</a><div id="searchTip"></div></div>
<ul class="menu"><li><a href="/">首页</a></li><li><a href="/c1/index.shtml">政府信息公开</a></li></ul></div>
<div class="crumb">当前位置：<a href="/">首页</a>&gt;<a href="/c1/index.shtml">信息公开</a>&gt;年度报告</div>
<div class="pageList newsList">{rows}</div><div id="page_div"></div><script>createPageHTML('page_div', 1, 1, 'index', 'html', 3);</script>
<script>$(function(){{$("#allSearchWord").keyup(function(){{$.ajax({{url:"/search/associate",data:{{q:$(this).val()}},success:function(d){{$("#searchTip").html(d)}}}})}});
$.getJSON("/user/isLogin",function(d){{if(d.ok)$(".login").html(d.name)}});$.post("/visit/log",{{u:location.href}});}});</script>
<div class="foot">主办单位：{district}人民政府　您是第<span id="visitcount"></span>位访客<script>$.get("/visit/count.do",function(n){{$("#visitcount").text(n)}});</script></div></body></html>"""
_VSB = """<html><head><meta http-equiv="Content-Type" content="text/html; charset=UTF-8"><title>年度报告-{district}人民政府</title><script src="/system/resource/js/counter.js"></script>
<script>_jsq_(1070,'/list.jsp',-1,1433);</script></head><body><div class="top"><script>document.write("今天是"+new Date().getFullYear()+"年")</script></div>
<table><tr><td><a href="../index.htm">首页</a>&nbsp;&gt;&nbsp;<a href="../gk.htm">信息公开</a></td></tr></table>
{rows}<div class="pb_sys_common pb_sys_normal pb_sys_style1"><span class="p_pages"><span class="p_t">共3条</span><span class="p_no_d">1</span><span class="p_t">1/1</span></span></div>
<div id="floatAd" style="position:absolute"><a href="/zt/"><img src="/ad.png"></a><span onclick="closeAd()">关闭</span></div>
<script>function closeAd(){{document.getElementById("floatAd").style.display="none"}}</script>
<div class="focus"><ul class="num"><li onclick="t(1)">1</li><li onclick="t(2)">2</li></ul></div></body></html>"""
_HANWEB = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>政府信息公开年报</title></head><body>
<script language="javascript" src="/module/jslib/jquery/jquery.js"></script><div class="bt-top"><a href="/">首页</a><a href="/col/col1/index.html">政务公开</a></div>
{rows}<div class="page">共3条记录 第1页/共1页</div><div id="barrierfree_container"></div>
<script type="text/javascript" src="/script/web_front.js"></script><script type="text/javascript" src="/module/visitcount/visit.jsp?type=2&i_webid=1&i_columnid=77"></script>
<iframe src="/module/sitesearch/search.html" width="0" height="0"></iframe><textarea style="display:none" id="wza"></textarea></body></html>"""
_OLD = """<HTML><HEAD><TITLE>年报</TITLE><META http-equiv=Content-Type content="text/html; charset=gb2312"></HEAD><BODY>
<TABLE width=1000><TR><TD background=top.jpg><MARQUEE>热烈祝贺我区被评为全国文明城区</MARQUEE></TD></TR></TABLE><!-- 列表开始 -->
{rows}<!-- 列表结束 --><TABLE><TR><TD>首页 上一页 下一页 尾页 页次：1/1页 共3条记录 20条/页 转到<INPUT size=2 value=1>页</TD></TR></TABLE>
<TABLE><TR><TD><A href="mailto:a@example.gov.cn">联系我们</A> | <A href="javascript:window.external.AddFavorite(location.href)">加入收藏</A></TD></TR></TABLE>
<SCRIPT src="/count/count.asp"></SCRIPT></BODY></HTML>"""
_VUE = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>年报</title></head><body><div id="header" class="header"></div>
<div class="list-box">{rows}</div><div class="loading" style="display:none">加载中...</div><div class="footer" id="footer"></div>
<script>$("#header").load("/include/header.html");$("#footer").load("/include/footer.html");
$.ajax({{url:"/api/weather/now",type:"get",success:function(res){{if(res.code==200){{$("#weather").html(res.data.text)}}}}}});</script></body></html>"""


def _site(frame: str, name: str, body: str, encoding: str = "utf-8") -> dict[str, Page]:
    options = "".join(f'<option value="http://{n}.example.gov.cn/">{unit}</option>' for n, unit in enumerate(UNITS))
    text = frame.format(district=f"{name}区", rows=body, options=options)
    return {LIST: (200, {"Content-Type": "text/html"}, text.encode(encoding))} | articles()


def cases() -> Iterator[tuple[str, Case]]:
    """Every case by its name."""
    table = "<table><tr><th>序号</th><th>标题</th><th>发布日期</th></tr>" + "".join(
        f'<tr><td>{n + 1}</td><td><a href="t{n}.html" title="{TITLES[n]}">{TITLES[n]}</a></td><td>{DAY}</td></tr>'
        for n in range(3)
    )
    yield "y01", case("TRS with all its furniture", _site(_TRS, "y01", rows(0, 3)), LAST_MISSING)
    yield "y02", case("ucap with suggestions, logins and counters", _site(_UCAP, "y02", rows(0, 3)), LAST_MISSING)
    yield (
        "y03",
        case("VSB with counters, a float and focus pictures", _site(_VSB, "y03", table + "</table>"), LAST_MISSING),
    )
    yield "y04", case("hanweb with a visit counter", _site(_HANWEB, "y04", rows(0, 3)), LAST_MISSING)
    yield (
        "y05",
        case(
            "an old page in GB2312 with a field for the page's number",
            _site(_OLD, "y05", table + "</table>", "gbk"),
            LAST_MISSING,
        ),
    )
    yield (
        "y06",
        case(
            "head and foot by script, a loading mark that is not displayed",
            _site(_VUE, "y06", rows(0, 3)),
            LAST_MISSING,
        ),
    )
