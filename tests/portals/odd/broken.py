"""Answers that are no list page, pages garbled in parts, and reports that are cut on their way."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

from tests.portals.crawling.cases import FILE, LIST, TITLES, article, articles, listed, page, row, rows
from tests.portals.crawling.serving import UNITS, Answer, Asked, Case, Page
from tests.portals.odd.making import LAST_MISSING, MISSING_OR_OPEN, ON, ON_OR_OPEN, UNVERIFIABLE, case, site


def _said(media_type: str, body: bytes) -> Answer:
    return 200, {"Content-Type": media_type}, body


def _garbled(inner: str) -> bytes:
    return inner.encode("gbk")


def _without_length(body: bytes, media_type: str = "text/html") -> Callable[[Asked], None]:
    """An answer whose length nobody says: it ends when the connection does."""

    def answer(asked: Asked) -> None:
        asked.wfile.write(f"HTTP/1.1 200 OK\r\nContent-Type: {media_type}\r\nConnection: close\r\n\r\n".encode() + body)
        asked.wfile.flush()
        asked.close_connection = True

    return answer


def _in_chunks(body: bytes, *, last: bool = True) -> Callable[[Asked], None]:
    """An answer in two chunks, of which the second is the last where it ends in order."""

    def answer(asked: Asked) -> None:
        half = len(body) // 2
        chunks = b"".join(f"{len(part):x}\r\n".encode() + part + b"\r\n" for part in (body[:half], body[half:]))
        asked.wfile.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
            + chunks
            + (b"0\r\n\r\n" if last else b"")
        )
        asked.wfile.flush()
        asked.close_connection = True

    return answer


def _mixed(*parts: bytes) -> Answer:
    start, end = page("|").encode().split(b"|")
    return _said("text/html", start + b"".join(parts) + end)


def cases() -> Iterator[tuple[str, Case]]:
    """Every case by its name."""
    data = json.dumps({"data": [{"title": title} for title in TITLES]}, ensure_ascii=False).encode()
    no_lists: dict[str, tuple[str, bytes]] = {
        "a PDF": ("application/pdf", FILE),
        "JSON": ("application/json", data),
        "JSON that is called a page": ("text/html", data),
        "nothing": ("text/html", b""),
        "a picture": ("image/png", b"\x89PNG\r\n\x1a\n\x00\x00"),
        "a packed file": ("application/zip", b"PK\x03\x04\x00\x00"),
        "an error in XML": ("text/xml", b"<?xml version='1.0'?><Error><Code>NoSuchKey</Code></Error>"),
        "a line of text": ("text/plain", b"service unavailable, please try later"),
    }
    for number, (note, said) in enumerate(no_lists.items()):
        yield f"n{number:02}", case(note, {LIST: _said(*said)} | articles(), UNVERIFIABLE)
    plain = rows(0, 3).encode()
    yield (
        "n20",
        case(
            "one row in another encoding, whose page is there",
            articles() | {LIST: _mixed(plain, _garbled(f"<ul>{row(3)}</ul>"))},
            (ON, ON, ON, ON_OR_OPEN),
        ),
    )
    yield (
        "n21",
        case(
            "one row in another encoding, whose page is not there",
            {f"/gknb/t{n}.html": article(n) for n in range(3)} | {LIST: _mixed(plain, _garbled(f"<ul>{row(3)}</ul>"))},
            (ON, ON, ON, UNVERIFIABLE),
        ),
    )
    yield (
        "n22",
        case(
            "one row in another encoding leads nowhere",
            articles() | {LIST: _mixed(plain, _garbled(f"<ul><li><a>{TITLES[3]}</a></li></ul>"))},
            (ON, ON, ON, UNVERIFIABLE),
        ),
    )
    yield (
        "n23",
        case(
            "a table's row in another encoding, as text with a link that says 查看",
            articles()
            | {
                LIST: _mixed(
                    plain,
                    _garbled(f"<table><tr><td>{UNITS[3]}2025年度报告</td><td>2026-01-20</td></tr></table>"),
                )
            },
            (ON, ON, ON, UNVERIFIABLE),
        ),
    )
    yield (
        "n24",
        case(
            "a foot in another encoding (truly one missing)",
            articles()
            | {
                LIST: _mixed(
                    plain, _garbled("<div class=footer>主办：某某区人民政府办公室　技术支持：某某信息中心</div>")
                )
            },
            (ON, ON, ON, MISSING_OR_OPEN),
        ),
    )
    long = article(3)
    body = long.encode()
    half = body[: len(body) // 2]
    cut: dict[str, Page] = {
        "/gknb/t0.html": article(0),
        "/gknb/t1.html": _without_length(article(1).encode()),
        "/gknb/t2.html": article(2),
        "/gknb/t3.html": _without_length(half),
    }
    yield (
        "n30",
        case("a report cut on a connection of unsaid length", {LIST: page(rows())} | cut, (ON, ON, ON, UNVERIFIABLE)),
    )

    files = listed(
        "<ul>"
        + "".join(row(n) for n in range(3))
        + f'<li><a href="/f/3.pdf">{TITLES[3]}</a><span>2026-01-20</span></li></ul>'
    )
    yield (
        "n31",
        case(
            "a PDF cut on a connection of unsaid length",
            files | {"/f/3.pdf": _without_length(FILE * 3, "application/pdf")},
            (ON, ON, ON, UNVERIFIABLE),
        ),
    )
    yield (
        "n32",
        case(
            "a PDF of unsaid length that is whole",
            files | {"/f/3.pdf": _without_length(FILE + b"\n%%EOF\n", "application/pdf")},
        ),
    )
    yield (
        "n33",
        case(
            "a list page without its end, of unsaid length: its reports count, and it proves no absence",
            articles() | {LIST: _without_length(page(rows(0, 3)).replace("</body></html>", "").encode())},
            (ON, ON, ON, UNVERIFIABLE),
        ),
    )
    yield (
        "n34",
        case(
            "a report without </html>, whose length is said",
            site(rows(), articles() | {"/gknb/t3.html": article(3).replace("</body></html>", "")}),
        ),
    )
    without_end = page(rows(0, 3)).replace("</body></html>", "").encode()
    yield (
        "n35",
        case(
            "a list page without </html>, whose last chunk came: it is whole",
            articles() | {LIST: _in_chunks(without_end)},
            LAST_MISSING,
        ),
    )
    yield (
        "n36",
        case(
            "a list page without </html>, whose length is said: it is whole",
            articles() | {LIST: _said("text/html", without_end)},
            LAST_MISSING,
        ),
    )
    yield (
        "n37",
        case(
            "a list page in chunks without the last one",
            articles() | {LIST: _in_chunks(without_end, last=False)},
            UNVERIFIABLE,
        ),
    )
    yield (
        "n38",
        case(
            "a list page whose server broke off within the list, and ended its chunks",
            articles() | {LIST: _in_chunks(without_end[: without_end.rindex(b"</ul")])},
            (ON, ON, ON, UNVERIFIABLE),
        ),
    )
