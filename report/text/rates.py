"""Percentages that compare or rate, as the running text gives them: 比上年的10件增长30%, 增长一倍, 办结率95%.

Of what they are is seldom said. Whether two numbers of the sentence, or of this year's table and last year's, make
one true is all that can be told: where none do, a person has to look.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from report.report import Report
from report.text.listings import counts_in, in_digits
from report.text.sentences import sentences

_CHANGE = re.compile(
    r"(?P<way>增长|增加|上升|提高|提升|增幅|下降|减少|降低|降幅|减幅)(?:了|率)?(?:为|达到?|约|近|超过)?"
    r"(?:(?P<percent>\d{1,5}(?:\.\d{1,4})?)%|(?P<times>\d{1,2}(?:\.\d)?|[一二两三四五六七八九])倍)|翻了?(?P<doubled>一番)"
)
_RATE = re.compile(
    r"(?:办结|办理|答复|回复|公开)率(?:均|都)?(?:为|是|达到?|保持|保持在)?(?P<percent>\d{1,3}(?:\.\d{1,4})?)%"
)
_OF_OURS = re.compile("申请|答复|办结|复议|诉讼|公开|发布|信息")
_DOWN = ("下降", "减少", "降低", "降幅", "减幅")
_TIMES = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_WHOLE = Decimal(100)


class Way(StrEnum):
    """What a percentage is: how much more, how much less, how much of it."""

    MORE = "more"
    LESS = "less"
    RATE = "rate"


@dataclass(frozen=True, slots=True)
class Rate:
    """One percentage to the last digit printed, with the numbers of its sentence, and whether that is on requests."""

    way: Way
    percent: Decimal
    numbers: frozenset[int]
    of_requests: bool
    quote: str

    def holds_for(self, now: Set[int], before: Set[int]) -> bool:
        """Whether one of ``now`` beside one of ``before`` has this rate, to the last digit or cut off."""
        last_digit = Decimal(1).scaleb(min(int(self.percent.as_tuple().exponent), 0))
        wanted = {Way.MORE: _WHOLE + self.percent, Way.LESS: _WHOLE - self.percent, Way.RATE: self.percent}[self.way]
        return any(
            abs(Decimal(one) * _WHOLE / base - wanted) < last_digit
            for one in now
            for base in before
            if base > 0 and (one != base or wanted == _WHOLE)
        )


def rates(report: Report) -> list[Rate]:
    """Every such percentage in the running text that speaks of requests or of what was published, in order."""
    return [rate for text in report.texts() for sentence in sentences(text) for rate in _of(sentence)]


def _of(sentence: str) -> Iterator[Rate]:
    if not ("%" in sentence or "倍" in sentence or "番" in sentence) or not _OF_OURS.search(sentence):
        return
    sentence = in_digits(sentence)
    numbers = frozenset(count.value for count in counts_in(sentence))
    of_requests = "申请" in sentence
    for match in _CHANGE.finditer(sentence):
        way = Way.LESS if match["way"] in _DOWN else Way.MORE
        yield Rate(way, _percent(match), numbers, of_requests, match[0])
    for match in _RATE.finditer(sentence):
        yield Rate(Way.RATE, Decimal(match["percent"]), numbers, of_requests, match[0])


def _percent(match: re.Match[str]) -> Decimal:
    if match["doubled"]:
        return _WHOLE
    if match["percent"]:
        return Decimal(match["percent"])
    times = match["times"]
    return _WHOLE * (_TIMES[times] if times in _TIMES else Decimal(times))
