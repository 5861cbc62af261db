"""What a list page holds or asks for where no link shows it is unaccounted; what is beside every list is not."""

# ruff: noqa: E501 - lines of HTML
from __future__ import annotations

import base64
import json
from urllib.parse import quote

import pytest

from ledger.crawling.account_kinds import PieceName
from tests.crawler.accounts.test_account import account

ROW = '<ul><li><a href="t{n}.html">{unit}2025年政府信息公开工作年度报告</a><span>2026-01-20</span></li></ul>'
LIST = ROW.format(n=0, unit="东街街道")
TITLE = "北街街道2025年政府信息公开工作年度报告"
RECORDS = json.dumps([{"title": TITLE, "url": "/t3.html"}], ensure_ascii=False)


def unknown(body: str) -> list[str]:
    return [piece.text for piece in account(LIST + body).pieces if piece.name is PieceName.UNKNOWN]


@pytest.mark.parametrize(
    "body",
    [
        f'<script>var a=JSON.parse(decodeURIComponent("{quote(RECORDS)}"));</script>',
        f'<script>var a=JSON.parse(b64("{base64.b64encode(RECORDS.encode()).decode()}"));</script>',
        f"<list-view :rows='{RECORDS.encode('ascii', 'xmlcharrefreplace').decode()}'></list-view>",
        f"<a href='t3.html'>{TITLE.encode('ascii', 'xmlcharrefreplace').decode().replace('&', '&amp;')}</a>",
        '<ul><script src="/plus/js.asp?cat=7"></script></ul>',
        '<script src="/api/list?callback=show"></script>',
        '<script>$("#rest").load("rest.html");</script>',
        "<script>$(window).scroll(function(){page++;$.ajax({url:'/gknb/data.jsp?p='+page,success:add})});</script>",
        "<script type=module>const r=await fetch(`/api/rows?page=${++p}`);</script>",
        "<script>axios.get('/api/v1/articles',{params:{channel:7}}).then(show)</script>",
        "<script>table.render({elem:'#t',url:'/api/list'})</script>",
        '<div id=app><ul><li v-for="item in list"><a :href="item.url">{{item.title}}</a></li></ul></div>',
        '<iframe id=f></iframe><script>document.getElementById("f").src="rest.html";</script>',
        '<!--#include virtual="rest.html"-->',
        '<ul><li data-url="/gknb/rest.html">其余</li></ul>',
        '<div id=list class=list></div><script src="/js/list.js"></script>',
        "<script>document.write('<li><a href='+a[0]+'>'+a[1]+'</a></li>')</script>",
        '<iframe src="http://xxgk.example.org/list.html" width=100% height=900></iframe>',
        '<a href="xp/index.html">西片街道</a>',
        '<a href="/zt/nb/"><img src="/i/nb.jpg" alt="2025年度政府信息公开年报专栏"></a>',
        '<a href="/zt/2025/">2025年专栏</a>',
        '<a href="all.zip">各街道年度报告.zip</a>',
        '<p><a href="/f/3.pdf">北街</a></p>',
        '<p><a href="/x/3.html">北街</a></p>',
        '<p><a href="/f/3.pdf">4</a></p>',
        '<p><a href="/f/3.pdf">附件4</a></p>',
        '<p><a href="/f/bjjd2025.pdf">bjjd2025.pdf</a></p>',
        '<a href="a.xlsx">年报网址一览表</a>',
        '<form action="/so"><input name=q placeholder="请输入单位名称"><input type=submit value=查询></form>',
        "<p>\ufffd\ufffd\ufffd\ufffd\ufffd2025\ufffd\ufffd</p>",
        '<a href="index_1.html"><img src="/i/b.gif"></a>',
        '<a href="t7.html"><img src="/i/t7.jpg"></a>',
        '<a href="index_1.html">往下翻</a>',
        '<p>1 <a href="?p=2">2</a></p>',
        '<a href="t3.html">????2025?????????</a>',
        "<select onchange='query(this.value)'><option value=4>北街街道</option></select>",
        f'<a href="t0.html">{TITLE}</a>',
        '<ul><li><a href="all.html">关于公布2025年部分单位政府信息公开工作年度报告的通知</a><span>2026-01-20</span></li></ul>',
        '<ul><li><a href="all.html">2025年政府信息公开工作年度报告汇编</a><span>2026-01-20</span></li></ul>',
    ],
)
def test_what_may_hold_rows_is_unaccounted(body: str) -> None:
    assert unknown(body)


@pytest.mark.parametrize(
    "body",
    [
        "<script>$.get('/hits.jsp?id=3',function(n){$('#hits').html(n)});</script>",
        '<script src="//hm.baidu.com/hm.js?x"></script><script src="/js/jquery.min.js"></script><script src="/js/common.js"></script>',
        '<script>$.ajax({url:"/user/isLogin",success:function(d){}});$("#header").load("/inc/header.html");</script>',
        '<iframe src="/weather.html" width=200 height=20></iframe>',
        '<iframe src="http://map.example.org/m.html" width=500 height=400></iframe>',
        '<div class=share data-url="http://other.example.org/s">分享</div>',
        '<div id=clock></div><script src="/js/clock.js"></script>',
        "<script>document.write('<span>'+new Date().getFullYear()+'</span>')</script>",
        '<a href="/zt/2019/">2019年专栏</a>',
        '<ul class=nav><li><a href="/x/3.html">北街</a></li></ul><a href="/bj/">北街</a>',
        '<form action="/so"><input name=q placeholder="请输入关键词"><input type=submit value=搜索></form>',
        '<p>共1页</p><form action="/so"><input name=q placeholder="请输入单位名称"><input type=submit value=查询></form>',
        "<select onchange='window.open(this.value)'><option value='http://b.example.org/'>北街街道</option></select>",
        '<div class=page><a>1</a> <a href="index.html">首页</a> <a href="index_0.html">上一页</a></div>',
        '<ul><li><a href="n.html">关于做好2025年政府信息公开工作年度报告编制和公布工作的通知</a><span>2026-01-05</span></li></ul>',
        '<a href="/zt/"><img src="/i/banner.jpg"></a>',
        f"<!-- <ul><li><a href='t3.html'>{TITLE}</a></li></ul> -->",
    ],
)
def test_what_stands_beside_every_list_is_named(body: str) -> None:
    assert unknown(body) == []
