"""Answers broken by seed: each ends in a typed state, nobody is accused, and the portal beside them is sound.

``make answers SEED=… COUNT=…`` tries more of them.
"""

from __future__ import annotations

import gzip
import sys
import zlib
from random import Random

import brotli  # type: ignore[import-untyped]
import pytest
from scrapy.utils._compression import _DecompressionMaxSizeExceeded

from config.settings import load_settings
from crawler.fetching.unpacking import CutAnswerError, NotPackedAsSaidError, WholeAnswers
from tests.marks import some_long
from tests.portals.answers.broken import WAYS
from tests.portals.answers.season import try_answers

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

MOST = 1_000_000
BODY = "政府信息公开年报".encode() * 5000
PACKED = {
    b"gzip": gzip.compress(BODY),
    b"deflate": zlib.compress(BODY),
    b"br": brotli.compress(BODY),
    b"zstd": zstd.compress(BODY),
}


@pytest.mark.timeout(900)
@pytest.mark.usefixtures("sqlite_settings")
@pytest.mark.parametrize("count", some_long(12, 4 * len(WAYS)))
def test_of_the_answers_of_a_seed_nobody_is_accused(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    monkeypatch.setenv("NIANBAO_FETCH_TIMEOUT_SECONDS", "2")
    tried = try_answers(load_settings(), 8, count)
    assert tried.wrong == ()
    assert set(tried.looks) > {"healthy whole"}, "nothing was broken"


@pytest.mark.parametrize("encoding", PACKED)
def test_a_packed_answer_is_whole_or_none(encoding: bytes) -> None:
    packed = PACKED[encoding]
    assert WholeAnswers._decode(packed, encoding, MOST) == BODY
    for length in range(2, len(packed)):
        with pytest.raises(CutAnswerError):
            WholeAnswers._decode(packed[:length], encoding, MOST)


def test_deflate_without_a_header_is_read_and_a_cut_one_is_not() -> None:
    packing = zlib.compressobj(wbits=-15)
    packed = packing.compress(BODY) + packing.flush()
    assert WholeAnswers._decode(packed, b"deflate", MOST) == BODY
    with pytest.raises(CutAnswerError):
        WholeAnswers._decode(packed[: len(packed) - 3], b"deflate", MOST)


@pytest.mark.parametrize("encoding", PACKED)
def test_what_is_not_packed_as_it_says_is_known_as_that(encoding: bytes) -> None:
    with pytest.raises(NotPackedAsSaidError, match=encoding.decode()):
        WholeAnswers._decode(b"<html><body>not packed at all</body></html>", encoding, MOST)


@pytest.mark.parametrize("encoding", PACKED)
def test_a_byte_that_was_changed_on_the_way_breaks_nothing_else(encoding: bytes) -> None:
    random = Random(7)
    for _ in range(300):
        packed = bytearray(PACKED[encoding])
        packed[random.randrange(len(packed))] ^= 1 << random.randrange(8)
        try:
            WholeAnswers._decode(bytes(packed), encoding, MOST)
        except (CutAnswerError, NotPackedAsSaidError, _DecompressionMaxSizeExceeded):
            continue
