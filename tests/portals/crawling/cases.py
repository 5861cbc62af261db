"""The cases. Each site truly lists the 2025 reports of all four units, dated 2026-01-20 unless its note says otherwise."""

# ruff: noqa: E501 - lines of HTML
from __future__ import annotations

import gzip
import itertools
import json
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from urllib.parse import quote, unquote_to_bytes, urlsplit

from tests.portals.crawling.serving import UNITS, Answer, Asked, Case, Page

TITLES = tuple(f"{unit}2025年政府信息公开工作年度报告" for unit in UNITS)
FILE = b"%PDF-1.4\n1 0 obj <<>> endobj\n% an annual report\n"
LIST = "/gknb/index.html"
TEXT = (
    "<h1>{title}</h1><p>发布日期：2026-01-20</p><p>本年度报告依据《中华人民共和国政府信息公开条例》编制，统计期限自2025年1月1日起至2025年12月31日止。"
    "本机关收到和处理政府信息公开申请三件，均按期答复。主动公开政府信息二十条。" + "存在的主要问题及改进情况：信息公开的时效仍待加强。" * 12 + "</p>"
)  # fmt: skip
UNREADABLE = ("unverifiable",) * 4
HALF = ("on_time", "on_time", "unverifiable", "unverifiable")


def article(n: int) -> str:
    """The page of one unit's report."""
    head = f"<head><meta charset=utf-8><title>{TITLES[n]}</title></head>"
    return f"<!doctype html><html>{head}<body>{TEXT.format(title=TITLES[n])}</body></html>"


def articles() -> dict[str, Page]:
    """All four of them."""
    return {f"/gknb/t{n}.html": article(n) for n in range(4)}


def page(inner: str, head: str = "<meta charset=utf-8>") -> str:
    """A list page around ``inner``."""
    return f"<!doctype html><html><head>{head}<title>政府信息公开年报</title></head><body><h2>政府信息公开年报 列表</h2>{inner}</body></html>"


def row(n: int, date: str = "<span>2026-01-20</span>", beside: str = "") -> str:
    """One plain row."""
    return f'<li><a href="t{n}.html">{TITLES[n]}</a>{beside}{date}</li>'


def rows(first: int = 0, last: int = 4, date: str = "<span>2026-01-20</span>") -> str:
    """Plain rows."""
    return "<ul>" + "".join(row(n, date) for n in range(first, last)) + "</ul>"


def each(form: str) -> str:
    """A list of rows written as ``form`` with {n} and {title}."""
    return "<ul>" + "".join(form.format(n=n, title=TITLES[n]) for n in range(4)) + "</ul>"


def listed(inner: str, **more: str) -> dict[str, Page]:
    """A site of one list page and the four reports."""
    return {LIST: page(inner, **more)} | articles()


def _attached(links: Mapping[int, str], files: Mapping[str, Page], encoding: str = "utf-8") -> dict[str, Page]:
    def one(n: int) -> bytes:
        says = f"<!doctype html><meta charset={encoding}><title>{TITLES[n]}</title><h1>{TITLES[n]}</h1><p>发布日期：2026-01-20</p>"
        return f"{says}<p>详见附件。本机关年度报告全文如下，请下载附件阅读。</p>{links[n]}".encode(encoding)

    pages: dict[str, Page] = {f"/gknb/t{n}.html": one(n) for n in range(4)}
    return {LIST: page(rows())} | pages | dict(files)


def _cookie_gate(body: str) -> Callable[[Asked], Answer]:
    def answer(asked: Asked) -> Answer:
        if "sid=1" in (asked.headers.get("Cookie") or ""):
            return 200, {}, body.encode()
        return 302, {"Location": asked.path, "Set-Cookie": "sid=1; path=/"}, b""

    return answer


def _written(raw: Callable[[bytes], bytes], n: int) -> Callable[[Asked], None]:
    """An article whose answer is written byte by byte."""

    def answer(asked: Asked) -> None:
        asked.wfile.write(raw(article(n).encode()))
        asked.wfile.flush()
        asked.close_connection = True

    return answer


def _changing(make: Callable[[str], str]) -> Callable[[Asked], Answer]:
    """A page that is another one at every load."""
    numbers = itertools.count(0x5A3C_91D0, 7919)

    def answer(_: Asked) -> Answer:
        mark = f"{next(numbers):08x}"
        return 200, {"ETag": f'"{mark}"'}, make(mark).encode()

    return answer


def _gbk_query(asked: Asked) -> Answer:
    known = "年报".encode("gbk") in unquote_to_bytes(urlsplit(asked.path).query)
    return (200, {"Content-Type": "application/pdf"}, FILE) if known else (404, {}, b"<title>404</title>no such file")


def _odd_addresses(asked: Asked) -> Answer:
    odd = [
        "./T 0.HTML",
        "..\\gknb\\t1.html",
        f" HTTP://{asked.headers['Host']}/gknb/t2.html#x\n",
        "/gknb/%e5%b9%b4%20%E6%8A%A53.html?a=1&amp;b=2",
    ]
    items = "".join(
        f'<li><a href="{href}">{title}</a><span>2026-01-20</span></li>' for href, title in zip(odd, TITLES, strict=True)
    )
    return 200, {}, page(f"<ul>{items}</ul>").encode()


def _only_clocks(n: int) -> str:
    says = (
        "欢迎访问！当前时间：2026年2月5日 星期四",
        "来源：办公室 更新时间：2026-02-03 10:00",
        "打印日期：2026-02-05",
        "",
    )[n]
    return article(n).replace("<body>", f"<body><div class=top>{says}</div>").replace("<p>发布日期：2026-01-20</p>", "")


def _chunk_cut(body: bytes) -> bytes:
    return (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
        + f"{len(body):x}\r\n".encode()
        + body
    )


def _too_long(body: bytes) -> bytes:
    return f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(body) + 50}\r\n\r\n".encode() + body


def _counted(n: int, mark: str) -> str:
    counter = f"<p>浏览次数：{int(mark, 16)} 次</p><script>var token='{mark}'</script></body>"
    return article(n).replace("</body>", counter)


def cases() -> Iterator[tuple[str, Case]]:
    """Every case by its name."""
    pdf: Answer = (200, {"Content-Type": "application/pdf"}, FILE)
    nameless: Answer = (
        200,
        {
            "Content-Type": "application/octet-stream",
            "Content-Disposition": "attachment; filename*=UTF-8''" + quote("年度报告.pdf"),
        },
        FILE,
    )
    gbk = "年度报告.pdf".encode("gbk")
    yield "c00", Case("a plain list", listed(rows()))
    box = '<div class=aside><h3>最新信息</h3><ul><li><a href="/tz/1.html">春节假期值班安排</a><span>2026-01-28</span></li></ul></div>'
    yield (
        "c01",
        Case("month and day only, a box with full dates beside it", listed(rows(date="<span>01-20</span>") + box)),
    )
    yield (
        "c02",
        Case(
            "each row is one link with title and date",
            listed(each('<li><a href="t{n}.html"><span>{title}</span><em>2026/01/20</em></a></li>')),
        ),
    )
    yield (
        "c03",
        Case(
            "a thumbnail before the title, same address",
            listed(
                each(
                    '<li><a href="t{n}.html"><img src="/p.png"></a><a href="t{n}.html">{title}</a><span>2026-01-20</span></li>'
                )
            ),
        ),
    )
    opened = f"""<li><a href="javascript:void(0)" onclick="window.open('/gknb/t3.html')">{TITLES[3]}</a><span>2026-01-20</span></li>"""
    yield "c04", Case("one row is opened by script", listed(rows(0, 3) + f"<ul>{opened}</ul>"))
    script = '<div class=pager><span>1</span> <a href="javascript:goPage(2)">2</a> <a href="javascript:goPage(2)">下一页</a></div>'
    yield "c05", Case("a pager by script that cannot be followed", listed(rows(0, 2) + script), HALF)
    goes = '<script>function goPage(n) { if (n < 1) return; window.location.href = "index_" + (n - 1) + ".html"; }</script>'
    yield (
        "c05-function",
        Case(
            "a pager by script whose function stands in the page",
            listed(rows(0, 2) + script + goes)
            | {"/gknb/index_1.html": page(rows(2, 4) + script.replace("下一页", ""))},
        ),
    )
    sends = (
        '<form id=f action="list.jsp"><input type=hidden name=cat value=7><input type=hidden id=pageNo name=p></form>'
    )
    sends += "<script>function goPage(n) { $('#pageNo').val(n); $('#f').submit(); }</script>"
    yield (
        "c05-form",
        Case(
            "a pager by script that sends a form",
            listed(rows(0, 2) + script + sends) | {"/gknb/list.jsp?cat=7&p=2": page(rows(2, 4))},
        ),
    )
    pager = '<div class=pager><a href="?cur=1">1</a> <a href="?cur=2">2</a> <a href="?cur=2">下一页</a></div>'
    yield (
        "c06",
        Case(
            "a pager with a parameter of an unknown name",
            listed(rows(0, 2) + pager) | {f"{LIST}?cur=2": page(rows(2, 4) + pager)},
        ),
    )
    marked: Answer = (200, {"Content-Type": "text/html; charset=GBK"}, b"\xef\xbb\xbf" + page(rows()).encode())
    yield "c07", Case("a byte order mark under another charset in the header", articles() | {LIST: marked})
    yield (
        "c08",
        Case(
            "a script element's charset before the meta element's",
            listed(rows(), head='<script src="/js/tj.js" charset="gb2312"></script><meta charset="utf-8">'),
        ),
    )
    yield (
        "c09",
        Case(
            "base href",
            listed(
                each('<li><a href="gknb/t{n}.html">{title}</a><span>2026-01-20</span></li>'),
                head='<meta charset=utf-8><base href="/">',
            ),
        ),
    )
    data = json.dumps(
        {"data": [{"id": n, "title": title, "date": "2026-01-20"} for n, title in enumerate(TITLES)]},
        ensure_ascii=False,
    )
    shell = page("<div id=app>某某区人民政府信息公开平台，请使用支持脚本的浏览器打开本页面以查看内容</div>")
    yield (
        "c10",
        Case(
            "a JSON list whose articles are hash routes of a page that needs scripts",
            {"/api/list": (200, {"Content-Type": "application/json"}, data.encode()), "/web/": shell},
            family="json-list",
            column="/api/list",
            facts={"json_rows": {"rows": "data", "title": "title", "date": "date", "link": "/web/#/detail?id={id}"}},
        ),
    )
    yield (
        "c11",
        Case(
            "the title attribute is a tooltip",
            listed(
                each(
                    '<li><a href="t{n}.html" title="标题：{title}&#13;作者：办公室&#13;更新时间：2026-1-20">{title}</a><span>2026-01-20</span></li>'
                )
            ),
        ),
    )
    links = '<a href="f.pdf">PDF版</a><a href="f.docx">Word版</a><a href="tj.html">图解</a>'
    abstract = f"<p>{'根据条例要求编制本报告。' * 40}</p>"
    yield (
        "c12",
        Case(
            "a row with four links, one with a long abstract",
            listed(f"<ul>{row(0)}{row(1)}{row(2, beside=links)}{row(3, beside=abstract)}</ul>"),
        ),
    )
    yield (
        "c13",
        Case(
            "an undated list, one title cut short",
            listed(rows(0, 3, "") + '<ul><li><a href="t3.html">北街街道办事处2025年政府信息公开工…</a></li></ul>'),
        ),
    )
    yield (
        "c14",
        Case(
            "a redirect to itself that sets a cookie",
            {LIST: _cookie_gate(page(rows()))} | {f"/gknb/t{n}.html": _cookie_gate(article(n)) for n in range(4)},
        ),
    )
    downloads = {
        0: '<a href="/download?id=0">附件下载</a>',
        1: f'<a href="/download?id=1">{TITLES[1]}.pdf</a>',
        2: """<a href="javascript:void(0)" onclick="downFile('2')">附件下载</a>""",
        3: '<a href="/file/3.PDF ">附件下载</a>',
    }
    yield (
        "d01",
        Case(
            "downloads without an extension, one only a script knows",
            _attached(downloads, {"/download": nameless, "/file/3.PDF": nameless}),
        ),
    )
    yield (
        "d02",
        Case(
            "a Chinese name in the query of a GBK page",
            _attached(
                {n: f'<a href="down.asp?f=年报{n}.pdf">附件</a>' for n in range(4)},
                {"/gknb/down.asp": _gbk_query},
                "gbk",
            ),
        ),
    )
    raw: dict[str, Page] = {
        "/f/0.pdf": (200, {"Content-Type": b'application/x-download; filename="' + gbk + b'"'}, FILE + b"0"),
        "/f/1.pdf": (
            200,
            {"Content-Type": "application/octet-stream", "Content-Disposition": b"attachment; filename=" + gbk},
            FILE + b"1",
        ),
        "/f/2.pdf": (302, {"Location": "/f/年报 2.pdf".encode()}, b""),
        "/f/3.pdf": (302, {"Location": "/f/年报3.pdf".encode("gbk")}, b""),
        "/f/%E5%B9%B4%E6%8A%A5%202.pdf": (200, {"Content-Type": "application/pdf"}, FILE + b"2"),
        "/f/%C4%EA%B1%A83.pdf": (200, {"Content-Type": "application/pdf"}, FILE + b"3"),
    }
    yield (
        "d03",
        Case("raw GBK bytes in headers", _attached({n: f'<a href="/f/{n}.pdf">附件</a>' for n in range(4)}, raw)),
    )
    broken: dict[str, Page] = {
        LIST: page(rows()),
        "/gknb/t0.html": (200, {}, gzip.compress(article(0).encode())),
        "/gknb/t1.html": _written(_too_long, 1),
        "/gknb/t2.html": _written(lambda body: b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n" + body, 2),
        "/gknb/t3.html": _written(_chunk_cut, 3),
    }
    yield "d04", Case("answers that are cut short or packed unsaid", broken, ("*", "*", "on_time", "*"))
    busy: Answer = (503, {"Retry-After": "Sun, 29 Nov 2026 23:30:00"}, b"busy")
    yield (
        "d05",
        Case(
            "Retry-After without a zone",
            listed(rows()) | {"/gknb/t1.html": busy},
            ("on_time", "unverifiable", "*", "*"),
        ),
    )
    yield (
        "d06",
        Case(
            "a charset that is no encoding of texts",
            listed(rows()) | {"/gknb/t1.html": (200, {"Content-Type": "text/html; charset=hex"}, article(1).encode())},
        ),
    )
    yield (
        "d07",
        Case(
            "a session number in every link, new at each load",
            articles()
            | {
                LIST: _changing(
                    lambda mark: page(
                        each(f'<li><a href="t{{n}}.html?PHPSESSID={mark}">{{title}}</a><span>2026-01-20</span></li>')
                    )
                )
            },
        ),
    )
    counted: dict[str, Page] = {f"/gknb/t{n}.html": _changing(partial(_counted, n)) for n in range(4)}
    yield (
        "d08",
        Case(
            "validators and counters new at each load",
            {LIST: _changing(lambda mark: page(rows() + f"<!-- {mark} -->"))} | counted,
        ),
    )
    same = '<div class=pager><a href="?page=2">2</a> <a href="?page=2">下一页</a> <a href="?page=2">尾页</a></div>'
    yield "d09", Case("page two answers with page one", listed(rows(0, 2) + same), HALF)
    call = '<script>createPageHTML(pageCount=2, 0, "index", "html");</script><a href="index_1.html">下一页</a>'
    yield (
        "d10",
        Case(
            "trs: an odd call beside a plain link",
            listed(rows(0, 2) + call) | {"/gknb/index_1.html": page(rows(2, 4))},
            family="trs",
        ),
    )
    tab = f'<ul class="list">{row(0)}{row(1)}</ul><div class="tab-nav content"><ul>{row(2)}{row(3)}</ul></div>'
    yield "d11", Case("half of the list in a wrapper that is called nav", listed(tab))
    yield (
        "d12",
        Case("GBK under a meta element that says UTF-8", articles() | {LIST: page(rows()).encode("gbk")}, UNREADABLE),
    )
    odd: dict[str, Page] = {
        LIST: _odd_addresses,
        "/gknb/T%200.HTML": article(0),
        "/gknb/%e5%b9%b4%20%E6%8A%A53.html": article(3),
        "/gknb/%E5%B9%B4%20%E6%8A%A53.html": article(3),
    }
    yield "d13", Case("blanks, backslashes, capitals, line ends in addresses", articles() | odd)
    scripts = {
        0: '<a href="/module/download/downfile.jsp?classid=0&amp;showname=nb.pdf&amp;filename=2601200930.pdf">2025年年报.pdf</a>',
        1: '<a href="/common/down.asp?file=nb1.pdf">附件</a>',
        2: '<a href="/download.do?path=/upload/2026/nb2.pdf">附件</a>',
        3: '<iframe src="/js/viewer.html?file=/upload/2026/nb3.pdf"></iframe>',
    }
    yield (
        "d14",
        Case(
            "download scripts with the file's name in the query",
            _attached(
                scripts,
                dict.fromkeys(
                    ("/module/download/downfile.jsp", "/common/down.asp", "/download.do", "/upload/2026/nb3.pdf"), pdf
                ),
            ),
        ),
    )
    clocks = {f"/gknb/t{n}.html": _only_clocks(n) for n in range(4)}
    yield (
        "e01",
        Case("no date but clocks, updates and printing", {LIST: page(rows(date=""))} | clocks, ("date_disputed",) * 4),
    )
    clock = {
        f"/gknb/t{n}.html": article(n).replace("<body>", "<body><div class=top>当前时间：2026年2月5日 星期四</div>")
        for n in range(4)
    }
    yield "e02", Case("a clock in the site's header beside dates", {LIST: page(rows())} | clock)
    variables = '<script>var currentPage = 0; var countPage = 2; createPageHTML(countPage, currentPage, "index", "html");</script>'
    yield (
        "e03",
        Case(
            "trs: the pager's numbers stand in variables",
            listed(rows(0, 2) + variables) | {"/gknb/index_1.html": page(rows(2, 4))},
            family="trs",
        ),
    )
