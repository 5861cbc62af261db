"""What the pages of made-up portals are put together from: frame, rows, articles, and who answers with them."""

# ruff: noqa: E501 - lines of HTML
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape
from urllib.parse import parse_qs, urlsplit

from tests.portals.lists.plan import District, Listed
from tests.portals.lists.serving import Asked, Reply, html

PER = 20
_PAGE = """<!DOCTYPE html><html><head><meta charset="utf-8"><meta name="ColumnName" content="政府信息公开年报">
<title>政府信息公开年报_{district}人民政府</title>{head}</head><body><div class="header"><a href="/">首页</a></div>
<div class="position">您的位置：<a href="/">首页</a> &gt; 政府信息公开年报</div>{body}<div class="footer">主办：{district}人民政府办公室</div></body></html>"""
Address = Callable[[Listed], str]


def framed(district: District, body: str, head: str = "") -> Reply:
    """A list page in the district's frame."""
    return html(_PAGE.format(district=district.name, body=body, head=head))


def article(district: District, row: Listed) -> Reply:
    """The article of a row."""
    labels = (
        f'<meta name="ArticleTitle" content="{row.title}"><meta name="PubDate" content="{row.moment:%Y-%m-%d %H:%M}">'
    )
    body = f'<h1>{row.title}</h1><div class="info">发布日期：{row.day}</div><div id="zoom">{row.body()}</div>'
    return html(
        f'<html><head><meta charset="utf-8">{labels}<title>{row.title}</title></head><body>{body}<div class="footer">{district.name}人民政府</div></body></html>'
    )


def pages_of(rows: Sequence[Listed], per: int = PER) -> list[Sequence[Listed]]:
    """The rows, page by page."""
    return [rows[start : start + per] for start in range(0, len(rows), per)]


def items(
    rows: Sequence[Listed],
    address: Address,
    row: str = '<li><a href="{href}" title="{title}">{shown}</a><span>{day}</span></li>',
) -> str:
    """Rows as HTML."""
    return "".join(
        row.format(href=address(one), title=escape(one.title), shown=escape(one.title), day=one.day) for one in rows
    )


def served(
    district: District,
    address: Address,
    pages: Mapping[str, Reply],
    otherwise: Callable[[Asked], Reply | None] | None = None,
) -> Callable[[Asked], Reply | None]:
    """Answers pages by their address, articles by theirs, and what is left by ``otherwise``."""
    articles = {
        urlsplit(address(row)).path + (f"?{query}" if (query := urlsplit(address(row)).query) else ""): row
        for row in district.rows
    }

    def answer(asked: Asked) -> Reply | None:
        if asked.method == "GET" and asked.path in pages:
            return pages[asked.path]
        if asked.method == "GET" and asked.path in articles:
            return article(district, articles[asked.path])
        return otherwise(asked) if otherwise is not None else None

    return answer


def asked_for(asked: Asked) -> dict[str, str]:
    """The fields of a request, from its query and its form."""
    fields = parse_qs(urlsplit(asked.path).query, keep_blank_values=True)
    if not asked.body.startswith("{"):
        fields = parse_qs(asked.body, keep_blank_values=True) | fields
    return {name: values[0] for name, values in fields.items()}
