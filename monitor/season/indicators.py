"""The indicators of a season, each with its definition and the numbers that it is made of; nobody is ranked.

What was not read, is in dispute, or could not be told at the time is left out of both numbers, and counted beside them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from statistics import median

DAYS_AFTER = (7, 14, 30)


class Unit(StrEnum):
    """What an indicator is: a share of two numbers, a median of days, or a sum."""

    SHARE = "share"
    DAYS = "days"
    SUM = "sum"


class LeftOut(StrEnum):
    """Why something is in neither number."""

    UNTOLD = "untold"
    NOT_DUE = "not_due"
    ABSENT = "absent"
    UNREAD = "unread"
    DISPUTED = "disputed"
    NOT_YET = "not_yet"


# In the words of the page.
LEFT_OUT_WORDS = {
    LeftOut.UNTOLD: "未能判断",
    LeftOut.NOT_DUE: "未到时间",
    LeftOut.ABSENT: "没有报告",
    LeftOut.UNREAD: "数字没有读出",
    LeftOut.DISPUTED: "数字有疑点",
    LeftOut.NOT_YET: "尚未改完",
}


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator: its name and its definition, as they are printed; ``of`` is what its whole counts."""

    key: str
    name: str
    unit: Unit
    of: str
    definition: str


INDICATORS = (
    Indicator(
        "on_time",
        "按时公布率",
        Unit.SHARE,
        "家",
        "公布期限已过的机关中，按时公布的 ÷（按时公布＋逾期公布＋未公布）。日期待核、已撤下、未能核实的列为未能判断。",
    ),
    *(
        Indicator(
            f"clean_{days}",
            f"期限后{days}天无错误率",
            Unit.SHARE,
            "份",
            f"公布期限后第{days}天结束时已经公布并读取的报告中，现行版本没有未解决的错误的 ÷ 全部。"
            "后来认定不是错误的不算错误；"
            "当时没有读取、没有全部读出、有人认为无法判断，或者同一版本后来又查出错误的，列为未能判断。是否按时公布不在此列。",
        )
        for days in DAYS_AFTER
    ),
    Indicator(
        "corrected",
        "错误改正率",
        Unit.SHARE,
        "份",
        "查出过错误的报告中，公布新版本后全部错误都已消除的 ÷ 全部。"
        "后来认定不是错误的不计；新版本还没有读取的列为未能判断。",
    ),
    Indicator(
        "days_to_clean",
        "改正所需天数",
        Unit.DAYS,
        "份",
        "全部改正的报告，从查出第一个错误到最后一个错误消除的天数，取中位数。尚未改完的不计入，另列份数。",
    ),
    Indicator(
        "taken_back",
        "通知撤回率",
        Unit.SHARE,
        "件",
        "已发出的指出错误、逾期、未公布等问题的通知事项中，后来认定不成立而更正的 ÷ 全部。"
        "说明的是本系统的差错，不是机关的。",
    ),
    Indicator(
        "corrected_results",
        "纠错率",
        Unit.SHARE,
        "件",
        "表四行政复议、未经复议直接起诉、复议后起诉三项合计：结果纠正 ÷（结果维持＋结果纠正＋其他结果）。"
        "尚未审结的不计。政府的报告是所属机关的汇总，不重复计入（以下两项相同）。",
    ),
    Indicator(
        "carried_over",
        "结转率",
        Unit.SHARE,
        "件",
        "表三总计栏：结转下年度继续办理 ÷（本年新收＋上年结转）。",
    ),
    Indicator(
        "received",
        "新收申请",
        Unit.SUM,
        "份",
        "表三本年新收政府信息公开申请数量的总计栏之和，旁边是来自几份报告。与上年比较时，只比两年都有可用数字的机关。",
    ),
)


@dataclass(frozen=True, slots=True)
class Measured:
    """An indicator's numbers: ``part`` ÷ ``whole``; the sum and how many reports it is of; or the days of each report.

    ``left_out`` is what stands in neither, by why.
    """

    part: int = 0
    whole: int = 0
    days: tuple[int, ...] = ()
    left_out: Mapping[LeftOut, int] = field(default_factory=dict)

    def __add__(self, other: Measured) -> Measured:
        left = Counter(self.left_out) + Counter(other.left_out)
        return Measured(self.part + other.part, self.whole + other.whole, self.days + other.days, left)

    def value(self, unit: Unit) -> float | None:
        """A share from 0 to 1, the median of the days, or the sum; None where there is nothing that it could be of."""
        if unit is Unit.DAYS:
            return median(self.days) if self.days else None
        if not self.whole:
            return None
        return self.part / self.whole if unit is Unit.SHARE else self.part


@dataclass(frozen=True, slots=True)
class Compared:
    """An indicator now and for the report year before (None: nobody owed one), on the same day a year before.

    ``same`` are a sum's two values over the agencies that have both, and how many these are.
    """

    now: Measured
    before: Measured | None
    same: tuple[int, int, int] = (0, 0, 0)

    def change(self, unit: Unit) -> float | None:
        """By how much it rose; None where it cannot be compared."""
        if self.before is None:
            return None
        if unit is Unit.SUM:
            return self.same[0] - self.same[1] if self.same[2] else None
        now, before = self.now.value(unit), self.before.value(unit)
        return None if now is None or before is None else now - before


@dataclass(frozen=True, slots=True)
class Indicators:
    """Of a report year: all districts together, and each by itself in the order given, by indicator."""

    year: int
    together: Mapping[str, Compared]
    by_district: Mapping[str, Mapping[str, Compared]]
