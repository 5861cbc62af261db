"""How list pages lead on: each way names the address of every page, and draws the pager that stands on one of them.

``READABLE`` lead on by what stands in the page; what ``UNREADABLE`` lead to only a script knows, or nobody.
"""

# ruff: noqa: E501 - lines of HTML
from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Turning:
    """One way: the address of page ``n`` of ``count`` (from 1), and the pager on it. ``rows`` are those of all pages.

    ``answers``: which page is answered for the address of page ``n``.
    """

    address: Callable[[int, int], str]
    pager: Callable[[int, int, int], str]
    answers: Callable[[int], int] = lambda number: number


def _links(
    address: Callable[[int, int], str], *, numbers: bool = True, last: bool = True, mark: str = "div class='page'"
) -> Callable[[int, int, int], str]:
    def pager(number: int, count: int, _rows: int) -> str:
        shown = []
        if numbers:
            shown += [
                f"<b>{n}</b>" if n == number else f'<a href="{address(n, count)}">{n}</a>' for n in range(1, count + 1)
            ]
        if number > 1:
            shown.insert(0, f'<a href="{address(number - 1, count)}">上一页</a>')
        if number < count:
            shown.append(f'<a href="{address(number + 1, count)}">下一页</a>')
            shown += [f'<a href="{address(count, count)}">尾页</a>'] if last else []
        else:
            shown.append("<span>下一页</span>")
        return f"<{mark}>{' '.join(shown)}</{mark.split()[0]}>"

    return pager


def _by(pattern: str, first: str = "/gknb/index.html", offset: int = 0) -> Callable[[int, int], str]:
    return lambda number, _count: first if number == 1 else pattern.format(number + offset)


def _folder(number: int, count: int) -> str:
    return "/gknb.htm" if number == 1 else f"/gknb/{count + 1 - number}.htm"


def _plain(
    pattern: str, first: str = "/gknb/index.html", offset: int = 0, *, numbers: bool = True, last: bool = True
) -> Turning:
    address = _by(pattern, first, offset)
    return Turning(address, _links(address, numbers=numbers, last=last))


_UNDERLINE, _UCAP = _by("/gknb/index_{}.html", offset=-1), _by("/gknb/list_{}.shtml", "/gknb/list.shtml")
_CUR, _QUERY = _by("/gknb/index.html?cur={}"), _by("/gknb/index.html?page={}")


def _trs(number: int, count: int, _rows: int) -> str:
    return f'<script>createPageHTML({count}, {number - 1}, "index", "html");</script>'


def _trs_variables(number: int, count: int, _rows: int) -> str:
    return f'<script>var countPage = {count};var currentPage = {number - 1};createPageHTML(countPage, currentPage, "index", "html");</script>'


def _ucap(number: int, count: int, rows: int) -> str:
    return f"<div id='page_div'></div><script>createPageHTML('page_div', {count}, {number}, 'list', 'shtml', {rows});</script>"


def _form(number: int, count: int, _rows: int) -> str:
    if number == count:
        return f"第{number}/{count}页"
    return f'第{number}/{count}页<form action="/gknb/index.html" method="get"><input type="hidden" name="page" value="{number + 1}"><input type="submit" value="下一页"></form>'


def _select(number: int, count: int, _rows: int) -> str:
    options = "".join(
        f'<option value="{_QUERY(n, count)}"{" selected" if n == number else ""}>第{n}页</option>'
        for n in range(1, count + 1)
    )
    return f'<div class="page">共{count}页 <select onchange="location.href=this.value">{options}</select></div>'


def _location(number: int, count: int, rows: int) -> str:
    if number == count:
        return f'<div class="page">共{rows}条 <a class="disabled">下一页</a></div>'
    return f'<div class="page">共{rows}条 <a href="javascript:void(0)" onclick="location.href=\'{_CUR(number + 1, count)}\'">下一页</a></div>'


def _itself(number: int, count: int, _rows: int) -> str:
    return (
        f'<div><a href="{_CUR(min(number + 1, count), count)}">下一页</a> <a href="{_CUR(count, count)}">末页</a></div>'
    )


def _go(number: int, count: int, _rows: int) -> str:
    return f'<div class="pager"><span>{number}</span> <a href="javascript:goPage({number + 1})">下一页</a></div>'


def _function(number: int, count: int, rows: int) -> str:
    goes = '<script>function goPage(n){if(n<1)return;location.href="/gknb/index_"+(n-1)+".html";}</script>'
    return goes + (_go(number, count, rows) if number < count else f'<div class="pager"><span>{number}</span></div>')


def _sent(number: int, count: int, rows: int) -> str:
    form = '<form name="f" action="/gknb/index.html" method="get"><input type="hidden" id="pageNo" name="page" value="1"></form>'
    sends = "<script>var goPage = function (n) { document.getElementById('pageNo').value = n; document.f.submit(); };</script>"
    return form + sends + (_go(number, count, rows) if number < count else f"第{number}/{count}页")


READABLE: Mapping[str, Turning] = {
    "page": _plain("/gknb/index.html?page={}"),
    "cur": _plain("/gknb/index.html?cur={}"),
    "underline": Turning(_UNDERLINE, _links(_UNDERLINE)),
    "underline-two": _plain("/gknb/index_{}.html"),
    "hyphen": _plain("/gknb/list-{}.html", "/gknb/list-1.html"),
    "digits": _plain("/1234/list{}.htm", "/1234/list.htm"),
    "path": _plain("/class/ABCD/{}", "/class/ABCD"),
    "folder": Turning(_folder, _links(_folder, mark="span class='p_pages'")),
    "elsewhere": _plain("/info/iList.jsp?cat_id=7&cur_page={}", "/news/nb/index.html", numbers=False),
    "next-only": _plain("/gknb/p{}.html", numbers=False, last=False),
    "trs": Turning(_UNDERLINE, _trs),
    "trs-variables": Turning(_UNDERLINE, _trs_variables),
    "ucap": Turning(_UCAP, _ucap),
    "form": Turning(_QUERY, _form),
    "select": Turning(_QUERY, _select),
    "location": Turning(_CUR, _location),
    "itself": Turning(_CUR, _itself),
    "function": Turning(_UNDERLINE, _function),
    "sent": Turning(_QUERY, _sent),
}
UNREADABLE: Mapping[str, Turning] = {
    "script": Turning(_CUR, _go),
    "more": Turning(_CUR, lambda number, count, rows: '<div class="more" id="more">加载更多</div><script src="/js/more.js"></script>'),
    "drawn": Turning(_CUR, lambda number, count, rows: '<div id="pagination" class="pagination"></div><script src="/js/page.js"></script>'),
    "ignored": Turning(_QUERY, _links(_QUERY), answers=lambda number: 1),
    "counted": Turning(_QUERY, lambda number, count, rows: f'<p>共{rows}条</p>'),
}  # fmt: skip
