"""A sentence as words with their meaning: numbers, days, the agency's own names, words of config/sentences.yaml."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from config.sentences import SentencesFile
from report.numerals import read_numeral
from report.text.own_names import Speaker

_HAN_DIGITS = "零〇一二两三四五六七八九十百千万"
_MARKS = {
    "，": "comma",
    "；": "semicolon",
    "：": "colon",
    "（": "open",
    "）": "close",
    "【": "open",
    "】": "close",
    "。": "stop",
    "、": "pause",
}
_TOLD = re.compile(
    r"(?P<ordinal>（[一二三四五六七八九十\d]{1,3}）|(?<![\d.])\d{1,2}[.．、](?!\d)|(?<![第零一二三四五六七八九十百千])[一二三四五六七八九十]{1,3}(?:、|是)|[①-⑩])"
    r"|(?P<dotted>20\d\d\.0?1\.0?1(?:[-—－～~至到]|——)(?:20\d\d\.)?12\.31)"
    r"|(?P<year>(?:20\d\d|二[〇零○][一二三四五六七八九〇零○]{2})年度?)"
    r"|(?P<wholeyear>1月1日|12月31日|(?<=[截至止到])12月(?:份|底)?(?!\d)|12月底|1月?[-—－～~至到]12月份?|元月至12月份?)"
    r"|(?P<month>\d{1,2}月份?(?:\d{1,2}日)?)"
    r"|(?P<percent>\d{1,6}(?:\.\d{1,6})?%)"
    r"|(?P<about>(?:约|近|逾|超过|不到|超|达到)\d{1,12}|\d{1,12}(?:\.\d{1,6})?[万亿]?[余多])"
    r"|(?P<number>\d{1,12}(?:\.\d{1,6})?(?:[万亿](?!元))?)"
)
_DIGIT_YEARS = str.maketrans("〇零○一二三四五六七八九", "000123456789")


@dataclass(frozen=True, slots=True)
class Token:
    """One word: what kinds of word it may be, with the sense of each; ``value`` where it is a number.

    ``step`` is the unit of its last digit where that may be rounded: 1000 for 5.3万, 0.1 for 35.2, 0 for 12.
    """

    kinds: dict[str, str]
    text: str
    start: int
    value: int | Decimal | None = None
    step: int | Decimal = 0

    def is_a(self, *kinds: str) -> bool:
        """Whether it is a word of one of these kinds."""
        return not self.kinds.keys().isdisjoint(kinds)


class Lexicon:
    """The words of a file, ready to be found."""

    def __init__(self, file: SentencesFile) -> None:
        self.words: dict[str, dict[str, str]] = {}
        for kind in file.words:
            for word, sense in file.words_of(kind):
                self.words.setdefault(word, {})[kind] = sense
        units = "|".join(sorted((word for word, _ in file.words_of("unit")), key=len, reverse=True))
        longest_first = sorted((re.escape(word) for word in self.words), key=len, reverse=True)
        counted = rf"(?P<counted>[{_HAN_DIGITS}]{{1,12}}(?=(?:余|多)?(?:{units}|万元)))"
        words = f"(?P<word>{'|'.join(longest_first)})"
        periods = "|".join(sorted((word for word, _ in file.words_of("period")), key=len, reverse=True))
        dotted = r"20\d\d\.0?1\.0?1[-—－～~至到]{1,2}(?:20\d\d\.)?12\.31"
        days = r"(?:20\d\d年)?(?:1月1日|12月31日|1月?[-—－～~至到]12月份?|12月底)|20\d\d年度?"
        self._starts = re.compile(rf"(?:^|[，；：。）】])(?:(?:{dotted}|{days}|{periods})，?)*")
        self._pattern = re.compile(f"{_TOLD.pattern}|(?P<mark>[，；：（）【】。、！？])|{counted}|{words}")

    def tokens(self, sentence: str, year: int | None, speaker: Speaker) -> list[Token]:
        """All words of a normalised sentence in order; neighbouring letters that no word covers are one "other"."""
        found: list[Token] = []
        last = 0
        for start, end in self._spans(sentence, speaker):
            found.extend(self._between(sentence, last, start, year))
            found.append(Token({"self": ""}, sentence[start:end], start))
            last = end
        found.extend(self._between(sentence, last, len(sentence), year))
        return found

    def _spans(self, sentence: str, speaker: Speaker) -> list[tuple[int, int]]:
        """Where the agency names itself, also by a shortened name where a subject stands."""
        spans = speaker.spans(sentence)
        for match in self._starts.finditer(sentence):
            start = match.end()
            end = speaker.own_subject(sentence, start)
            if end is not None and not any(first <= start and end <= last for first, last in spans):
                spans = [(first, last) for first, last in spans if last <= start or first >= end]
                spans.append((start, end))
        return sorted(spans)

    def _between(self, sentence: str, start: int, end: int, year: int | None) -> Iterator[Token]:
        for match in self._pattern.finditer(sentence, start, end):
            if match.start() > start:
                yield Token({"other": ""}, sentence[start : match.start()], start)
            yield self._token(match, year)
            start = match.end()
        if start < end:
            yield Token({"other": ""}, sentence[start:end], start)

    def _token(self, match: re.Match[str], year: int | None) -> Token:
        kind, text, start = match.lastgroup or "", match[0], match.start()
        if kind == "word":
            return Token(self.words[text], text, start)
        if kind == "mark":
            return Token({_MARKS.get(text, "stop"): ""}, text, start)
        if kind in ("year", "dotted"):
            named = int(text.translate(_DIGIT_YEARS)[:4])
            return Token({"period": "this"} if named == year else {"otherperiod": ""}, text, start)
        if kind in ("wholeyear", "month"):
            return Token({"period": "edge"} if kind == "wholeyear" else {"otherperiod": ""}, text, start)
        if kind in ("number", "counted"):
            numeral = read_numeral(text)
            if numeral is None or numeral.about:
                return Token({"about": ""}, text, start)
            return Token({"number": ""}, text, start, numeral.value, _step(text))
        return Token({kind: ""}, text, start)


def _step(text: str) -> int | Decimal:
    """The unit of the last digit of a number that is written in 万 or 亿, or with a decimal point."""
    unit = {"万": 10**4, "亿": 10**8}.get(text[-1], 1)
    places = len(text.rstrip("万亿").partition(".")[2])
    if unit == 1 and not places:
        return 0
    step = unit * Decimal(1).scaleb(-places)
    return int(step) if step == int(step) else step
