"""Packed answers: one that was cut on its way is not taken for a shorter page, which would show less than there is."""

from __future__ import annotations

import gzip
import zlib
from typing import Any

from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.utils import _compression

_LIBRARY: Any = _compression  # the packages that Scrapy found
# As each of them says that the bytes are none of its own.
_FAULTS = (zlib.error, gzip.BadGzipFile, _LIBRARY.brotli.error, _LIBRARY.zstd.ZstdError)


class CutAnswerError(IgnoreRequest):
    """What was packed has no end."""


class NotPackedAsSaidError(IgnoreRequest):
    """What came is not packed in the way that its header names; ``str()`` is that way."""


class WholeAnswers(HttpCompressionMiddleware):
    """Scrapy's middleware, which gives what it could unpack; here only what is whole."""

    @staticmethod
    def _decode(body: bytes, encoding: bytes, max_size: int) -> bytes:
        try:
            decoded = HttpCompressionMiddleware._decode(body, encoding, max_size)
            whole = _is_whole(body, encoding)
        except EOFError:
            raise CutAnswerError from None  # before anything could be unpacked
        except _FAULTS:
            raise NotPackedAsSaidError(encoding.decode("ascii", "replace")) from None
        if not whole:
            raise CutAnswerError
        return decoded


def _is_whole(packed: bytes, encoding: bytes) -> bool:
    """Whether the end of a stream is there; it was unpacked before, so that its size is known to be bearable."""
    if encoding == b"br":
        brotli_stream = _LIBRARY.brotli.Decompressor()
        brotli_stream.process(packed)
        return bool(brotli_stream.is_finished())
    if encoding == b"zstd":
        zstd_stream = _LIBRARY.zstd.ZstdDecompressor()
        zstd_stream.decompress(packed)
        return bool(zstd_stream.eof)
    # A gzip header; for deflate the header of zlib, which some servers leave out.
    for bits in (31,) if encoding in (b"gzip", b"x-gzip") else (15, -15):
        stream = zlib.decompressobj(bits)
        try:
            stream.decompress(packed)
        except zlib.error:
            continue
        return stream.eof
    return True  # a wrong check sum is no cut; whatever it says, all of it is there
