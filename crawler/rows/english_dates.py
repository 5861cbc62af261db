"""Dates in English (``30 Jan 2026``, ``Jan 30, 2026``), of which only those are witnesses that say what they are.

Templates that were bought abroad print them for the day of an upload, an update or an event alike: without a label that
speaks of publication nobody can tell.
"""

from __future__ import annotations

import re
from datetime import date

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<{}>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DAY = r"(?P<{}>\d{{1,2}})(?:st|nd|rd|th)?"
_YEAR = r"(?P<{}>20\d{{2}})"
_PARTED = r"[\s.,/-]{1,3}"
_DAY_FIRST = _PARTED.join((_DAY.format("day"), _MONTH.format("month"), _YEAR.format("year")))
_MONTH_FIRST = _PARTED.join((_MONTH.format("month2"), _DAY.format("day2"), _YEAR.format("year2")))
_LABEL = (
    r"(?:(?:发布|公开|公布|发表)(?:日期|时间|于)?|日期|"
    r"(?:date\s{1,3})?(?:published|posted|released|issued)(?:\s{1,3}(?:on|at|date|time))?|"
    r"(?:publish|publishing|publication|release|posting|post|issue)\s{1,3}(?:date|time)|date)"
)
_LABELLED = re.compile(
    rf"[^\w]{{0,5}}{_LABEL}\s{{0,3}}[:：]?[^\w]{{0,5}}(?:{_DAY_FIRST}|{_MONTH_FIRST})"
    r"(?:[\s,]{1,3}\d{1,2}:\d{2}(?::\d{2})?(?:\s{0,3}[ap]\.?m\.?)?)?[^\w]{0,5}",
    re.IGNORECASE,
)
_LONGEST = 60


def labelled_day(text: str) -> str | None:
    """The day, as 2026-01-30, that all of a short text gives as that of the publication; None where it does not."""
    match = _LABELLED.fullmatch(text) if len(text) <= _LONGEST else None
    if match is None:
        return None
    day, month, year = (match[name] or match[f"{name}2"] for name in ("day", "month", "year"))
    try:
        return f"{date(int(year), _MONTHS.index(month[:3].lower()) + 1, int(day)):%Y-%m-%d}"
    except ValueError:
        return None
