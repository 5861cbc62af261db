"""The years that a report's title, its period and its running text name."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from functools import cached_property

from report.numerals import YEAR, fold_width, part_of_date
from report.period import dates_rejoined
from report.titles import year_in

_YEAR = re.compile(rf"(?<![0-9〇○零一二三四五六七八九])({YEAR})\s?年(?!\s?[0-9]{{1,2}}\s?月\s?[0-9]{{1,2}}\s?日)")
_SENTENCE_END = re.compile(r"(?<=[。；\n])")
# A year that another is compared with, from which something was left over, or for which something is planned, is not
# what the text is about. 将 alone plans nothing: 2023年，我区将政务公开纳入考核.
_COMPARED_WITH = re.compile(r"(?:较|比|相比|同比|与|和|同|[较比]之?于|力争)$")
_COMPARED = re.compile(
    r"度?(?:相比|同期|结转|的(?=\s?[0-9])|[，,]?[^。，,；\d]{0,12}(?:将|要)(?:进一步|继续|针对|不断|持续|着力|按照|坚持|努力|重点|从|以))"
)
# An earlier report, named to say what it said: 《2023年度报告》中指出, 2023年年报存在的问题.
_REPORT = r"度?(?:的)?(?:政[府务]信息公开|政务公开|信息公开)?(?:工作)?(?:的)?(?:情况)?(?:年度)?(?:工作)?(?:报告|年报)"
_NAME_OF_REPORT = re.compile(_REPORT)
_EARLIER_REPORT = re.compile(
    rf"{_REPORT}[》”\"]?\s?(?:[中里内]|所|反映|指出|提[出及到]|列[出举]|存在|显示|公布后|发布后|的?(?:主要)?(?:问题|不足)|的(?:基础|要求))"
)
_COMES_BEFORE = re.compile(
    r"(?:针对|对照|按照|根据|依据|参照|结合|上一?年度?|去年|往年|历年|较|比|与)"
    r"(?:(?!编制|公布|发布|形成)[^。；]){0,12}$"
)
# Where a year says when something was done: at the beginning of a clause, or behind whoever did it.
_WHEN = re.compile(
    r"(?:^|[。；，,：:\n])\s*[在于]?\s*$|(?:[我本全][一-鿿]{1,4}|局|街道|办事处|镇|乡|委|委员会|中心|政府|分局)$"
)
# What is said of such a year then is another matter: an event of a day, a list of years, a name of something.
_ANOTHER_MATTER = re.compile(
    r"度?\s?(?:[、—－–~～至到和与及-]|[0-9]{1,2}\s?月|[底末初起前后中]|之[前后]|以[来前后]|至今|为\s?[0-9]|的?同期|同比|以?上半年|第?[一二三四]季度)"
    r"|[^，,。；：:]{0,24}(?:报告|年报|要点|方案|清单|计划|规划|决算|预算|考核|评估|测评|评议|通知|通报|文件|函|意见|办法|问题|不足|打算|工作安排|任务|白皮书|年鉴)"
)
# Sentences that look back on an earlier year, and those that look ahead.
_LOOKS_BACK = re.compile(r"去年|往年|历年|以往|上一?年度?(?:报告|年报|存在)|问题|不足|短板|整改|指出|年报|年度报告|曾")
_PLANS = re.compile(r"计划|打算|下一步|下一年|新的一年|明年|来年|力争|展望|目标|争取")
_LOOKS_AHEAD = re.compile(r"将|要|继续|进一步|重点抓|抓好")
# A year that is still to come is spoken of as done only with a number.
_DONE = re.compile(r"(?:收到|受理|办理|办结|答复|公开|发布|制发|召开|开展|举办)[^。，,；]{0,20}[0-9]")
_OUTWEIGHS = 3
_BEFORE = 40
_LONGEST = 400_000


def years_named(title: str | None, period: tuple[date, date] | None, text: str) -> dict[str, int]:
    """The year that each place of a report names: its title, its period, its running text."""
    years = {"title": year_in(title) if title else None, "period": period[1].year if period else None}
    years["text"] = year_of_text(text, years["title"] or years["period"])
    return {place: year for place, year in years.items() if year is not None}


def year_of_text(text: str, expected: int | None = None) -> int | None:
    """The year that a text speaks of most; None where none is named or two are named equally often.

    ``expected`` is the year of the title or the period. A text speaks of another only where that other year says when
    things were done (2023年，我局收到…), more than once, and three times as often as ``expected`` is named at all.
    Years that are compared with, planned for or looked back on never count, nor what an earlier report said; how the
    report is called is rule D13's, and says the year only where nothing else does. The first word of a paragraph
    counts as two.
    """
    done: Counter[int] = Counter()
    called: Counter[int] = Counter()
    own = 0
    folded = dates_rejoined(fold_width(text[:_LONGEST]))
    start = 0
    for sentence in _SENTENCE_END.split(folded):
        weight = 2 if start and folded[start - 1] == "\n" else 1
        turned = _Turned(sentence)
        start += len(sentence)
        for match in _YEAR.finditer(sentence):
            year = part_of_date(match[1])
            before = sentence[max(0, match.start() - _BEFORE) : match.start()]
            times = 1 if before.strip() else weight
            if year is None or _COMPARED_WITH.search(before) or _COMPARED.match(sentence, match.end()):
                continue
            if _NAME_OF_REPORT.match(sentence, match.end()):
                if not (_EARLIER_REPORT.match(sentence, match.end()) or _COMES_BEFORE.search(before)):
                    called[year] += 1
                    own += year == expected
            elif year == expected:
                own += times
            elif _says_when(before, match) and not turned.away(year, expected):
                done[year] += times
    return _decided(done if expected is not None or done else called, own, expected)


def _says_when(before: str, match: re.Match[str]) -> bool:
    """Whether a year says when something was done: it begins a clause, or stands behind whoever did it."""
    return bool(_WHEN.search(before)) and not _ANOTHER_MATTER.match(match.string, match.end())


class _Turned:
    """Where a sentence looks: on the year that it names, back on an earlier one, or ahead."""

    def __init__(self, sentence: str) -> None:
        self._sentence = sentence

    def away(self, year: int, expected: int | None) -> bool:
        """Whether it names a year only to look back on it, or ahead to it."""
        if self._plans or expected is None:
            return self._plans
        return self._looks_back if year < expected else self._looks_ahead

    @cached_property
    def _plans(self) -> bool:
        return bool(_PLANS.search(self._sentence))

    @cached_property
    def _looks_back(self) -> bool:
        return bool(_LOOKS_BACK.search(self._sentence))

    @cached_property
    def _looks_ahead(self) -> bool:
        return not _DONE.search(self._sentence) or bool(_LOOKS_AHEAD.search(self._sentence))


def _decided(counted: Counter[int], own: int, expected: int | None) -> int | None:
    ranked = counted.most_common(2)
    if not ranked:
        return expected if own else None
    most, times = ranked[0]
    if own:
        return most if times >= _OUTWEIGHS * own else expected
    if len(ranked) > 1 and times == ranked[1][1]:
        return None
    return None if expected is not None and times < 2 else most
