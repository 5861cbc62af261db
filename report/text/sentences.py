"""The sentences of a running text, made plain: no white space or markdown, plain digits, full-width marks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from report.numerals import without_space

UNIT = r"(?:件次|人次|件|宗|条|份|次|起|例|封|个|项|篇)"

_DIGITS = str.maketrans("０１２３４５６７８９．％", "0123456789.%")
_MARKS = str.maketrans(",;:!?()", "，；：！？（）")
_SEPARATOR = re.compile(r"(?<=\d)[,，](?=\d{3}(?!\d))")
_MARKDOWN = re.compile(r"\*\*|__")
_LONGEST_SENTENCE = 5000
_NUMBER_OR_NONE = re.compile(r"\d|[一二两三四五六七八九十百千零]+(?:余|多)?[件条次篇场项个期份部]|未|没有|无")
_SENTENCE_END = re.compile(r"(?<=[。！？])")
# A numbered line of a few words is a heading; what stands below it begins anew.
_HEADING_LINE = re.compile(
    r"^[ \u3000\u00a0]*(?:[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,2}[.、．]|[一二三四五六七八九十]{1,3}、)"
    r"[^，。；：、！？\d\n]{2,20}$",
    re.MULTILINE,
)


def normalised(text: str) -> str:
    """Text for searching: no white space or markdown, plain digits, full-width marks, no thousands separators."""
    plain = _MARKDOWN.sub("", without_space(text)).translate(_DIGITS)
    return _SEPARATOR.sub("", plain).translate(_MARKS)


def gives_number(text: str, words: Sequence[str]) -> bool:
    """Whether a sentence with one of these words has a number in it, or says that there was none."""
    return any(
        _NUMBER_OR_NONE.search(sentence) is not None
        for sentence in sentences(text)
        if any(word in sentence for word in words)
    )


@lru_cache(maxsize=128)
def sentences(text: str) -> tuple[str, ...]:
    """The normalised sentences of a text; a line that ends without a full stop goes on in the next, headings apart.

    What has no full stop in thousands of characters is no sentence, and left out.
    """
    parts = _SENTENCE_END.split(normalised(_HEADING_LINE.sub(r"\g<0>。", text)))
    return tuple(sentence for sentence in parts if 0 < len(sentence) <= _LONGEST_SENTENCE)
