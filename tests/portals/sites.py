"""Portals in trouble, each one kind of it, for the demo's server; and the files of an office that watches them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from html import escape
from pathlib import Path

import yaml

from cli.demo.portals.shifan import CHALLENGE
from cli.demo.portals.sound_report import sound_body
from cli.demo.site import NOT_FOUND, Answer, Site

COLUMN = "/gknb/index.html"
ROBOTS = Answer(b"User-agent: *\nAllow: /\n", "text/plain")
QINGSHAN = "云山区青山街道2019年政府信息公开工作年度报告"
LUSHUI = "云山区绿水街道2019年政府信息公开工作年度报告"
FRAME = """<!DOCTYPE html><html><head><meta charset="utf-8"><meta name="SiteName" content="云山区人民政府">{head}
</head><body><nav><a href="/">首页</a><a href="/zwgk/">政务公开</a><a href="/hd/">互动交流</a></nav>{body}
<div class="footer">主办：云山区人民政府办公室　政府网站标识码：0000000001</div></body></html>"""
HOME = Answer(
    FRAME.format(
        head="<title>云山区人民政府</title>",
        body="<ul>"
        + "".join(f'<li><a href="/n{n}.html">要闻第{n}条</a> 2020-01-{n:02}</li>' for n in range(1, 9))
        + "</ul>",
    ).encode()
)
CAPTCHA = Answer(
    FRAME.format(head="<title>访问验证</title>", body="<p>请输入验证码后继续访问</p><img src=/v.png>").encode()
)
SERVER_ERROR = Answer(b"<html><body><h1>500 Internal Server Error</h1></body></html>", status=500)
BROKEN = Answer(b"<html><body><h1>502 Bad Gateway</h1></body></html>", status=502)

Row = tuple[str, str, str | None]


def page(text: str, status: int = 200) -> Answer:
    """A page in UTF-8."""
    return Answer(text.encode(), "text/html; charset=utf-8", status=status)


def listing(rows: Sequence[Row], pager: str = "", *, named: bool = True) -> Answer:
    """A list page: address, title and date (or none) of each entry."""
    head = '<meta name="ColumnName" content="政府信息公开年报"><title>政府信息公开年报</title>' if named else ""
    items = "".join(
        f'<li><a href="{href}">{escape(title)}</a>{f"<span>{date}</span>" if date else ""}</li>'
        for href, title, date in rows
    )
    return page(FRAME.format(head=head, body=f"<h1>列表</h1><ul>{items}</ul>{pager}"))


def article(title: str, body: str, published: str = "2020-01-16 08:20") -> Answer:
    """An article with the page labels."""
    labels = f'<meta name="ArticleTitle" content="{title}"><meta name="PubDate" content="{published}">'
    return page(FRAME.format(head=f"{labels}<title>{title}</title>", body=f"<h1>{title}</h1><div>{body}</div>"))


def report(title: str = QINGSHAN, agency: str = "青山街道办事处") -> Answer:
    """An article whose body is a sound report for 2019."""
    return article(title, sound_body(agency, 2019))


def attached(href: str, name: str = "年度报告") -> Answer:
    """An article with a title and an attachment."""
    return article(QINGSHAN, f'<p>附件：<a href="{href}">{name}</a></p>')


def site(pages: Mapping[str, Answer], otherwise: Answer = NOT_FOUND) -> Site:
    """A site that is the same on every day."""
    whole = {"/robots.txt": ROBOTS, "/": HOME, **pages}
    return Site(lambda _today: whole, otherwise)


def one_article(answer: Answer, more: Mapping[str, Answer] | None = None, href: str = "a1.html") -> Site:
    """A site whose list has one entry, 青山街道's report."""
    pages = {COLUMN: listing([(href, QINGSHAN, "2020-01-16")]), f"/gknb/{href}": answer, **(more or {})}
    return site(pages)


def troubled() -> dict[str, Site]:
    """Every kind of trouble, by a portal id that names it."""
    other = "云山区红石街道2019年政府信息公开工作年度报告"
    return {
        "sound": one_article(report()),
        "no-rows": site({COLUMN: page(FRAME.format(head="<title>新版栏目</title>", body="<p>内容正在整理</p>" * 5))}),
        "empty-list": site({COLUMN: listing([], "<p>暂无内容</p>")}),
        "script-list": site({COLUMN: listing([], '<ul id="list"></ul><script>loadList("gknb", 1)</script>')}),
        "script-pager": site(
            {
                COLUMN: listing([("a1.html", QINGSHAN, "2020-01-16")], "共 3 页 <a href='javascript:go(2)'>下一页</a>"),
                "/gknb/a1.html": report(),
            }
        ),
        "link-404": one_article(NOT_FOUND),
        "pdf-none": one_article(attached("r.pdf"), {"/gknb/r.pdf": Answer(b"this is no pdf", "application/pdf")}),
        "pdf-is-page": one_article(attached("r.pdf"), {"/gknb/r.pdf": report()}),
        "empty-file": one_article(attached("r.pdf"), {"/gknb/r.pdf": Answer(b"", "application/pdf")}),
        "no-document": one_article(article(QINGSHAN, "<p>年度报告已经公布。</p>")),
        "unknown-agency": site(
            {COLUMN: listing([("a1.html", other, "2020-01-16")]), "/gknb/a1.html": report(other, "红石街道")}
        ),
        "shell": site(
            {
                COLUMN: page('<html><script>window.location.href="./list.html"</script></html>'),
                "/gknb/list.html": listing([("a1.html", QINGSHAN, "2020-01-16")]),
                "/gknb/a1.html": page('<head><meta http-equiv="refresh" content="0;url=/real/a1.html"></head>'),
                "/real/a1.html": report(),
            }
        ),
        "shell-loop": site({COLUMN: page('<script>location.replace("./index.html?a")</script>')}),
        "robots": site(
            {"/robots.txt": Answer(b"User-agent: *\nDisallow: /\n", "text/plain"), COLUMN: listing([])},
        ),
        "server-error": site({}, SERVER_ERROR),
        "captcha": site({}, CAPTCHA),
        "challenge": site({}, CHALLENGE),
        "home-page": site({}, HOME),
        "home-redirect": site({COLUMN: Answer(b"", status=301, headers=(("Location", "/"),))}),
        "article-captcha": one_article(CAPTCHA),
        "article-home": one_article(HOME),
        "english-error": site({COLUMN: page("<title>Error</title><body><h1>Error 404</h1>Not here, sorry.</body>")}),
    }  # fmt: skip


def write_office(home: Path, addresses: Mapping[str, str], family: str = "static-list") -> None:
    """Portal files and registers for ``addresses``: each portal has a district with two subdistricts, 2019 watched."""
    for folder in ("portals", "agencies"):
        (home / "config" / folder).mkdir(parents=True, exist_ok=True)
    for portal, address in addresses.items():
        file = {
            "portal": portal,
            "name": "云山区人民政府",
            "district": f"云山区-{portal}",
            "start": f"{address}/",
            "family": family,
            "observed": date(2019, 12, 1),
            "pace": {"delay_seconds": 0},
            "columns": [{"id": "gknb", "name": "政府信息公开年报", "address": COLUMN}],
        }
        district = {
            "district": f"云山区-{portal}",
            "portal": portal,
            "watched": {"first": 2019, "last": 2019},
            "agencies": [
                {
                    "id": f"{portal}-{name}",
                    "name": f"云山区人民政府{short}街道办事处",
                    "short": f"{short}街道",
                    "kind": "subdistrict",
                    "aliases": [f"{short}街道办事处", f"云山区{short}街道"],
                }
                for name, short in (("qingshan", "青山"), ("lushui", "绿水"))
            ],
        }
        for folder, content in (("portals", file), ("agencies", district)):
            path = home / "config" / folder / f"{portal}.yaml"
            path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
