"""What scripts of a list page ask the server for: a careful person tells rows from hits, weather, menus and suggestions."""

# ruff: noqa: E501 - lines of scripts
from __future__ import annotations

import pytest

from crawler.accounts.asking import asks_for_rows
from crawler.accounts.purposes import is_beside
from ledger.crawling.account_kinds import PieceName
from tests.crawler.accounts.test_account import account

# What is asked for is no row of the list: the address says so, or where the answer is written, or that nothing comes back.
HARMLESS = {
    "hits by their address": """$.get('/hits.jsp?id=3',function(n){$('#hits').html(n)});""",
    "hits of articles": """$.ajax({url:'/api/article/updateHits',data:{id:7},success:function(d){}});""",
    "a visit is counted": """$.ajax({type:"POST",url:"/module/visitcount/visit.jsp",data:{webid:1},dataType:"html",success:function(data){$("#fwl").html(data);}});""",
    "the weather, by an address that says nothing": """$.getJSON('/common/tq2.do',function(d){$('#weather').html(d.text)});""",
    "the head of the page": """$("#header").load("/include/header.html");""",
    "the foot, by fetch": """fetch('/include/footer.html').then(function(r){return r.text()}).then(function(t){document.getElementById('footer').innerHTML=t});""",
    "a menu, written into the menu": """$.ajax({url:'/common/tree7.do',success:function(d){$('.nav').html(d)}});""",
    "whether somebody has logged in": """$.ajax({url:"/user/isLogin",success:function(d){if(d.ok){$('#dl').show()}}});""",
    "suggestions while something is typed": """$('#q').keyup(function(){$.ajax({url:'/so/tips',data:{k:$(this).val()},success:function(d){$('#tips').html(d)}})});""",
    "suggestions by their address": """$.getJSON('/search/suggest?kw='+k,function(d){show(d)});""",
    "the server's time": """$.get('/common/servertime.do',function(t){start(t)});""",
    "a signature for sharing": """$.ajax({url:'/wx/getJssdkConfig',data:{url:location.href},success:function(d){wx.config(d)}});""",
    "nothing comes back": """$.post('/common/a.do',{u:location.href});""",
    "nothing comes back, without jQuery": """var x=new XMLHttpRequest();x.open('POST','/common/b.do',true);x.send('u='+location.href);""",
    "a picture that counts": """var i=new Image();i.src='/common/c.jsp?u='+encodeURIComponent(location.href);""",
    "a token against forgery": """$.get('/getCsrfToken',function(t){$('input[name=csrf]').val(t)});""",
    "the holiday's banner, written beside": """$.ajax({url:'/common/pf.do',success:function(d){$('#piaofu').html(d)}});""",
    "a login by an old browser's object": """var r=window.XMLHttpRequest?new XMLHttpRequest():new ActiveXObject("Microsoft.XMLHTTP");r.onreadystatechange=function(){if(r.readyState==4){document.getElementById("loginbar").innerHTML=r.responseText}};r.open("GET","/common/d.jsp",true);r.send();""",
}
# Rows may come from there, whatever words stand beside the call.
DATA = {
    "data and its status": """$.ajax({url:'/gknb/data.jsp',success:function(data,status){if(status=='success')$('ul').append(data)}});""",
    "a message when it fails": """$.ajax({url:'/api/channel/7',success:function(r){add(r.rows)},error:function(r){alert(r.message)}});""",
    "below a folder called static": """$.getJSON('/static/json/7.json',function(d){add(d)});""",
    "by a number of the user's site": """$.get('/api/v1/getContent?siteUserId=3',function(d){$('.list').append(d)});""",
    "a search of the column": """$.get('/search/4a7f?page=1&_pageSize=20',function(d){add(d)});""",
    "a search by POST": """$.ajax({type:'post',url:'/search/queryList',data:{channelId:7},success:function(d){add(d)}});""",
    "hot articles that may be reports": """$.get('/api/hotClick/list',function(d){$('#hot').html(d)});""",
    "the number of rows": """$.get('/api/list/count',function(n){draw(n);load()});""",
    "an address put together elsewhere": """$.ajax({url:listUrl,success:function(d){$('.list').html(d)}});""",
    "written into a place that says nothing": """$.get('/common/e.do',function(d){$('#box').html(d)});""",
    "written into the menu and the list": """$.get('/common/f.do',function(d){$('.nav').html(d.nav);$('#list').html(d.rows)});""",
    "handed to a function": """$.get('/common/g.do',function(d){$('#weather').html(d.text);render(d)});""",
    "a list of messages": """$.ajax({url:'/message/list',success:function(d){$('.list').html(d)}});""",
    "a count beside, then rows": """function visitCount(){} $.get('/hits.jsp?id=3',function(n){$('#hits').html(n)});axios.get('/api/v1/articles',{params:{channel:7}}).then(r=>{app.list=r.data});""",
    "a script file with rows below static": "</script><script src='/static/data/rows.jsp?callback=show'>",
    "a login page that asks for a list": """var loginUrl='/login';fetch('/api/gk/'+id).then(r=>r.json()).then(d=>{vm.rows=d});""",
    "a page of more": """$('#next').click(function(){$.ajax({url:'/common/h.do',data:{p:++p},success:function(d){$('#tips').append(d)}})});""",
    "hits in the query": """$.get('/common/i.do?orderBy=hits',function(d){add(d)});""",
    "top ten in the path": """$.get('/top/rows.jsp',function(d){add(d)});""",
    "whatever a form asks": """$.ajax({url:$('#f').attr('action'),data:$('#f').serialize(),success:function(d){$('#result').html(d)}});""",
    "a time line": """$.get('/common/timeLine.do',function(d){add(d)});""",
    "written where tabs show what is chosen": """$.get('/common/l.do',function(d){$('#chosen').html(d)});""",
    "written into a list of dates": """$.get('/common/m.do',function(d){$('#date-list').html(d)});""",
    "heard of after it was sent": """var x=new XMLHttpRequest();x.open('GET','/common/n.do',true);x.send();x.onload=function(){add(x.responseText)};""",
    "heard of by an event": """var x=new XMLHttpRequest();x.open('GET','/common/o.do',true);x.send();x.addEventListener('load',add);""",
    "a page by number, without jQuery": """var x=new XMLHttpRequest();x.open('POST','/common/p.do',true);x.send('pageNo='+p);""",
    "every answer is taken elsewhere": """$(document).ajaxSuccess(function(e,x){add(x.responseText)});$.post('/common/q.do',{u:location.href});""",
    "kept for later": """var saved=$.get('/common/j.do');later();function later(){saved.done(add)}""",
    "waited for": """async function go(){const r=await fetch('/common/k.do');add(await r.json())}go();""",
}
_PLACES = "<div id=header></div><div class='tab-nav content'><div id=chosen></div></div><ul class=nav><li><a href='/'>首页</a></li></ul><div id=weather></div><div id=loginbar></div><span id=hits></span><div id=piaofu></div><div class=search><input id=q name=q><div id=tips></div></div><div id=footer></div>"


def unknown(script: str) -> list[str]:
    page = account(
        f"{_PLACES}<ul><li><a href='t.html'>甲街道2025年政府信息公开工作年度报告</a></li></ul><script>{script}</script>"
    )
    return [piece.text for piece in page.pieces if piece.name is PieceName.UNKNOWN]


@pytest.mark.parametrize("note", HARMLESS)
def test_what_stands_beside_a_list_is_named(note: str) -> None:
    assert unknown(HARMLESS[note]) == []


@pytest.mark.parametrize("note", DATA)
def test_what_may_be_rows_is_unaccounted(note: str) -> None:
    assert unknown(DATA[note])


@pytest.mark.parametrize("note", HARMLESS)
def test_a_harmless_call_excuses_no_other(note: str) -> None:
    assert unknown(HARMLESS[note] + DATA["data and its status"])


def test_more_calls_than_anybody_reads_are_not_excused() -> None:
    assert not unknown(HARMLESS["hits by their address"] * 20)
    assert unknown(HARMLESS["hits by their address"] * 201)


@pytest.mark.parametrize(
    ("address", "beside"),
    [
        ("/hits.jsp?id=1", True),
        ("/api/article/addHits", True),
        ("https://hm.baidu.com/hm.js?1", True),
        ("/weather/data.json", True),
        ("/module/visitcount/articlehits.jsp", True),
        ("/common/header.shtml", True),
        ("/top.html", True),
        ("/messageController/getMessage.do", False),
        ("/search/123", False),
        ("/static/list.json", False),
        ("/api/list/count", False),
        ("/user/list", False),
        ("/xxgk/top.html", False),
        ("/statistics/rows", False),
        ("/data", False),
        ("", False),
    ],
)
def test_an_address_says_what_it_is_for(address: str, beside: bool) -> None:
    assert is_beside(address) == beside


@pytest.mark.parametrize(
    "piece", ["$.ajax({url:'/a',success:function(d){", "fetch('/a').then(", "x.src='/a.jsp';", "(" * 3]
)
def test_a_long_or_broken_script_is_read_in_time(piece: str) -> None:
    assert asks_for_rows(piece * 20_000 + "$.get('/a'", lambda _: False)
