"""The statistical period and the years that a report's text names."""

from __future__ import annotations

import re
from calendar import monthrange
from collections import Counter
from datetime import date

from report.numerals import chinese_number, fold_width
from report.titles import year_in

_YEAR_WORD = r"(20[0-9]{2}|二[〇○零O0][一二三四五六七八九〇○零]{2})"
_DAY = r"(元|[0-9]{1,2}|[一二三四五六七八九十]{1,3})"
_HOUR = r"(?:\s?(?:0?0|24)\s?(?:时|点|[:：]\s?00)(?:\s?00?\s?分)?)?\s?(?:（含）|\(含\)|\(含(?:当|本)日\))?"
_TO = r"\s?[起始]?\s?[,，、]?\s?(?:至|到|止|—|－|–|-|~|～){1,3}\s?"
_PERIOD = re.compile(
    rf"{_YEAR_WORD}\s?年\s?{_DAY}\s?月\s?{_DAY}\s?[日号]{_HOUR}{_TO}(?:{_YEAR_WORD}\s?年\s?|同年|当年)?{_DAY}\s?月\s?{_DAY}\s?[日号]"
    rf"|{_YEAR_WORD}\s?([./])\s?{_DAY}\s?\8\s?{_DAY}{_HOUR}{_TO}{_YEAR_WORD}\s?\8\s?{_DAY}\s?\8\s?{_DAY}"
)
# 2023年1月至12月: only where the words before it say that this is the period.
_MONTHS = re.compile(
    rf"{_YEAR_WORD}\s?年\s?{_DAY}\s?月份?{_TO}(?:{_YEAR_WORD}\s?年\s?|同年|当年)?{_DAY}\s?月(?:份|底)?(?!\s?[0-9一二三])"
)
_ABOUT_PERIOD = re.compile(r"统计期限|统计期间|统计时限|统计时间|数据|期限|时限")
_NEAR = 40
_YEAR_OF_TEXT = re.compile(r"(?<![0-9])(20[0-9]{2})\s?年(?!\s?[0-9]{1,2}\s?月\s?[0-9]{1,2}\s?日)")
# A year that another is compared with, from which something was left over, or for which something is planned, is not
# what the text is about. 将 alone plans nothing: 2023年，我区将政务公开纳入考核.
_COMPARED_WITH = re.compile(r"(?:较|比|相比|同比|与|和|同|[较比]之?于|力争)$")
_COMPARED = re.compile(
    r"度?(?:相比|同期|结转|的(?=\s?[0-9])|[，,]?[^。，,；\d]{0,12}(?:将|要)(?:进一步|继续|针对|不断|持续|着力|按照|坚持|努力|重点|从|以))"
)
_OUTWEIGHS = 3
_LONGEST = 400_000


def find_period(text: str) -> tuple[date, date] | None:
    """The period a report says its numbers cover; None where it says none, or dates that are none.

    Where a text has several, the one beside 统计期限 or 数据 counts.
    """
    first = None
    folded = fold_width(text[:_LONGEST])
    for match in _PERIOD.finditer(folded):
        period = _dates(match)
        if period is None:
            continue
        if _is_said_to_be_it(folded, match):
            return period
        first = first or period
    if first is None:
        whole = (_whole_months(match) for match in _MONTHS.finditer(folded) if _is_said_to_be_it(folded, match))
        first = next((months for months in whole if months is not None), None)
    return first


def _is_said_to_be_it(text: str, match: re.Match[str]) -> bool:
    return bool(_ABOUT_PERIOD.search(text[max(0, match.start() - _NEAR) : match.start()]))


def years_named(title: str | None, period: tuple[date, date] | None, text: str) -> dict[str, int]:
    """The year that each place of a report names: its title, its period, its running text."""
    years = {"title": year_in(title) if title else None, "period": period[1].year if period else None}
    years["text"] = year_of_text(text, years["title"] or years["period"])
    return {place: year for place, year in years.items() if year is not None}


def year_of_text(text: str, expected: int | None = None) -> int | None:
    """The year that a text speaks of most; None where none is named or two are named equally often.

    ``expected`` is the year of the title or the period: where the text names it too, only another year that is named
    three times as often is what the text speaks of; where it does not, another that is named more than once. Years
    that are only compared with or planned for never count (较2022年增加); the first word of a paragraph counts as two.
    """
    folded = fold_width(text[:_LONGEST])
    counted: Counter[int] = Counter()
    for match in _YEAR_OF_TEXT.finditer(folded):
        before = folded[max(0, match.start() - 3) : match.start()]
        if not _COMPARED_WITH.search(before) and not _COMPARED.match(folded, match.end()):
            counted[int(match[1])] += 2 if before.endswith(("\n", "\n　　")) else 1
    ranked = counted.most_common(2)
    if not ranked:
        return None
    most, times = ranked[0]
    if expected is not None and expected in counted:
        return most if times >= _OUTWEIGHS * counted[expected] else expected
    if len(ranked) > 1 and times == ranked[1][1]:
        return None
    return None if expected is not None and times < 2 else most


def _dates(match: re.Match[str]) -> tuple[date, date] | None:
    groups = match.groups()[:6] if match[1] else (*match.groups()[6:7], *match.groups()[8:])
    year, month, day, last_year, last_month, last_day = (_number(group) if group else None for group in groups)
    if year is None or month is None or day is None or last_month is None or last_day is None:
        return None
    try:
        return date(year, month, day), date(last_year or year, last_month, last_day)
    except ValueError:
        return None


def _whole_months(match: re.Match[str]) -> tuple[date, date] | None:
    year, month, last_year, last_month = (_number(group) if group else None for group in match.groups())
    if year is None or month is None or last_month is None:
        return None
    try:
        last = date(last_year or year, last_month, 1)
        return date(year, month, 1), last.replace(day=monthrange(last.year, last.month)[1])
    except ValueError:
        return None


def _number(text: str) -> int | None:
    if text == "元":
        return 1
    return int(text) if text.isascii() and text.isdigit() else chinese_number(text.replace("O", "〇"))
