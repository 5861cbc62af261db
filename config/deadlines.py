"""Due dates by kind of agency, with their basis in law or the words "local practice"."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import Field

from config.holidays import next_workday
from config.portals import AgencyKind
from config.yaml_file import DataFile, data_file, fault_at, read_yaml

FILE = "deadlines.yaml"
# A year that is no leap year: a date that does not exist in it is none.
_ANY_YEAR = 2022


class DayOfYear(DataFile):
    """A month and a day in the year after the report year."""

    month: int = Field(ge=1, le=12)
    day: int = Field(ge=1, le=31)

    def on(self, year: int) -> date:
        """The day for the report year ``year``."""
        return date(year + 1, self.month, self.day)

    @property
    def exists(self) -> bool:
        """Whether every year has this day."""
        try:
            return bool(self.on(_ANY_YEAR))
        except ValueError:
            return False


class Deadline(DayOfYear):
    """By when a report is due; ``statutory`` is false where only practice sets it.

    ``holidays``: next_workday moves a due date that is no working day; the law does not, and so neither do we (none).
    """

    basis: str
    statutory: bool
    holidays: Literal["none", "next_workday"] = "none"

    def due(self, year: int) -> date:
        """The due date of the report for ``year``; the day itself is still in time. Not moved where nobody knows."""
        day = self.on(year)
        return day if self.holidays == "none" else next_workday(day) or day

    def basis_for(self, year: int) -> str:
        """What the due date of the report for ``year`` rests on, and whether it was moved."""
        day = self.on(year)
        if self.calendar_ends(year):
            return f"{self.basis}；{day.year}年的放假安排尚不在所用日历中，期限未顺延"
        if self.due(year) != day:
            return f"{self.basis}；{day.month}月{day.day}日为休息日，顺延至下一工作日"
        return self.basis

    def calendar_ends(self, year: int) -> bool:
        """Whether the due date ought to be moved over holidays that no calendar knows yet."""
        return self.holidays != "none" and next_workday(self.on(year)) is None


class DeadlinesFile(DataFile):
    """The deadline of every kind of agency."""

    deadlines: dict[AgencyKind, Deadline]


def load_deadlines(home: Path | None = None) -> dict[AgencyKind, Deadline]:
    """The deadlines by kind of agency.

    Raises ConfigurationError where a kind has none or a date does not exist.
    """
    return read_deadlines(data_file(FILE, home))


def read_deadlines(path: Path) -> dict[AgencyKind, Deadline]:
    """The deadlines of one file; raises as :func:`load_deadlines` does."""
    deadlines = read_yaml(path, DeadlinesFile).deadlines
    kinds: tuple[AgencyKind, ...] = ("government", "department", "subdistrict", "town")
    for kind in kinds:
        if kind not in deadlines:
            raise fault_at(path, f"“{kind}”没有时限", "请为四类机关各写一项", "deadlines")
        if not deadlines[kind].exists:
            raise fault_at(path, f"“{kind}”的日期不存在", "请改正 month 和 day", "deadlines", kind)
    return deadlines
