"""How reports say their numbers: words and patterns of ``config/sentences.yaml``, for report/text/grammar.py."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from config.yaml_file import PACKAGED, DataFile, fault_at, read_yaml

FILE = "sentences.yaml"
# Kinds of words that no list holds: report/text/tokens.py tells them.
TOLD = frozenset({"number", "about", "percent", "ordinal", "self", "place", "pause", "other", "channels"})
Within = Literal["requests", "disputes", "table_two", "documents"]
_NAME = re.compile(r"[a-z_]+")
_SENSE = re.compile(r"\{([a-z_]+)\}")
_REPEATED = re.compile(r"[*+]")

Name = Annotated[str, StringConstraints(pattern=r"^[a-z_]+$")]


class SentencePattern(DataFile):
    """One way to say one number. ``within``: what the sentence around it has to be about; ``senses``: of these only."""

    reads: str
    pattern: str
    senses: tuple[str, ...] = ()
    within: Within | None = None
    examples: dict[str, int | float] = Field(min_length=1)


class SentencesFile(DataFile):
    """All words by kind, the names for pieces of patterns, and the patterns in the order in which they are tried."""

    words: dict[Name, tuple[str, ...] | dict[str, tuple[str, ...]]]
    phrases: dict[Name, str] = Field(default_factory=dict)
    patterns: tuple[SentencePattern, ...]

    def words_of(self, kind: str) -> Iterator[tuple[str, str]]:
        """The words of a kind with the sense of each, "" where the kind has no senses."""
        words = self.words[kind]
        if isinstance(words, dict):
            yield from ((word, sense) for sense, some in words.items() for word in some)
        else:
            yield from ((word, "") for word in words)


@cache
def sentences_file() -> SentencesFile:
    """The words and patterns that come with the program."""
    return read_sentences(PACKAGED / FILE)


def read_sentences(path: Path) -> SentencesFile:
    """The words and patterns of one file.

    Raises ConfigurationError with file, line and remedy where it does not fit, where a pattern names a kind of word
    that there is not, where it could be read in more than one way, or where a word stands twice in one kind.
    """
    file = read_yaml(path, SentencesFile)
    for name, phrase in file.phrases.items():
        _refuse_unknown(path, file, phrase, "phrases", name)
    for index, pattern in enumerate(file.patterns):
        _refuse_unknown(path, file, pattern.pattern, "patterns", index)
        named = _NAME.findall(pattern.pattern)
        if named.count("number") > 1 or ("number" not in named and "none" not in named):
            wrong = f"句式“{pattern.pattern}”须有一个 number，或者有 none"
            raise fault_at(path, wrong, "每个句式只说一个数", "patterns", index)
        for kind in _SENSE.findall(pattern.reads):
            if kind not in named or not isinstance(file.words.get(kind), dict):
                wrong = f"reads 中的“{kind}”不在句式中，或该类词没有分义"
                raise fault_at(path, wrong, "请改正 reads 或句式", "patterns", index)
    for kind in file.words:
        seen: set[str] = set()
        for word, _ in file.words_of(kind):
            if word in seen:
                raise fault_at(path, f"“{word}”在 {kind} 中出现两次", "请只保留一处", "words", kind)
            seen.add(word)
    return file


def _refuse_unknown(path: Path, file: SentencesFile, pattern: str, *where: int | str) -> None:
    for name in _NAME.findall(pattern):
        if name not in file.words and name not in file.phrases and name not in TOLD:
            known = "、".join(sorted({*file.words, *file.phrases, *TOLD}))
            raise fault_at(path, f"句式“{pattern}”中的“{name}”不认识", f"可用的有：{known}", *where)
    depth = 0
    repeated_inside = [False]
    for at, character in enumerate(pattern):
        if character == "(":
            depth += 1
            repeated_inside.append(False)
        elif character == ")":
            if depth == 0:
                raise fault_at(path, f"句式“{pattern}”的括号不成对", "请补上括号", *where)
            depth -= 1
            inside = repeated_inside.pop()
            if inside and _REPEATED.match(pattern, at + 1):
                raise fault_at(path, f"句式“{pattern}”中重复之内又有重复", "请去掉其中一个，以免一句有多种读法", *where)
        elif character in "*+":
            repeated_inside[-1] = True
    if depth:
        raise fault_at(path, f"句式“{pattern}”的括号不成对", "请补上括号", *where)
