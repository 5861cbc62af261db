"""The statistical period that a report says its numbers cover."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from operator import itemgetter

from report.numerals import YEAR, fold_width, part_of_date

_NUMBER = r"(?:元|[0-9]{1,2}|[一二三四五六七八九十]{1,3})"
_HOUR = (
    r"(?:\s?(?:0?0|24|零)\s?(?:时|点|[:：]\s?00)(?:[:：\s]?00?\s?分?)?)?"
    r"\s?(?:（含）|\(含\)|\(含(?:当|本)日\))?"
)
_TO = r"\s?(?:开始|以来|起始|[起始])?\s?[,，、]?\s?(?:截至|截止(?:[至到])?|直[至到]|[至到止]|[—－–\-~～―─]{1,3})\s?"
_SAME_YEAR = r"(?:同年|当年|本年)"
_DAYS = re.compile(
    rf"({YEAR})\s?年\s?({_NUMBER})\s?月\s?({_NUMBER})\s?[日号]{_HOUR}{_TO}"
    rf"(?:({YEAR})\s?年\s?|{_SAME_YEAR})?({_NUMBER})\s?月\s?({_NUMBER})\s?[日号]"
)
# 2024-01-01至2024-12-31, 2024.1.1—12.31: no piece of a longer number, of a telephone or of a version.
_MARKED_DAYS = re.compile(
    rf"(?<![0-9.\-/])({YEAR})\s?([.\-/])\s?([0-9]{{1,2}})\s?\2\s?([0-9]{{1,2}}){_HOUR}{_TO}"
    rf"(?:({YEAR})\s?\2\s?)?([0-9]{{1,2}})\s?\2\s?([0-9]{{1,2}})(?![0-9]|[.\-/][0-9])"
)
# 2023年1月至12月: only where the words before it say that this is the period.
_MONTHS = re.compile(
    rf"({YEAR})\s?年\s?({_NUMBER})\s?(?:月份?)?{_TO}(?:({YEAR})\s?年\s?|{_SAME_YEAR})?({_NUMBER})\s?月"
    r"(?:份|底)?(?!\s?[0-9一二三])"
)
_MARKED_MONTHS = re.compile(
    rf"({YEAR})\s?([.\-/])\s?([0-9]{{1,2}}){_TO}({YEAR})\s?\2\s?([0-9]{{1,2}})(?![0-9]|[.\-/][0-9])"
)
# The words that call what follows the period of the numbers: no 公示期限, no 整改时限.
_SAID = re.compile(
    r"统计的?(?:起止)?(?:期限|期间|时限|时间|周期|区间|时段|范围|日期)|数据的?(?:起止|截止)?(?:期限|期间|时限|时间|周期|区间)|"
    r"(?:报告|年报)(?:期限|期间|时限|时段|周期|期)"
)
_BROKEN_DATE = re.compile(
    r"(?<![0-9])(?:2 0[0-9]{2}|20 [0-9]{2}|20[0-9] [0-9])(?=\s?年|[./-][0-9])|(?<![0-9])[1-3] [0-9](?=\s?[月日])"
)
_NEAR = 40
_LONGEST = 400_000


def find_period(text: str, year: int | None = None) -> tuple[date, date] | None:
    """The period a report says its numbers cover; None where it says none, or dates that are none.

    Dates beside 统计期限 and its like are the period whatever they are. Other dates are it only where they reach from
    1 January into December, and of ``year`` (the title's) where that is known: a report dates much else.
    """
    folded = dates_rejoined(fold_width(text[:_LONGEST]))
    found = list(_days(folded))
    for start, period in found:
        if _is_said_to_be_it(folded, start):
            return period
    for start, months in _months(folded):
        if _is_said_to_be_it(folded, start):
            return months
    for _, period in found:
        first, last = period
        if (first.month, first.day, last.month, last.year) == (1, 1, 12, first.year) and year in (None, first.year):
            return period
    return None


def dates_rejoined(text: str) -> str:
    """The text with years, months and days whole where a line ended within one: 20 24年, 12月3 1日."""
    return _BROKEN_DATE.sub(lambda match: match[0].replace(" ", ""), text)


def _is_said_to_be_it(text: str, start: int) -> bool:
    return bool(_SAID.search(text[max(0, start - _NEAR) : start]))


def _days(text: str) -> Iterator[tuple[int, tuple[date, date]]]:
    """Where each pair of days begins, and the pair, in the order of the text."""
    found = [(match.start(), match.groups()) for match in _DAYS.finditer(text)]
    found += [(match.start(), (match[1], *match.groups()[2:])) for match in _MARKED_DAYS.finditer(text)]
    for start, groups in sorted(found, key=itemgetter(0)):
        year, month, day, last_year, last_month, last_day = (_number(group) for group in groups)
        if year is None or month is None or day is None or last_month is None or last_day is None:
            continue
        try:
            yield start, (date(year, month, day), date(last_year or year, last_month, last_day))
        except ValueError:
            continue


def _months(text: str) -> Iterator[tuple[int, tuple[date, date]]]:
    """Where each pair of months begins, and its first and last day, in the order of the text."""
    found = [(match.start(), match.groups()) for match in _MONTHS.finditer(text)]
    found += [(match.start(), (match[1], *match.groups()[2:])) for match in _MARKED_MONTHS.finditer(text)]
    for start, groups in sorted(found, key=itemgetter(0)):
        year, month, last_year, last_month = (_number(group) for group in groups)
        if year is None or month is None or last_month is None:
            continue
        try:
            last = date(last_year or year, last_month, 1)
            yield start, (date(year, month, 1), last.replace(day=monthrange(last.year, last.month)[1]))
        except ValueError:
            continue


def _number(text: str | None) -> int | None:
    if text is None:
        return None
    return 1 if text == "元" else part_of_date(text)
