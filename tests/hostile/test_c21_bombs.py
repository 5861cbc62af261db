"""c21: answers that unpack to gigabytes or never come to an end cost their own article, and little memory."""

from __future__ import annotations

import gzip
import itertools
import sys
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler

import brotli  # type: ignore[import-untyped]
import pytest

from config.settings import Settings
from ledger.states import ArticleOutcome, RoundState
from tests.hostile.portals import LIST, Answer, Pages, Writer, article, crawl, listing, row

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

MEGABYTE = b"\0" * 1_000_000
TIMES = 600
ONE = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1"


def brotli_bomb() -> bytes:
    packer = brotli.Compressor(quality=1)
    return bytes(b"".join(packer.process(MEGABYTE) for _ in range(TIMES)) + packer.finish())


def zstd_bomb() -> bytes:
    packer = zstd.ZstdCompressor()
    return b"".join(packer.compress(MEGABYTE) for _ in range(TIMES)) + packer.flush()


def thrice() -> bytes:
    return gzip.compress(gzip.compress(gzip.compress(MEGABYTE * 100, 1)))


def endless(begin: bytes, again: bytes) -> Writer:
    """An answer whose second part comes until the other side has had enough."""

    def write(handler: BaseHTTPRequestHandler) -> Answer | None:
        parts: Iterator[bytes] = itertools.chain((begin,), itertools.repeat(again))
        try:
            for part in parts:
                handler.wfile.write(part)
        except OSError:
            pass
        return None

    return write


PACKED: dict[str, tuple[str, Callable[[], bytes]]] = {
    "brotli": ("br", brotli_bomb),
    "zstd": ("zstd", zstd_bomb),
    "gzip, gzip, gzip": ("gzip, gzip, gzip", thrice),
}
ENDLESS = {
    "headers": endless(b"HTTP/1.1 200 OK\r\n", b"X-A: " + b"a" * 8000 + b"\r\n"),
    "header line": endless(b"HTTP/1.1 200 OK\r\nX: ", b"a" * 65536),
    "1xx": endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 500),
    "chunk extension": endless(ONE + b";", b"a" * 65536),
    "trailers": endless(ONE + b"\r\na\r\n0\r\n", b"X: " + b"a" * 8000 + b"\r\n"),
}


def only_the_article_ends(settings: Settings, answer: Answer | Writer) -> None:
    pages: Pages = {
        LIST: (200, {}, listing(row("bomb.html") + row("a1.html"))),
        "/gknb/bomb.html": answer,
        "/gknb/a1.html": (200, {}, article()),
    }
    crawled = crawl(settings, pages)
    crawled.innocent_is_well()
    assert crawled.bad.state is RoundState.DONE, crawled.bad
    outcomes = {
        address.rpartition("/")[2]: one.outcome for address, one in crawled.articles.items() if one.portal == "bad"
    }
    assert outcomes == {"bomb.html": ArticleOutcome.FETCH_FAILED, "a1.html": ArticleOutcome.REPORT}


@pytest.mark.parametrize("name", PACKED)
def test_an_answer_that_unpacks_to_gigabytes(
    sqlite_settings: Settings, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    # Less than what it would be unpacked.
    monkeypatch.setenv("NIANBAO_CRAWL_MEMORY_MEGABYTES", "500")
    encoding, packed = PACKED[name]
    only_the_article_ends(sqlite_settings, (200, {"Content-Encoding": encoding}, packed()))


@pytest.mark.parametrize("name", ENDLESS)
def test_an_answer_without_an_end(sqlite_settings: Settings, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("NIANBAO_FETCH_TIMEOUT_SECONDS", "10")
    only_the_article_ends(sqlite_settings, ENDLESS[name])
