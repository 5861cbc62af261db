"""An answer as the crawler sees it: its charset, what it is, where it leads, its one address, and what is attached."""

# ruff: noqa: E501 - lines of HTML
from __future__ import annotations

import tracemalloc
from urllib.parse import urljoin, urlsplit, urlunsplit

import pytest

from crawler.pages.article_page import ArticlePage
from crawler.pages.attachments import attachments_in, choose
from crawler.pages.canonical import canonical, resolve
from crawler.pages.page import Page
from crawler.pages.quality import judge
from crawler.pages.redirect_shell import shell_target
from ledger.states import PortalState

START = "https://www.example.gov.cn/"
ASKED = "https://www.example.gov.cn/gknb/a.html"
LONG = "本机关依照条例编制年度报告，向社会公布。" * 4


def page(html: str | bytes, status: int = 200, address: str = ASKED, content_type: str = "text/html") -> Page:
    body = html if isinstance(html, bytes) else html.encode()
    return Page(ASKED, address, status, body, {"content-type": content_type})


@pytest.mark.parametrize(
    "source",
    [
        page('<meta charset="gb2312"><p>囧朱镕基</p>'.encode("gb18030")),
        page("<meta http-equiv=Content-Type content='text/html; charset=GBK'><p>囧朱镕基</p>".encode("gb18030")),
        page("<p>囧朱镕基</p>".encode("gb18030")),
        page("<p>囧朱镕基</p>"),
        page("﻿<p>囧朱镕基</p>"),
        page("<p>囧朱镕基</p>", content_type="text/html; charset=utf-8"),
        page("<meta charset=utf-8><p>囧朱镕基</p>".encode("gb18030"), content_type="text/html; charset=GBK"),
        page('<meta charset="no-such-thing"><p>囧朱镕基</p>'.encode("gb18030")),
        Page(ASKED, ASKED, 200, "<p>囧朱镕基</p>".encode("utf-16-le"), {}, encoding="utf-16-le"),
    ],
)  # fmt: skip
def test_the_charset_is_found(source: Page) -> None:
    assert source.visible_text == "囧朱镕基"


@pytest.mark.parametrize(
    ("answer", "found", "says"),
    [
        (page(f"<p>{LONG}</p>"), PortalState.HEALTHY, ""),
        (page(f"<title>年报</title><form>请输入验证码</form><p>{LONG * 20}</p>"), PortalState.HEALTHY, ""),
        (page("<script>$_ts=window['$_ts'];</script>", 412), PortalState.BLOCKED, "脚本验证"),
        (page("<script>document.cookie='__jsl_clearance=1'</script>"), PortalState.BLOCKED, "脚本验证"),
        (page("<title>Access Denied</title><p>Reference #18</p>"), PortalState.BLOCKED, "Access Denied"),
        (page("<p>您的访问被拦截，事件编号 1</p>"), PortalState.BLOCKED, "防火墙"),
        (page("<p>您的访问被拦截，事件编号 1</p>", 405), PortalState.BLOCKED, "防火墙"),
        (page("<p>Forbidden</p>", 403), PortalState.BLOCKED, "状态码 403"),
        (page("<p>Too many</p>", 429), PortalState.BLOCKED, "状态码 429"),
        (page("<p>oops</p>", 500), PortalState.UNREACHABLE, "状态码 500"),
        (page("<p>not here</p>", 404), PortalState.LAYOUT_CHANGED, "状态码 404"),
        (page("", 200), PortalState.LAYOUT_CHANGED, "空的"),
        (page("<html><body><div></div></body></html>"), PortalState.LAYOUT_CHANGED, "空壳"),
        (page(f"<title>页面不存在</title><p>{LONG}</p>"), PortalState.LAYOUT_CHANGED, "出错页面"),
        (page(f"<p>{LONG}</p>", address=START), PortalState.LAYOUT_CHANGED, "网站首页"),
        (page(f"<title>某区人民政府门户网站</title><meta name=SiteName content=某区人民政府><p>{LONG}</p>"),
         PortalState.LAYOUT_CHANGED, "网站首页"),
    ],
)  # fmt: skip
def test_an_answer_is_classified_before_it_is_read(answer: Page, found: PortalState, says: str) -> None:
    quality = judge(answer, START)
    assert (quality.found, says in quality.sentence) == (found, True), quality.sentence


@pytest.mark.parametrize(
    ("html", "target"),
    [
        ("<script>location.replace('./x/');</script>", "https://www.example.gov.cn/gknb/x/"),
        ('<script>window.location.href = "/y.html"</script>', "https://www.example.gov.cn/y.html"),
        ("<meta http-equiv=Refresh content='0; URL=z.html'>", "https://www.example.gov.cn/gknb/z.html"),
        (f"<script>location.href='/x'</script><p>{LONG}</p>", None),
        ("<script>location.href='javascript:1'</script>", None),
        ("<p>短</p>", None),
    ],
)
def test_a_redirect_shell_leads_on(html: str, target: str | None) -> None:
    assert shell_target(page(html)) == target


@pytest.mark.parametrize(
    "address",
    [
        "https://www.example.gov.cn/gknb/",
        "http://www.example.gov.cn/gknb/index.html",
        "https://example.gov.cn/gknb/index.shtml",
        "https://www.example.gov.cn:443/gknb/",
        "https://WWW.EXAMPLE.GOV.CN/gknb/;jsessionid=1F",
        "https://www.example.gov.cn/gknb/?jsessionid=2&_t=77",
    ],
)
def test_one_page_has_one_address(address: str) -> None:
    assert canonical(address, START) == "https://www.example.gov.cn/gknb/"


def test_other_hosts_ports_and_queries_are_other_pages() -> None:
    for address in (
        "http://other.cn/gknb/",
        "https://www.example.gov.cn/gknb/?id=3",
        "http://example.gov.cn:8080/gknb/",
    ):
        assert canonical(address, START) == address


@pytest.mark.parametrize(
    "href", ["", "#a", "javascript:void(0)", "mailto:a@b.cn", "http://[bad", "http://a:b/", "data:x"]
)
def test_a_link_that_is_no_page_leads_nowhere(href: str) -> None:
    assert resolve(ASKED, href) is None


@pytest.mark.parametrize(
    "base", ["https://a.gov.cn/b/c.html", "https://a.gov.cn", "HTTPS://A.gov.cn:80/x/../b//c.html?d/e#f"]
)
@pytest.mark.parametrize(
    "href", ["./t_1.html", "t.html", "..", ".", "./..", "...html", "a.b/..", "./-a", "t.html?b=1", "年.html"]
)
def test_a_page_beside_the_list_has_the_address_that_is_worked_out(base: str, href: str) -> None:
    assert resolve(base, href) == urlunsplit(urlsplit(urljoin(base, href)))


def test_an_address_that_leads_nowhere_leads_to_no_page_beside_it() -> None:
    assert resolve("ftp://a.gov.cn/b/", "./t.html") is None
    assert resolve(ASKED, "a" * 2000) is None


ATTACHED = """<p><a href="/f/1.pdf">附件1：关于编制年度报告的通知.pdf</a></p>
<p><a href="javascript:;" onclick="openFile('/f/2.doc')">甲街道2025年政府信息公开工作年度报告</a></p>
<p><a href="/viewer?file=/f/3.pdf">甲街道2025年政府信息公开工作年度报告（PDF）</a></p>
<iframe src="/pdf.js/web/viewer.html?file=%2Ff%2F4.pdf"></iframe><a href="/x.html">相关链接</a>"""


def test_attachments_are_found_behind_links_scripts_and_viewers() -> None:
    found = [one.address.partition("/f/")[2] for one in attachments_in(page(ATTACHED))]
    assert found == ["1.pdf", "2.doc", "3.pdf", "4.pdf"]


def test_of_several_the_one_that_is_named_like_the_report_and_keeps_its_tables_is_taken() -> None:
    best, others = choose(attachments_in(page(ATTACHED)), "甲街道2025年政府信息公开工作年度报告")
    assert best is not None
    assert best.address.endswith("/f/3.pdf")
    assert len(others) == 3


def test_of_long_links_next_to_nothing_is_remembered() -> None:
    tracemalloc.start()
    for number in range(10):
        assert attachments_in(page(f'<a href="/{number}{"a" * 500_000}.html">年报</a>')) == []
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < 1_000_000


def test_an_attachment_named_as_something_else_is_never_taken() -> None:
    only = attachments_in(page('<a href="/f/1.pdf">甲街道2025年政府信息公开工作年度报告解读.pdf</a>'))
    assert choose(only, "甲街道2025年政府信息公开工作年度报告")[0] is None


def test_the_same_article_has_the_same_content_whatever_stands_around_it() -> None:
    def content(menu: str, hits: int, text: str = LONG * 5) -> str:
        html = f"<ul>{menu}</ul><div class=c><h1>报告</h1><span>浏览次数：{hits}次</span><div id=zoom><p>{text}</p></div></div>"
        return ArticlePage(page(html)).content_sha256

    assert content("<li>春节</li>", 7) == content("<li>清明</li><li>五一</li>", 12)
    assert content("", 7) != content("", 7, LONG * 5 + "更正")


def test_rows_without_an_end_tag_are_all_there() -> None:
    """Each row stands within the one before: at a depth of 255 the parser's own limit would leave out the rest."""
    rows = "".join(f'<div><a href="a{number}.html">第{number}条</a>' for number in range(600))
    whole = page(f"<html><body>{rows}</body></html>")
    assert len(list(whole.tree.iter("a"))) == 600
    assert not whole.cut
    assert judge(whole, ASKED).good


def test_what_stands_too_deep_is_not_called_read() -> None:
    deep = page(f"<html><body>{'<div>年报' * 3000}</body></html>")
    assert deep.cut
    quality = judge(deep, ASKED)
    assert (quality.found, quality.sentence) == (
        PortalState.LAYOUT_CHANGED,
        "网页的元素一层套一层，超过 2000 层，没有读全",
    )
