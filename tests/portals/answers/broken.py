"""Ways in which an answer is broken on its way: its status, its headers, its length, its packing, its bytes."""

from __future__ import annotations

import gzip
import itertools
import re
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from random import Random

from tests.portals.lists.serving import Reply

Broken = Iterable[bytes]
Way = Callable[[Random, Reply], Broken]
# Longer than the crawler waits for an answer in these tests.
SILENT_SECONDS = 8


def _head(reply: Reply, *lines: str | bytes, status: str | None = None, length: str | None = "") -> bytes:
    """Status line and headers; ``length`` is the length that is claimed (None: none, empty: the true one)."""
    written = [f"HTTP/1.1 {status or f'{reply.status} x'}".encode("latin-1")]
    written.append(f"Content-Type: {reply.media_type}".encode())
    if length is not None:
        written.append(f"Content-Length: {length or len(reply.body)}".encode("latin-1"))
    written += [line if isinstance(line, bytes) else line.encode("latin-1") for line in lines]
    return b"\r\n".join([*written, b"Connection: close"]) + b"\r\n\r\n"


def _packed(encoding: str, pack: Callable[[bytes], bytes], *, cut: bool = False) -> Way:
    def way(random: Random, reply: Reply) -> Broken:
        body = pack(reply.body)
        sent = body[: random.randrange(len(body) or 1)] if cut else body
        yield _head(reply, f"Content-Encoding: {encoding}", length=str(len(sent)))
        yield sent

    return way


def _status(*choices: str) -> Way:
    def way(random: Random, reply: Reply) -> Broken:
        yield _head(reply, status=random.choice(choices)) + reply.body

    return way


def _headers(*choices: str | bytes) -> Way:
    def way(random: Random, reply: Reply) -> Broken:
        yield _head(reply, *random.sample(choices, min(3, len(choices)))) + reply.body

    return way


def _length(*choices: str) -> Way:
    def way(random: Random, reply: Reply) -> Broken:
        yield _head(reply, length=random.choice(choices)) + reply.body

    return way


def _chunks(*choices: bytes) -> Way:
    """Chunked, and in the middle of it something that is no chunk."""

    def way(random: Random, reply: Reply) -> Broken:
        half = len(reply.body) // 2
        yield _head(reply, "Transfer-Encoding: chunked", length=None)
        yield f"{half:x}\r\n".encode() + reply.body[:half] + b"\r\n" + random.choice(choices)
        yield f"{len(reply.body) - half:x}\r\n".encode() + reply.body[half:] + b"\r\n0\r\n\r\n"

    return way


def _type(*choices: str) -> Way:
    def way(random: Random, reply: Reply) -> Broken:
        chosen = Reply(reply.body, random.choice(choices), reply.status)
        yield _head(chosen) + chosen.body

    return way


def _redirect(*choices: str | bytes) -> Way:
    def way(random: Random, reply: Reply) -> Broken:
        place = random.choice(choices)
        line = b"Location: " + (place if isinstance(place, bytes) else place.encode())
        yield _head(reply, line, status=random.choice(("301 x", "302 x", "303 x", "307 x", "308 x", "300 x")))

    return way


def _body(change: Callable[[Random, bytes], bytes]) -> Way:
    def way(random: Random, reply: Reply) -> Broken:
        changed = Reply(change(random, reply.body), reply.media_type, reply.status)
        yield _head(changed) + changed.body

    return way


def _raw(*choices: bytes) -> Way:
    def way(random: Random, reply: Reply) -> Broken:
        yield random.choice(choices)

    return way


def _endless(begin: bytes, again: bytes) -> Way:
    def way(random: Random, reply: Reply) -> Iterator[bytes]:
        return itertools.chain((begin,), itertools.repeat(again))

    return way


def _silent(random: Random, reply: Reply) -> Broken:
    """Half of the answer, and then nothing."""
    yield _head(reply) + reply.body[: len(reply.body) // 2]
    time.sleep(SILENT_SECONDS)


def _flipped(random: Random, body: bytes) -> bytes:
    changed = bytearray(body)
    for _ in range(random.randint(1, 40)):
        if changed:
            changed[random.randrange(len(changed))] = random.randrange(256)
    return bytes(changed)


def _strewn(*pieces: bytes) -> Callable[[Random, bytes], bytes]:
    def change(random: Random, body: bytes) -> bytes:
        for _ in range(random.randint(1, 6)):
            place = random.randrange(len(body) + 1)
            body = body[:place] + random.choice(pieces) + body[place:]
        return body

    return change


def _numbers(random: Random, body: bytes) -> bytes:
    """Numbers of the page become ones that no counter holds."""
    huge = random.choice((b"9" * 5000, b"-1", b"0", b"1e999", b"\xc2\xb2", b"0x7fffffff", b"99999999999999999999"))
    share = random.random()
    return re.sub(rb"\d+", lambda found: huge if random.random() < share else found[0], body, count=40)


WAYS: dict[str, Way] = {
    "gzip, cut": _packed("gzip", gzip.compress, cut=True),
    "gzip twice, said once": _packed("gzip", lambda body: gzip.compress(gzip.compress(body))),
    "gzip that is none": _packed("gzip", bytes),
    "deflate, cut": _packed("deflate", zlib.compress, cut=True),
    "br that is none": _packed("br", bytes),
    "zstd that is none": _packed("zstd", bytes),
    "an encoding that nobody knows": _packed("x-rot13, gzip", bytes),
    "status": _status("000 x", "099 x", "204 x", "205 x", "206 x", "226 x", "299 x", "304 x", "418 x", "451 x", "511 x",
                      "600 x", "999 x", "200", "200 " + "x" * 9000),
    "status that is none": _status("abc x", "-200 x", "2000 x", "", "٢٠٠".encode().decode("latin-1")),
    "protocol": _raw(b"", b"\r\n\r\n", b"<html>no head at all</html>", b"HTTP/9.9 200 x\r\n\r\n", b"ICY 200 OK\r\n\r\n",
                     b"\x16\x03\x01\x00\x00", b"SSH-2.0-x\r\n", b"HTTP/1.1 200 x\r\n", bytes(range(256)) * 40),
    "interim": _raw(b"HTTP/1.1 100 Continue\r\n\r\n" * 3, b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
                    b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"),
    "interim without an end": _endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 100),
    "headers without an end": _endless(b"HTTP/1.1 200 x\r\n", b"X-A: " + b"a" * 4000 + b"\r\n"),
    "a header without an end": _endless(b"HTTP/1.1 200 x\r\nX-A: ", b"a" * 65536),
    "a chunk without an end": _endless(b"HTTP/1.1 200 x\r\nTransfer-Encoding: chunked\r\n\r\n1;", b"a" * 65536),
    "headers": _headers(b"X-A: a\x00b", b"X-B: \xff\xfe", b"no colon here", b": no name", "X-C: " + "x" * 9000,
                        "Last-Modified: Mon, 99 Foo 99999999 00:00:00 GMT", 'ETag: "\x00"', "ETag: " + "e" * 9000,
                        "Set-Cookie: =; Domain=.; Expires=never; Path=\x00", "Set-Cookie: " + "a=b; " * 900,
                        "Content-Disposition: attachment; filename*=utf-9''%zz%", "Refresh: 0;url=javascript:x",
                        "Content-Type: text/html; charset=\x00", "Content-Encoding: ", "Transfer-Encoding: identity",
                        "Retry-After: ²", "Date: never", "Link: <x>; rel=next", "Content-Range: bytes 0-1/2"),
    "busy": _status("503 x", "429 x"),
    "length": _length("0", "1", "10", "999999", "99999999999999999999999", "-1", "x", "1, 2", "0x20", " ", "²"),
    "chunks": _chunks(b"zz\r\n", b"-1\r\n", b"ffffffffffffffffff\r\n", b"0\r\n\r\n", b"\r\n", b"5\r\nab",
                      b"1;" + b"x" * 9000),
    "type": _type("", "image/png", "application/octet-stream", "text/plain", "application/json", "text/xml",
                  "multipart/x-mixed-replace; boundary=x", "TEXT/HTML", "text/html;", "/", "a" * 5000),
    "codec": _type(*(f"text/html; charset={codec}" for codec in (
        "idna", "punycode", "base64", "hex", "rot13", "zlib", "utf-7", "utf-16", "utf-32", "undefined",
        "unicode_escape",
        "mbcs", "latin-1", "big5", "gb18030", "x" * 500, "\"utf-8", "utf-8; charset=gbk", "..", "cp037"))),
    "redirect": _redirect("", "/", ".", "?", "#", "//", "http://", "http://[", "javascript:alert(1)",
                      "file:///etc/passwd",
                          "data:text/html,x", "http://127.0.0.1:1/", "http://169.254.169.254/", "\\\\x\\y", "a" * 9000,
                          b"\xff\xfe", b"/\xc4\xea\xb1\xa8.html", "http://a..b/", "http://127.0.0.1:99999/",
                          "mailto:a@b"),
    "nothing": _body(lambda random, body: b""),
    "cut": _body(lambda random, body: body[: random.randrange(len(body) + 1)]),
    "flipped bytes": _body(_flipped),
    "NUL": _body(_strewn(b"\x00", b"\x00" * 900)),
    "no letters": _body(_strewn(b"\xff\xfe", b"\xed\xa0\x80", b"\xef\xbf\xbd" * 50, b"\xe2\x80\xae", b"\x1b[2J",
                      b"\x85")),
    "markup": _body(_strewn(b"<!--", b"-->", b"<script>", b"</script>", b"<style>", b"<textarea>", b"<plaintext>",
                      b"<![CDATA[",
                            b"<template>", b"<noscript>", b"<div>" * 300, b"</div>" * 50, b"<table><tr>",
                            b"<svg><title>",
                            b"<base href='http://[x'>", b"<meta charset=hex>", b"<iframe src='/'>",
                            b"&#0;&#x110000;&amp")),
    "numbers": _body(_numbers),
    "noise": _body(lambda random, body: random.randbytes(random.randint(1, 5000))),
    "twice": _body(lambda random, body: body + body),
    "a mark before it": _body(lambda random, body: random.choice((b"\xfe\xff", b"\xff\xfe", b"\xef\xbb\xbf",
                      b"+/v8")) + body),
    "silence": _silent,
}  # fmt: skip
