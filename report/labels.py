"""Labels of the form found again in a document: numbering, punctuation, spaces and small misprints put aside."""

from __future__ import annotations

import re
from functools import lru_cache

from report.numerals import fold_width, without_space

_NUMBERING = re.compile(
    r"^(?:[（(]?[一二三四五六七八九十]{1,3}[）)、.．,，:]|[（(]?[0-9]{1,2}[）)、.．,，:]|[①-⑳]|[0-9]{1,2}(?=[\u4e00-\u9fff]))+"
)
_INNER_NUMBERING = re.compile(r"[（(][一二三四五六七八九十]{1,3}[）)]|[0-9]{1,2}[.．、]")
# 本年（2023）制发件数: the year inside a head is no part of its words.
_YEAR = re.compile(r"[（(]?20[0-9]{2}(?:年度?)?[）)]?(?=.)|(?<=.)[（(]?20[0-9]{2}(?:年度?)?[）)]?")
_NOT_A_LETTER = re.compile(r"[^\u3400-\u9fff0-9A-Za-z]+")
_LONGEST = 80
_SHORTEST_PART = 3
_SHORTEST_BEGINNING = 6
_NOTE_AFTER = 30


@lru_cache(maxsize=8192)
def bare(text: str) -> str:
    """The letters of a label: no white space, no numbering before it, no punctuation."""
    text = without_space(fold_width(text[: 4 * _LONGEST]))
    return _NOT_A_LETTER.sub("", _YEAR.sub("", _NUMBERING.sub("", text)))


class LabelBook:
    """Finds the key of a label. ``entries`` are (label, key); the same label with two keys has none."""

    def __init__(self, entries: tuple[tuple[str, str], ...]) -> None:
        self._keys: dict[str, str] = {}
        doubtful = set()
        for label, key in entries:
            letters = bare(label)
            if self._keys.setdefault(letters, key) != key:
                doubtful.add(letters)
        for letters in doubtful:
            del self._keys[letters]
        # 本年度 says what 本年 says.
        self._loosely = {_loose(letters): key for letters, key in self._keys.items()}
        self._found: dict[str, str | None] = {}

    def find(self, text: str) -> str | None:
        """The key whose label the text is or nearly is; None where it is none or could be two."""
        if not text or len(text) > 3 * _LONGEST:
            return None
        if text not in self._found:
            if len(self._found) > 4096:
                self._found.clear()
            self._found[text] = self._search(text)
        return self._found[text]

    def exact(self, text: str) -> str | None:
        """The key whose label the text is, numbering and punctuation apart."""
        return self._keys.get(bare(text)) if len(text) <= _LONGEST else None

    def labels(self) -> frozenset[str]:
        """Every label of the book, bare."""
        return frozenset(self._keys)

    def _search(self, text: str) -> str | None:
        letters = bare(text)
        if not letters or len(letters) > _LONGEST or letters.isdigit():
            return None
        if letters in self._keys:
            return self._keys[letters]
        if (loosely := self._loosely.get(_loose(letters))) is not None:
            return loosely
        last = _INNER_NUMBERING.split(without_space(fold_width(text)))[-1]
        if last and bare(last) in self._keys:
            return self._keys[bare(last)]
        return self._part(letters) or self._beginning(letters) or self._misprint(letters)

    def _part(self, letters: str) -> str | None:
        """A label with something before it (its group) or after it (a note in brackets)."""
        best = ""
        for label in self._keys:
            if len(label) > max(len(best), _SHORTEST_PART - 1) and (
                letters.endswith(label) or (letters.startswith(label) and len(letters) <= len(label) + _NOTE_AFTER)
            ):
                best = label
        return self._keys[best] if best else None

    def _beginning(self, letters: str) -> str | None:
        """The one label that begins with the text: shortened, or cut by the end of a page."""
        if len(letters) < _SHORTEST_BEGINNING:
            return None
        keys = {key for label, key in self._keys.items() if label.startswith(letters)}
        return keys.pop() if len(keys) == 1 else None

    def _misprint(self, letters: str) -> str | None:
        """The one label within a quarter of its length in changes, if no other comes near."""
        near: dict[str, int] = {}
        for label, key in self._keys.items():
            limit = len(label) // 4
            if limit and abs(len(label) - len(letters)) <= limit + 1:
                changes = _changes(label, letters, limit + 1)
                near[key] = min(near.get(key, changes), changes) if changes <= limit + 1 else near.get(key, 99)
        ranked = sorted((changes, key) for key, changes in near.items())
        if not ranked or ranked[0][0] > max(1, len(letters) // 4):
            return None
        if len(ranked) > 1 and ranked[1][0] < ranked[0][0] + 2:
            return None
        return ranked[0][1]


def _loose(letters: str) -> str:
    return letters.replace("年度", "年")


@lru_cache(maxsize=64)
def label_book(entries: tuple[tuple[str, str], ...]) -> LabelBook:
    """The book of these entries, made once."""
    return LabelBook(entries)


def _changes(one: str, other: str, limit: int) -> int:
    """The edit distance of two short texts; anything above ``limit`` may come out as limit + 1."""
    row = list(range(len(other) + 1))
    for index, character in enumerate(one, 1):
        previous, row[0] = row[0], index
        for column, second in enumerate(other, 1):
            previous, row[column] = (
                row[column],
                min(row[column] + 1, row[column - 1] + 1, previous + (character != second)),
            )
        if min(row) > limit:
            return limit + 1
    return row[-1]
