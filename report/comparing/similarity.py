"""How much of a text stands in another one, and the longest passage that does.

Compared are runs of a dozen letters, after what says nothing is taken out: law citations, the sentence on the period,
addresses, numbers and years, so that last year's text with new numbers is last year's text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from zlib import crc32

from report.text.sentences import sentences

RUN = 12
LONGEST = 20_000

_BOILERPLATE = re.compile(
    r"统计期限|统计时限|根据《中华人民共和国政府信息公开条例》|依据《中华人民共和国政府信息公开条例》|联系电话|邮编|下载查阅|电子版"
    r"|习近平新时代|信息处理费|没有其他需要报告|无其他需要报告"
)
_CITATION = re.compile(r"《[^》]{2,80}》")
_NUMBER = re.compile(r"\d+(?:\.\d+)?%?|[一二三四五六七八九十〇○]+(?=[件条次个项篇份名人期场])")
_LETTER = re.compile(r"[\u3400-\u9fffA-Za-z]")
_LETTERS = re.compile(rf"{_LETTER.pattern}+")
_NOTHING = "\0"


def letters_that_count(text: str, names: tuple[str, ...] = ()) -> int:
    """How long a text is without what says nothing and without the agency's names."""
    return len(_letters(text, names))


def share_found(text: str, other: str, names: tuple[str, ...] = (), other_names: tuple[str, ...] = ()) -> float:
    """How much of ``text`` stands in ``other``, 0 to 1; the names of the two agencies do not count."""
    own = runs_of(text, names)
    return len(own & runs_of(other, other_names)) / len(own) if own else 0.0


def longest_passage(text: str, other: str, names: tuple[str, ...] = (), other_names: tuple[str, ...] = ()) -> str:
    """The longest passage of ``text`` that stands in ``other``, as it stands in ``text``; empty where there is none."""
    letters, runs = _letters(text, names), runs_of(other, other_names)
    longest = start = length = 0
    for position, run in enumerate(_numbered(letters)):
        if run not in runs:
            length = 0
            continue
        length += 1
        if length > longest:
            longest, start = length, position - length + 1
    if not longest:
        return ""
    kept = _kept(text)
    positions = [match.start() for match in _LETTER.finditer(_masked(kept, names))]
    return kept[positions[start] : positions[start + longest + RUN - 2] + 1]


@lru_cache(maxsize=192)
def _letters(text: str, names: tuple[str, ...]) -> str:
    """The letters of a text that count."""
    return "".join(_LETTERS.findall(_masked(_kept(text), names)))


def _kept(text: str) -> str:
    return "".join(sentence for sentence in sentences(text[:LONGEST]) if not _BOILERPLATE.search(sentence))


def _masked(kept: str, names: tuple[str, ...]) -> str:
    """A text of the same length, with nothing where citations, numbers and names stand."""
    masked = _NUMBER.sub(_nothing, _CITATION.sub(_nothing, kept))
    for name in sorted(names, key=len, reverse=True):
        masked = masked.replace(name, _NOTHING * len(name))
    return masked


def _nothing(match: re.Match[str]) -> str:
    return _NOTHING * len(match[0])


@lru_cache(maxsize=192)
def runs_of(text: str, names: tuple[str, ...] = ()) -> frozenset[int]:
    """The runs of a text's letters that count, each as a number that is the same in every process."""
    return frozenset(_numbered(_letters(text, names)))


def _numbered(letters: str) -> Iterator[int]:
    encoded = letters.encode("utf-16-le")
    return (crc32(encoded[start : start + 2 * RUN]) for start in range(0, len(encoded) - 2 * RUN + 1, 2))
