"""The patterns of config/sentences.yaml, each tried on the words of one whole clause.

A pattern is a regular expression whose letters are words: every set of kinds that a word can have is one letter, so
that a clause of thirty words is a text of thirty letters. Clauses of more than sixty words are no clauses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import pairwise

from config.sentences import SentencePattern, SentencesFile, Within, sentences_file
from report.text.tokens import Lexicon, Token

LONGEST_CLAUSE = 60
# 予以公开答复2件: a word for handling beside that of an outcome says nothing of its own.
HANDLED = "requests.handled"
_NAME = re.compile(r"[a-z_]+")
_SENSE = re.compile(r"\{([a-z_]+)\}")
_ENDS = ("comma", "semicolon", "colon", "open", "close", "stop")
_DEEPEST = 6


@dataclass(frozen=True, slots=True)
class Clause:
    """The words between two marks; ``mark`` is the kind of mark behind it, "pause" where a listing goes on."""

    tokens: tuple[Token, ...]
    mark: str
    kinds: frozenset[str]

    @property
    def text(self) -> str:
        """What stands there."""
        return "".join(token.text for token in self.tokens)

    def has(self, *kinds: str) -> bool:
        """Whether one of its words is of one of these kinds."""
        return not self.kinds.isdisjoint(kinds)


@dataclass(frozen=True, slots=True)
class Match:
    """A clause that a pattern covers: the figure and the number that it says, with the unit of its last digit."""

    figure: str
    value: int | Decimal
    within: Within | None
    step: int | Decimal = 0


class Grammar:
    """Lexicon and patterns of one file."""

    def __init__(self, file: SentencesFile) -> None:
        self.lexicon = Lexicon(file)
        sets = {frozenset(senses) for senses in self.lexicon.words.values()}
        sets |= {frozenset({kind}) for kind in ("number", "ordinal", "self", "period", "pause", "channels")}
        self._letters = {kinds: chr(0xE000 + index) for index, kinds in enumerate(sorted(sets, key=sorted))}
        self._patterns = [(pattern, re.compile(self._source(pattern.pattern, file, 0))) for pattern in file.patterns]

    def match(self, clause: Clause, within: Sequence[Within | None]) -> Match | None:
        """What the first pattern that covers the whole clause says; ``within``: what the sentence is about."""
        tokens = clause.tokens
        if not tokens or len(tokens) > LONGEST_CLAUSE:
            return None
        # What no pattern knows (a percentage, another year) is a letter of none.
        letters = "".join(self._letters.get(frozenset(token.kinds), "\ufffe") for token in tokens)
        for pattern, compiled in self._patterns:
            if pattern.within in within and compiled.fullmatch(letters):
                said = _said(pattern, tokens)
                if said is not None:
                    return said
        return None

    def _source(self, pattern: str, file: SentencesFile, depth: int) -> str:
        if depth > _DEEPEST:
            raise ValueError(f"the phrases of {pattern!r} name each other")

        def letter(match: re.Match[str]) -> str:
            name = match[0]
            if name in file.phrases:
                return f"(?:{self._source(file.phrases[name], file, depth + 1)})"
            of_it = "".join(letter for kinds, letter in self._letters.items() if name in kinds)
            return f"[{of_it}]"

        return _NAME.sub(letter, pattern).replace(" ", "")


def clauses(tokens: Sequence[Token]) -> Iterator[Clause]:
    """The clauses of a sentence; a pause ends one behind a number with its unit, where the next of a listing begins."""
    current: list[Token] = []
    for token in tokens:
        ends = next(iter(token.kinds), "")
        ends = ends if ends in _ENDS else ""
        if not ends and "pause" in token.kinds and len(current) > 1 and _counted(current):
            ends = "pause"
        if ends:
            yield _clause(current, ends)
            current = []
        else:
            current.append(token)
    if current:
        yield _clause(current, "stop")


@cache
def grammar() -> Grammar:
    """The grammar that comes with the program."""
    return Grammar(sentences_file())


def _clause(tokens: Sequence[Token], mark: str) -> Clause:
    joined = _with_channels(tokens)
    return Clause(joined, mark, frozenset(kind for token in joined for kind in token.kinds))


def _counted(tokens: Sequence[Token]) -> bool:
    return any(first.is_a("number") and second.is_a("unit", "money") for first, second in pairwise(tokens))


def _with_channels(tokens: Sequence[Token]) -> tuple[Token, ...]:
    """通过信函、网络等渠道 as one word: through several ways, or through whatever ways there are, narrows nothing.

    So does 书面、网络等形式的, without 通过.
    """
    if not any(token.is_a("through", "way") for token in tokens):
        return tuple(tokens)
    found: list[Token] = []
    at = 0
    while at < len(tokens):
        end = at + 1
        if tokens[at].is_a("through", "channel"):
            while end < len(tokens) and tokens[end].is_a("channel", "way", "pause", "and", "particle"):
                end += 1
            named = sum(
                token.is_a("channel") and not before.is_a("channel")  # 网络平台 is one
                for before, token in zip(tokens[at:end], tokens[at + 1 : end], strict=False)
            )
            to_whatever = any(token.is_a("way") for token in tokens[at:end])
            if tokens[at].is_a("through"):
                all_ways = named > 1 or (named == 0 and to_whatever)
            else:
                all_ways = named > 0 and to_whatever  # the first one is not counted
            if all_ways:
                found.append(Token({"channels": ""}, "".join(token.text for token in tokens[at:end]), tokens[at].start))
                at = end
                continue
        found.append(tokens[at])
        at += 1
    return tuple(found)


def _said(pattern: SentencePattern, tokens: Sequence[Token]) -> Match | None:
    numbers = [token for token in tokens if token.value is not None]
    value = numbers[0].value if numbers else 0
    if len(numbers) > 1 or value is None:
        return None
    figure = pattern.reads
    for kind in _SENSE.findall(figure):
        senses = list(dict.fromkeys(token.kinds[kind] for token in tokens if kind in token.kinds))
        senses = [sense for sense in senses if sense != HANDLED] or senses
        if len(senses) != (2 if figure.endswith("+") else 1):
            return None
        if pattern.senses and not set(senses) <= set(pattern.senses):
            return None
        figure = figure.rstrip("+").replace(f"{{{kind}}}", "+".join(senses))
    kinds = {kind for token in tokens for kind in token.kinds}
    factor = next((Decimal(token.kinds["money"]) for token in tokens if "money" in token.kinds), Decimal(1))
    # An amount may be rounded to whatever unit it is given in.
    step = max(numbers[0].step, 1 if "money" in kinds else 0) if numbers else 0
    return Match(
        figure, value / factor if factor != 1 else value, pattern.within, step / factor if factor != 1 else step
    )
