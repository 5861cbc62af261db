"""Web pages whose tables are there for a person and hard to find for a program, or cannot be read at all."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape

from tests.documents.as_html import STYLE, body, page, plain_table, table
from tests.documents.report_source import Source, Spans

SHEET = STYLE + ".sortkey{display:none}.more::after{content:'8'}.phone{display:none}"
Make = Callable[[Source], str]


def _plain(rows: Spans) -> str:
    return table(rows, escape)


def _each_table(change: Callable[[str], str]) -> Make:
    return lambda source: page(source, body(source, lambda rows: change(_plain(rows))), style=SHEET)


def _whole(change: Callable[[str], str]) -> Make:
    return lambda source: page(source, change(body(source, plain_table)), style=SHEET)


def _hidden_column(html: str) -> str:
    return html.replace("<tr><td", "<tr><td style='display: none'>7</td><td")


def _hidden_rows(html: str) -> str:
    return html.replace(
        "</tr>\n<tr>", "</tr>\n<tr style='display:none'><td>规章</td><td>77</td><td>7</td><td>7</td></tr>\n<tr>", 1
    )


def _unclosed(html: str) -> str:
    return re.sub(r"</t[dr]>", "", html).replace("<td>", "<td><p><font>")


def _without_tags(html: str) -> str:
    rows = [re.findall(r"<td[^>]*>(.*?)</td>", row) for row in re.findall(r"<tr>(.*?)</tr>", html, re.DOTALL)]
    return "".join("<div>" + "".join(f"<div>{cell}</div>" for cell in row) + "</div>" for row in rows)


def _within(html: str, tag: str) -> str:
    return html.replace('<table border="1">', f"<table border=1><{tag}>", 1).replace("</table>", f"</{tag}></table>")


def _written(html: str) -> str:
    return "<script>document.write('" + html.replace("\n", "").replace("'", "") + "')</script>"


def _lines(html: str) -> str:
    return "<p>" + "<br>".join(re.sub(r"<[^>]+>", " ", row) for row in html.split("</tr>")) + "</p>"


def _one_row_further(html: str) -> str:
    """The first cell that reaches over several rows reaches over one more, into the row below."""
    return re.sub(r'rowspan="([0-9]+)"', lambda found: f'rowspan="{int(found[1]) + 1}"', html, count=1)


def _last_year_before(html: str) -> str:
    """Before table four stands last year's, with other numbers."""
    four = html[html.rindex("<table") : html.rindex("</table>") + len("</table>")]
    other = re.sub(r"<td>([0-9]+)</td>", lambda found: f"<td>{int(found[1]) + 7}</td>", four)
    return html.replace(four, f"<p>上一年度情况</p>{other}<p>本年度情况</p>{four}")


def _foot_first(html: str) -> str:
    """The last row is the table's foot, and written before all others, as was the custom once."""
    begin = html.rindex("<tr>")
    end = html.rindex("</tr>") + len("</tr>")
    return html[:begin].replace("<tr>", f"<tfoot>{html[begin:end]}</tfoot><tr>", 1) + html[end:]


def _heading_as_caption(html: str) -> str:
    return re.sub(
        r'<p>　　([二三四]、[^<]*)</p>\s*<table border="1">', r'<table border="1"><caption>\1</caption>', html
    )


def _contents_before(html: str) -> str:
    headings = re.findall(r"<p>　　([一二三四五六]、[^<]*)</p>", html)
    return "<ul>" + "".join(f'<li><a href="#part">{heading}</a></li>' for heading in headings) + f"</ul>{html}"


def _last_years_report(html: str, source: Source) -> str:
    """The whole report of the year before, with other numbers."""
    return re.sub(r"<td>[0-9]+</td>", "<td>4</td>", html).replace(str(source.year), str(source.year - 1))


def _report_behind(source: Source) -> str:
    html = body(source, plain_table)
    return page(source, f"{html}<hr>{_last_years_report(html, source)}", style=SHEET)


def _report_before(source: Source) -> str:
    html = body(source, plain_table)
    return page(source, f"{_last_years_report(html, source)}<hr>{html}", style=SHEET)


def _rows_renamed(html: str) -> str:
    return (
        html.replace("行政处罚", "罚没决定")
        .replace("信访举报投诉类申请", "来信来访")
        .replace("复议后起诉", "先复议再诉讼的")
    )


def _heads_renamed(html: str) -> str:
    return html.replace("自然人", "个人").replace("处理决定数量", "办件量").replace("结果维持", "予以维持")


READ: dict[str, Make] = {
    "form-within": _each_table(lambda html: _within(html, "form")),
    "div-within": _each_table(lambda html: _within(html, "div")),
    "center-within": _each_table(lambda html: f"<center>{_within(html, 'center')}"),
    "unclosed": _each_table(_unclosed),
    "hidden-column": _each_table(_hidden_column),
    "hidden-row": _each_table(_hidden_rows),
    "second-copy": _whole(lambda html: f'{html}<div class="phone">{html}</div>'),
    "second-copy-first": _whole(lambda html: f'<div class="phone">{html}</div>{html}'),
    "in-layout": _whole(lambda html: f"<table><tr><td>{html}</td></tr></table>"),
    "list-around": _whole(lambda html: f"<ol><li>{html}</li></ol>"),
    "written": _each_table(_written),
    "reach-with-unit": _each_table(lambda html: re.sub(r'colspan="([0-9]+)"', r'colspan="\1%"', html)),
    "head-reaches-down": _each_table(_one_row_further),
    "foot-first": _each_table(_foot_first),
    "heading-as-caption": _whole(_heading_as_caption),
    "contents-before": _whole(_contents_before),
}  # fmt: skip

# Nothing of a table that stands like this may be called absent; whether it is read is another matter.
THERE: dict[str, Make] = {
    "frame": _each_table(lambda html: '<iframe src="t.html"></iframe>'),
    "embedded": _each_table(lambda html: '<embed src="a.pdf">'),
    "object": _each_table(lambda html: '<object data="a.pdf"></object>'),
    "picture": _each_table(lambda html: '<img src="t.png">'),
    "ground": _each_table(lambda html: '<div style="background:url(t.png);height:500px"></div>'),
    "canvas": _each_table(lambda html: '<canvas width="900" height="500"></canvas>'),
    "drawing": _each_table(lambda html: "<svg><rect/></svg>"),
    "link": _each_table(lambda html: '<p><a href="/files/t.xlsx">表格</a></p>'),
    "see-annex": _each_table(lambda html: "<p>详见附表</p>"),
    "divisions": _each_table(_without_tags),
    "hidden": _each_table(lambda html: f'<div style="display:none">{html}</div>'),
    "lines": _each_table(_lines),
    "no-reach": _each_table(lambda html: re.sub(r' colspan="[0-9]+"', "", html)),
    "two-of-table-four": _whole(_last_year_before),
    "last-years-report-behind": _report_behind,
    "last-years-report-before": _report_before,
    "rows-renamed": _whole(_rows_renamed),
    "heads-renamed": _whole(_heads_renamed),
}  # fmt: skip
