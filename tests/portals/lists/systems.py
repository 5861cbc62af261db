"""A portal for each system that facts about Chinese portals name and that draws or pages its lists in its own way.

Those whose rows come from an endpoint stand in ``endpoints.py``.
"""

# ruff: noqa: E501, E731 - lines of HTML, and an address is best said in a line
from __future__ import annotations

from collections.abc import Callable, Mapping

from tests.portals.lists.endpoints import (
    epoint,
    gkmlpt,
    hanweb_get,
    hanweb_post,
    hanweb_xxgk,
    igs,
    jpaas,
    lonsun,
    truecms,
    ucap_search,
)
from tests.portals.lists.pages import PER, Address, framed, items, pages_of, served
from tests.portals.lists.plan import District, Listed, make_district
from tests.portals.lists.serving import ListPortal


def _folder(row: Listed) -> str:
    return f"./{row.day:%Y%m}/t{row.day:%Y%m%d}_{row.number}.html"


def trs_variables(district: District) -> ListPortal:
    """TRS with the number of pages in variables; the call has no literal."""
    parts = pages_of(district.rows)
    script = '<script>var currentPage = {now}; var countPage = {count};createPageHTML(countPage, currentPage, "index", "html");</script>'
    pages = {
        f"/zfxxgk/gknb/{'index' if not now else f'index_{now}'}.html": framed(
            district, f"<ul>{items(part, _folder)}</ul>{script.format(now=now, count=len(parts))}"
        )
        for now, part in enumerate(parts)
    }
    place: Address = lambda row: f"/zfxxgk/gknb/{_folder(row)[2:]}"
    return ListPortal(district, served(district, place, pages), {"address": "/zfxxgk/gknb/index.html", "family": "trs"})


def ucap(district: District) -> ListPortal:
    """ucap: createPageHTML with a container, the current page counted from 1, and the number of rows."""
    parts = pages_of(district.rows)
    place: Address = lambda row: f"/{district.portal}/c106256/c{row.number}/content.shtml"
    pages = {}
    for number, part in enumerate(parts, start=1):
        script = f"<script>createPageHTML('page_div', {len(parts)}, {number}, 'common_list', 'shtml', {len(district.rows)});</script>"
        name = "common_list.shtml" if number == 1 else f"common_list_{number}.shtml"
        pages[f"/q/c100028/{name}"] = framed(
            district,
            f'<div class="pageList newsList"><ul>{items(part, place)}</ul></div><div id="page_div"></div>{script}',
        )
    return ListPortal(
        district, served(district, place, pages), {"address": "/q/c100028/common_list.shtml", "family": "trs"}
    )


def ucap_bare(district: District) -> ListPortal:
    """ucap without a container: only the current page on page one tells it from TRS."""
    parts = pages_of(district.rows)
    place: Address = lambda row: f"/q/{row.day:%Y%m}/{row.number:032x}.shtml"
    pages = {}
    for number, part in enumerate(parts, start=1):
        script = f"<script>createPageHTML({len(parts)}, {number}, 'index', 'shtml');</script>"
        pages[f"/q/nb/{'index' if number == 1 else f'index_{number}'}.shtml"] = framed(
            district, f"<ul>{items(part, place)}</ul>{script}"
        )
    return ListPortal(district, served(district, place, pages), {"address": "/q/nb/index.shtml"})


def webplus(district: District) -> ListPortal:
    """webplus: list.htm, list2.htm; the count in words, the title attribute with the date at its end."""
    parts = pages_of(district.rows)
    place: Address = lambda row: f"/{row.day:%Y}/{row.day:%m%d}/c1234a{row.number}/page.htm"
    pages = {}
    for number, part in enumerate(parts, start=1):
        rows = items(
            part, place, '<li class="news"><a href="{href}" title="{shown}[{day}]">{shown}</a><span>{day}</span></li>'
        )
        name: Callable[[int], str] = lambda n: "list.htm" if n == 1 else f"list{n}.htm"
        following = (
            f'<a class="next" href="/1234/{name(number + 1)}">下一页&gt;&gt;</a>'
            if number < len(parts)
            else '<a class="next" href="javascript:void(0);">下一页&gt;&gt;</a>'
        )
        pager = f'<ul class="wp_paging"><li>每页 <em class="per_count">{PER}</em> 记录</li><li>总共 <em class="all_count">{len(district.rows)}</em> 记录</li><li>{following}</li><li>页码 <em class="curr_page">{number}</em>/<em class="all_pages">{len(parts)}</em></li></ul>'
        pages[f"/1234/{name(number)}"] = framed(district, f'<ul class="wp_article_list">{rows}</ul>{pager}')
    return ListPortal(district, served(district, place, pages), {"address": "/1234/list.htm"})


def vsb(district: District) -> ListPortal:
    """VSB: page two of three is gknb/2.htm, the last gknb/1.htm."""
    parts = pages_of(district.rows)
    place: Address = lambda row: f"/info/1053/{row.number}.htm"
    count, pages = len(parts), {}
    name: Callable[[int], str] = lambda n: "/gknb.htm" if n == 1 else f"/gknb/{count + 1 - n}.htm"
    for number, part in enumerate(parts, start=1):
        numbers = "".join(
            f'<span class="p_no"><a href="{name(n)}">{n}</a></span>'
            if n != number
            else f'<span class="p_no_d">{n}</span>'
            for n in range(1, count + 1)
        )
        more = (
            f'<span class="p_next p_fun"><a href="{name(number + 1)}">下页</a></span><span class="p_last p_fun"><a href="{name(count)}">尾页</a></span>'
            if number < count
            else '<span class="p_next_d p_fun_d">下页</span><span class="p_last_d p_fun_d">尾页</span>'
        )
        pages[name(number)] = framed(
            district,
            f'<ul>{items(part, place)}</ul><span class="p_pages">{numbers}{more}</span><span class="p_t">{number}/{count}</span>',
        )
    return ListPortal(district, served(district, place, pages), {"address": "/gknb.htm"})


def numbered_links(pattern: str, first: str, address: str = "") -> Callable[[District], ListPortal]:
    """A static list whose further pages are ``pattern`` with their number: links called 下一页 and 尾页."""

    def make(district: District) -> ListPortal:
        parts = pages_of(district.rows)
        place: Address = lambda row: f"/gk/gk12/{row.number}.htm"
        count, pages = len(parts), {}
        name: Callable[[int], str] = lambda n: first if n == 1 else pattern.format(n)
        for number, part in enumerate(parts, start=1):
            more = (
                f'<a href="{name(number + 1)}">下一页</a> <a href="{name(count)}">尾页</a>'
                if number < count
                else "<span>下一页</span> <span>尾页</span>"
            )
            pages[name(number)] = framed(
                district,
                f"<table>{items(part, place, '<tr><td><a href={href}>{shown}</a></td><td>[{day}]</td></tr>')}</table><div>{more}</div>",
            )
        return ListPortal(district, served(district, place, pages), {"address": address or first})

    return make


SYSTEMS: Mapping[str, Callable[[District], ListPortal]] = {
    "trs-variables": trs_variables,
    "ucap": ucap,
    "ucap-bare": ucap_bare,
    "hanweb-post": hanweb_post,
    "hanweb-get": hanweb_get,
    "hanweb-xxgk": hanweb_xxgk,
    "jpaas": jpaas,
    "truecms": truecms,
    "gkmlpt": gkmlpt,
    "lonsun": lonsun,
    "epoint": epoint,
    "igs": igs,
    "ucap-search": ucap_search,
    "webplus": webplus,
    "vsb": vsb,
    "ilist": numbered_links("/info/iList.jsp?site_id=GKmzs&cat_id=10079&cur_page={}", "/news/nb/index.html"),
    "path-pager": numbered_links("/class/ABCD/{}", "/class/ABCD"),
    "dedecms": numbered_links("/plus/list.php?tid=23&TotalResult=55&PageNo={}", "/plus/list.php?tid=23"),
    "news6": numbered_links("/News6_{}.html", "/News6.html"),
    "seven-digits": numbered_links("/list{}.shtml", "/list1.shtml"),
}  # fmt: skip
FOUND_AS: Mapping[str, str] = {
    "trs-variables": "trs", "ucap": "trs", "ucap-bare": "trs", "hanweb-post": "hanweb", "hanweb-get": "hanweb", "hanweb-xxgk": "hanweb-xxgk",
    "jpaas": "jpaas", "truecms": "hanweb", "gkmlpt": "gkmlpt", "lonsun": "lonsun", "epoint": "epoint", "igs": "igs", "ucap-search": "ucap-search",
}  # fmt: skip


def system_portals(agencies: int = 54) -> dict[str, ListPortal]:
    """All of them by portal id, each with its own district."""
    return {
        name: make(make_district(name, 100 + number, agencies)) for number, (name, make) in enumerate(SYSTEMS.items())
    }
