"""How long ago a row says that something was published: 昨天, 3天前, 刚刚, 1小时前.

Such words are true of the moment at which the page was made, which nobody knows: a stored page goes on saying 昨天 for
weeks. What they say of a look's own time is therefore the latest day that it can have been, and never an earlier one.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from config.time_zone import SHANGHAI
from report.numerals import chinese_number, fold_width

_CLOCK = r"(?:\s{0,3}\d{1,2}[:：]\d{2}(?:[:：]\d{2})?)?"
_NUMBER = r"(?:\d{1,3}|[一二两三四五六七八九十半]{1,3})"
AGE = (
    rf"(?:刚刚|刚才|今[天日]{_CLOCK}|昨[天日]{_CLOCK}|前[天日]{_CLOCK}|"
    rf"{_NUMBER}\s{{0,3}}个?(?:秒钟?|分钟?|小时|钟头|天|日|周|星期|礼拜|月|年)(?:以?前|之前))"
)
# Alone, or behind a word that says that it is of the publication.
_ALONE = re.compile(
    rf"[^\w]*(?:(?:发布|公开|公布|发表)(?:日期|时间|于)?|日期|时间)?\s*[:：]?\s*({AGE})(?:发布|公开|公布|发表)?[^\w]*"
)
AT_END = re.compile(rf"\s+{AGE}$")
_DAYS_AGO = {"今": 0, "昨": 1, "前": 2}
# How many days a unit has at least.
_UNITS = {"秒": 0, "分": 0, "天": 1, "日": 1, "周": 7, "星期": 7, "礼拜": 7, "月": 28, "年": 365}
_HOURS = ("小时", "钟头")
_COUNTED = re.compile(rf"({_NUMBER})\s{{0,3}}个?(\D{{1,2}}?)钟?(?:以?前|之前)")
_LONGEST = 40
_CHANGED = "不晚于"
_CHANGED_ON = re.compile(rf"{_CHANGED}(20\d{{2}})\D{{1,5}}(\d{{1,2}})\D{{1,5}}(\d{{1,2}})(?!\d)")


def age_alone(text: str) -> str | None:
    """The age that is all that a short text says (in figures of one width); None where it says anything else."""
    said = fold_width(" ".join(text[: 2 * _LONGEST].split()))
    match = _ALONE.fullmatch(said) if len(said) <= _LONGEST else None
    return match[1] if match is not None else None


def not_after(day: str) -> str:
    """What bounds a publication, written as an age is: it was changed on that day, so it stood there by then."""
    return f"{_CHANGED}{day}"


def latest_day(age: str, now: datetime) -> date | None:
    """The latest day in Shanghai that an age means for who reads it at ``now``; None where it is no age."""
    if (changed := _CHANGED_ON.match(age)) is not None:
        try:
            return date(*(int(part) for part in changed.groups()))
        except ValueError:
            return None
    here = now.astimezone(SHANGHAI)
    if age in ("刚刚", "刚才"):
        return here.date()
    if age[:1] in _DAYS_AGO and age[1:2] in ("天", "日"):
        return here.date() - timedelta(days=_DAYS_AGO[age[0]])
    match = _COUNTED.fullmatch(age)
    if match is None:
        return None
    number = _count(match[1])
    if match[2] in _HOURS:
        return (here - timedelta(hours=number)).date()
    days = _UNITS.get(match[2])
    return here.date() - timedelta(days=int(number * days)) if days is not None else None


def _count(written: str) -> float:
    if written.isdigit():
        return int(written)
    if "半" in written:
        return 0.5
    return chinese_number(written.replace("两", "二")) or 0
