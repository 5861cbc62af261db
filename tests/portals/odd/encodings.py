"""Letters, declared rightly, wrongly or not at all."""

# ruff: noqa: E501 - lines of HTML
from __future__ import annotations

import zlib
from collections.abc import Iterator

from tests.portals.crawling.cases import LIST, TITLES, articles, page, row, rows
from tests.portals.crawling.serving import Answer, Case
from tests.portals.odd.making import ON, ON_OR_OPEN, case, site


def cases() -> Iterator[tuple[str, Case]]:
    """Every case by its name."""

    def enc(body: bytes, ct: str = "text/html") -> Answer:
        return (200, {"Content-Type": ct}, body)

    L = page(rows())
    yield (
        "e11",
        case("UTF-16 little endian with its mark", articles() | {LIST: enc(b"\xff\xfe" + L.encode("utf-16-le"))}),
    )
    yield (
        "e12",
        case(
            "UTF-16 named in the header, without mark",
            articles() | {LIST: enc(L.encode("utf-16-le"), "text/html; charset=utf-16le")},
        ),
    )
    yield (
        "e13",
        case(
            "GB18030 letters of four bytes in the page",
            articles() | {LIST: enc(page(rows() + "<p>䶮㐂𠮷镇</p>", head="<meta charset=gb2312>").encode("gb18030"))},
        ),
    )
    yield (
        "e14",
        case(
            "header ISO-8859-1, meta gbk",
            articles()
            | {LIST: enc(page(rows(), head="<meta charset=gbk>").encode("gbk"), "text/html; charset=ISO-8859-1")},
        ),
    )
    yield (
        "e15",
        case(
            "header utf-8, bytes and meta gbk",
            articles() | {LIST: enc(page(rows(), head="<meta charset=gbk>").encode("gbk"), "text/html; charset=utf-8")},
            (ON_OR_OPEN,) * 4,
        ),
    )
    yield (
        "e16",
        case(
            "GBK, declared behind a long head",
            articles()
            | {LIST: enc(page(rows(), head="<style>" + "/*x*/" * 3000 + "</style><meta charset=gbk>").encode("gbk"))},
        ),
    )
    yield (
        "e17",
        case(
            "one row of another encoding (an include)",
            articles()
            | {
                LIST: enc(
                    page(rows(0, 3))
                    .encode()
                    .replace(b"</body>", ("<ul>" + row(3) + "</ul>").encode("gbk") + b"</body>")
                )
            },
            (ON, ON, ON, ON_OR_OPEN),
        ),
    )
    yield (
        "e17b",
        case(
            "a long page, one row of another encoding",
            articles()
            | {
                LIST: enc(
                    page(rows(0, 3) + "<p>" + "本栏目公开各街道年度报告。" * 400 + "</p>")
                    .encode()
                    .replace(b"</body>", ("<ul>" + row(3) + "</ul>").encode("gbk") + b"</body>")
                )
            },
            (ON, ON, ON, ON_OR_OPEN),
        ),
    )
    yield (
        "e18",
        case(
            "every Chinese letter as an entity",
            articles() | {LIST: enc(page(rows()).encode("ascii", "xmlcharrefreplace"))},
        ),
    )
    yield (
        "e19",
        case(
            "deflated",
            articles()
            | {LIST: (200, {"Content-Type": "text/html", "Content-Encoding": "deflate"}, zlib.compress(L.encode()))},
        ),
    )
    yield (
        "e20",
        case(
            "application/octet-stream as the list's type",
            articles() | {LIST: enc(L.encode(), "application/octet-stream")},
        ),
    )
    yield (
        "e21",
        case(
            "XHTML with a declaration, GBK",
            articles()
            | {
                LIST: enc(
                    ('<?xml version="1.0" encoding="GBK"?>' + page(rows(), head="")).encode("gbk"),
                    "application/xhtml+xml",
                )
            },
        ),
    )
    yield (
        "e22",
        case(
            "NUL bytes between the rows",
            articles() | {LIST: enc(page(rows()).encode().replace(b"</li>", b"</li>\x00"))},
        ),
    )
    yield (
        "e23",
        case(
            "charset=unicode in the meta element",
            articles()
            | {
                LIST: enc(
                    page(rows(), head='<meta http-equiv="Content-Type" content="text/html; charset=unicode">').encode()
                )
            },
        ),
    )
    yield (
        "e24",
        case(
            "two meta elements, the first wrong",
            articles()
            | {
                LIST: enc(
                    page(
                        rows(),
                        head='<meta charset="utf-8"><meta http-equiv="Content-Type" content="text/html; charset=gb2312">',
                    ).encode("gbk")
                )
            },
            (ON_OR_OPEN,) * 4,
        ),
    )
    yield (
        "e25",
        case(
            "titles escaped twice",
            articles()
            | {
                LIST: page(
                    "<ul>"
                    + "".join(
                        f'<li><a href="t{n}.html">{TITLES[n].encode("ascii", "xmlcharrefreplace").decode().replace("&", "&amp;")}</a><span>2026-01-20</span></li>'
                        for n in range(4)
                    )
                    + "</ul>"
                )
            },
            (ON_OR_OPEN,) * 4,
        ),
    )
    yield (
        "e26",
        case(
            "the last title escaped twice",
            articles()
            | {
                LIST: page(
                    rows(0, 3)
                    + f'<ul><li><a href="t3.html">{TITLES[3].encode("ascii", "xmlcharrefreplace").decode().replace("&", "&amp;")}</a><span>2026-01-20</span></li></ul>'
                )
            },
            (ON, ON, ON, ON_OR_OPEN),
        ),
    )
    yield (
        "e27",
        case(
            "the last title as a picture with no words",
            site(rows(0, 3) + '<ul><li><a href="t3.html"><img src="/i/t3.jpg"></a><span>2026-01-20</span></li></ul>'),
            (ON, ON, ON, ON_OR_OPEN),
        ),
    )
    yield (
        "e28",
        case(
            "the last title in question marks (lost letters)",
            site(
                rows(0, 3) + '<ul><li><a href="t3.html">??????2025???????????????</a><span>2026-01-20</span></li></ul>'
            ),
            (ON, ON, ON, ON_OR_OPEN),
        ),
    )
    yield (
        "e29",
        case(
            "traditional letters in Big5",
            articles()
            | {LIST: enc(page(rows(0, 3)).encode())}
            | {
                LIST: enc(
                    page(
                        "<ul>"
                        + "".join(
                            f'<li><a href="t{n}.html">{t}</a><span>2026-01-20</span></li>'
                            for n, t in enumerate(
                                (
                                    "東街街道2025年政府信息公開工作年度報告",
                                    "西街街道2025年政府信息公開工作年度報告",
                                    "南街街道2025年政府信息公開工作年度報告",
                                    "北街街道2025年政府信息公開工作年度報告",
                                )
                            )
                        )
                        + "</ul>",
                        head="<meta charset=big5>",
                    ).encode("big5", "replace")
                )
            },
            (ON_OR_OPEN,) * 4,
        ),
    )
